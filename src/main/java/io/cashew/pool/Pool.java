package io.cashew.pool;

import io.cashew.client.Admission;
import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.config.ListenAddress;
import io.cashew.config.PoolConfig;
import io.cashew.forwarding.SubscriptionLimit;
import io.cashew.metrics.AddressCounters;
import io.cashew.metrics.HealthCounters;
import io.cashew.metrics.LatencyHistogram;
import io.cashew.metrics.PoolCounters;
import io.cashew.metrics.ServerCounters;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Inquiries;
import io.cashew.protocol.Protocol;
import io.cashew.routing.Router;
import io.cashew.server.AddressEvent;
import io.cashew.server.Addresses;
import io.cashew.server.Health;
import io.cashew.server.HealthEvent;
import io.cashew.server.HealthSettings;
import io.cashew.server.Lending;
import io.cashew.server.Prober;
import io.cashew.server.Queued;
import io.cashew.server.Resolver;
import io.cashew.server.Server;
import io.cashew.server.ServerTls;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// One named proxy: a listening address, servers, and the workers that carry requests between them.
///
/// ```
///   STARTING ──listening──▶ SERVING ──▶ DRAINING ──▶ STOPPED
///       └──────────────── FAILED
/// ```
///
/// Its readings may be taken from any thread.
public final class Pool {
    private static final Logger LOG = Logger.getLogger(Pool.class);

    private static final long NO_TIMER = -1;

    /// Kubernetes itself takes up to a minute until a changed Secret is in its files.
    private static final long ACCESS_PERIOD_MILLIS = 2_000;

    /// Where a pool stands.
    public enum State {
        STARTING,
        SERVING,
        DRAINING,
        STOPPED,
        FAILED
    }

    private final Vertx vertx;
    private final PoolConfig config;
    private final LimitsConfig limits;
    private final PoolAssembly assembly;
    private final Protocol protocol;
    private final List<Server> servers;
    private final HealthSettings healthSettings;
    private final Health health;
    private final HealthLog healthLog;
    private final ClientLog clientLog;
    private final Addresses addresses;
    private final Admission admission;
    private final Lending lending;
    private final SubscriptionLimit subscriptionLimit;
    private final TlsEntries tlsEntries;
    private final List<PoolWorker> workers = new CopyOnWriteArrayList<>();
    private final Inquiries inquiries = new PoolInquiries(this, workers);
    private volatile Router router;
    private volatile Prober prober;
    private volatile long resolving = NO_TIMER;
    private volatile long looking = NO_TIMER;
    private volatile State state = State.STARTING;

    Pool(Vertx vertx, PoolConfig config, LimitsConfig limits, Admission process, Resolver resolver, TlsEntries tlsEntries) {
        this.vertx = vertx;
        this.config = config;
        this.limits = limits;
        this.tlsEntries = tlsEntries;
        this.admission = process.ofPool(config.clientConnections());
        this.lending = new Lending(limits.privateConnections());
        this.subscriptionLimit = new SubscriptionLimit(limits.subscriptionsPerClient(), limits.subscriptions());
        this.assembly = new PoolAssembly(config, limits);
        this.protocol = assembly.protocol(this);
        this.servers = assembly.servers();
        this.healthLog = new HealthLog(name(), servers);
        this.clientLog = new ClientLog(name());
        this.healthSettings = assembly.healthSettings();
        this.health = new Health(servers.size(), healthSettings, new HealthObserver());
        this.addresses = new Addresses(servers, resolver, !config.serverResolveInterval().isZero(), this::onAddress);
        this.router = assembly.router(servers, new BitSet());
    }

    public String name() {
        return config.name();
    }

    public PoolConfig config() {
        return config;
    }

    public State state() {
        return state;
    }

    public String protocol() {
        return protocol.label();
    }

    /// In the pool's server order: shorter ring name first, then by bytes, as twemproxy orders them.
    public List<Server> servers() {
        return servers;
    }

    public boolean ejected(Server server) {
        return health.ejected(server.index());
    }

    /// What has been counted about the health of `server`, by all workers together.
    public HealthCounters healthCounters(Server server) {
        return health.counters(server.index());
    }

    /// What has been counted about the name of `server`, for all workers together.
    public AddressCounters addressCounters(Server server) {
        return addresses.counters(server.index());
    }

    public Health health() {
        return health;
    }

    /// The router that decides now; another one follows when a server is ejected or comes back.
    public Router router() {
        return router;
    }

