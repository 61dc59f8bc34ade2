package io.cashew.benchmark;

import io.cashew.metrics.LatencyHistogram;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What it costs to note how long a reply took, and to read what has been noted. `next` is the part of `record` that is
/// not the histogram's, and `clock` what it would cost to look at the clock for every reply.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LatencyHistogramBenchmark {
    private final LatencyHistogram histogram = new LatencyHistogram();
    private final long[] times = new long[1 << 16];
    private int next;

    /// Around 150 µs, with a tail: many and random, so that no branch predictor learns them.
    @Setup
    public void makeTimes() {
        var random = new Random(1);
        for (int i = 0; i < times.length; i++) {
            times[i] = (long) (150_000 * Math.exp(random.nextGaussian() * 0.8));
        }
    }

    @Benchmark
    public long next() {
        return times[next++ & times.length - 1];
    }

    @Benchmark
    public void record() {
        histogram.record(next());
    }

    @Benchmark
    public long clock() {
        return System.nanoTime();
    }

    @Benchmark
    public long[] read() {
        var copy = new LatencyHistogram();
        copy.add(histogram);
        return copy.withinBounds();
    }
}
