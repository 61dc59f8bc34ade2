package io.cashew.pool;

import io.cashew.config.PoolConfig;
import io.cashew.forwarding.Backing;
import io.cashew.metrics.AddressCounters;
import io.cashew.metrics.HealthCounters;
import io.cashew.metrics.LatencyHistogram;
import io.cashew.metrics.ServerCounters;
import io.cashew.protocol.Protocol;
import io.cashew.routing.Router;
import io.cashew.server.AddressEvent;
import io.cashew.server.Addresses;
import io.cashew.server.Backends;
import io.cashew.server.Health;
import io.cashew.server.HealthEvent;
import io.cashew.server.HealthSettings;
import io.cashew.server.Prober;
import io.cashew.server.Queued;
import io.cashew.server.Resolver;
import io.cashew.server.Server;
import io.cashew.server.ServerSettings;
import io.cashew.server.ServerTls;
import io.cashew.server.Withdrawal;
import io.vertx.core.Vertx;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What stands behind a pool's doors: its servers as one configuration has them, and all that is known about these. A reload makes
/// another one, which goes on with what this one knows about servers that stay; servers have other numbers there.
///
/// Whoever wants to read several things that fit together, such as servers and the router that knows them by number, reads them
/// from one of these, which may be done from any thread. Of a server of another one it says that there is nothing.
public final class BackSide {
    private static final long NO_TIMER = -1;

    /// Kubernetes itself takes up to a minute until a changed Secret is in its files.
    private static final long ACCESS_PERIOD_MILLIS = 2_000;

    private final Vertx vertx;
    private final PoolConfig config;
    private final PoolAssembly assembly;
    private final Protocol protocol;
    private final List<Server> servers;
    private final Optional<ServerTls> serverTls;
    private final ServerSettings serverSettings;
    private final HealthSettings healthSettings;
    private final Health health;
    private final HealthLog healthLog;
    private final Addresses addresses;
    private final List<Share> shares = new CopyOnWriteArrayList<>();
    private volatile Router router;
    private volatile Prober prober;
    private volatile long resolving = NO_TIMER;
    private volatile long looking = NO_TIMER;
    private volatile boolean stopped;

    /// What one worker has of it.
    private record Share(PoolWorker worker, Backing backing) {
        Backends backends() {
            return backing.backends();
        }
    }

    BackSide(Pool pool, Vertx vertx, PoolAssembly assembly, Resolver resolver, Optional<ServerTls> serverTls) {
        this.vertx = vertx;
        this.config = assembly.config();
        this.assembly = assembly;
        this.protocol = assembly.protocol(pool, this::router);
        this.servers = assembly.servers();
        this.serverTls = serverTls;
        this.serverSettings = assembly.serverSettings(protocol, serverTls);
        this.healthLog = new HealthLog(config.name(), servers);
        this.healthSettings = assembly.healthSettings();
        this.health = new Health(servers.size(), healthSettings, new HealthObserver());
        this.addresses = new Addresses(servers, resolver, !config.serverResolveInterval().isZero(), this::onAddress);
        this.router = assembly.router(servers, new BitSet());
    }

    /// Takes over what `before` knows about the servers that stay.
    void goOnFrom(BackSide before) {
        for (Server server : servers) {
            server.among(before.servers).ifPresent(known -> health.goOnFrom(before.health, known.index(), server.index()));
        }
        addresses.goOnFrom(before.addresses);
        router = assembly.router(servers, health.out());
    }

    /// Begins to look after its servers.
    void start() {
        if (!config.serverResolveInterval().isZero()) {
            addresses.ask();
            resolving = vertx.setPeriodic(config.serverResolveInterval().toMillis(), ignored -> addresses.ask());
        }
        if (assembly.access().hasFiles()) {
            watchAccess();
        }
    }

    /// Looks at the files with users and passwords, now and then. A look that hangs is not overtaken by the next one.
    private void watchAccess() {
        looking = vertx.setTimer(
                ACCESS_PERIOD_MILLIS,
                ignored -> vertx.executeBlocking(() -> assembly.access().look())
                        .onComplete(changed -> {
                            if (changed.succeeded() && changed.result()) {
                                shares.forEach(share -> share.worker.run(share.worker::usersChanged));
                            }
                            if (!stopped) {
                                watchAccess();
                            }
                        }));
    }

    /// `worker` has `backing` of it. On the worker's event loop; the first one probes.
    void carriedBy(PoolWorker worker, Backing backing) {
        shares.add(new Share(worker, backing));
        // It may have changed since the backing was made.
        worker.use(backing, router);
        if (prober == null && healthSettings.probes()) {
            prober = worker.prober(this, assembly.probeSettings(protocol, serverTls));
        }
        if (config.preconnect()) {
            backing.backends().preconnect();
        }
    }

