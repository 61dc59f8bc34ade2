package io.cashew.server;

import io.cashew.metrics.HealthCounters;
import io.cashew.protocol.Failure;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.DoubleSupplier;

/// One view of its servers' health per pool, shared by all workers, so that a key has one home whichever loop serves it.
///
/// ```
///              failure limit, or failed probes
///   LIVE ─────────────────────────────────────────▶ EJECTED ──┐ failed probe: out for longer
///     ◀─────────────────────────────────────────────    ◀─────┘
///      time is up, and good probes where they are asked for
/// ```
///
/// Counts as twemproxy's `server_failure` does (`nc_server.c`): a connection that ends or cannot be made is a failure, any
/// reply is a success; enough failures in a row eject the server. What twemproxy has one connection for is a *slot* here,
/// with a connection in every worker; when one event ends several connections of a slot it is one failure, as it is there.
/// How a server comes back, and for how long it is out, is in [HealthSettings].
///
/// Thread-safe. The common calls, [#succeeded(int)] and [#readmissionDue(long)], are a plain read each. Times are
/// [System#nanoTime()] or any other clock that callers agree on.
public final class Health {
    /// What [#untilProbe(int, long)] says of a server that nobody wants to probe.
    public static final long NEVER = Long.MAX_VALUE;

    /// Who wants to know.
    public interface Observer {
        /// `out` get no requests now: they are ejected, or an operator has taken them out. Called after every change, in the
        /// order of the changes, by the thread that caused it and before that thread goes on. Must not call back.
        void changed(BitSet out);

        /// Called by the thread that caused it, after [#changed(BitSet)] if anything has changed.
        default void happened(HealthEvent event) {}
    }

    private final HealthSettings settings;
    private final Observer observer;
    private final DoubleSupplier chance;
    private final AtomicIntegerArray failures;
    private final Standing[] standings;
    private volatile long nextReadmission = NEVER;

    public Health(int servers, HealthSettings settings, Observer observer) {
        this(servers, settings, observer, () -> ThreadLocalRandom.current().nextDouble());
    }

    /// `chance` draws numbers from 0 to below 1, for jitter.
    Health(int servers, HealthSettings settings, Observer observer, DoubleSupplier chance) {
        this.settings = settings;
        this.observer = observer;
        this.chance = chance;
        this.failures = new AtomicIntegerArray(servers);
        this.standings = new Standing[servers];
        for (int server = 0; server < servers; server++) {
            standings[server] = new Standing(settings.slots());
        }
    }

    /// A health nobody asks, for connections whose end is no news: those of a [Prober].
    static Health ofNobody(int servers) {
        return new Health(servers, HealthSettings.NEVER_EJECTS, ejected -> {});
    }

    /// What `before` knows about server number `known` is known here about `server` from now on. To be called before anybody asks.
    public void goOnFrom(Health before, int known, int server) {
        synchronized (before) {
            synchronized (this) {
                standings[server].goOnFrom(before.standings[known], settings.eject());
                failures.set(server, settings.eject() ? before.failures.get(known) : 0);
                nextReadmission = nextReadmission();
            }
        }
    }

    /// The operator's word about `server`: null lets it take part, also if it is ejected because it failed.
    public void withdraw(int server, Withdrawal withdrawal, long now) {
        HealthEvent event = setWithdrawal(server, withdrawal, now);
        if (event != null) {
            observer.happened(event);
        }
    }

    private synchronized HealthEvent setWithdrawal(int server, Withdrawal withdrawal, long now) {
        Standing standing = standings[server];
        standing.withdrawal = withdrawal;
        HealthEvent event = withdrawal == null && standing.ejected ? letIn(server, now) : null;
        changed();
        return event;
    }

    /// What the operator has said about `server`; null if it may take part.
    public synchronized Withdrawal withdrawal(int server) {
        return standings[server].withdrawal;
    }

    /// The servers that get no requests now, whoever decided it.
    public synchronized BitSet out() {
        BitSet out = new BitSet(standings.length);
        for (int server = 0; server < standings.length; server++) {
            out.set(server, standings[server].out());
        }
        return out;
    }

    /// Whether failures can eject a server.
    boolean ejects() {
        return settings.eject();
    }

    /// A reply came from `server`.
    public void succeeded(int server) {
        if (failures.getPlain(server) != 0) {
            failures.set(server, 0);
        }
    }

    /// The number to remember of a new connection in `slot` of `server`; [#failed(int, int, int, Failure, long)] wants it.
    public synchronized int opened(int server, int slot) {
        return standings[server].eras[slot % settings.slots()];
    }

    /// A connection of `server` ended, or could not be made, because of `cause`; `era` is what [#opened(int, int)] said of it.
    public void failed(int server, int slot, int era, Failure cause, long now) {
        observer.happened(count(server, slot % settings.slots(), era, cause, now));
    }

    /// A connection of `server` has refused a request because of `cause`, the first one since its output was empty, or has been
    /// ended. That says nothing about the server's health.
    public void overrun(int server, Failure cause) {
        observer.happened(new HealthEvent.Overrun(server, cause));
    }

    private synchronized HealthEvent count(int server, int slot, int era, Failure cause, long now) {
        Standing standing = standings[server];
        boolean known = failures.get(server) > 0 && era != standing.eras[slot];
        // Connections to an ejected server are left alone; what becomes of them no longer matters.
        if (!settings.eject() || standing.ejected || known || cause.fault() != Failure.Fault.SERVER) {
            return new HealthEvent.Failed(server, cause);
        }
        standing.eras[slot]++;
        return failures.incrementAndGet(server) < settings.failureLimit()
                ? new HealthEvent.Failed(server, cause)
                : eject(server, cause, now);
    }

