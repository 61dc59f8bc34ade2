package io.cashew.protocol.redis;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// LATENCY HISTOGRAM: the calls of each command on all servers, by how long they took. A server counts the calls up to a number of
/// microseconds, and says only numbers that others come with.
///
/// ```
///   %1  $3 get  %2  $5 calls :9  $14 histogram_usec  %2 :1 :4 :2 :9      4 calls took 1 µs at most, and 9 took 2 µs at most
/// ```
final class HistogramsGather extends RedisGather {
    private static final String CALLS = "calls";
    private static final String HISTOGRAM = "histogram_usec";

    private static final class Histogram {
        private long calls;
        /// How many calls took so many microseconds, and more than the number before.
        private final SortedMap<Long, Long> counts = new TreeMap<>();
    }

    private final Map<String, Histogram> histograms = new LinkedHashMap<>();
    private Dialect dialect = Dialect.RESP2;

    @Override
    boolean accept(int part, Frame response) {
        ByteBuf reply = response.take();
        try {
            var reader = new ReplyReader(reply);
            if (reader.type() == '%') {
                dialect = Dialect.RESP3;
            }
            for (int left = reader.pairs(); left > 0 && reader.sound(); left--) {
                read(reader, histograms.computeIfAbsent(String.valueOf(reader.string()), _ -> new Histogram()));
            }
            return reader.sound() && reader.type() == 0;
        } finally {
            reply.release();
        }
    }

    private static void read(ReplyReader reader, Histogram histogram) {
        for (int left = reader.pairs(); left > 0 && reader.sound(); left--) {
            if (CALLS.equals(reader.string())) {
                histogram.calls += reader.integer();
                continue;
            }
            long before = 0;
            for (int buckets = reader.pairs(); buckets > 0 && reader.sound(); buckets--) {
                long micros = reader.integer();
                long calls = reader.integer();
                histogram.counts.merge(micros, calls - before, Long::sum);
                before = calls;
            }
        }
    }

    @Override
    long joinedLength() {
        return joined().length;
    }

    @Override
    void joinParts(ByteSink out) {
        out.write(joined());
    }

    private byte[] joined() {
        var reply = new ReplyBuilder(dialect).map(histograms.size());
        histograms.forEach((command, histogram) -> {
            reply.string(command).map(2).string(CALLS).integer(histogram.calls);
            reply.string(HISTOGRAM).map(histogram.counts.size());
            long calls = 0;
            for (var count : histogram.counts.entrySet()) {
                calls += count.getValue();
                reply.integer(count.getKey()).integer(calls);
            }
        });
        return reply.bytes();
    }
}
