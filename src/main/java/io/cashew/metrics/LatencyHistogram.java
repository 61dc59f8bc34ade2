package io.cashew.metrics;

import java.util.List;

/// How long something took, how often: counts of times, in buckets that are at most an eighth wider than where they begin.
///
/// ```
///   0 ─128 ns─┬─128 ns─┬ … ┬ 1.024 µs ┬─ 8 buckets for each doubling ─ … ─┬ 68.7 s ┬─ all above ─▶
/// ```
///
/// A bucket that one of [#BOUNDS] falls into is divided there, so that how many times were within such a bound is known
/// exactly. The size is fixed, not quite 2 KB.
///
/// Written by one thread with plain stores and read by anybody: a reading may be a moment old, and figures that belong
/// together are taken from a copy, into which [#add(LatencyHistogram)] brings as many histograms as wanted.
public final class LatencyHistogram {
    /// The bounds that are published, in nanoseconds, upward: 100 µs to 10 s.
    public static final List<Long> BOUNDS = List.of(
            100_000L,
            250_000L,
            500_000L,
            1_000_000L,
            2_500_000L,
            5_000_000L,
            10_000_000L,
            25_000_000L,
            50_000_000L,
            100_000_000L,
            250_000_000L,
            500_000_000L,
            1_000_000_000L,
            2_500_000_000L,
            5_000_000_000L,
            10_000_000_000L);

    /// Who wants to see the buckets.
    @FunctionalInterface
    public interface BucketReader {
        /// `count` times of at most `longestNanos`, which is [Long#MAX_VALUE] for the last bucket, and above those of the bucket
        /// before.
        void bucket(long longestNanos, long count);
    }

    /// Times below 2 to this power of nanoseconds are not told apart.
    private static final int UNIT_BITS = 7;
    /// Each doubling is divided into 2 to this power of buckets.
    private static final int STEP_BITS = 3;
    private static final int STEPS = 1 << STEP_BITS;
    /// Times of 2 to this power of nanoseconds and more share the last bucket.
    private static final int RANGE_BITS = 36;
    private static final int LAST_STEP = RANGE_BITS - UNIT_BITS - STEP_BITS + 1 << STEP_BITS;

    /// The first bucket of each step; there is a second one where one of [#BOUNDS] divides it.
    private static final short[] FIRST = new short[LAST_STEP + 1];
    /// The longest time that is counted in each bucket.
    private static final long[] LONGEST = new long[LAST_STEP + 1 + BOUNDS.size()];

    static {
        int bound = 0;
        int bucket = 0;
        for (int step = 0; step < LAST_STEP; step++) {
            FIRST[step] = (short) bucket;
            long longest = start(step + 1) - 1;
            if (bound < BOUNDS.size() && BOUNDS.get(bound) <= longest) {
                LONGEST[bucket++] = BOUNDS.get(bound++);
            }
            LONGEST[bucket++] = longest;
        }
        FIRST[LAST_STEP] = (short) bucket;
        LONGEST[bucket] = Long.MAX_VALUE;
    }

    private final long[] counts = new long[LONGEST.length];
    /// Not a `long`: a thousand requests that are always under way would make it overflow after a hundred days.
    private double sum;
    private long longest;

    /// Counts a time of `nanos` nanoseconds, 0 or more.
    public void record(long nanos) {
        int bucket = FIRST[step(nanos)];
        if (nanos > LONGEST[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        sum += nanos;
        if (nanos > longest) {
            longest = nanos;
        }
    }

    /// Adds what `other` has counted.
    public void add(LatencyHistogram other) {
        for (int bucket = 0; bucket < counts.length; bucket++) {
            counts[bucket] += other.counts[bucket];
        }
        sum += other.sum;
        longest = Math.max(longest, other.longest);
    }

    /// How many times have been counted.
    public long count() {
        long count = 0;
        for (long each : counts) {
            count += each;
        }
        return count;
    }

    /// The sum of all times, in nanoseconds.
    public double sum() {
        return sum;
    }

    /// The longest time, in nanoseconds; 0 if there is none.
    public long longest() {
        return longest;
    }

    /// A time, in nanoseconds, that `share` of all times, above 0 and up to 1, do not exceed: the smallest such time or up to
    /// an eighth more. 0 if nothing has been counted.
    public long quantile(double share) {
        double rank = share * count();
        long count = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            count += counts[bucket];
            if (count >= rank) {
                return Math.min(LONGEST[bucket], longest);
            }
        }
        return longest;
    }

    /// How many times were within each of [#BOUNDS].
    public long[] withinBounds() {
        long[] within = new long[BOUNDS.size()];
        long count = 0;
        int bucket = 0;
        for (int bound = 0; bound < within.length; bound++) {
            while (LONGEST[bucket] <= BOUNDS.get(bound)) {
                count += counts[bucket++];
            }
            within[bound] = count;
        }
        return within;
    }

    /// Gives `reader` every bucket that is not empty, upward.
    public void read(BucketReader reader) {
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] > 0) {
                reader.bucket(LONGEST[bucket], counts[bucket]);
            }
        }
    }

    private static int step(long nanos) {
        long units = nanos >>> UNIT_BITS;
        int shift = Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(units | STEPS);
        return Math.min((shift << STEP_BITS) + (int) (units >>> shift), LAST_STEP);
    }

    /// The shortest time of `step`, in nanoseconds.
    private static long start(int step) {
        int shift = Math.max(0, (step >> STEP_BITS) - 1);
        return (long) (step - (shift << STEP_BITS)) << shift + UNIT_BITS;
    }
}
