package io.cashew.client;

import io.cashew.forwarding.Exchange;
import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Request;
import io.cashew.protocol.SlowLog;
import io.cashew.transport.IoLoop;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// What is written down about the requests of one worker's clients: of those that take long, in the pool's [SlowLog], and of
/// some by chance, in its [AccessLog]. Both are about requests that servers are asked, and not about those that ask a server to
/// wait.
///
/// When an answer turns out to be late its request is gone, so its words are copied before it is sent. What that takes is used
/// again and again; there is one copy for each request under way, and their bytes are bounded. Times are those of the loop's
/// iterations, as for the latencies of servers.
///
/// Belongs to one event loop.
public final class Journal {
    /// As many as a busy loop has under way.
    private static final int MOST_IDLE = 1024;

    /// Bytes of all copies together, beyond what each of them has at least.
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final SlowLog slowLog;
    private AccessLog accessLog;
    /// What is slow; 0 if nothing is.
    private long thresholdNanos;
    private boolean on;
    private final PoolCounters counters;
    private final IoLoop loop;
    private final ArrayDeque<NotedRequest> idle = new ArrayDeque<>();
    private int room = MOST_BYTES;
    /// How many requests are not written to the access log before the next one that is.
    private int skipped;

    public Journal(SlowLog slowLog, AccessLog accessLog, PoolCounters counters, IoLoop loop) {
        this.slowLog = slowLog;
        this.counters = counters;
        this.loop = loop;
        use(accessLog);
    }

    /// From now on lines go to `accessLog`, and what is slow is what the slow log says now.
    public void use(AccessLog accessLog) {
        this.accessLog = accessLog;
        thresholdNanos = slowLog.thresholdNanos();
        skipped = accessLog.isOn() ? gap() : 0;
        on = thresholdNanos > 0 || accessLog.isOn();
    }

    /// Whether anything is noted.
    boolean isOn() {
        return on;
    }

    /// Who is to hear of the answer to `request` of `exchange`: somebody who notes it, or the exchange itself.
    Exchange note(ClientExchange exchange, Request request) {
        boolean sampled = isSampled();
        if (!sampled && thresholdNanos == 0) {
            return exchange;
        }
        NotedRequest noted = idle.pollLast();
        if (noted == null) {
            noted = new NotedRequest(this);
        }
        begin(noted, exchange, request, sampled);
        return noted;
    }

    /// The same for one that may be lost without an answer, because its client has its server connection for itself.
    Exchange noteAlone(ClientExchange exchange, Request request) {
        NotedRequest noted = new NotedRequest(this);
        begin(noted, exchange, request, isSampled());
        return noted;
    }

    private void begin(NotedRequest noted, ClientExchange exchange, Request request, boolean sampled) {
        boolean timed = thresholdNanos > 0;
        if (timed) {
            room -= noted.words().copy(request, room);
        }
        noted.begin(exchange, request, loop.now(), timed, sampled, sampled ? accessLog.key(request) : null);
    }

    private boolean isSampled() {
        if (!accessLog.isOn() || --skipped >= 0) {
            return false;
        }
        skipped = gap();
        boolean admitted = accessLog.admits(loop.now());
        if (!admitted) {
            counters.accessLinesDropped++;
        }
        return admitted;
    }

    /// By chance, because clients ask in patterns; on average one less than one in how many is sampled.
    private int gap() {
        return ThreadLocalRandom.current().nextInt(2 * accessLog.oneIn() - 1);
    }

    /// `request` has been answered, or has failed because of `failure`.
    void ended(NotedRequest request, Failure failure) {
        long nanos = loop.now() - request.since();
        // Both may have changed since it began.
        if (request.timed() && thresholdNanos > 0 && nanos >= thresholdNanos) {
            counters.slowRequests++;
            slowLog.add(
                    Instant.now(),
                    TimeUnit.NANOSECONDS.toMicros(nanos),
                    request.words().shown(),
                    request.who(),
                    request.clientName(),
                    request.server(),
                    failure);
        }
        if (request.sampled() && !accessLog.write(new AccessLog.Line(
                request.who(),
                request.command(),
                request.key(),
                request.server(),
                TimeUnit.NANOSECONDS.toMicros(nanos),
                failure))) {
            counters.accessLinesDropped++;
        }
    }

    void takeBack(NotedRequest request) {
        if (idle.size() < MOST_IDLE) {
            idle.addLast(request);
        } else {
            room += request.words().grown();
        }
    }
}
