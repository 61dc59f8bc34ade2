package io.cashew.pool;

import com.sun.management.UnixOperatingSystemMXBean;
import io.cashew.config.PoolConfig;
import java.lang.management.ManagementFactory;
import java.util.List;

/// How many file descriptors there are for clients, once everything that must not go without has its own: every connection
/// to a server, and what the process itself and its administrators need. twemproxy computes the same (`core_calc_connections`,
/// `nc_core.c`), unsigned, so that with few descriptors it takes every client and then stands still.
final class Descriptors {
    /// For the process: files it opens later, connections of administrators and probes.
    private static final int RESERVE = 64;
    private static final int FEWEST_CLIENTS = 16;

    private Descriptors() {}

    /// For clients of all of `pools` together, each pool running `workers` workers.
    static int forClients(List<PoolConfig> pools, int workers) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return Integer.MAX_VALUE;
        }
        long servers = pools.stream()
                .mapToLong(pool -> 1 + (long) pool.servers().size() * pool.serverConnections() * workers)
                .sum();
        long left = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - servers - RESERVE;
        return Math.clamp(left, FEWEST_CLIENTS, Integer.MAX_VALUE);
    }
}
