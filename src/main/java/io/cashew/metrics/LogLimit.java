package io.cashew.metrics;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Keeps a log readable while the same thing happens again and again: a line about one subject is written at most once
/// per period, and says how many were not.
///
/// Thread-safe; a line that is not written costs no lock and no memory. Remembers every subject it was asked about, so there
/// must be a bounded number of them.
///
/// @param <S> what a line is about, with `equals`
public final class LogLimit<S> {
    private record Line(AtomicLong writtenAt, LongAdder suppressed) {}

    private final long periodNanos;
    private final Map<S, Line> lines = new ConcurrentHashMap<>();

    public LogLimit(long periodNanos) {
        this.periodNanos = periodNanos;
    }

    /// Asks whether a line about `subject` may be written at `now` ([System#nanoTime()]). If so, it is taken to be, and the
    /// answer is how many have not been since the last one; empty if this one is not to be, either.
    public OptionalLong admit(S subject, long now) {
        Line line = lines.get(subject);
        if (line == null) {
            line = lines.putIfAbsent(subject, new Line(new AtomicLong(now), new LongAdder()));
            if (line == null) {
                return OptionalLong.of(0);
            }
        }
        long last = line.writtenAt.get();
        if (now - last < periodNanos || !line.writtenAt.compareAndSet(last, now)) {
            line.suppressed.increment();
            return OptionalLong.empty();
        }
        return OptionalLong.of(line.suppressed.sumThenReset());
    }

    /// What the end of a `what` says of the `suppressed` ones before it.
    public static String more(long suppressed, String what) {
        return suppressed == 0 ? "" : " (and " + suppressed + " times more since the last such " + what + ")";
    }
}
