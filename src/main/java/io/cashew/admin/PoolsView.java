package io.cashew.admin;

import io.cashew.metrics.PoolCounters;
import io.cashew.pool.BackSide;
import io.cashew.pool.Pool;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// All pools at a glance, in twemproxy's order: shorter names first, then by bytes.
@Schema(name = "Pools")
record PoolsView(List<Entry> pools) {
    @Schema(name = "PoolsEntry")
    record Entry(
            String name,
            @Schema(description = "`starting`, `serving`, `draining`, `stopped` or `failed`.") String state,
            String protocol,
            @Schema(description = "Where clients connect: `host:port` or the path of a unix socket.") String listen,
            @Schema(description = "Number of servers.") int servers,
            @Schema(description = "How many of the servers are ejected now.") int ejected,
            @Schema(description = "Clients connected now.") int clients,
            @Schema(description = "Requests since the start.") long requests,
            @Schema(description = "Requests that could not be served and got an error from Cashew.") long forwardErrors,
            @Schema(description = "The path of the pool.") String href) {}

    static PoolsView of(List<Pool> pools) {
        return new PoolsView(pools.stream().map(PoolsView::entry).toList());
    }

    static String state(Pool pool) {
        return pool.state().name().toLowerCase(Locale.ROOT);
    }

    private static Entry entry(Pool pool) {
        PoolCounters counters = pool.counters();
        BackSide now = pool.back();
        return new Entry(
                pool.name(),
                state(pool),
                pool.protocol(),
                now.config().listen().text(),
                now.servers().size(),
                (int) now.servers().stream().filter(now::ejected).count(),
                pool.clients(),
                counters.requests,
                counters.forwardErrors,
                Href.pool(pool.name()));
    }
}