    /// Asks servers no more how they are. What is under way with them goes on.
    void stop() {
        stopped = true;
        if (resolving != NO_TIMER) {
            vertx.cancelTimer(resolving);
        }
        if (looking != NO_TIMER) {
            vertx.cancelTimer(looking);
        }
        Prober asking = prober;
        if (asking != null) {
            shares.getFirst().worker.run(asking::close);
        }
    }

    /// Nothing is under way any more.
    void close() {
        addresses.close();
    }

    /// What is in force.
    public PoolConfig config() {
        return config;
    }

    PoolAssembly assembly() {
        return assembly;
    }

    Protocol protocol() {
        return protocol;
    }

    /// In the pool's server order: shorter ring name first, then by bytes, as twemproxy orders them.
    public List<Server> servers() {
        return servers;
    }

    private boolean isThere(Server server) {
        return server.index() < servers.size() && servers.get(server.index()).equals(server);
    }

    /// Whether `server` is out because it failed.
    public boolean ejected(Server server) {
        return isThere(server) && health.ejected(server.index());
    }

    /// When `server` was ejected last, in microseconds since 1970; 0 for never.
    public long ejectedAtMicros(Server server) {
        return isThere(server) ? health.ejectedAtMicros(server.index()) : 0;
    }

    /// What the operator has said about `server`; empty if it may take part.
    public Optional<Withdrawal> withdrawal(Server server) {
        return isThere(server) ? Optional.ofNullable(health.withdrawal(server.index())) : Optional.empty();
    }

    /// What has been counted about the health of `server`, by all workers together.
    public HealthCounters healthCounters(Server server) {
        return isThere(server) ? health.counters(server.index()) : new HealthCounters();
    }

    /// What has been counted about the name of `server`, for all workers together.
    public AddressCounters addressCounters(Server server) {
        return isThere(server) ? addresses.counters(server.index()) : new AddressCounters();
    }

    /// The sums of all workers' counters for `server`.
    public ServerCounters counters(Server server) {
        ServerCounters sum = new ServerCounters();
        ofWorkers(server).forEach(backends -> sum.add(backends.counters(server.index())));
        return sum;
    }

    /// How long the replies of `server` took, as all workers have noted it up to now.
    public LatencyHistogram latency(Server server) {
        LatencyHistogram sum = new LatencyHistogram();
        ofWorkers(server).forEach(backends -> sum.add(backends.latency(server.index())));
        return sum;
    }

    /// The same for all servers together.
    public LatencyHistogram latency() {
        LatencyHistogram sum = new LatencyHistogram();
        servers.forEach(server -> sum.add(latency(server)));
        return sum;
    }

    /// Requests sent to `server`, or waiting to be sent, that have not been answered.
    public long pending(Server server) {
        return ofWorkers(server).stream().mapToLong(backends -> backends.pending(server.index())).sum();
    }

    /// The same in more detail.
    public Queued queued(Server server) {
        return ofWorkers(server).stream()
                .map(backends -> backends.queued(server.index()))
                .reduce(Queued.NOTHING, Queued::plus);
    }

    private List<Backends> ofWorkers(Server server) {
        return isThere(server) ? shares.stream().map(Share::backends).toList() : List.of();
    }

    Optional<ServerTls> serverTls() {
        return serverTls;
    }

    ServerSettings serverSettings() {
        return serverSettings;
    }

    Health health() {
        return health;
    }

    Addresses addresses() {
        return addresses;
    }

    /// The router that decides now; another one follows when a server is ejected or comes back.
    public Router router() {
        return router;
    }

    /// On each worker's event loop, with its part.
    void onWorkers(Consumer<Backends> work) {
        shares.forEach(share -> share.worker.run(() -> work.accept(share.backends())));
    }

    /// One ejection, or return, gives every worker the same new router.
    private final class HealthObserver implements Health.Observer {
        @Override
        public void changed(BitSet out) {
            router = assembly.router(servers, out);
            // It is asked for when the change is made: a worker that changes it itself may still have an older change by another
            // one in its queue.
            shares.forEach(share -> share.worker.run(() -> share.worker.use(share.backing, router)));
            if (prober != null) {
                prober.wake();
            }
        }

        @Override
        public void happened(HealthEvent event) {
            healthLog.write(event, System.nanoTime());
        }
    }

    private void onAddress(AddressEvent event) {
        healthLog.write(event, System.nanoTime());
        if (event instanceof AddressEvent.Moved) {
            onWorkers(backends -> backends.follow(event.server()));
        }
    }
}
