package io.cashew.admin;

import io.cashew.pool.Pool;
import io.cashew.pool.RunningPools;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// How long work waits for an event loop: every second each loop that serves pools is given an empty task, and how long it takes
/// until that is run is what a request that came just then would have waited, too.
///
/// All pools are served by the same loops, so one pool's are asked.
final class EventLoopLag {
    static final String METER = "cashew.event.loop.lag.seconds";
    /// In words, without a full stop.
    static final String MEANING = "The longest that work has waited for the event loop in the last two minutes";

    private static final long PERIOD_MILLIS = 1_000;
    /// The maximum is that of the current part and the one before, or more when parts are young.
    private static final long PART_MILLIS = 60_000;
    private static final int PARTS = 2;

    private final RunningPools pools;
    private final TimeWindowMax[] longest;
    /// When an unanswered question was asked, by [System#nanoTime()]; 0 if there is none.
    private final long[] askedAt;

    private EventLoopLag(RunningPools pools, int loops) {
        this.pools = pools;
        this.longest = new TimeWindowMax[loops];
        this.askedAt = new long[loops];
        for (int loop = 0; loop < loops; loop++) {
            longest[loop] = new TimeWindowMax(Clock.SYSTEM, PART_MILLIS, PARTS);
        }
    }

    /// Begins to measure, and publishes it in `registry`; ends when what it returns is cancelled.
    static ScheduledFuture<?> start(RunningPools pools, MeterRegistry registry) {
        int loops = pools.all().stream().mapToInt(Pool::workers).max().orElse(0);
        EventLoopLag lag = new EventLoopLag(pools, loops);
        for (int loop = 0; loop < loops; loop++) {
            int index = loop;
            Gauge.builder(METER, lag, each -> each.seconds(index))
                    .description(MEANING)
                    .tag("loop", Integer.toString(loop))
                    .register(registry);
        }
        // Not an event loop's timer: it would be late itself.
        return Infrastructure.getDefaultWorkerPool()
                .scheduleAtFixedRate(lag::ask, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void ask() {
        if (pools.all().isEmpty()) {
            return;
        }
        List<Future<Void>> answers = pools.all().getFirst().heartbeats();
        long now = System.nanoTime();
        for (int loop = 0; loop < Math.min(answers.size(), askedAt.length); loop++) {
            if (askedAt[loop] == 0) {
                int index = loop;
                askedAt[loop] = now;
                answers.get(loop).onComplete(_ -> answered(index));
            }
        }
    }

    private synchronized void answered(int loop) {
        longest[loop].record(System.nanoTime() - askedAt[loop], TimeUnit.NANOSECONDS);
        askedAt[loop] = 0;
    }

    /// Also what has not come to an end yet counts.
    private synchronized double seconds(int loop) {
        double waited = askedAt[loop] == 0 ? 0 : (System.nanoTime() - askedAt[loop]) / 1e9;
        return Math.max(waited, longest[loop].poll(TimeUnit.SECONDS));
    }
}
