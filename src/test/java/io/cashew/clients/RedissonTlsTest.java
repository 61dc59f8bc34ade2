package io.cashew.clients;

import io.cashew.fixture.TlsEntry;
import org.redisson.config.Config;

/// Redisson as for `rediss://`: with TLS, and verifying the name it connects to.
class RedissonTlsTest extends RedissonTest {
    @Override
    String address(int port) {
        return "rediss://127.0.0.1:" + stage().tlsPort(port);
    }

    @Override
    void settle(Config config) {
        config.setSslTrustManagerFactory(TlsEntry.empty().trusts(stage().authority()).trust());
    }
}
