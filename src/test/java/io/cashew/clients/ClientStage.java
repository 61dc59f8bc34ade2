package io.cashew.clients;

import io.cashew.fixture.Authority;
import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.PoolsFile;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.TlsEntry;
import java.util.List;
import java.util.Map;

/// Two pools for client libraries: `open` over three servers, and `locked` with a password over one. Each has a port with TLS,
/// too.
final class ClientStage implements AutoCloseable {
    static final String PASSWORD = "sekret";

    private final RedisServers servers = RedisServers.start(3);
    private final RedisServer locked = RedisServer.builder().password(PASSWORD).start();
    private final PoolsFile pools = PoolsFile.of(servers.yaml("open") + """
              tls: edge
              listen_tls: free
            locked:
              tls: edge
              listen_tls: free
              listen: free
              redis: true
              redis_auth: %s
              servers:
               - 127.0.0.1:%d:1
            """.formatted(PASSWORD, locked.port()));
    private final Authority authority = Authority.create();
    private final TlsEntry edge = TlsEntry.empty().shows(authority.issue("ip:127.0.0.1", "dns:localhost"));
    private ProxyUnderTest proxy = startProxy();

    private ProxyUnderTest startProxy() {
        return ProxyUnderTest.with(pools.yaml(), LimitsOf.nothing(), Map.of("edge", edge));
    }

    /// The port with TLS of the pool at `port`.
    int tlsPort(int port) {
        return pools.tlsPort(port == open() ? "open" : "locked");
    }

    /// Whom to trust at ports with TLS.
    Authority authority() {
        return authority;
    }

    int open() {
        return pools.port("open");
    }

    int locked() {
        return pools.port("locked");
    }

    /// What a program in another language is told: both ports, the password, the dialect, and over TLS whom to trust.
    List<String> arguments(Way way) {
        String dialect = String.valueOf(way.dialect());
        return way.tls()
                ? List.of(text(tlsPort(open())), text(tlsPort(locked())), PASSWORD, dialect, authority.file().toString())
                : List.of(text(open()), text(locked()), PASSWORD, dialect);
    }

    private static String text(int port) {
        return String.valueOf(port);
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
        proxy = startProxy();
    }

    @Override
    public void close() {
        proxy.close();
        servers.close();
        locked.close();
        authority.close();
    }
}
