package io.cashew.clients;

import redis.clients.jedis.DefaultJedisClientConfig;

/// Jedis as before version 8, and wherever it has been told to.
class JedisResp2Test extends JedisTest {
    @Override
    int dialect() {
        return 2;
    }

    @Override
    DefaultJedisClientConfig.Builder settings() {
        return DefaultJedisClientConfig.builder().resp2();
    }
}
