package io.cashew.client;

import io.cashew.protocol.CloseCause;
import java.util.concurrent.atomic.AtomicInteger;

/// How many clients there are, and whether one more may come: a pool's own count, within that of the whole process.
///
/// Thread-safe; shared by the workers of a pool.
public final class Admission {
    private volatile int most;
    private final Admission whole;
    private final AtomicInteger clients = new AtomicInteger();

    private Admission(int most, Admission whole) {
        this.most = most;
        this.whole = whole;
    }

    /// For all pools together at most `most` clients: as many as there are file descriptors to spare.
    public static Admission ofProcess(int most) {
        return new Admission(most, null);
    }

    /// For one of the pools at most `most` clients; 0 for no limit of its own.
    public Admission ofPool(int most) {
        Admission pool = new Admission(Integer.MAX_VALUE, this);
        pool.limit(most);
        return pool;
    }

    /// From now on at most `most` clients, 0 for no limit; those who are here stay.
    public void limit(int most) {
        this.most = most == 0 ? Integer.MAX_VALUE : most;
    }

    public int clients() {
        return clients.get();
    }

    /// Counts a client in and returns null, or why it may not come.
    CloseCause enter() {
        CloseCause refusal = clients.incrementAndGet() > most ? CloseCause.TOO_MANY_CLIENTS : null;
        if (refusal == null && whole != null && whole.enter() != null) {
            refusal = CloseCause.NO_DESCRIPTORS;
        }
        if (refusal != null) {
            clients.decrementAndGet();
        }
        return refusal;
    }

    /// Counts a client out that had been counted in.
    void leave() {
        clients.decrementAndGet();
        if (whole != null) {
            whole.leave();
        }
    }
}
