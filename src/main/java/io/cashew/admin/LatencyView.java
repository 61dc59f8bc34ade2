package io.cashew.admin;

import io.cashew.metrics.LatencyHistogram;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// How long servers took to reply: the time from a request being given to a connection until its reply was there, which
/// half of the replies (p50), nine tenths (p90), … did not exceed.
@Schema(name = "Latency")
record LatencyView(
        @Schema(description = "Replies since the start; requests that got none are not among them.") long replies,
        @Schema(description = "Like the other percentiles up to an eighth too much; null without replies.", nullable = true)
                Long p50Micros,
        @Schema(nullable = true) Long p90Micros,
        @Schema(nullable = true) Long p99Micros,
        @Schema(nullable = true) Long p999Micros,
        @Schema(description = "The longest time.", nullable = true) Long maxMicros) {

    static LatencyView of(LatencyHistogram latency) {
        long replies = latency.count();
        if (replies == 0) {
            return new LatencyView(0, null, null, null, null, null);
        }
        return new LatencyView(
                replies,
                micros(latency.quantile(0.5)),
                micros(latency.quantile(0.9)),
                micros(latency.quantile(0.99)),
                micros(latency.quantile(0.999)),
                micros(latency.longest()));
    }

    /// Rounded up, so that it is still not exceeded.
    static long micros(long nanos) {
        return Math.ceilDiv(nanos, 1000);
    }
}
