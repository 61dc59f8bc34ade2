package io.cashew.server;

import io.cashew.metrics.HealthCounters;

/// What [Health] knows of one server, apart from its failures in a row. Guarded by the health's lock.
final class Standing {
    HealthCounters counters = new HealthCounters();
    /// Null if it may take part.
    Withdrawal withdrawal;
    /// Per slot, how many failures have been counted. A connection opened before the latest of them tells nothing new by
    /// ending.
    final int[] eras;
    boolean ejected;
    /// While ejected: when it may come back, or is to be probed.
    long due;
    long ejectedAtMicros;
    boolean returned;
    long returnedAt;
    /// Ejections that followed soon upon a return, without a longer calm between them.
    int flaps;
    /// Probes in a row that went wrong: while live towards its ejection, while ejected since then.
    int failedProbes;
    /// Probes in a row that went well while ejected.
    int goodProbes;
    /// While live: when it is to be probed.
    long nextCheck;
    boolean checked;

    Standing(int slots) {
        eras = new int[slots];
    }

    /// A server that was known as `before` until now. `eject` says whether it may still be out because it failed.
    void goOnFrom(Standing before, boolean eject) {
        counters = before.counters.copy();
        withdrawal = before.withdrawal;
        ejectedAtMicros = before.ejectedAtMicros;
        returned = before.returned;
        returnedAt = before.returnedAt;
        flaps = before.flaps;
        if (eject) {
            ejected = before.ejected;
            due = before.due;
            failedProbes = before.failedProbes;
            goodProbes = before.goodProbes;
        }
    }

    /// Whether it gets no requests.
    boolean out() {
        return ejected || withdrawal != null;
    }
}
