package io.cashew.pool;

import io.cashew.client.AccessLog;
import io.cashew.client.Admission;
import io.cashew.client.ClientSettings;
import io.cashew.client.Commons;
import io.cashew.client.Journal;
import io.cashew.client.Listener;
import io.cashew.client.Outcomes;
import io.cashew.client.Pause;
import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.forwarding.Backing;
import io.cashew.forwarding.Forwarder;
import io.cashew.forwarding.SubscriptionLimit;
import io.cashew.forwarding.Survey;
import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.SlowLog;
import io.cashew.routing.Router;
import io.cashew.server.Backends;
import io.cashew.server.Connector;
import io.cashew.server.Lending;
import io.cashew.server.Prober;
import io.cashew.server.ServerSettings;
import io.cashew.transport.IoLoop;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A pool's share of one event loop: its own part of the accepted clients, its own connections to every server. Workers
/// share nothing but the router and the pool's health.
///
/// Made and used on the event loop, except where a method says otherwise.
final class PoolWorker {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Vertx vertx;
    private final EventLoop eventLoop;
    private final IoLoop loop;
    private final Context context;
    private final Admission admission;
    private final PoolCounters counters = new PoolCounters();
    private final Outcomes outcomes;
    private final Forwarder forwarder;
    private final Journal journal;
    private final Map<SocketAddress, Listener> listeners = new LinkedHashMap<>();
    private BackSide back;
    private Backing backing;

    /// One with the servers of `back`, as its first backing.
    PoolWorker(
            Vertx vertx,
            Context context,
            BackSide back,
            Admission admission,
            Lending lending,
            SubscriptionLimit subscriptionLimit,
            Outcomes.Observer clientLog,
            SlowLog slowLog,
            AccessLog accessLog,
            LimitsConfig limits) {
        this.vertx = vertx;
        this.context = context;
        this.back = back;
        this.admission = admission;
        this.eventLoop = ((ContextInternal) context).nettyEventLoop();
        loop = IoLoop.of(eventLoop);
        limits.memory().ifPresent(memory -> loop.limitMemory(memory.asLongValue()));
        outcomes = new Outcomes(clientLog);
        Connector connector = new Connector(vertx, context, back.serverSettings(), back.addresses());
        backing = backing(back, new Backends(back.servers(), back.serverSettings(), lending, back.health(), connector, loop));
        forwarder = new Forwarder(backing, counters, subscriptionLimit, loop);
        journal = new Journal(slowLog, accessLog, counters, loop);
    }

    private Backing backing(BackSide back, Backends backends) {
        return new Backing(back.protocol(), back.router(), back.servers().size(), backends, back.health(), loop);
    }

    Backing backing() {
        return backing;
    }

    /// Whose servers these are.
    BackSide back() {
        return back;
    }

    /// Keys of `of` live where `router` says from now on.
    void use(Backing of, Router router) {
        of.use(router);
        if (of == backing) {
            forwarder.serversChanged();
        }
    }

    /// Puts the servers of `back` in place of those there were, which is what is returned; they are to be [retired][#retire].
    Backing change(BackSide back) {
        Backing before = backing;
        this.back = back;
        backing = backing(back, before.backends().successor(
                back.servers(),
                back.serverSettings(),
                back.health(),
                back.addresses(),
                () -> new Connector(vertx, context, back.serverSettings(), back.addresses())));
        forwarder.use(backing);
        return before;
    }

    /// Lets the servers of `before` give the answers they owe, for at most `nanos`, then ends their connections.
    Future<Void> retire(Backing before, long nanos) {
        before.backends().retire();
        Promise<Void> done = Promise.promise();
        closeWhenQuiet(before.backends(), System.nanoTime() + nanos, done);
        return done.future();
    }

    private void closeWhenQuiet(Backends backends, long deadline, Promise<Void> done) {
        if (backends.quiet() || System.nanoTime() - deadline >= 0) {
            backends.close(Failure.SERVERS_CHANGED);
            done.complete();
        } else {
            loop.schedule(() -> closeWhenQuiet(backends, deadline, done), LOOK_AGAIN_NANOS);
        }
    }

