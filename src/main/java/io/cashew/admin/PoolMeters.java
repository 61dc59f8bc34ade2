package io.cashew.admin;

import io.cashew.pool.Pool;
import io.cashew.pool.RunningPools;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.concurrent.ScheduledFuture;
import java.util.function.ToDoubleFunction;

/// Publishes the figures of pools and servers. The road counts in plain fields and knows no meter; the meters are
/// registered once, and read those fields when somebody scrapes.
///
/// Labels are names from the configuration, so that there are as many series as the user has written down; never a key,
/// a client or anything else that comes with traffic.
@Singleton
final class PoolMeters {
    /// Behind the start of the pools, which has no priority of its own.
    private static final int AFTER_POOLS = Interceptor.Priority.APPLICATION + 1000;

    private ScheduledFuture<?> lag;

    /// What Micrometer publishes in. Quarkus has one, too, but makes another for everybody who asks for it.
    @Produces
    @Singleton
    CollectorRegistry collectors() {
        return new CollectorRegistry(true);
    }

    void onStart(
            @Observes @Priority(AFTER_POOLS) StartupEvent event,
            RunningPools pools,
            MeterRegistry registry,
            CollectorRegistry collectors) {
        pools.all().forEach(pool -> register(pool, registry));
        new LatencyCollector(pools).register(collectors);
        for (ProcessMeter meter : ProcessMeter.values()) {
            Gauge.builder(meter.meter(), meter::read).description(meter.meaning()).register(registry);
        }
        lag = EventLoopLag.start(pools, registry);
    }

    void onStop(@Observes ShutdownEvent event) {
        if (lag != null) {
            lag.cancel(false);
        }
    }

    private static void register(Pool pool, MeterRegistry registry) {
        Tags tags = Tags.of("pool", pool.name());
        for (PoolMeter meter : PoolMeter.values()) {
            register(registry, meter.meter(), meter.kind(), meter.meaning(), tags, pool, meter::read);
        }
        for (CauseMeter meter : CauseMeter.values()) {
            for (var cause : meter.causes()) {
                Tags both = tags.and("cause", cause.label());
                register(registry, meter.meter(), Kind.COUNTER, meter.meaning(), both, pool, cause.reading());
            }
        }
        for (var server : pool.servers()) {
            Tags both = tags.and("server", server.name());
            for (ServerMeter meter : ServerMeter.values()) {
                register(registry, meter.meter(), meter.kind(), meter.meaning(), both, pool, each -> meter.read(each, server));
            }
        }
    }

    private static void register(
            MeterRegistry registry,
            String meter,
            Kind kind,
            String meaning,
            Tags tags,
            Pool pool,
            ToDoubleFunction<Pool> reading) {
        switch (kind) {
            case COUNTER -> FunctionCounter.builder(meter, pool, reading).description(meaning).tags(tags).register(registry);
            case GAUGE -> Gauge.builder(meter, pool, reading).description(meaning).tags(tags).register(registry);
        }
    }
}
