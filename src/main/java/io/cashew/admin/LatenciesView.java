package io.cashew.admin;

import io.cashew.pool.BackSide;
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

    static LatenciesView of(BackSide now) {
        return new LatenciesView(now.config().name(), now.servers().stream().map(server -> replies(now, server)).toList());
    }

    private static Replies replies(BackSide now, Server server) {
        List<Bucket> buckets = new ArrayList<>();
        now.latency(server).read((longest, count) -> buckets.add(bucket(longest, count)));
        return new Replies(server.name(), buckets, Href.server(now.config().name(), server.name()));
    }

    private static Bucket bucket(long longestNanos, long count) {
        return new Bucket(longestNanos == Long.MAX_VALUE ? null : LatencyView.micros(longestNanos), count);
    }
}
