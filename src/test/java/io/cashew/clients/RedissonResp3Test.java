package io.cashew.clients;

import org.redisson.config.Config;
import org.redisson.config.Protocol;

/// Redisson told to speak RESP3.
class RedissonResp3Test extends RedissonTest {
    @Override
    int dialect() {
        return 3;
    }

    @Override
    void settle(Config config) {
        config.setProtocol(Protocol.RESP3);
    }
}
