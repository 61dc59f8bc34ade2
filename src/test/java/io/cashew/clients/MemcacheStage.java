package io.cashew.clients;

import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.PoolsFile;
import io.cashew.fixture.ProxyUnderTest;

/// A memcached pool for client libraries, over three servers that take larger values than the pool does.
final class MemcacheStage implements AutoCloseable {
    private final MemcachedServers servers = MemcachedServers.start(3, "-I", "2m");
    private final PoolsFile pools = PoolsFile.of(servers.yaml("pool"));
    private ProxyUnderTest proxy = ProxyUnderTest.with(pools.yaml());

    int port() {
        return pools.port("pool");
    }

    /// Clients the pool has accepted since it listens.
    long accepted() {
        try (var client = MemcacheClient.connect(port())) {
            return client.ask("stats\r\n")
                            .lines()
                            .filter(line -> line.startsWith("STAT total_connections "))
                            .mapToLong(line -> Long.parseLong(line.substring("STAT total_connections ".length())))
                            .sum();
        }
    }

    /// Number of items on each server.
    long[] sizes() {
        return new long[] {servers.get(0).size(), servers.get(1).size(), servers.get(2).size()};
    }

    void flush() {
        servers.flush();
    }

    /// Ends all client connections and listens again at the same port. The servers keep their data.
    void restart() {
        proxy.close();
        proxy = ProxyUnderTest.with(pools.yaml());
    }

    @Override
    public void close() {
        proxy.close();
        servers.close();
    }
}
