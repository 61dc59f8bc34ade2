package io.cashew.config;

import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.HashTag;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One pool as the user wrote it, checked, with defaults in place. Immutable; equal when nothing the user can change
/// differs, which is what a reload asks.
///
/// @param name               unique among pools
/// @param timeout            of a request, connecting included; empty means wait for ever
/// @param backlog            connections the system may hold until we accept them
/// @param clientConnections  clients at a time, 0 for as many as there are descriptors. twemproxy reads the number and
///                           ignores it
/// @param password           asked of clients, and given to servers
/// @param database           selected on every connection to a server
/// @param databases          how many databases clients may select, from 0; 1 for none but `database`
/// @param preconnect         connect to all servers at start
/// @param autoEjectHosts     leave out servers that keep failing
/// @param serverConnections  connections per server and event loop, at least 1
/// @param serverRetryTimeout how long a server stays ejected
/// @param serverFailureLimit consecutive failures until a server is ejected; 0 behaves like 1
/// @param itemSizeMax        bytes of one value of a memcached pool, as `-I` of its servers
/// @param serverResolveInterval how often the names of servers are resolved; zero for when a connection is made
/// @param allowFlush         whether clients may empty the servers
/// @param crossServerLimit   bytes of servers' answers that are held to compute one from; 0 for no such commands
/// @param health             what else is done about servers that fail
/// @param tls                where clients and servers are spoken to with TLS
/// @param access             who may use the pool, and who Cashew is to the servers
/// @param requestLog         what is written down about requests
/// @param servers            at least one, in twemproxy's order: shorter ring name first, then by bytes. Slots of
///                           `modula` depend on it
public record PoolConfig(
        String name,
        ListenAddress listen,
        HashFunction hash,
        Optional<HashTag> hashTag,
        DistributionKind distribution,
        Optional<Duration> timeout,
        int backlog,
        int clientConnections,
        ProtocolName protocol,
        Optional<Secret> password,
        int database,
        int databases,
        boolean preconnect,
        boolean autoEjectHosts,
        int serverConnections,
        Duration serverRetryTimeout,
        int serverFailureLimit,
        boolean tcpKeepalive,
        boolean reusePort,
        int itemSizeMax,
        Duration serverResolveInterval,
        boolean allowFlush,
        int crossServerLimit,
        HealthConfig health,
        TlsConfig tls,
        AccessConfig access,
        RequestLogConfig requestLog,
        List<ServerConfig> servers) {

    public PoolConfig {
        servers = List.copyOf(servers);
    }

    /// Whether clients have to say a password.
    public boolean asksForPassword() {
        return password.isPresent() || access.passwordFile().isPresent() || access.usersFile().isPresent();
    }
}