    /// One that probes the servers of `back`.
    Prober prober(BackSide back, ServerSettings settings) {
        Prober prober = new Prober(
                back.servers(),
                settings,
                back.protocol().probe(),
                back.health(),
                new Connector(vertx, context, settings, back.addresses()),
                loop);
        prober.wake();
        return prober;
    }

    /// Opens `door`.
    Future<Void> open(Door door, NetServerOptions listening, Protocol protocol, ClientSettings settings) {
        Commons commons = new Commons(settings, forwarder, counters, outcomes, loop, journal);
        Listener listener = new Listener(vertx, listening, admission, protocol, commons, door.tls());
        listeners.put(door.address(), listener);
        return listener.listen(door.address()).mapEmpty();
    }

    /// What is written down about requests from now on goes to `accessLog`, and to the slow log as that is now.
    void use(AccessLog accessLog) {
        journal.use(accessLog);
    }

    /// Clients of `door`, which is open, are treated like this from now on.
    void reloaded(Door door, Protocol protocol, ClientSettings settings) {
        listeners.get(door.address()).reloaded(protocol, settings, door.tls());
    }

    /// Closes `door`, for all workers, to whoever comes.
    Future<Void> shut(Door door) {
        Listener listener = listeners.get(door.address());
        return listener == null ? Future.succeededFuture() : listener.closeDoor(door.address());
    }

    /// Lets the clients of `door` go, which has been shut, each at the end of a message and at a time of its own within
    /// `spreadNanos`, all within `graceNanos`.
    Future<Void> letGo(Door door, long spreadNanos, long graceNanos) {
        Listener listener = listeners.remove(door.address());
        if (listener == null) {
            return Future.succeededFuture();
        }
        Promise<Void> gone = Promise.promise();
        listener.drain(spreadNanos);
        closeWhenEmpty(listener, System.nanoTime() + graceNanos, gone);
        return gone.future();
    }

    private void closeWhenEmpty(Listener listener, long deadline, Promise<Void> gone) {
        if (listener.clients() == 0 || System.nanoTime() - deadline >= 0) {
            listener.closeClients();
            listener.stopAccepting().onComplete(gone);
        } else {
            loop.schedule(() -> closeWhenEmpty(listener, deadline, gone), LOOK_AGAIN_NANOS);
        }
    }

    /// Ends all connections to servers.
    void closeServers() {
        backing.backends().close(Failure.POOL_STOPPED);
    }

    /// From any thread: runs `task` on the event loop; at once if the caller is there.
    void run(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    /// Runs tasks on the event loop, later if the caller is there.
    Executor executor() {
        return eventLoop;
    }

    /// The clients that `which` chooses.
    List<ClientSnapshot> clients(Predicate<ClientSnapshot> which) {
        return listeners.values().stream().flatMap(listener -> listener.snapshots(which).stream()).toList();
    }

    /// Ends the connections that `which` chooses and says how many; that of client `asker` once it has what it is owed.
    int kill(Predicate<ClientSnapshot> which, int asker) {
        return listeners.values().stream().mapToInt(listener -> listener.kill(which, asker)).sum();
    }

    /// See [Listener#unblock(int, boolean)].
    CompletableFuture<Boolean> unblock(int client, boolean withError) {
        for (Listener listener : listeners.values()) {
            CompletableFuture<Boolean> whether = listener.unblock(client, withError);
            if (whether != null) {
                return whether;
            }
        }
        return null;
    }

    /// What clients may do has changed.
    void usersChanged() {
        listeners.values().forEach(Listener::usersChanged);
    }

    /// Leaves requests unread.
    void pause(Pause pause) {
        listeners.values().forEach(listener -> listener.pause(pause));
    }

    /// Ends all pauses.
    void unpause() {
        listeners.values().forEach(Listener::unpause);
    }

    /// Asks `servers` the same, see [Survey].
    CompletableFuture<List<Survey.Answer>> survey(int[] servers, byte[] request) {
        return Survey.of(servers, request, backing.backends(), loop);
    }

    Context context() {
        return context;
    }

    /// Readable from any thread; a reading may be a moment old.
    PoolCounters counters() {
        return counters;
    }

    /// Readable like [#counters()].
    Outcomes outcomes() {
        return outcomes;
    }
}