    /// Whether an ejected server's time is up, so that [#readmit(long)] would change something. Never, where a probe has to
    /// go before.
    public boolean readmissionDue(long now) {
        long next = nextReadmission;
        return next != NEVER && now - next >= 0;
    }

    /// Brings back every server whose time is up, without a probe, as twemproxy does (`server_pool_update`).
    public void readmit(long now) {
        readmitDue(now).forEach(observer::happened);
    }

    private synchronized List<HealthEvent> readmitDue(long now) {
        List<HealthEvent> events = new ArrayList<>();
        for (int server = 0; server < standings.length; server++) {
            Standing standing = standings[server];
            if (standing.ejected && now - standing.due >= 0) {
                events.add(letIn(server, now));
            }
        }
        if (!events.isEmpty()) {
            changed();
        }
        return events;
    }

    /// In how many nanoseconds `server` is to be probed: 0 for now, [#NEVER] if nobody wants to know.
    synchronized long untilProbe(int server, long now) {
        Standing standing = standings[server];
        if (standing.ejected) {
            return settings.returnsByProbe() ? Math.max(0, standing.due - now) : NEVER;
        }
        if (!settings.eject() || settings.probeIntervalNanos() == 0) {
            return NEVER;
        }
        return standing.checked ? Math.max(0, standing.nextCheck - now) : 0;
    }

    /// `server` gave a good answer to a probe.
    void probeAnswered(int server, long now) {
        HealthEvent event = countAnswer(server, now);
        if (event != null) {
            observer.happened(event);
        }
    }

    private synchronized HealthEvent countAnswer(int server, long now) {
        Standing standing = standings[server];
        standing.counters.probes++;
        if (!standing.ejected) {
            standing.failedProbes = 0;
            checkAgain(standing, now);
            return null;
        }
        if (now - standing.due < 0) {
            // Asked while it was live, and ejected meanwhile: its time is not up.
            return null;
        }
        if (++standing.goodProbes < settings.probeSuccesses()) {
            standing.due = now + settings.betweenProbesNanos();
            return null;
        }
        HealthEvent event = letIn(server, now);
        changed();
        return event;
    }

    /// `server` gave no good answer to a probe, because of `cause`.
    void probeFailed(int server, Failure cause, long now) {
        observer.happened(countNoAnswer(server, cause, now));
    }

    private synchronized HealthEvent countNoAnswer(int server, Failure cause, long now) {
        Standing standing = standings[server];
        standing.counters.probes++;
        standing.counters.probeFailures++;
        if (standing.ejected) {
            standing.goodProbes = 0;
            if (now - standing.due >= 0) {
                standing.failedProbes++;
                standing.due = now + out(standing);
            }
            return new HealthEvent.ProbeFailed(server, cause, standing.due - now);
        }
        checkAgain(standing, now);
        return ++standing.failedProbes < settings.probeFailures() || cause.fault() != Failure.Fault.SERVER
                ? new HealthEvent.ProbeFailed(server, cause, settings.probeIntervalNanos())
                : eject(server, cause, now);
    }

    public synchronized boolean ejected(int server) {
        return standings[server].ejected;
    }

    /// How often `server` has been ejected.
    public synchronized long ejections(int server) {
        return standings[server].counters.ejections;
    }

    /// When `server` was ejected last, in microseconds since the epoch; 0 if never.
    public synchronized long ejectedAtMicros(int server) {
        return standings[server].ejectedAtMicros;
    }

    /// What has been counted about `server` so far.
    public synchronized HealthCounters counters(int server) {
        return standings[server].counters.copy();
    }

    private HealthEvent eject(int server, Failure cause, long now) {
        Standing standing = standings[server];
        boolean flapped = standing.returned && now - standing.returnedAt < settings.flapWindowNanos();
        standing.flaps = flapped ? standing.flaps + 1 : 0;
        standing.failedProbes = 0;
        standing.goodProbes = 0;
        standing.ejected = true;
        standing.ejectedAtMicros = System.currentTimeMillis() * 1000;
        standing.counters.ejections++;
        standing.counters.flaps += flapped ? 1 : 0;
        long out = out(standing);
        standing.due = now + out;
        failures.set(server, 0);
        changed();
        return new HealthEvent.Ejected(server, cause, out, flapped);
    }

    private HealthEvent letIn(int server, long now) {
        Standing standing = standings[server];
        standing.ejected = false;
        standing.returned = true;
        standing.returnedAt = now;
        standing.failedProbes = 0;
        standing.counters.readmissions++;
        checkAgain(standing, now);
        failures.set(server, 0);
        return new HealthEvent.Readmitted(server);
    }

    private void checkAgain(Standing standing, long now) {
        standing.checked = true;
        standing.nextCheck = now + settings.probeIntervalNanos();
    }

    private long out(Standing standing) {
        return settings.outNanos(standing.flaps + standing.failedProbes, chance.getAsDouble());
    }

    private void changed() {
        nextReadmission = nextReadmission();
        observer.changed(out());
    }

    private long nextReadmission() {
        long next = NEVER;
        for (Standing standing : standings) {
            if (standing.ejected) {
                next = next == NEVER || standing.due - next < 0 ? standing.due : next;
            }
        }
        return settings.returnsByProbe() ? NEVER : next;
    }
}
