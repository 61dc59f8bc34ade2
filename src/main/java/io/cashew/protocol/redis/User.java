package io.cashew.protocol.redis;

import java.util.concurrent.atomic.AtomicInteger;

/// One user of a pool: its terms now, and how many clients it has. Those who are connected keep it when its terms change.
///
/// Thread-safe: one for all workers of a pool.
final class User {
    private final AtomicInteger clients = new AtomicInteger();
    private volatile UserTerms terms;

    User(UserTerms terms) {
        this.terms = terms;
    }

    UserTerms terms() {
        return terms;
    }

    void renew(UserTerms terms) {
        this.terms = terms;
    }

    /// Counts a client in, unless there are too many.
    boolean enter() {
        int most = terms.mostClients();
        if (clients.incrementAndGet() > most && most > 0) {
            clients.decrementAndGet();
            return false;
        }
        return true;
    }

    /// Counts a client out that had been counted in.
    void leave() {
        clients.decrementAndGet();
    }
}
