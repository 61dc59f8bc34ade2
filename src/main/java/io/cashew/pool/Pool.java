package io.cashew.pool;

import io.cashew.client.AccessLog;
import io.cashew.client.Admission;
import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.config.PoolConfig;
import io.cashew.forwarding.Backing;
import io.cashew.forwarding.SubscriptionLimit;
import io.cashew.metrics.AddressCounters;
import io.cashew.metrics.HealthCounters;
import io.cashew.metrics.LatencyHistogram;
import io.cashew.metrics.PoolCounters;
import io.cashew.metrics.ServerCounters;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Inquiries;
import io.cashew.protocol.SlowLog;
import io.cashew.protocol.redis.Scripts;
import io.cashew.routing.Router;
import io.cashew.server.Backends;
import io.cashew.server.Health;
import io.cashew.server.Lending;
import io.cashew.server.Queued;
import io.cashew.server.Resolver;
import io.cashew.server.Server;
import io.cashew.server.ServerTls;
import io.cashew.server.Withdrawal;
import io.cashew.transport.Tls;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
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

    /// Where a pool stands.
    public enum State {
        STARTING,
        SERVING,
        DRAINING,
        STOPPED,
        FAILED
    }

    private final Vertx vertx;
    private final LimitsConfig limits;
    private final Resolver resolver;
    private final TlsEntries tlsEntries;
    private final ClientLog clientLog;
    private final SlowLog slowLog = new SlowLog(0, 0);
    private final Admission admission;
    private final Lending lending;
    private final SubscriptionLimit subscriptionLimit;
    private final Scripts scripts = new Scripts();
    private final PoolAssembly firstAssembly;
    private final List<PoolWorker> workers = new CopyOnWriteArrayList<>();
    private final Inquiries inquiries = new PoolInquiries(this, workers);
    /// Null until the pool is started.
    private volatile BackSide back;
    private volatile List<Door> doors = List.of();
    private volatile Optional<Tls> clientTls = Optional.empty();
    private volatile State state = State.STARTING;

    Pool(Vertx vertx, PoolConfig config, LimitsConfig limits, Admission process, Resolver resolver, TlsEntries tlsEntries) {
        this.vertx = vertx;
        this.limits = limits;
        this.resolver = resolver;
        this.tlsEntries = tlsEntries;
        this.admission = process.ofPool(config.clientConnections());
        this.lending = new Lending(limits.privateConnections());
        this.subscriptionLimit = new SubscriptionLimit(limits.subscriptionsPerClient(), limits.subscriptions());
        this.clientLog = new ClientLog(config.name());
        this.firstAssembly = new PoolAssembly(config, limits);
        firstAssembly.applyTo(slowLog);
    }

    public String name() {
        return firstAssembly.config().name();
    }

    /// What is in force.
    public PoolConfig config() {
        return back == null ? firstAssembly.config() : back.config();
    }

    public State state() {
        return state;
    }

    public String protocol() {
        return back.protocol().label();
    }

    /// In the pool's server order: shorter ring name first, then by bytes, as twemproxy orders them. Others after a reload.
    public List<Server> servers() {
        return back.servers();
    }

    /// Whether `server` is out because it failed.
    public boolean ejected(Server server) {
        return isThere(server) && back.health().ejected(server.index());
    }

    /// What the operator has said about `server`; empty if it may take part.
    public Optional<Withdrawal> withdrawal(Server server) {
        return isThere(server) ? Optional.ofNullable(back.health().withdrawal(server.index())) : Optional.empty();
    }

    /// The operator's word about `server`; empty lets it take part again, also if it is ejected because it failed.
    void withdraw(Server server, Optional<Withdrawal> withdrawal) {
        int index = server.index();
        LOG.infof("pool '%s': server '%s' (%s) %s, an operator says", name(), server.name(), server.endpoint(),
                withdrawal.map(said -> switch (said) {
                    case DRAINED -> "gets no more requests";
                    case EJECTED -> "is out at once";
                }).orElse("takes part"));
        BackSide now = back;
        now.health().withdraw(index, withdrawal.orElse(null), System.nanoTime());
        withdrawal.ifPresent(said -> now.onWorkers(backends -> {
            switch (said) {
                case DRAINED -> backends.withdraw(index);
                case EJECTED -> backends.cut(index, Failure.SERVER_CLOSED);
            }
        }));
    }

    /// What has been counted about the health of `server`, by all workers together.
    public HealthCounters healthCounters(Server server) {
        return isThere(server) ? back.health().counters(server.index()) : new HealthCounters();
    }

    /// What has been counted about the name of `server`, for all workers together.
    public AddressCounters addressCounters(Server server) {
        return isThere(server) ? back.addresses().counters(server.index()) : new AddressCounters();
    }

    /// The server of this ring name, if the pool has one.
    public Optional<Server> server(String name) {
        return servers().stream().filter(server -> server.name().equals(name)).findFirst();
    }

    /// Whether it is one of the pool's servers, and not one of those before a reload.
    private boolean isThere(Server server) {
        List<Server> servers = back.servers();
        return server.index() < servers.size() && servers.get(server.index()).equals(server);
    }

    public Health health() {
        return back.health();
    }

    /// The router that decides now; another one follows when a server is ejected or comes back.
    public Router router() {
        return back.router();
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

    /// Those that have been loaded on all of its servers, for servers that come later.
    Scripts scripts() {
        return scripts;
    }

    /// Its requests that took long.
    public SlowLog slowLog() {
        return slowLog;
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
        ofWorkers(server).forEach(backends -> sum.add(backends.counters(server.index())));
        return sum;
    }

    private List<Backends> ofWorkers(Server server) {
        return isThere(server) ? back.backends() : List.of();
    }

    /// How long the replies of `server` took, as all workers have noted it up to now.
    public LatencyHistogram latency(Server server) {
        LatencyHistogram sum = new LatencyHistogram();
        ofWorkers(server).forEach(backends -> sum.add(backends.latency(server.index())));
        return sum;
    }

    /// The same for all servers of the pool together.
    public LatencyHistogram latency() {
        LatencyHistogram sum = new LatencyHistogram();
        servers().forEach(server -> sum.add(latency(server)));
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

    /// Asks every event loop that serves the pool for a sign of life: one future per worker, completed on its loop as soon
    /// as that gets to it. The future of a loop that is stuck does not complete.
    public List<Future<Void>> heartbeats() {
        return workers.stream()
                .map(worker -> on(worker.context(), Future::succeededFuture))
                .toList();
    }

    /// Opens the listening address on every one of `contexts`, which run on event loops of their own.
    Future<Void> start(List<Context> contexts) {
        try {
            firstAssembly.access().read();
            clientTls = firstAssembly.clientTls(tlsEntries);
            doors = Door.of(firstAssembly.config(), clientTls);
            back = new BackSide(this, vertx, firstAssembly, resolver, firstAssembly.serverTls(tlsEntries));
        } catch (IOException | GeneralSecurityException cause) {
            state = State.FAILED;
            return Future.failedFuture(new PoolFailedException(name(), cause.getMessage(), cause));
        }
        AccessLog accessLog = firstAssembly.accessLog();
        back.start();
        Future<Void> started = Future.succeededFuture();
        for (Context context : contexts) {
            started = started.compose(ignored -> on(context, () -> {
                PoolWorker worker = new PoolWorker(
                        vertx, context, back, admission, lending, subscriptionLimit, clientLog, slowLog, accessLog, limits);
                workers.add(worker);
                back.carriedBy(worker, worker.backing());
                return Future.succeededFuture();
            }));
        }
        return started.compose(ignored -> open(doors, firstAssembly))
                .onSuccess(ignored -> {
                    state = State.SERVING;
                    LOG.infof("pool '%s' listens on %s", name(), text(doors));
                    happened(Events.Kind.POOL_SERVING, "takes clients");
                })
                .onFailure(ignored -> state = State.FAILED);
    }

    private static String text(List<Door> doors) {
        return doors.stream().map(Door::toString).collect(Collectors.joining(" and "));
    }

    /// Opens `doors` on all workers, one after the other, as `next` says.
    private Future<Void> open(List<Door> doors, PoolAssembly next) {
        PoolConfig config = next.config();
        Future<Void> opened = Future.succeededFuture();
        for (Door door : doors) {
            opened = opened.compose(ignored -> inOrder(() -> door.makeRoom()));
            for (PoolWorker worker : workers) {
                opened = opened.compose(ignored -> on(worker.context(), () -> worker.open(
                        door,
                        new NetServerOptions().setAcceptBacklog(config.backlog()).setReusePort(config.reusePort()),
                        back.protocol(),
                        next.clientSettings())));
            }
            opened = opened.compose(ignored -> inOrder(() -> door.setPermissions()));
        }
        return opened.recover(cause -> Future.failedFuture(new PoolFailedException(
                name(), "cannot listen on " + text(doors) + ": " + cause.getMessage(), cause)));
    }

    private interface FileWork {
        void run() throws IOException;
    }

    private static Future<Void> inOrder(FileWork work) {
        try {
            work.run();
            return Future.succeededFuture();
        } catch (IOException cause) {
            return Future.failedFuture(cause);
        }
    }

    /// Makes everything ready that can fail for the pool to be as `next` says: entries of the TLS registry are read, and new
    /// listening addresses are open. If that fails, nothing is left of it.
    Future<Change> prepare(PoolConfig next) {
        Change change = new Change(new PoolAssembly(next, limits));
        return change.prepare().map(change).onFailure(ignored -> change.abandon());
    }

    /// The way from what is in force to another configuration. It is applied or abandoned, once.
    final class Change {
        private final PoolAssembly assembly;
        private final BackSide before = back;
        private final boolean sameTls;
        private Optional<Tls> nextTls = Optional.empty();
        private Optional<ServerTls> nextServerTls = Optional.empty();
        private List<Door> nextDoors = List.of();
        private List<Door> newDoors = List.of();
        private BackSide next;

        private Change(PoolAssembly assembly) {
            this.assembly = assembly;
            this.sameTls = assembly.config().tls().equals(before.config().tls());
        }

        private Future<Void> prepare() {
            try {
                assembly.access().read();
                nextTls = sameTls ? clientTls : assembly.clientTls(tlsEntries);
                nextServerTls = sameTls ? before.serverTls() : assembly.serverTls(tlsEntries);
            } catch (IOException | GeneralSecurityException cause) {
                return Future.failedFuture(new PoolFailedException(name(), cause.getMessage(), cause));
            }
            nextDoors = Door.of(assembly.config(), nextTls);
            newDoors = without(nextDoors, doors);
            next = new BackSide(Pool.this, vertx, assembly, resolver, nextServerTls);
            return open(newDoors, assembly);
        }

        /// Everything is as before.
        Future<Void> abandon() {
            if (!sameTls) {
                forgetTls(nextTls, nextServerTls);
            }
            return close(newDoors, 0, 0);
        }

        /// Requests from now on go by the new configuration; completes when they do on every event loop. What is under way ends as it
        /// began, within `drainNanos`, and so do the clients of addresses that are given up.
        Future<Void> apply(long drainNanos) {
            List<Door> doorsGone = without(doors, nextDoors);
            Optional<Tls> tlsBefore = clientTls;
            next.goOnFrom(before);
            before.stop();
            assembly.applyTo(slowLog);
            AccessLog accessLog = assembly.accessLog();
            List<Future<Void>> retired = new CopyOnWriteArrayList<>();
            Future<Void> changed = Future.all(workers.stream()
                            .map(worker -> on(worker.context(), () -> {
                                Backing gone = worker.change(next);
                                next.carriedBy(worker, worker.backing());
                                worker.use(accessLog);
                                nextDoors.forEach(door -> worker.reloaded(door, next.protocol(), assembly.clientSettings()));
                                retired.add(worker.retire(gone, drainNanos));
                                return Future.<Void>succeededFuture();
                            }))
                            .toList())
                    .mapEmpty();
            return changed.compose(ignored -> shut(doorsGone)).onSuccess(ignored -> {
                back = next;
                doors = nextDoors;
                clientTls = nextTls;
                admission.limit(assembly.config().clientConnections());
                next.start();
                if (!doorsGone.isEmpty()) {
                    LOG.infof("pool '%s' listens on %s now", name(), text(doors));
                    letGo(doorsGone, 0, drainNanos);
                }
                Future.join(retired).onComplete(done -> {
                    before.close();
                    if (!sameTls) {
                        forgetTls(tlsBefore, before.serverTls());
                    }
                });
            });
        }

        private static List<Door> without(List<Door> some, List<Door> others) {
            return some.stream()
                    .filter(door -> others.stream().noneMatch(other -> other.address().equals(door.address())))
                    .toList();
        }
    }

    private void forgetTls(Optional<Tls> ofClients, Optional<ServerTls> ofServers) {
        ofClients.ifPresent(tlsEntries::forget);
        ofServers.map(ServerTls::tls).ifPresent(tlsEntries::forget);
    }

    /// From now on nobody comes in; who is here stays.
    Future<Void> shut() {
        return shut(doors);
    }

    private Future<Void> shut(List<Door> doors) {
        // Without a worker nothing has been opened.
        return Future.join(workers.stream()
                        .limit(1)
                        .flatMap(worker -> doors.stream().map(door -> on(worker.context(), () -> worker.shut(door))))
                        .toList())
                .mapEmpty();
    }

    private Future<Void> close(List<Door> doors, long spreadNanos, long graceNanos) {
        return shut(doors).transform(ignored -> letGo(doors, spreadNanos, graceNanos));
    }

    private Future<Void> letGo(List<Door> doors, long spreadNanos, long graceNanos) {
        // All of them, also if one cannot be closed properly.
        return Future.join(workers.stream()
                        .flatMap(worker -> doors.stream()
                                .map(door -> on(worker.context(), () -> worker.letGo(door, spreadNanos, graceNanos))))
                        .toList())
                .mapEmpty();
    }

    /// Takes no clients from now on as far as the world is told, but still does.
    void announceEnd() {
        state = State.DRAINING;
    }

    private void happened(Events.Kind kind, String what) {
        Events.OF_PROCESS.report(kind, name(), null, "pool '" + name() + "' " + what);
    }

    /// Takes no more clients, and lets each have the answers it is owed, for at most `graceNanos`, then ends everything. Clients
    /// leave at times of their own within `spreadNanos`, so that they do not all go elsewhere at once.
    Future<Void> stop(long spreadNanos, long graceNanos) {
        state = State.DRAINING;
        happened(Events.Kind.POOL_DRAINING, "takes no more clients");
        return close(doors, spreadNanos, graceNanos)
                .transform(ignored -> Future.join(workers.stream()
                        .map(worker -> on(worker.context(), () -> {
                            worker.closeServers();
                            return Future.<Void>succeededFuture();
                        }))
                        .toList()))
                .<Void>mapEmpty()
                .onComplete(ignored -> {
                    if (back != null) {
                        back.stop();
                        back.close();
                        forgetTls(clientTls, back.serverTls());
                    }
                    state = State.STOPPED;
                    happened(Events.Kind.POOL_STOPPED, "has stopped");
                });
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
