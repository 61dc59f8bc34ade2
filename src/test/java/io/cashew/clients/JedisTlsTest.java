package io.cashew.clients;

import io.cashew.fixture.TlsEntry;
import redis.clients.jedis.DefaultJedisClientConfig;

/// Jedis as for `rediss://`: with TLS, and verifying the name it connects to.
class JedisTlsTest extends JedisTest {
    @Override
    DefaultJedisClientConfig.Builder settings() {
        return super.settings()
                .ssl(true)
                .sslSocketFactory(TlsEntry.empty().trusts(stage().authority()).context().getSocketFactory());
    }

    @Override
    LibraryClient connect(int port, String password, String name) {
        return super.connect(stage().tlsPort(port), password, name);
    }
}
