package io.cashew.client;

import io.cashew.protocol.Command;

/// A time in which requests are left unread.
///
/// @param untilNanos when it ends, in the terms of [System#nanoTime()]
/// @param writesOnly whether requests are taken that do not change data
public record Pause(long untilNanos, boolean writesOnly) {
    /// The longer and stricter of both, as Redis has it; `other` may be null.
    Pause and(Pause other) {
        return other == null
                ? this
                : new Pause(
                        untilNanos - other.untilNanos > 0 ? untilNanos : other.untilNanos, writesOnly && other.writesOnly);
    }

    /// Whether a request with this command waits; null is a command that nobody knows.
    boolean holds(Command command) {
        return !writesOnly || command != null && command.mayBeReplicated();
    }

    boolean isOver(long now) {
        return now - untilNanos >= 0;
    }
}