    /// Event loops that carry its requests.
    public int workers() {
        return workers.size();
    }

    /// Clients connected now.
    public int clients() {
        return admission.clients();
    }

    /// How long a client may say nothing before it is sent away; zero for ever.
    Duration idle() {
        return limits.idle().orElse(Duration.ZERO);
    }

    /// What can be found out about its clients and servers, and done to them.
    public Inquiries inquiries() {
        return inquiries;
    }

    /// The sums of all workers' counters.
    public PoolCounters counters() {
        PoolCounters sum = new PoolCounters();
        workers.forEach(worker -> sum.add(worker.counters()));
        return sum;
    }

    /// Clients that were sent away because of `cause`.
    public long closed(CloseCause cause) {
        return workers.stream().mapToLong(worker -> worker.outcomes().closed(cause)).sum();
    }

    /// Requests that came to nothing because of `failure`.
    public long failed(Failure failure) {
        return workers.stream().mapToLong(worker -> worker.outcomes().failed(failure)).sum();
    }

    /// The sums of all workers' counters for `server`.
    public ServerCounters counters(Server server) {
        ServerCounters sum = new ServerCounters();
        workers.forEach(worker -> sum.add(worker.backends().counters(server.index())));
        return sum;
    }

    /// How long the replies of `server` took, as all workers have noted it up to now.
    public LatencyHistogram latency(Server server) {
        LatencyHistogram sum = new LatencyHistogram();
        workers.forEach(worker -> sum.add(worker.backends().latency(server.index())));
        return sum;
    }

    /// The same for all servers of the pool together.
    public LatencyHistogram latency() {
        LatencyHistogram sum = new LatencyHistogram();
        servers.forEach(server -> sum.add(latency(server)));
        return sum;
    }

    /// Requests sent to `server`, or waiting to be sent, that have not been answered.
    public long pending(Server server) {
        return workers.stream().mapToLong(worker -> worker.backends().pending(server.index())).sum();
    }

    /// The same in more detail.
    public Queued queued(Server server) {
        return workers.stream()
                .map(worker -> worker.backends().queued(server.index()))
                .reduce(Queued.NOTHING, Queued::plus);
    }

    /// Asks every event loop that serves the pool for a sign of life: one future per worker, completed on its loop as soon
    /// as that gets to it. The future of a loop that is stuck does not complete.
    public List<Future<Void>> heartbeats() {
        return workers.stream()
                .map(worker -> on(worker.context(), Future::succeededFuture))
                .toList();
    }

    /// Opens the listening address on every one of `contexts`, which run on event loops of their own.
    Future<Void> start(List<Context> contexts) {
        List<Door> doors;
        Optional<ServerTls> serverTls;
        try {
            prepareUnixSocket();
            assembly.access().read();
            doors = assembly.doors(tlsEntries);
            serverTls = assembly.serverTls(tlsEntries);
        } catch (IOException | GeneralSecurityException cause) {
            state = State.FAILED;
            return Future.failedFuture(new PoolFailedException(name(), cause.getMessage(), cause));
        }
        if (!config.serverResolveInterval().isZero()) {
            addresses.ask();
            resolving = vertx.setPeriodic(config.serverResolveInterval().toMillis(), ignored -> addresses.ask());
        }
        if (assembly.access().hasFiles()) {
            watchAccess();
        }
        Future<Void> started = Future.succeededFuture();
        for (Context context : contexts) {
            started = started.compose(ignored -> startWorker(context, doors, serverTls));
        }
        return started.compose(ignored -> {
                    try {
                        setUnixSocketPermissions();
                    } catch (IOException cause) {
                        return Future.failedFuture(cause);
                    }
                    state = State.SERVING;
                    LOG.infof("pool '%s' listens on %s", name(), text(doors));
                    happened(Events.Kind.POOL_SERVING, "takes clients");
                    return Future.<Void>succeededFuture();
                })
                .recover(cause -> {
                    state = State.FAILED;
                    return Future.failedFuture(new PoolFailedException(
                            name(), "cannot listen on " + text(doors) + ": " + cause.getMessage(), cause));
                });
    }

    /// Looks at the files with users and passwords, now and then, for as long as the pool is there. A look that hangs is not
    /// overtaken by the next one.
    private void watchAccess() {
        looking = vertx.setTimer(
                ACCESS_PERIOD_MILLIS,
                ignored -> vertx.executeBlocking(() -> {
                            assembly.access().look();
                            return null;
                        })
                        .onComplete(done -> {
                            if (state != State.STOPPED && state != State.FAILED) {
                                watchAccess();
                            }
                        }));
    }

