package io.cashew.server;

import java.util.concurrent.atomic.AtomicInteger;

/// How many server connections a pool has lent to single clients, and whether one more may be.
///
/// Thread-safe; shared by the workers of a pool.
public final class Lending {
    private final int most;
    private final AtomicInteger lent = new AtomicInteger();

    /// For at most `most` connections at a time.
    public Lending(int most) {
        this.most = most;
    }

    boolean begin() {
        boolean allowed = lent.incrementAndGet() <= most;
        if (!allowed) {
            lent.decrementAndGet();
        }
        return allowed;
    }

    void end() {
        lent.decrementAndGet();
    }
}
