package io.cashew.pool;

import io.cashew.client.AccessLog;
import io.cashew.client.Admission;
import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.config.PoolConfig;
import io.cashew.forwarding.SubscriptionLimit;
import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.SlowLog;
import io.cashew.server.Lending;
import io.cashew.transport.Tls;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a [Pool] is in front, for as long as it lives: its doors, the workers that serve them, and what bounds their clients. What
/// stands behind it is a [BackSide].
///
/// Its readings may be taken from any thread.
final class FrontSide {
    private final String pool;
    private final Vertx vertx;
    private final LimitsConfig limits;
    private final Admission admission;
    private final Lending lending;
    private final SubscriptionLimit subscriptionLimit;
    private final ClientLog clientLog;
    private final List<PoolWorker> workers = new CopyOnWriteArrayList<>();
    private volatile List<Door> doors = List.of();
    /// How clients of its doors speak TLS, if they do.
    private volatile Optional<Tls> tls = Optional.empty();

    FrontSide(Vertx vertx, PoolConfig config, LimitsConfig limits, Admission process) {
        this.pool = config.name();
        this.vertx = vertx;
        this.limits = limits;
        this.admission = process.ofPool(config.clientConnections());
        this.lending = new Lending(limits.privateConnections());
        this.subscriptionLimit = new SubscriptionLimit(limits.subscriptionsPerClient(), limits.subscriptions());
        this.clientLog = new ClientLog(pool, Events.OF_PROCESS);
    }

    /// Makes a worker on the event loop of each of `contexts`, one after the other, with `back` behind it.
    Future<Void> employ(List<Context> contexts, BackSide back, SlowLog slowLog, AccessLog accessLog) {
        Future<Void> employed = Future.succeededFuture();
        for (Context context : contexts) {
            employed = employed.compose(ignored -> on(context, () -> {
                PoolWorker worker = new PoolWorker(
                        vertx, context, back, admission, lending, subscriptionLimit, clientLog, slowLog, accessLog, limits);
                workers.add(worker);
                back.carriedBy(worker, worker.backing());
                return Future.succeededFuture();
            }));
        }
        return employed;
    }

    /// Opens `opening` on all workers, one door after the other, for clients that speak `protocol` and are treated as `assembly`
    /// says. They are not [its doors][#doors()] yet.
    Future<Void> open(List<Door> opening, Protocol protocol, PoolAssembly assembly) {
        PoolConfig config = assembly.config();
        Future<Void> opened = Future.succeededFuture();
        for (Door door : opening) {
            opened = opened.compose(ignored -> inOrder(() -> door.makeRoom()));
            for (PoolWorker worker : workers) {
                opened = opened.compose(ignored -> on(worker.context(), () -> worker.open(
                        door,
                        new NetServerOptions().setAcceptBacklog(config.backlog()).setReusePort(config.reusePort()),
                        protocol,
                        assembly.clientSettings())));
            }
            opened = opened.compose(ignored -> inOrder(() -> door.setPermissions()));
        }
        return opened.recover(cause -> Future.failedFuture(
                new PoolFailedException(pool, "cannot listen on " + text(opening) + ": " + cause.getMessage(), cause)));
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

    /// From now on it has these doors, whose clients speak TLS as `tls` says where they do.
    void use(List<Door> doors, Optional<Tls> tls) {
        this.doors = doors;
        this.tls = tls;
    }

    /// From now on at most `most` clients may come, 0 for no limit.
    void admit(int most) {
        admission.limit(most);
    }

    List<Door> doors() {
        return doors;
    }

    Optional<Tls> tls() {
        return tls;
    }

    /// Where it listens, for people.
    String listens() {
        return text(doors);
    }

    private static String text(List<Door> doors) {
        return doors.stream().map(Door::toString).collect(Collectors.joining(" and "));
    }

    /// Lets nobody come in through `closing` any more; who is here stays.
    Future<Void> shut(List<Door> closing) {
        // Without a worker nothing has been opened.
        return Future.join(workers.stream()
                        .limit(1)
                        .flatMap(worker -> closing.stream().map(door -> on(worker.context(), () -> worker.shut(door))))
                        .toList())
                .mapEmpty();
    }

    /// Lets the clients of `closing` go, which are shut, at times of their own within `spreadNanos`, all within `graceNanos`.
    Future<Void> letGo(List<Door> closing, long spreadNanos, long graceNanos) {
        // All of them, also if one cannot be closed properly.
        return Future.join(workers.stream()
                        .flatMap(worker -> closing.stream()
                                .map(door -> on(worker.context(), () -> worker.letGo(door, spreadNanos, graceNanos))))
                        .toList())
                .mapEmpty();
    }

    /// The one and then the other, also if the one fails.
    Future<Void> close(List<Door> closing, long spreadNanos, long graceNanos) {
        return shut(closing).transform(ignored -> letGo(closing, spreadNanos, graceNanos));
    }

    /// Has every worker do `work` on its event loop; one future for each. That of a loop that is stuck does not complete.
    List<Future<Void>> onWorkers(Function<PoolWorker, Future<Void>> work) {
        return workers.stream()
                .map(worker -> on(worker.context(), () -> work.apply(worker)))
                .toList();
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

    /// They become more while the pool starts.
    List<PoolWorker> workers() {
        return workers;
    }

    /// Clients connected now.
    int clients() {
        return admission.clients();
    }

    /// The sums of all workers' counters.
    PoolCounters counters() {
        PoolCounters sum = new PoolCounters();
        workers.forEach(worker -> sum.add(worker.counters()));
        return sum;
    }

    /// Clients that were sent away because of `cause`.
    long closed(CloseCause cause) {
        return workers.stream().mapToLong(worker -> worker.outcomes().closed(cause)).sum();
    }

    /// Requests that came to nothing because of `failure`.
    long failed(Failure failure) {
        return workers.stream().mapToLong(worker -> worker.outcomes().failed(failure)).sum();
    }
}
