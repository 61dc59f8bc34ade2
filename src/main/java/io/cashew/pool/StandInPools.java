package io.cashew.pool;

import io.cashew.config.PoolConfig;
import java.util.List;

/// Pools to run when none is configured. Only development has such.
public interface StandInPools {
    List<PoolConfig> pools();
}
