package io.cashew.pool;

import io.cashew.client.Admission;
import io.cashew.client.ClientSettings;
import io.cashew.client.Listener;
import io.cashew.client.Outcomes;
import io.cashew.client.Pause;
import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.forwarding.Forwarder;
import io.cashew.forwarding.SubscriptionLimit;
import io.cashew.forwarding.Survey;
import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.Probe;
import io.cashew.protocol.Protocol;
import io.cashew.routing.Router;
import io.cashew.server.Addresses;
import io.cashew.server.Backends;
import io.cashew.server.Connector;
import io.cashew.server.Health;
import io.cashew.server.Lending;
import io.cashew.server.Prober;
import io.cashew.server.Server;
import io.cashew.server.ServerSettings;
import io.cashew.transport.IoLoop;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A pool's share of one event loop: its own part of the accepted clients, its own connections to every server. Workers
/// share nothing but the router and the pool's health.
///
/// Made and used on the event loop, except where a method says otherwise.
final class PoolWorker {
    private final EventLoop eventLoop;
    private final IoLoop loop;
    private final Context context;
    private final Backends backends;
    private final Forwarder forwarder;
    private final List<Door> doors;
    /// One for each door, in the same order.
    private final List<Listener> listeners;
    private Prober prober;
    private final PoolCounters counters = new PoolCounters();
    private final Outcomes outcomes;

    PoolWorker(
            Vertx vertx,
            Context context,
            Protocol protocol,
            List<Server> servers,
            ServerSettings serverSettings,
            ClientSettings clientSettings,
            List<Door> doors,
            NetServerOptions listening,
            Router router,
            Health health,
            Addresses addresses,
            Admission admission,
            Lending lending,
            SubscriptionLimit subscriptionLimit,
            Outcomes.Observer clientLog,
            LimitsConfig limits) {
        this.context = context;
        this.eventLoop = ((ContextInternal) context).nettyEventLoop();
        loop = IoLoop.of(eventLoop);
        limits.memory().ifPresent(memory -> loop.limitMemory(memory.asLongValue()));
        outcomes = new Outcomes(clientLog);
        Connector connector = new Connector(vertx, context, serverSettings, addresses);
        backends = new Backends(servers, serverSettings, lending, health, connector, loop);
        forwarder = new Forwarder(protocol, router, servers.size(), backends, health, counters, subscriptionLimit, loop);
        this.doors = doors;
        listeners = doors.stream()
                .map(door -> new Listener(
                        vertx, listening, protocol, clientSettings, forwarder, counters, outcomes, admission, loop, door.tls()))
                .toList();
    }

    /// Makes this the worker that probes the pool's servers.
    Prober startProber(
            Vertx vertx, List<Server> servers, ServerSettings settings, Probe probe, Health health, Addresses addresses) {
        prober = new Prober(servers, settings, probe, health, new Connector(vertx, context, settings, addresses), loop);
        prober.wake();
        return prober;
    }

    /// Opens all doors.
    Future<Void> listen() {
        List<Future<Integer>> open = new ArrayList<>();
        for (int door = 0; door < doors.size(); door++) {
            open.add(listeners.get(door).listen(doors.get(door).address()));
        }
        return Future.all(open).mapEmpty();
    }

    /// Ends every client's connection once what it has asked has been answered, and refuses new ones.
    void drain() {
        listeners.forEach(Listener::drain);
    }

    /// Ends every client's connection now.
    void closeClients() {
        listeners.forEach(Listener::closeClients);
    }

    /// Closes all doors, also if one cannot be closed properly.
    Future<Void> stopAccepting() {
        return Future.join(listeners.stream().map(Listener::stopAccepting).toList()).mapEmpty();
    }

    /// Ends all connections to servers.
    void closeServers() {
        if (prober != null) {
            prober.close();
        }
        backends.close();
    }

    /// From any thread: what `router` gives decides from the next request on; at once if the caller is the worker's own
    /// thread. It is asked when the change is made: a worker that changes the router itself may still have an older change
    /// by another one in its queue.
    void use(Supplier<Router> router) {
        run(() -> forwarder.use(router.get()));
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
        return listeners.stream().flatMap(listener -> listener.snapshots(which).stream()).toList();
    }

    /// Ends the connections that `which` chooses and says how many; that of client `asker` once it has what it is owed.
    int kill(Predicate<ClientSnapshot> which, int asker) {
        return listeners.stream().mapToInt(listener -> listener.kill(which, asker)).sum();
    }

    /// See [Listener#unblock(int, boolean)].
    CompletableFuture<Boolean> unblock(int client, boolean withError) {
        for (Listener listener : listeners) {
            CompletableFuture<Boolean> whether = listener.unblock(client, withError);
            if (whether != null) {
                return whether;
            }
        }
        return null;
    }

    /// Leaves requests unread.
    void pause(Pause pause) {
        listeners.forEach(listener -> listener.pause(pause));
    }

    /// Ends all pauses.
    void unpause() {
        listeners.forEach(Listener::unpause);
    }

    /// Asks `servers` the same, see [Survey].
    CompletableFuture<List<Survey.Answer>> survey(int[] servers, byte[] request) {
        return Survey.of(servers, request, backends, loop);
    }

    Context context() {
        return context;
    }

    Backends backends() {
        return backends;
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
