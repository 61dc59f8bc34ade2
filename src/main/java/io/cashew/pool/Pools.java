package io.cashew.pool;

import io.cashew.client.Admission;
import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.config.PoolConfig;
import io.cashew.server.Resolver;
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
import java.util.function.Function;

/// All pools of the process, in twemproxy's order: shorter name first, then by bytes.
public final class Pools {
    /// How long [#close()] waits for clients to get what they are owed.
    private static final long GRACE_MILLIS = 5_000;

    private final Vertx vertx;
    private final String deployment;
    private final List<Pool> pools;
    private final TlsEntries tlsEntries;

    private Pools(Vertx vertx, String deployment, List<Pool> pools, TlsEntries tlsEntries) {
        this.vertx = vertx;
        this.tlsEntries = tlsEntries;
        this.deployment = deployment;
        this.pools = List.copyOf(pools);
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
        List<Pool> pools = new ArrayList<>();
        Admission process = Admission.ofProcess(Descriptors.forClients(configs, contexts.size()));
        Future<Void> started = Future.succeededFuture();
        for (PoolConfig config : configs) {
            started = started.compose(ignored -> {
                Pool pool = new Pool(vertx, config, limits, process, resolver, tlsEntries);
                pools.add(pool);
                return pool.start(contexts);
            });
        }
        return started.transform(result -> {
            Pools all = new Pools(vertx, deployment, pools, tlsEntries);
            return result.succeeded()
                    ? Future.succeededFuture(all)
                    : all.close().transform(ignored -> Future.failedFuture(result.cause()));
        });
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

    /// Drains and stops all pools: clients get the answers they are owed before their connections end.
    public Future<Void> close() {
        List<Future<Void>> stopped = pools.stream().map(pool -> pool.stop(GRACE_MILLIS)).toList();
        return Future.join(stopped).transform(ignored -> {
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
