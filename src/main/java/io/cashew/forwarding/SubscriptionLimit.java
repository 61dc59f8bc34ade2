package io.cashew.forwarding;

import java.util.concurrent.atomic.AtomicInteger;

/// How much a pool's clients may subscribe to: each of them, and all together.
///
/// Thread-safe; shared by the workers of a pool.
public final class SubscriptionLimit {
    private final int ofClient;
    private final int ofAll;
    private final AtomicInteger taken = new AtomicInteger();

    public SubscriptionLimit(int ofClient, int ofAll) {
        this.ofClient = ofClient;
        this.ofAll = ofAll;
    }

    /// Takes `more` for a client that has `count`, or nothing if that is too much.
    boolean take(int count, int more) {
        boolean allowed = more <= ofClient - count && taken.addAndGet(more) <= ofAll;
        if (!allowed && more <= ofClient - count) {
            taken.addAndGet(-more);
        }
        return allowed;
    }

    void giveBack(int count) {
        taken.addAndGet(-count);
    }
}
