package io.cashew.clients;

import io.cashew.fixture.PoolsFile;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;

/// Two pools for client libraries: `open` over three servers, and `locked` with a password over one.
final class ClientStage implements AutoCloseable {
    static final String PASSWORD = "sekret";

    private final RedisServers servers = RedisServers.start(3);
    private final RedisServer locked = RedisServer.builder().password(PASSWORD).start();
    private final PoolsFile pools = PoolsFile.of(servers.yaml("open") + """
            locked:
              listen: free
              redis: true
              redis_auth: %s
              servers:
               - 127.0.0.1:%d:1
            """.formatted(PASSWORD, locked.port()));
    private ProxyUnderTest proxy = ProxyUnderTest.with(pools.yaml());

    int open() {
        return pools.port("open");
    }

    int locked() {
        return pools.port("locked");
    }

    /// Number of keys on each server of the open pool.
    long[] sizes() {
        return new long[] {servers.get(0).size(), servers.get(1).size(), servers.get(2).size()};
    }

    void flush() {
        servers.flush();
        locked.flush();
    }

    /// Ends all client connections and listens again at the same ports. The servers keep their data.
    void restart() {
        proxy.close();
        proxy = ProxyUnderTest.with(pools.yaml());
    }

    @Override
    public void close() {
        proxy.close();
        servers.close();
        locked.close();
    }
}
