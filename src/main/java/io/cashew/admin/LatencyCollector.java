package io.cashew.admin;

import io.cashew.metrics.LatencyHistogram;
import io.cashew.pool.BackSide;
import io.cashew.pool.Pool;
import io.cashew.pool.RunningPools;
import io.cashew.server.Server;
import io.prometheus.client.Collector;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// Publishes how long servers take to reply, as a Prometheus histogram.
///
/// A collector of the Prometheus client below Micrometer: none of Micrometer's meters reads a histogram that is kept
/// elsewhere, and its own would lock and look at the clock for every reply.
final class LatencyCollector extends Collector {
    static final String NAME = "cashew_server_latency_seconds";
    /// In words, without a full stop.
    static final String MEANING = "How long the server took to reply";
    /// Of one server: the buckets, the one that has all, the sum and the count.
    static final int SERIES = LatencyHistogram.BOUNDS.size() + 3;

    /// The buckets' bounds in seconds, as they are written.
    static final List<String> BOUNDS =
            LatencyHistogram.BOUNDS.stream().map(LatencyCollector::seconds).toList();

    private static final List<String> LABELS = List.of("pool", "server");
    private static final List<String> BUCKET_LABELS = List.of("pool", "server", "le");
    private static final int NANOS_DIGITS = 9;

    private final RunningPools pools;

    LatencyCollector(RunningPools pools) {
        this.pools = pools;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples.Sample> samples = new ArrayList<>();
        for (Pool pool : pools.all()) {
            BackSide now = pool.back();
            for (Server server : now.servers()) {
                collect(pool.name(), server.name(), now.latency(server), samples);
            }
        }
        return List.of(new MetricFamilySamples(NAME, Type.HISTOGRAM, MEANING, samples));
    }

    private static void collect(
            String pool, String server, LatencyHistogram latency, List<MetricFamilySamples.Sample> samples) {
        long[] within = latency.withinBounds();
        for (int bound = 0; bound < within.length; bound++) {
            samples.add(bucket(pool, server, BOUNDS.get(bound), within[bound]));
        }
        samples.add(bucket(pool, server, "+Inf", latency.count()));
        List<String> labels = List.of(pool, server);
        samples.add(new MetricFamilySamples.Sample(NAME + "_count", LABELS, labels, latency.count()));
        samples.add(new MetricFamilySamples.Sample(NAME + "_sum", LABELS, labels, latency.sum() / NANOSECONDS_PER_SECOND));
    }

    private static MetricFamilySamples.Sample bucket(String pool, String server, String bound, long count) {
        return new MetricFamilySamples.Sample(NAME + "_bucket", BUCKET_LABELS, List.of(pool, server, bound), count);
    }

    /// As OpenMetrics wants a bound: decimal, with at least one digit behind the point.
    private static String seconds(long nanos) {
        BigDecimal seconds = BigDecimal.valueOf(nanos, NANOS_DIGITS).stripTrailingZeros();
        return seconds.setScale(Math.max(1, seconds.scale())).toPlainString();
    }
}