    private static String text(List<Door> doors) {
        return doors.stream().map(Door::toString).collect(Collectors.joining(" and "));
    }

    private Future<Void> startWorker(Context context, List<Door> doors, Optional<ServerTls> serverTls) {
        return on(context, () -> {
            var serverSettings = assembly.serverSettings(protocol, serverTls);
            PoolWorker worker = new PoolWorker(
                    vertx,
                    context,
                    protocol,
                    servers,
                    serverSettings,
                    assembly.clientSettings(),
                    doors,
                    new NetServerOptions().setAcceptBacklog(config.backlog()).setReusePort(config.reusePort()),
                    router,
                    health,
                    addresses,
                    admission,
                    lending,
                    subscriptionLimit,
                    clientLog,
                    limits);
            workers.add(worker);
            // It may have changed since the worker was made.
            worker.use(this::router);
            if (prober == null && healthSettings.probes()) {
                prober = worker.startProber(
                        vertx, servers, assembly.probeSettings(protocol, serverTls), protocol.probe(), health, addresses);
            }
            if (config.preconnect()) {
                worker.backends().preconnect();
            }
            return worker.listen();
        });
    }

    /// Lets every client have the answers it is owed, for at most `graceMillis`, then ends everything.
    Future<Void> stop(long graceMillis) {
        state = State.DRAINING;
        happened(Events.Kind.POOL_DRAINING, "takes no more clients");
        workers.forEach(worker -> worker.run(worker::drain));
        Promise<Void> gone = Promise.promise();
        awaitNoClients(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMillis), gone);
        return gone.future().compose(ignored -> {
            // All of them, also if one cannot be closed properly.
            Future<Void> closed = Future.join(workers.stream()
                            .map(worker -> on(worker.context(), () -> {
                                worker.closeClients();
                                worker.closeServers();
                                return worker.stopAccepting();
                            }))
                            .toList())
                    .mapEmpty();
            return closed.onComplete(done -> {
                vertx.cancelTimer(resolving);
                vertx.cancelTimer(looking);
                addresses.close();
                state = State.STOPPED;
                happened(Events.Kind.POOL_STOPPED, "has stopped");
            });
        });
    }

    private void happened(Events.Kind kind, String what) {
        Events.OF_PROCESS.report(kind, name(), null, "pool '" + name() + "' " + what);
    }

    private void awaitNoClients(long deadline, Promise<Void> gone) {
        if (clients() == 0 || System.nanoTime() - deadline >= 0) {
            gone.complete();
        } else {
            vertx.setTimer(10, ignored -> awaitNoClients(deadline, gone));
        }
    }

    /// One ejection, or return, gives every worker the same new router.
    private final class HealthObserver implements Health.Observer {
        @Override
        public void changed(BitSet ejected) {
            router = assembly.router(servers, ejected);
            workers.forEach(worker -> worker.use(Pool.this::router));
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
            workers.forEach(worker -> worker.run(() -> worker.backends().follow(event.server())));
        }
    }

    /// A socket that an earlier process left behind is removed; anything else at the path is somebody's file.
    private void prepareUnixSocket() throws IOException {
        if (config.listen() instanceof ListenAddress.UnixSocket unix) {
            Path path = Path.of(unix.path());
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther()) {
                    throw new IOException("cannot listen on " + path + ": there is a file that is not a socket; move it away");
                }
                Files.delete(path);
            }
        }
    }

    private void setUnixSocketPermissions() throws IOException {
        if (config.listen() instanceof ListenAddress.UnixSocket unix && unix.permissions().isPresent()) {
            int mode = unix.permissions().getAsInt();
            PosixFilePermission[] bits = PosixFilePermission.values();
            Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            for (int bit = 0; bit < bits.length; bit++) {
                // The constants are in the order of the mode's bits, owner's read first.
                if ((mode & 1 << bits.length - 1 - bit) != 0) {
                    permissions.add(bits[bit]);
                }
            }
            Files.setPosixFilePermissions(Path.of(unix.path()), permissions);
        }
    }

    private interface Work {
        Future<Void> start();
    }

    private static Future<Void> on(Context context, Work work) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> {
            try {
                work.start().onComplete(done);
            } catch (RuntimeException | Error failure) {
                done.fail(failure);
            }
        });
        return done.future();
    }
}
