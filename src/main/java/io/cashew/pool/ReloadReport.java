package io.cashew.pool;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What became of an attempt to bring the configuration into force as it is written now.
///
/// @param generation which configuration is in force, counted from 1 at the start
/// @param at         when it was decided
/// @param millis     how long it took
/// @param plan       what it changes, or would; empty if the configuration cannot be read
/// @param problems   why it is not in force; empty if it is
public record ReloadReport(
        Trigger trigger,
        Outcome outcome,
        long generation,
        Instant at,
        long millis,
        Optional<ReloadPlan> plan,
        List<String> problems) {
    /// What made us look.
    public enum Trigger {
        START,
        FILE,
        SIGNAL,
        REST;

        /// As a label.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// In every case but `APPLIED` everything is as it was.
    public enum Outcome {
        APPLIED,
        /// It says what is in force.
        UNCHANGED,
        /// It is wrong.
        INVALID,
        /// It is right, and changes what cannot change while the pools run.
        NOT_LIVE,
        /// Something in the world is against it, such as a listening address that is in use.
        FAILED;

        /// As a label.
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// Whether what is written is in force now.
        public boolean good() {
            return this == APPLIED || this == UNCHANGED;
        }
    }

    public ReloadReport {
        problems = List.copyOf(problems);
    }
}
