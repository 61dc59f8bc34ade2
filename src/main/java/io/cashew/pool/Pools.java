package io.cashew.pool;

import io.cashew.client.Admission;
import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.config.PoolConfig;
import io.cashew.server.Resolver;
import io.cashew.transport.IoLoop;
import io.netty.channel.EventLoop;
import io.quarkus.tls.TlsConfiguration;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/// All pools of the process, in twemproxy's order: shorter name first, then by bytes.
public final class Pools {
    /// How long [#close()] waits for clients to get what they are owed.
    private static final long GRACE_MILLIS = 5_000;

    private final Vertx vertx;
    private final String deployment;
    private final List<Context> contexts;
    private final LimitsConfig limits;
    private final Resolver resolver;
    private final TlsEntries tlsEntries;
    private final Admission process;
    private final List<Pool> leaving = new CopyOnWriteArrayList<>();
    private volatile List<Pool> pools = List.of();

    private Pools(
            Vertx vertx,
            String deployment,
            List<Context> contexts,
            LimitsConfig limits,
            Resolver resolver,
            TlsEntries tlsEntries,
            Admission process) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.contexts = contexts;
        this.limits = limits;
        this.resolver = resolver;
        this.tlsEntries = tlsEntries;
        this.process = process;
    }

    /// Starts every pool on `workers` event loops, or on all there are if that is fewer; completes when all listeners are
    /// open. If one pool cannot start, those that had are stopped and the future fails with a [PoolFailedException] that names
    /// the culprit. Names of servers are resolved by `resolver`; entries of the TLS registry are found by `tlsRegistry`.
    public static Future<Pools> start(
            Vertx vertx,
            int workers,
            List<PoolConfig> configs,
            LimitsConfig limits,
            Resolver resolver,
            Function<String, Optional<TlsConfiguration>> tlsRegistry) {
        TlsEntries tlsEntries = new TlsEntries(vertx, tlsRegistry);
        List<Context> contexts = Collections.synchronizedList(new ArrayList<>());
        return vertx.deployVerticle(() -> new Loop(contexts), new DeploymentOptions().setInstances(workers))
                .compose(deployment -> start(vertx, deployment, onePerEventLoop(contexts), configs, limits, resolver, tlsEntries));
    }

    private static Future<Pools> start(
            Vertx vertx,
            String deployment,
            List<Context> contexts,
            List<PoolConfig> configs,
            LimitsConfig limits,
            Resolver resolver,
            TlsEntries tlsEntries) {
        Admission process = Admission.ofProcess(Descriptors.forClients(configs, contexts.size()));
        Pools all = new Pools(vertx, deployment, contexts, limits, resolver, tlsEntries, process);
        List<Pool> started = configs.stream().map(all::pool).toList();
        all.pools = started;
        return all.startEach(started)
                .map(all)
                .recover(cause -> all.close().transform(ignored -> Future.failedFuture(cause)));
    }

    private Pool pool(PoolConfig config) {
        return new Pool(vertx, config, limits, process, resolver, tlsEntries);
    }

    /// One after the other, until one fails.
    private Future<Void> startEach(List<Pool> pools) {
        Future<Void> started = Future.succeededFuture();
        for (Pool pool : pools) {
            started = started.compose(ignored -> pool.start(contexts));
        }
        return started;
    }

    /// Makes the pools what `configs` say: those that are there differently, or not any more, and those that are new. All of it or,
    /// if the future fails with a [PoolFailedException], nothing. What is under way ends as it began, within `drainNanos`, and
    /// clients of pools that go leave at times of their own within `spreadNanos`. To be called again when it is done.
    public Future<Void> change(List<PoolConfig> configs, long spreadNanos, long drainNanos) {
        List<Pool> now = new ArrayList<>();
        List<Pool> added = new ArrayList<>();
        List<PoolChange> changes = new ArrayList<>();
        Future<Void> ready = Future.succeededFuture();
        for (PoolConfig config : configs) {
            Optional<Pool> present = named(config.name());
            Pool pool = present.orElseGet(() -> pool(config));
            now.add(pool);
            if (present.isEmpty()) {
                ready = ready.compose(ignored -> {
                    added.add(pool);
                    return pool.start(contexts);
                });
            } else if (!pool.config().equals(config)) {
                ready = ready.compose(ignored -> pool.prepare(config)).map(change -> {
                    changes.add(change);
                    return null;
                });
            }
        }
        return ready.transform(prepared -> prepared.succeeded()
                ? apply(List.copyOf(now), changes, spreadNanos, drainNanos)
                : undo(added, changes).transform(ignored -> Future.failedFuture(prepared.cause())));
    }

    private Future<Void> apply(List<Pool> now, List<PoolChange> changes, long spreadNanos, long drainNanos) {
        List<Future<Void>> applied = changes.stream().map(change -> change.apply(drainNanos)).toList();
        List<Pool> gone = pools.stream().filter(pool -> !now.contains(pool)).toList();
        // Their addresses are free when this is done.
        Future<?> shut = Future.join(applied).compose(ignored -> Future.join(gone.stream().map(Pool::shut).toList()));
        return shut.<Void>mapEmpty().onComplete(ignored -> {
            pools = now;
            leaving.addAll(gone);
            gone.forEach(pool -> pool.stop(spreadNanos, drainNanos).onComplete(stopped -> leaving.remove(pool)));
        });
    }

    private static Future<Void> undo(List<Pool> added, List<PoolChange> changes) {
        return Future.join(Stream.concat(
                                added.stream().map(pool -> pool.stop(0, 0)), changes.stream().map(PoolChange::abandon))
                        .toList())
                .mapEmpty();
    }

    /// Lets each event loop adapt to how busy it is, see [IoLoop#adaptScheduling()].
    void adaptScheduling() {
        for (Context context : contexts) {
            EventLoop eventLoop = ((ContextInternal) context).nettyEventLoop();
            eventLoop.execute(() -> IoLoop.of(eventLoop).adaptScheduling());
        }
    }

    private static List<Context> onePerEventLoop(List<Context> contexts) {
        Map<EventLoop, Context> byLoop = new LinkedHashMap<>();
        contexts.forEach(context -> byLoop.putIfAbsent(((ContextInternal) context).nettyEventLoop(), context));
        return List.copyOf(byLoop.values());
    }

    public List<Pool> all() {
        return pools;
    }

    public Optional<Pool> named(String name) {
        return pools.stream().filter(pool -> pool.name().equals(name)).findFirst();
    }

    /// The TLS registry has read the files of its entry `name` anew: connections made from now on use what they hold now. Not on
    /// an event loop.
    public void renewTls(String name) {
        tlsEntries.renew(name);
    }

    /// Tells the world that no more clients are taken, so that it sends them elsewhere; they still are.
    void announceEnd() {
        pools.forEach(Pool::announceEnd);
    }

    /// Takes no more clients, and lets each have the answers it is owed, for at most `graceNanos`; they leave at times of their own
    /// within `spreadNanos`.
    Future<Void> drain(long spreadNanos, long graceNanos) {
        return Future.join(pools.stream().map(pool -> pool.stop(spreadNanos, graceNanos)).toList()).mapEmpty();
    }

    /// Drains and stops all pools: clients get the answers they are owed before their connections end.
    public Future<Void> close() {
        leaving.forEach(pool -> pool.stop(0, 0));
        return drain(0, TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS)).transform(ignored -> {
            tlsEntries.close();
            return vertx.undeploy(deployment);
        });
    }

    /// Vert.x gives every instance of a verticle an event loop of its own, as long as there are enough.
    private static final class Loop extends AbstractVerticle {
        private final List<Context> contexts;

        Loop(List<Context> contexts) {
            this.contexts = contexts;
        }

        @Override
        public void start() {
            contexts.add(context);
        }
    }
}
