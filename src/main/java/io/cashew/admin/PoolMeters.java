package io.cashew.admin;

import io.cashew.pool.Pool;
import io.cashew.pool.PoolsChanged;
import io.cashew.pool.Reloads;
import io.cashew.pool.RunningPools;
import io.cashew.server.Server;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// Publishes the figures of pools and servers. The road counts in plain fields and knows no meter; the meters read those fields
/// when somebody scrapes. They come and go with what they are about.
///
/// Labels are names from the configuration, so that there are as many series as the user has written down; never a key,
/// a client or anything else that comes with traffic.
@Singleton
final class PoolMeters {
    /// Behind the start of the pools, which has no priority of its own.
    private static final int AFTER_POOLS = Interceptor.Priority.APPLICATION + 1000;

    private static final List<String> OF_ALL = List.of();

    /// What there are meters for, by names: of a pool, or of a pool and a server.
    private final Map<List<String>, List<Meter>> published = new HashMap<>();

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
            Reloads reloads,
            Guesses guesses,
            MeterRegistry registry,
            CollectorRegistry collectors) {
        update(pools, registry);
        new LatencyCollector(pools).register(collectors);
        for (ProcessMeter meter : ProcessMeter.values()) {
            Gauge.builder(meter.meter(), meter::read).description(meter.meaning()).register(registry);
        }
        lag = EventLoopLag.start(pools, registry);
        published.put(OF_ALL, Stream.concat(
                        Arrays.stream(ReloadMeter.values()).flatMap(meter -> meter.register(reloads, registry)),
                        guesses.register(registry).stream())
                .toList());
    }

    /// The registry may outlive the application, as it does when development mode starts it anew.
    synchronized void onStop(@Observes ShutdownEvent event, MeterRegistry registry) {
        published.values().forEach(meters -> meters.forEach(registry::remove));
        published.clear();
        if (lag != null) {
            lag.cancel(false);
        }
    }

    void onChange(@Observes PoolsChanged event, RunningPools pools, MeterRegistry registry) {
        update(pools, registry);
    }

    /// Meters come and go with pools and servers; those that stay go on.
    private synchronized void update(RunningPools pools, MeterRegistry registry) {
        Set<List<String>> present = new HashSet<>(Set.of(OF_ALL));
        for (Pool pool : pools.all()) {
            present.add(List.of(pool.name()));
            pool.servers().forEach(server -> present.add(List.of(pool.name(), server.name())));
        }
        published.entrySet().removeIf(entry -> {
            boolean gone = !present.contains(entry.getKey());
            if (gone) {
                entry.getValue().forEach(registry::remove);
            }
            return gone;
        });
        for (Pool pool : pools.all()) {
            Tags tags = Tags.of("pool", pool.name());
            published.computeIfAbsent(List.of(pool.name()), _ -> ofPool(pool.name(), tags, pools, registry));
            for (Server server : pool.servers()) {
                published.computeIfAbsent(List.of(pool.name(), server.name()),
                        _ -> ofServer(pool.name(), server.name(), tags.and("server", server.name()), pools, registry));
            }
        }
    }

    private static List<Meter> ofPool(String pool, Tags tags, RunningPools pools, MeterRegistry registry) {
        List<Meter> meters = new ArrayList<>();
        for (PoolMeter meter : PoolMeter.values()) {
            meters.add(register(registry, meter.meter(), meter.kind(), meter.meaning(), tags, pools, pool, meter::read));
        }
        for (CauseMeter meter : CauseMeter.values()) {
            for (var cause : meter.causes()) {
                Tags both = tags.and("cause", cause.label());
                meters.add(register(registry, meter.meter(), Kind.COUNTER, meter.meaning(), both, pools, pool, cause.reading()));
            }
        }
        return meters;
    }

    private static List<Meter> ofServer(String pool, String server, Tags tags, RunningPools pools, MeterRegistry registry) {
        List<Meter> meters = new ArrayList<>();
        for (ServerMeter meter : ServerMeter.values()) {
            meters.add(register(registry, meter.meter(), meter.kind(), meter.meaning(), tags, pools, pool,
                    each -> each.server(server).map(found -> meter.read(each, found)).orElse(Double.NaN)));
        }
        return meters;
    }

    /// A pool and a server are found by name at each reading: another one may have taken the place since.
    private static Meter register(
            MeterRegistry registry,
            String meter,
            Kind kind,
            String meaning,
            Tags tags,
            RunningPools pools,
            String pool,
            ToDoubleFunction<Pool> reading) {
        ToDoubleFunction<RunningPools> found = all -> all.named(pool).map(reading::applyAsDouble).orElse(Double.NaN);
        return switch (kind) {
            case COUNTER -> FunctionCounter.builder(meter, pools, found).description(meaning).tags(tags).register(registry);
            case GAUGE -> Gauge.builder(meter, pools, found).description(meaning).tags(tags).register(registry);
        };
    }
}
