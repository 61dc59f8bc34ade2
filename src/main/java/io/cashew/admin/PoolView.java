package io.cashew.admin;

import io.cashew.config.ListenAddress;
import io.cashew.config.PoolConfig;
import io.cashew.metrics.PoolCounters;
import io.cashew.pool.BackSide;
import io.cashew.pool.Pool;
import io.cashew.server.Server;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// One pool: how it is set, what it has done.
@Schema(name = "Pool")
record PoolView(
        String name,
        @Schema(description = "`starting`, `serving`, `draining`, `stopped` or `failed`.") String state,
        String protocol,
        @Schema(description = "Where clients connect: `host:port` or the path of a unix socket.") String listen,
        @Schema(description = "Whether clients speak TLS: `none`, `listen` (all of them) or `both` (those at `listenTls`).")
        String tls,
        @Schema(description = "Where clients connect with TLS, if not at `listen`.", nullable = true) String listenTls,
        @Schema(description = "Clients connected now.") int clients,
        Settings settings,
        Traffic traffic,
        @Schema(description = "How long the replies of all its servers took.") LatencyView latency,
        @Schema(description = "In twemproxy's order: shorter ring names first, then by bytes.") List<Member> servers) {

    /// The configuration with its defaults in place, under the names it has below `cashew.pools`.
    @Schema(name = "PoolSettings")
    record Settings(
            String hash,
            @Schema(description = "The two characters around the part of a key that is hashed.", nullable = true)
                    String hashTag,
            String distribution,
            @Schema(description = "How long a request may take; null for ever.", nullable = true) Long timeoutMillis,
            int backlog,
            @Schema(description = "Clients at a time, 0 for any number.") int clientConnections,
            @Schema(description = "Whether clients have to give a password.") boolean passwordSet,
            int database,
            boolean preconnect,
            boolean autoEject,
            @Schema(description = "Connections to each server, per event loop.") int serverConnections,
            long serverRetryTimeoutMillis,
            int serverFailureLimit,
            boolean tcpKeepalive,
            boolean reusePort) {}

    /// Counted since the start.
    @Schema(name = "PoolTraffic")
    record Traffic(
            @Schema(description = "Clients ever accepted.") long clientsAccepted,
            @Schema(description = "Connections the client ended.") long clientEof,
            @Schema(description = "Connections that ended any other way.") long clientErrors,
            long requests,
            @Schema(description = "Requests answered without asking a server.") long answeredLocally,
            @Schema(description = "Requests that could not be served and got an error from Cashew.") long forwardErrors,
            @Schema(description = "Parts sent for requests that were split by server.") long fragments) {}

    @Schema(name = "PoolMember")
    record Member(
            @Schema(description = "The ring name.") String name,
            String address,
            int weight,
            boolean ejected,
            @Schema(description = "The path of the server.") String href) {}

    static PoolView of(Pool pool) {
        BackSide now = pool.back();
        return new PoolView(
                pool.name(),
                PoolsView.state(pool),
                pool.protocol(),
                now.config().listen().text(),
                tls(now.config()),
                now.config().tls().listen().map(ListenAddress::text).orElse(null),
                pool.clients(),
                settings(now.config()),
                traffic(pool.counters()),
                LatencyView.of(now.latency()),
                now.servers().stream().map(server -> member(now, server)).toList());
    }

    private static String tls(PoolConfig config) {
        if (config.tls().entry().isEmpty()) {
            return "none";
        }
        return config.tls().listen().isPresent() ? "both" : "listen";
    }

    /// The two characters of the pool's hash tag, or null.
    static String hashTag(PoolConfig config) {
        return config.hashTag()
                .map(tag -> new String(new byte[] {tag.open(), tag.close()}, StandardCharsets.UTF_8))
                .orElse(null);
    }

    private static Settings settings(PoolConfig config) {
        return new Settings(
                config.hash().label(),
                hashTag(config),
                config.distribution().label(),
                config.timeout().map(Duration::toMillis).orElse(null),
                config.backlog(),
                config.clientConnections(),
                config.asksForPassword(),
                config.database(),
                config.preconnect(),
                config.autoEjectHosts(),
                config.serverConnections(),
                config.serverRetryTimeout().toMillis(),
                config.serverFailureLimit(),
                config.tcpKeepalive(),
                config.reusePort());
    }

    private static Traffic traffic(PoolCounters counters) {
        return new Traffic(
                counters.clientsAccepted,
                counters.clientEof,
                counters.clientErrors,
                counters.requests,
                counters.answeredLocally,
                counters.forwardErrors,
                counters.fragments);
    }

    private static Member member(BackSide now, Server server) {
        return new Member(
                server.name(),
                server.endpoint().toString(),
                server.weight(),
                now.ejected(server),
                Href.server(now.config().name(), server.name()));
    }
}
