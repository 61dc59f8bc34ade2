package io.cashew.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LatencyHistogramTest {
    private static final long LONG = Duration.ofHours(1).toNanos();

    private final LatencyHistogram histogram = new LatencyHistogram();

    /// Every power of two and its neighbours, the published bounds and theirs, and many at random.
    private static LongStream timesOfTheRange() {
        LongStream powers = LongStream.range(0, 36).map(power -> 1L << power);
        LongStream published = LatencyHistogram.BOUNDS.stream().mapToLong(Long::longValue);
        LongStream edges = LongStream.concat(powers, published).flatMap(edge -> LongStream.of(edge - 1, edge, edge + 1));
        return LongStream.concat(edges, new Random(5).doubles(100_000, 0, 36).mapToLong(power -> (long) Math.pow(2, power)));
    }

    @Test
    void aQuantileIsNeverTooShortAndAtMostAnEighthTooLong() {
        timesOfTheRange().forEach(nanos -> {
            var histogram = new LatencyHistogram();
            histogram.record(nanos);
            // Longer than any other, so that the answer is a bucket's end
            histogram.record(LONG);

            long found = histogram.quantile(0.5);

            assertThat(found).isGreaterThanOrEqualTo(nanos);
            assertThat(found - nanos).as("%d was taken for %d", nanos, found).isLessThanOrEqualTo(Math.max(128, nanos / 8));
        });
    }

    @Test
    void aQuantileHasItsShareOfTheTimesBelow() {
        LongStream.rangeClosed(1, 1000).forEach(millis -> histogram.record(millis * 1_000_000));

        assertThat(histogram.quantile(0.5)).isBetween(500_000_000L, 562_500_000L);
        assertThat(histogram.quantile(0.9)).isBetween(900_000_000L, 1_000_000_000L);
        assertThat(histogram.quantile(0.001)).isBetween(1_000_000L, 1_125_000L);
        assertThat(histogram.quantile(1)).isEqualTo(1_000_000_000L);
    }

    @Test
    void noQuantileIsAboveTheLongestTime() {
        histogram.record(70_001);

        assertThat(histogram.quantile(0.5)).isEqualTo(70_001);
        assertThat(histogram.longest()).isEqualTo(70_001);
    }

    @Test
    void thereIsNothingToSayOfNothing() {
        assertThat(histogram.count()).isZero();
        assertThat(histogram.sum()).isZero();
        assertThat(histogram.quantile(0.99)).isZero();
        assertThat(histogram.longest()).isZero();
        assertThat(histogram.withinBounds()).hasSameSizeAs(LatencyHistogram.BOUNDS).containsOnly(0);
    }

    @Test
    void howManyAreWithinAPublishedBoundIsExact() {
        for (long bound : LatencyHistogram.BOUNDS) {
            histogram.record(bound - 1);
            histogram.record(bound);
            histogram.record(bound + 1);
        }

        long[] within = histogram.withinBounds();

        for (int bound = 0; bound < within.length; bound++) {
            assertThat(within[bound]).as("within %d ns", LatencyHistogram.BOUNDS.get(bound)).isEqualTo(3L * bound + 2);
        }
    }

    @Test
    void whatIsLongerThanTheRangeIsCountedAndRemembered() {
        histogram.record(1L << 36);
        histogram.record(LONG);

        assertThat(histogram.count()).isEqualTo(2);
        assertThat(histogram.quantile(0.01)).isEqualTo(LONG);
        assertThat(histogram.longest()).isEqualTo(LONG);
        assertThat(histogram.sum()).isEqualTo(LONG + (1L << 36));
        assertThat(histogram.withinBounds()).containsOnly(0);
    }

    @Test
    void theBucketsThatHaveSomethingAreReadUpward() {
        record Bucket(long longest, long count) {}
        histogram.record(LONG);
        histogram.record(70_001);
        histogram.record(1_000_000);
        histogram.record(70_002);

        var buckets = new ArrayList<Bucket>();
        histogram.read((longest, count) -> buckets.add(new Bucket(longest, count)));

        assertThat(buckets).hasSize(3).isSortedAccordingTo(Comparator.comparing(Bucket::longest));
        assertThat(buckets.get(0).count()).isEqualTo(2);
        assertThat(buckets.get(0).longest()).isBetween(70_002L, 80_000L);
        assertThat(buckets.get(1)).isEqualTo(new Bucket(1_000_000, 1));
        assertThat(buckets.get(2)).isEqualTo(new Bucket(Long.MAX_VALUE, 1));
    }

    @Test
    void theSumDoesNotOverflow() {
        histogram.record(Long.MAX_VALUE);
        histogram.record(Long.MAX_VALUE);

        assertThat(histogram.sum()).isEqualTo(2.0 * Long.MAX_VALUE);
    }

    @Test
    void theHistogramsOfSeveralWorkersAreOneTogether() {
        long[] times = timesOfTheRange().toArray();
        var workers = new LatencyHistogram[] {new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram()};
        for (int i = 0; i < times.length; i++) {
            histogram.record(times[i]);
            workers[i % workers.length].record(times[i]);
        }

        var together = new LatencyHistogram();
        Arrays.stream(workers).forEach(together::add);

        assertThat(together.count()).isEqualTo(times.length);
        assertThat(together.withinBounds()).isEqualTo(histogram.withinBounds());
        assertThat(together.longest()).isEqualTo(histogram.longest());
        assertThat(together.sum()).isEqualTo(Arrays.stream(times).asDoubleStream().sum());
        assertThat(List.of(0.001, 0.1, 0.5, 0.9, 0.999, 1.0))
                .allSatisfy(share -> assertThat(together.quantile(share)).isEqualTo(histogram.quantile(share)));
    }

    @Test
    @Timeout(60)
    void aReaderSeesWhatIsCountedMeanwhile() throws InterruptedException {
        int each = 20_000_000;
        var done = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < each; i++) {
                histogram.record((i & 63) * 10_000L);
            }
            done.set(true);
        });

        long seen = 0;
        while (!done.get()) {
            var copy = new LatencyHistogram();
            copy.add(histogram);
            assertThat(copy.count()).isBetween(seen, (long) each);
            assertThat(copy.withinBounds()).isSorted();
            assertThat(copy.withinBounds()[copy.withinBounds().length - 1]).isEqualTo(copy.count());
            seen = copy.count();
        }
        writer.join();

        assertThat(histogram.count()).isEqualTo(each);
    }
}
