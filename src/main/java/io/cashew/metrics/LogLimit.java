package io.cashew.metrics;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a log readable while the same thing happens again and again: a line about one subject is written at most once
/// per period, and says how many were not.
///
/// Thread-safe. Remembers every subject it was asked about, so there must be a bounded number of them.
///
/// @param <S> what a line is about, with `equals`
public final class LogLimit<S> {
    private record Written(long at, long suppressed) {}

    private final long periodNanos;
    private final Map<S, Written> lines = new ConcurrentHashMap<>();

    public LogLimit(long periodNanos) {
        this.periodNanos = periodNanos;
    }

    /// Asks whether a line about `subject` may be written at `now` ([System#nanoTime()]). If so, it is taken to be, and the
    /// answer is how many have not been since the last one; empty if this one is not to be, either.
    public OptionalLong admit(S subject, long now) {
        long[] suppressed = {-1};
        lines.compute(subject, (same, last) -> {
            if (last != null && now - last.at < periodNanos) {
                return new Written(last.at, last.suppressed + 1);
            }
            suppressed[0] = last == null ? 0 : last.suppressed;
            return new Written(now, 0);
        });
        return suppressed[0] < 0 ? OptionalLong.empty() : OptionalLong.of(suppressed[0]);
    }
}
