package io.cashew.admin;

import io.cashew.metrics.ServerCounters;
import io.cashew.pool.BackSide;
import io.cashew.server.Endpoint;
import io.cashew.server.Server;
import io.cashew.sharding.Distribution;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// One server of a pool: what it owns, how it is, what it has done.
@Schema(name = "Server")
record ServerView(
        @Schema(description = "The ring name: the configured one, else made from the address as twemproxy does.") String name,
        @Schema(description = "`host:port` or the path of a unix socket.") String address,
        int weight,
        @Schema(description = "Ring points or slots it has now; 0 if it gets no keys.") int points,
        @Schema(description = "The part of all hash values that leads here now, 0 to 1.") double share,
        boolean ejected,
        @Schema(description = "How often it has been ejected.") long ejections,
        @Schema(
                        implementation = String.class,
                        format = "date-time",
                        description = "When it was ejected last.",
                        nullable = true)
                Instant ejectedAt,
        @Schema(description = "How often its name has led to another address.") long addressMoves,
        @Schema(description = "Failed attempts to resolve its name.") long resolveFailures,
        @Schema(description = "Whether it is spoken to with TLS.") boolean tls,
        @Schema(
                        description = "What an operator has said about it: `drained` or `ejected`; null if it may take part.",
                        nullable = true)
                String withdrawn,
        @Schema(description = "Connections to it that are open now.") long connections,
        @Schema(description = "Requests it has not answered yet, waiting ones included.") long pending,
        Traffic traffic,
        @Schema(description = "How long its replies took.") LatencyView latency,
        @Schema(description = "The path of the server.") String href) {

    /// Counted since the start.
    @Schema(name = "ServerTraffic")
    record Traffic(
            @Schema(description = "Requests given to it, parts of split requests included.") long requests,
            long requestBytes,
            long responses,
            long responseBytes,
            @Schema(description = "Connections the server ended.") long eof,
            @Schema(description = "Connections closed because a request took too long.") long timeouts,
            @Schema(description = "Connections that ended, or were not made, for any other reason.") long errors) {}

    static ServerView of(BackSide now, Server server) {
        Distribution distribution = now.router().distribution();
        ServerCounters counters = now.counters(server);
        return new ServerView(
                server.name(),
                server.endpoint().toString(),
                server.weight(),
                distribution.points(server.index()),
                share(distribution, server),
                now.ejected(server),
                now.healthCounters(server).ejections,
                instant(now.ejectedAtMicros(server)),
                now.addressCounters(server).moves,
                now.addressCounters(server).failures,
                now.config().tls().serverEntry().isPresent() && server.endpoint() instanceof Endpoint.Tcp,
                now.withdrawal(server).map(said -> said.name().toLowerCase(Locale.ROOT)).orElse(null),
                counters.connections,
                now.pending(server),
                traffic(counters),
                LatencyView.of(now.latency(server)),
                Href.server(now.config().name(), server.name()));
    }

    /// The part of all hash values that leads to `server`, 0 to 1.
    static double share(Distribution distribution, Server server) {
        return (double) distribution.hashesOwned(server.index()) / Distribution.HASHES;
    }

    /// The same of a server that may be gone, which gets nothing.
    static double share(BackSide now, Server server) {
        return now.servers().contains(server) ? share(now.router().distribution(), server) : 0;
    }

    private static Instant instant(long micros) {
        return micros == 0 ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static Traffic traffic(ServerCounters counters) {
        return new Traffic(
                counters.requests,
                counters.requestBytes,
                counters.responses,
                counters.responseBytes,
                counters.eof,
                counters.timeouts,
                counters.errors);
    }
}
