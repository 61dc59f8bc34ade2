package io.cashew.protocol.redis;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Remembers that a server of the pool does not speak RESP3 (Redis has since version 6), so that a client that asks for it
/// is refused at once, and goes on with RESP2 if it can. It may be upgraded, so this is forgotten after a while.
///
/// Thread-safe: one for all workers of a pool.
public final class OldServers {
    private static final long FORGOTTEN_AFTER = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clock;
    private volatile boolean seen;
    private volatile long seenAt;

    public OldServers() {
        this(System::nanoTime);
    }

    OldServers(LongSupplier clock) {
        this.clock = clock;
    }

    /// One has just refused `HELLO 3`.
    void see() {
        seenAt = clock.getAsLong();
        seen = true;
    }

    boolean seenLately() {
        return seen && clock.getAsLong() - seenAt < FORGOTTEN_AFTER;
    }
}
