package io.cashew.pool;

import io.cashew.client.AccessLog;
import io.cashew.client.Admission;
import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.config.PoolConfig;
import io.cashew.metrics.AddressCounters;
import io.cashew.metrics.HealthCounters;
import io.cashew.metrics.LatencyHistogram;
import io.cashew.metrics.LogLine;
import io.cashew.metrics.PoolCounters;
import io.cashew.metrics.ServerCounters;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Inquiries;
import io.cashew.protocol.SlowLog;
import io.cashew.protocol.redis.PoolMemory;
import io.cashew.routing.Router;
import io.cashew.server.Queued;
import io.cashew.server.Resolver;
import io.cashew.server.Server;
import io.cashew.server.ServerTls;
import io.cashew.server.Withdrawal;
import io.cashew.transport.Tls;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// One named proxy: a listening address, servers, and the workers that carry requests between them.
///
/// ```
///   STARTING ──listening──▶ SERVING ──▶ DRAINING ──▶ STOPPED
///       └──────────────── FAILED
/// ```
///
/// It has a [FrontSide] for as long as it lives and a [BackSide] for as long as a configuration is in force; a [PoolChange] leads
/// to the next one.
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
    private final SlowLog slowLog = new SlowLog(0, 0);
    private final PoolMemory memory = new PoolMemory();
    private final PoolAssembly firstAssembly;
    private final FrontSide front;
    private final Inquiries inquiries;
    /// Null until the pool is started.
    private volatile BackSide back;
    private volatile State state = State.STARTING;

    Pool(Vertx vertx, PoolConfig config, LimitsConfig limits, Admission process, Resolver resolver, TlsEntries tlsEntries) {
        this.vertx = vertx;
        this.limits = limits;
        this.resolver = resolver;
        this.tlsEntries = tlsEntries;
        this.firstAssembly = new PoolAssembly(config, limits);
        firstAssembly.applyTo(slowLog);
        this.front = new FrontSide(vertx, config, limits, process);
        this.inquiries = new PoolInquiries(this, front.workers());
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

    /// What stands behind its doors now; another one after a reload. What is to fit together is read from one.
    public BackSide back() {
        return back;
    }

    /// In the pool's server order: shorter ring name first, then by bytes, as twemproxy orders them. Others after a reload.
    public List<Server> servers() {
        return back.servers();
    }

    /// Whether `server` is out because it failed.
    public boolean ejected(Server server) {
        return back.ejected(server);
    }

    /// What the operator has said about `server`; empty if it may take part.
    public Optional<Withdrawal> withdrawal(Server server) {
        return back.withdrawal(server);
    }

    /// The operator's word about `server`; empty lets it take part again, also if it is ejected because it failed.
    void withdraw(Server server, Optional<Withdrawal> withdrawal) {
        BackSide now = back;
        // It may have got another number since the caller has found it.
        server.among(now.servers()).ifPresent(there -> withdraw(now, there, withdrawal));
    }

    private void withdraw(BackSide now, Server server, Optional<Withdrawal> withdrawal) {
        int index = server.index();
        String what = withdrawal.map(said -> switch (said) {
            case DRAINED -> "gets no more requests";
            case EJECTED -> "is out at once";
        }).orElse("takes part");
        String line = "pool '%s': server '%s' (%s) %s, an operator says".formatted(name(), server.name(), server.endpoint(), what);
        LogLine.about("pool", name()).and("server", server.name()).and("address", server.endpoint()).write(
                LOG, Logger.Level.INFO, line);
        Events.OF_PROCESS.report(
                withdrawal.isPresent() ? Events.Kind.SERVER_WITHDRAWN : Events.Kind.SERVER_RESTORED, name(), server.name(), line);
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
        return back.healthCounters(server);
    }

    /// What has been counted about the name of `server`, for all workers together.
    public AddressCounters addressCounters(Server server) {
        return back.addressCounters(server);
    }

    /// The server of this ring name, if the pool has one.
    public Optional<Server> server(String name) {
        return servers().stream().filter(server -> server.name().equals(name)).findFirst();
    }

    /// The router that decides now; another one follows when a server is ejected or comes back.
    public Router router() {
        return back.router();
    }

    /// Event loops that carry its requests.
    public int workers() {
        return front.workers().size();
    }

    /// Clients connected now.
    public int clients() {
        return front.clients();
    }

    /// How much its clients may have.
    LimitsConfig limits() {
        return limits;
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
    PoolMemory memory() {
        return memory;
    }

    /// Its requests that took long.
    public SlowLog slowLog() {
        return slowLog;
    }

    /// The sums of all workers' counters.
    public PoolCounters counters() {
        return front.counters();
    }

    /// Clients that were sent away because of `cause`.
    public long closed(CloseCause cause) {
        return front.closed(cause);
    }

    /// Requests that came to nothing because of `failure`.
    public long failed(Failure failure) {
        return front.failed(failure);
    }

    /// The sums of all workers' counters for `server`.
    public ServerCounters counters(Server server) {
        return back.counters(server);
    }

    /// How long the replies of `server` took, as all workers have noted it up to now.
    public LatencyHistogram latency(Server server) {
        return back.latency(server);
    }

    /// Requests sent to `server`, or waiting to be sent, that have not been answered.
    public long pending(Server server) {
        return back.pending(server);
    }

    /// The same in more detail.
    public Queued queued(Server server) {
        return back.queued(server);
    }

    /// Asks every event loop that serves the pool for a sign of life: one future per worker, completed on its loop as soon
    /// as that gets to it. The future of a loop that is stuck does not complete.
    public List<Future<Void>> heartbeats() {
        return front.onWorkers(worker -> Future.succeededFuture());
    }

    /// Opens the listening address on every one of `contexts`, which run on event loops of their own.
    Future<Void> start(List<Context> contexts) {
        Optional<Tls> clientTls;
        try {
            firstAssembly.access().read();
            clientTls = firstAssembly.clientTls(tlsEntries);
            back = backSide(firstAssembly, firstAssembly.serverTls(tlsEntries));
        } catch (IOException | GeneralSecurityException cause) {
            state = State.FAILED;
            return Future.failedFuture(new PoolFailedException(name(), cause.getMessage(), cause));
        }
        front.use(Door.of(firstAssembly.config(), clientTls), clientTls);
        AccessLog accessLog = firstAssembly.accessLog();
        back.start();
        return front.employ(contexts, back, slowLog, accessLog)
                .compose(ignored -> front.open(front.doors(), back.protocol(), firstAssembly))
                .onSuccess(ignored -> {
                    state = State.SERVING;
                    say("listens on " + front.listens());
                    happened(Events.Kind.POOL_SERVING, "takes clients");
                })
                .onFailure(ignored -> state = State.FAILED);
    }

    private void say(String what) {
        LogLine.about("pool", name()).write(LOG, Logger.Level.INFO, "pool '" + name() + "' " + what);
    }

    /// The servers that `assembly` says, for this pool.
    BackSide backSide(PoolAssembly assembly, Optional<ServerTls> tls) {
        return new BackSide(this, vertx, assembly, resolver, tls);
    }

    /// Makes everything ready that can fail for the pool to be as `next` says. If that fails, nothing is left of it.
    Future<PoolChange> prepare(PoolConfig next) {
        return new PoolChange(this, front, back, new PoolAssembly(next, limits), tlsEntries).prepare();
    }

    /// From now on `next` stands behind it, and if it has `moved` it has not all the doors any more that it had.
    void use(BackSide next, boolean moved) {
        back = next;
        next.start();
        if (moved) {
            say("listens on " + front.listens() + " now");
        }
    }

    /// From now on nobody comes in; who is here stays.
    Future<Void> shut() {
        return front.shut(front.doors());
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
        return front.close(front.doors(), spreadNanos, graceNanos)
                .transform(ignored -> Future.join(front.onWorkers(worker -> {
                    worker.closeServers();
                    return Future.succeededFuture();
                })))
                .<Void>mapEmpty()
                .onComplete(ignored -> {
                    if (back != null) {
                        back.stop();
                        back.close();
                        tlsEntries.forget(front.tls(), back.serverTls());
                    }
                    state = State.STOPPED;
                    happened(Events.Kind.POOL_STOPPED, "has stopped");
                });
    }
}
