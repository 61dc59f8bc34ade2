package io.cashew.server;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;

/// One view of its servers' health per pool, shared by all workers, so that a key has one home whichever loop serves it.
///
/// Follows twemproxy's `server_failure` and `server_pool_update` (`nc_server.c`): a connection that ends or cannot be made
/// is a failure, any reply is a success; enough failures in a row eject the server, and the first request after its time
/// is up brings it back without a probe.
///
/// Thread-safe. The common calls, [#succeeded(int)] and [#readmissionDue(long)], are a plain read each.
public final class Health {
    private static final long NEVER = Long.MAX_VALUE;

    private final HealthSettings settings;
    private final AtomicIntegerArray failures;
    private final BitSet ejected;
    private final long[] ejectedUntil;
    private final long[] ejectedAtMicros;
    private final long[] ejections;
    private final Consumer<BitSet> onChange;
    private volatile long nextReadmission = NEVER;

    /// `onChange` is told who is ejected after every change, by the thread that caused it and before that thread goes on.
    public Health(int servers, HealthSettings settings, Consumer<BitSet> onChange) {
        this.settings = settings;
        this.failures = new AtomicIntegerArray(servers);
        this.ejected = new BitSet(servers);
        this.ejectedUntil = new long[servers];
        this.ejectedAtMicros = new long[servers];
        this.ejections = new long[servers];
        this.onChange = onChange;
    }

    public void succeeded(int server) {
        if (failures.getPlain(server) != 0) {
            failures.set(server, 0);
        }
    }

    /// A connection of `server` ended, or could not be made, at `now` ([System#nanoTime()]).
    public void failed(int server, long now) {
        if (!settings.eject()) {
            return;
        }
        synchronized (this) {
            if (failures.incrementAndGet(server) < settings.failureLimit()) {
                return;
            }
            failures.set(server, 0);
            ejections[server]++;
            ejectedAtMicros[server] = System.currentTimeMillis() * 1000;
            ejected.set(server);
            ejectedUntil[server] = now + settings.retryNanos();
            changed();
        }
    }

    /// Whether an ejected server's time is up, so that [#readmit(long)] would change something.
    public boolean readmissionDue(long now) {
        long next = nextReadmission;
        return next != NEVER && now - next >= 0;
    }

    /// Brings back every server whose time is up.
    public synchronized void readmit(long now) {
        boolean any = false;
        for (int server = ejected.nextSetBit(0); server >= 0; server = ejected.nextSetBit(server + 1)) {
            if (now - ejectedUntil[server] >= 0) {
                ejected.clear(server);
                any = true;
            }
        }
        if (any) {
            changed();
        }
    }

    public synchronized boolean ejected(int server) {
        return ejected.get(server);
    }

    /// How often `server` has been ejected.
    public synchronized long ejections(int server) {
        return ejections[server];
    }

    /// When `server` was ejected last, in microseconds since the epoch; 0 if never.
    public synchronized long ejectedAtMicros(int server) {
        return ejectedAtMicros[server];
    }

    private void changed() {
        long next = NEVER;
        for (int server = ejected.nextSetBit(0); server >= 0; server = ejected.nextSetBit(server + 1)) {
            next = next == NEVER || ejectedUntil[server] - next < 0 ? ejectedUntil[server] : next;
        }
        nextReadmission = next;
        onChange.accept((BitSet) ejected.clone());
    }
}
