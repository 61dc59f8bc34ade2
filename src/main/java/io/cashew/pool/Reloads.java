package io.cashew.pool;

import io.cashew.config.CashewConfig;
import io.cashew.config.ConfiguredPools;
import io.cashew.config.PoolConfig;
import io.cashew.config.Reading;
import io.cashew.config.RereadConfig;
import io.cashew.metrics.LogLine;
import io.cashew.pool.ReloadReport.Outcome;
import io.cashew.pool.ReloadReport.Trigger;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/// Brings the configuration into force as it is written now, while the pools run: read, compare, prepare, apply. Whatever stands
/// against it leaves everything as it was.
///
/// One attempt at a time; who asks while one is waiting to begin gets the report of that. Thread-safe; not for event loops.
@ApplicationScoped
public class Reloads {
    private static final Logger LOG = Logger.getLogger(Reloads.class);

    private final RunningPools pools;
    private final SmallRyeConfig config;
    private final CashewConfig cashew;
    private final Event<PoolsChanged> changed;
    private final ExecutorService attempts =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("cashew-reload").factory());
    private final AtomicReference<CompletableFuture<ReloadReport>> waiting = new AtomicReference<>();
    private final AtomicLongArray outcomes = new AtomicLongArray(Outcome.values().length);
    private ScheduledExecutorService watch;
    private volatile long generation;
    private volatile ReloadReport last;
    private volatile Instant lastGood;

    Reloads(RunningPools pools, SmallRyeConfig config, CashewConfig cashew, Event<PoolsChanged> changed) {
        this.pools = pools;
        this.config = config;
        this.cashew = cashew;
        this.changed = changed;
    }

    /// From now on changes of the files come into force, if that is wished for. The pools are running.
    void begin() {
        generation = 1;
        last = new ReloadReport(Trigger.START, Outcome.APPLIED, 1, Instant.now(), 0, Optional.empty(), List.of());
        lastGood = last.at();
        long interval = cashew.reload().interval().toMillis();
        if (interval > 0) {
            FileWatch files = new FileWatch(() -> ConfiguredPools.files(config));
            watch = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("cashew-watch").factory());
            watch.scheduleWithFixedDelay(() -> look(files), interval, interval, TimeUnit.MILLISECONDS);
        }
    }

    private void look(FileWatch files) {
        try {
            if (files.changed()) {
                reload(Trigger.FILE);
            }
        } catch (RuntimeException failure) {
            LOG.error("the configuration files could not be looked at", failure);
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        if (watch != null) {
            watch.shutdownNow();
        }
        attempts.shutdown();
    }

    /// Brings into force what is written now, or says why not. Waits for the end of an attempt that is under way.
    public ReloadReport reload(Trigger trigger) {
        CompletableFuture<ReloadReport> mine = new CompletableFuture<>();
        CompletableFuture<ReloadReport> before = waiting.compareAndExchange(null, mine);
        if (before != null) {
            return before.join();
        }
        attempts.execute(() -> {
            // What is written from here on may be missed by this attempt, so that it needs another.
            waiting.set(null);
            try {
                mine.complete(attempt(trigger));
            } catch (RuntimeException | Error failure) {
                LOG.error("the configuration could not be reloaded", failure);
                mine.completeExceptionally(failure);
            }
        });
        return mine.join();
    }

    /// What [#reload] would do now.
    public ReloadReport rehearse() {
        return CompletableFuture.supplyAsync(() -> read(Trigger.REST, System.nanoTime()).report(), attempts).join();
    }

    /// The last attempt; the start, if there was none since.
    public ReloadReport last() {
        return last;
    }

    /// When the last attempt was made after which what was written was in force; null if there was none.
    public Instant lastGood() {
        return lastGood;
    }

    /// Which configuration is in force, counted from 1 at the start; 0 if none ever was.
    public long generation() {
        return generation;
    }

    /// Attempts that ended like this.
    public long count(Outcome outcome) {
        return outcomes.get(outcome.ordinal());
    }

    /// `wished` is empty where nothing is to be applied.
    private record Read(ReloadReport report, List<PoolConfig> wished, List<String> warnings) {}

    private ReloadReport attempt(Trigger trigger) {
        long start = System.nanoTime();
        Read read = read(trigger, start);
        ReloadReport report = read.report();
        if (report.outcome() == Outcome.APPLIED) {
            Optional<String> failure = pools.change(read.wished());
            if (failure.isPresent()) {
                report = report(trigger, Outcome.FAILED, start, report.plan(), List.of(failure.get()));
            } else {
                generation++;
                report = report(trigger, Outcome.APPLIED, start, report.plan(), List.of());
                read.warnings().forEach(LOG::warn);
                changed.fire(new PoolsChanged());
            }
        }
        outcomes.incrementAndGet(report.outcome().ordinal());
        last = report;
        lastGood = report.outcome().good() ? report.at() : lastGood;
        write(report);
        return report;
    }

    private Read read(Trigger trigger, long start) {
        SmallRyeConfig now;
        Reading reading;
        try {
            now = RereadConfig.of(config);
            reading = ConfiguredPools.read(now, Optional.empty());
        } catch (IOException | RuntimeException unreadable) {
            return refused(trigger, Outcome.INVALID, start, List.of(String.valueOf(unreadable.getMessage())));
        }
        return switch (reading) {
            case Reading.Refused refused ->
                refused(trigger, Outcome.INVALID, start, refused.problems().stream().map(Object::toString).toList());
            case Reading.Accepted(List<PoolConfig> wished, var warnings) when wished.isEmpty() ->
                refused(trigger, Outcome.INVALID, start, List.of("conf: no pools are left: end the process if that is meant"));
            case Reading.Accepted(List<PoolConfig> wished, var warnings) -> {
                ReloadPlan plan = ReloadPlan.of(pools.all().stream().map(Pool::config).toList(), wished);
                List<String> obstacles = new ArrayList<>(plan.obstacles());
                RereadConfig.notLive(config, now).forEach(problem -> obstacles.add(problem.toString()));
                Outcome outcome = !obstacles.isEmpty()
                        ? Outcome.NOT_LIVE
                        : plan.changesNothing() ? Outcome.UNCHANGED : Outcome.APPLIED;
                yield new Read(
                        report(trigger, outcome, start, Optional.of(plan), obstacles),
                        wished,
                        warnings.stream().map(Object::toString).toList());
            }
        };
    }

    private Read refused(Trigger trigger, Outcome outcome, long start, List<String> problems) {
        return new Read(report(trigger, outcome, start, Optional.empty(), problems), List.of(), List.of());
    }

    private ReloadReport report(Trigger trigger, Outcome outcome, long start, Optional<ReloadPlan> plan, List<String> problems) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        return new ReloadReport(trigger, outcome, generation, Instant.now(), millis, plan, problems);
    }

    private static void write(ReloadReport report) {
        LogLine about = LogLine.about("outcome", report.outcome().label())
                .and("trigger", report.trigger().label())
                .and("generation", report.generation());
        String configuration = "configuration " + report.generation();
        switch (report.outcome()) {
            case APPLIED -> {
                String line = configuration + " is in force after " + report.millis() + " ms: "
                        + report.plan().map(Reloads::text).orElse("");
                about.write(LOG, Logger.Level.INFO, line);
                Events.OF_PROCESS.report(Events.Kind.CONFIGURATION_APPLIED, null, null, line);
            }
            case UNCHANGED -> about.write(LOG, Logger.Level.DEBUG, configuration + " stays in force: nothing in it has changed");
            case INVALID, NOT_LIVE, FAILED -> {
                report.problems().forEach(problem -> about.write(LOG, Logger.Level.ERROR, problem));
                String line = "the changed configuration is not used, " + configuration + " stays in force";
                about.write(LOG, Logger.Level.ERROR, line);
                Events.OF_PROCESS.report(
                        Events.Kind.CONFIGURATION_REFUSED, null, null, line + ": " + String.join("; ", report.problems()));
            }
        }
    }

    private static String text(ReloadPlan plan) {
        StringBuilder text = new StringBuilder();
        for (var pool : plan.pools()) {
            if (pool.fate() != ReloadPlan.Fate.UNCHANGED) {
                text.append(text.isEmpty() ? "" : "; ").append("pool '").append(pool.pool()).append("' ");
                text.append(pool.fate().name().toLowerCase(Locale.ROOT));
                pool.settings().forEach(setting ->
                        text.append(", ").append(setting.key()).append(' ').append(setting.from()).append(" -> ")
                                .append(setting.to()));
                pool.servers().forEach(server -> text.append(", server '").append(server.server()).append("' ")
                        .append(server.from().orElse("none")).append(" -> ").append(server.to().orElse("none")));
                pool.keys().filter(keys -> keys.moved() > 0).ifPresent(keys ->
                        text.append(", %.2f %% of the keys move".formatted(keys.moved() * 100)));
            }
        }
        return text.toString();
    }
}
