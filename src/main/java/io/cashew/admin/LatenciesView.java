package io.cashew.admin;

import io.cashew.pool.Pool;
import io.cashew.server.Server;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// How many replies took how long.
@Schema(name = "Latencies")
record LatenciesView(
        String pool,
        @Schema(description = "In twemproxy's order: shorter ring names first, then by bytes.") List<Replies> servers) {

    @Schema(name = "ServerLatencies")
    record Replies(
            @Schema(description = "The ring name.") String name,
            @Schema(description = "Upward, without those that are empty. Their bounds are the same in every reading.")
            List<Bucket> buckets,
            @Schema(description = "The path of the server.") String href) {}

    @Schema(name = "LatencyBucket")
    record Bucket(
            @Schema(description = "The longest time that is counted here; null if there is none such.", nullable = true)
            Long upToMicros,
            @Schema(description = "Replies that took at most so long, and longer than those of the bucket before.") long replies) {}

    static LatenciesView of(Pool pool) {
        return new LatenciesView(pool.name(), pool.servers().stream().map(server -> replies(pool, server)).toList());
    }

    private static Replies replies(Pool pool, Server server) {
        List<Bucket> buckets = new ArrayList<>();
        pool.latency(server).read((longest, count) -> buckets.add(bucket(longest, count)));
        return new Replies(server.name(), buckets, Href.server(pool.name(), server.name()));
    }

    private static Bucket bucket(long longestNanos, long count) {
        return new Bucket(longestNanos == Long.MAX_VALUE ? null : LatencyView.micros(longestNanos), count);
    }
}
