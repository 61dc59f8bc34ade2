package io.cashew.forwarding;

import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Dialogue;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Listening;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.Request;
import io.cashew.protocol.Split;
import io.cashew.routing.Route;
import io.cashew.routing.Router;
import io.cashew.server.Backends;
import io.cashew.server.Caller;
import io.cashew.server.Health;
import io.cashew.server.PrivateConnections;
import io.cashew.server.ServerConnection;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Outlet;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Carries the requests of one worker's clients to servers. One per worker and pool; belongs to its event loop.
public final class Forwarder {
    /// As many split requests as a busy loop has under way, and as many keys as most have: together under a megabyte.
    private static final int MAX_IDLE = 256;

    private static final int MAX_IDLE_KEYS = 256;

    private final Protocol protocol;
    private final Backends backends;
    private final Health health;
    private final PoolCounters counters;
    private final IoLoop loop;
    private final Route route = new Route();
    private final int servers;
    private final ArrayDeque<Gathering> idle = new ArrayDeque<>();
    private final Consumer<Gathering> whenDone = this::onDone;
    /// Those whose server waits for data.
    private final Set<PrivateLine> waiting = new HashSet<>();
    private final SubscriptionLimit subscriptionLimit;
    private Router router;
    /// Null until somebody subscribes.
    private Subscriptions subscriptions;

    public Forwarder(
            Protocol protocol,
            Router router,
            int servers,
            Backends backends,
            Health health,
            PoolCounters counters,
            SubscriptionLimit subscriptionLimit,
            IoLoop loop) {
        this.protocol = protocol;
        this.router = router;
        this.backends = backends;
        this.health = health;
        this.counters = counters;
        this.subscriptionLimit = subscriptionLimit;
        this.loop = loop;
        this.servers = servers;
    }

    /// From the next request on, `router` decides. What waits for data may wait in vain from now on, and ends.
    public void use(Router router) {
        if (router != this.router) {
            this.router = router;
            List.copyOf(waiting).forEach(PrivateLine::serversChanged);
            if (subscriptions != null) {
                subscriptions.use(backends, router);
            }
        }
    }

    /// A line to servers for one client alone.
    public PrivateLine line(Exchange exchange, Dialogue dialogue) {
        return new PrivateLine(this, exchange, dialogue);
    }

    /// What a client hears of its own wish.
    public Subscriber subscriber(Exchange exchange, Listening listening) {
        if (subscriptions == null) {
            subscriptions = new Subscriptions(protocol.subscribing(), backends, router, subscriptionLimit, counters, loop);
        }
        return new Subscriber(subscriptions, exchange, listening);
    }

    /// Lets `subscriber` hear what `request`, number `tag`, asks for; its exchange hears of the outcome, maybe at once.
    public void subscribe(Subscriber subscriber, int tag, Request request) {
        readmit();
        subscriber.subscribe(tag, request);
    }

    /// Sends `request`, which lies in `frame`, on its way; `exchange` hears of it under the number `tag`.
    public void forward(Exchange exchange, int tag, Request request, Frame frame) {
        int server = route(request);
        switch (server) {
            case Route.SCATTER -> scatter(exchange, tag, request);
            case Route.EACH -> broadcast(exchange, tag, request);
            case Route.SEVERAL_SERVERS, Route.KEY_TOO_LONG, Route.EJECTED_SERVER, Route.NO_LIVE_SERVER ->
                exchange.onFailure(tag, refusal(server));
            default -> {
                ServerConnection connection = backends.connection(server, exchange.lane(), exchange.client());
                if (request.gathered()) {
                    Gathering gathering = gathering();
                    gathering.split().whole(server);
                    begin(gathering, exchange, tag, request);
                    connection.call(gathering, gathering.call(0), frame);
                } else if (request.remedy() != null) {
                    new RemediedCall(protocol, exchange, tag, connection, request).call(frame);
                } else {
                    connection.call(exchange, tag, frame);
                }
            }
        }
    }

    /// The server of `request`, or one of the answers of [Route].
    int route(Request request) {
        readmit();
        return router.route(request, route);
    }

    private void readmit() {
        if (health.readmissionDue(loop.now())) {
            health.readmit(loop.now());
        }
    }

    /// Why a request that goes to one server only cannot go to `server`, which is what [#route(Request)] has said; null if it can.
    static Failure refusal(int server) {
        return switch (server) {
            case Route.SCATTER, Route.EACH, Route.SEVERAL_SERVERS -> Failure.KEYS_ON_SEVERAL_SERVERS;
            case Route.KEY_TOO_LONG -> Failure.KEY_TOO_LONG;
            case Route.EJECTED_SERVER -> Failure.SERVER_EJECTED;
            case Route.NO_LIVE_SERVER -> Failure.NO_LIVE_SERVER;
            default -> null;
        };
    }

    /// Why `request` cannot go to `server`, or null if it can.
    Failure refusalAt(int server, Request request) {
        if (request.keyCount() == 0 || !router.placesKeys()) {
            return null;
        }
        int target = route(request);
        return target >= 0 && target != server ? Failure.KEYS_ON_SEVERAL_SERVERS : refusal(target);
    }

    /// Says `bytes`, a whole request, to `server` over a connection that `exchange` shares with others.
    void say(int server, Exchange exchange, byte[] bytes, Caller caller) {
        backends.connection(server, exchange.lane(), exchange.client()).call(caller, 0, bytes);
    }

    Router router() {
        return router;
    }

    PrivateConnections privates() {
        return backends.privates();
    }

    /// `line` is to hear of it when the servers change.
    void waits(PrivateLine line) {
        waiting.add(line);
    }

    void waitsNoMore(PrivateLine line) {
        waiting.remove(line);
    }

    private void broadcast(Exchange exchange, int tag, Request request) {
        Gathering gathering = gathering();
        gathering.split().each(route.servers(), request.command().calls());
        callParts(gathering, exchange, tag, request);
    }

    /// One part per server, in server order, each with that server's keys in the order of the request; or one per key.
    private void scatter(Exchange exchange, int tag, Request request) {
        Failure refusal = protocol.refusalToSplit(request);
        if (refusal != null) {
            exchange.onFailure(tag, refusal);
            return;
        }
        Gathering gathering = gathering();
        if (request.command().splitsByKey()) {
            gathering.split().byKey(route.serverOfKey(), request.keyCount());
        } else {
            gathering.split().byServer(route.serverOfKey(), request.keyCount());
        }
        callParts(gathering, exchange, tag, request);
    }

    private void callParts(Gathering gathering, Exchange exchange, int tag, Request request) {
        begin(gathering, exchange, tag, request);
        Split split = gathering.split();
        // When the last part fails at once, the split is another request's already.
        int parts = split.parts();
        counters.fragments += parts;
        for (int part = 0; part < parts; part++) {
            int server = split.server(part);
            Outlet out = backends.connection(server, exchange.lane(), exchange.client()).call(gathering, gathering.call(part), 0);
            if (out != null) {
                backends.counters(server).requestBytes += protocol.writePart(request, split, part, out);
            }
        }
    }

    private Gathering gathering() {
        Gathering gathering = idle.pollLast();
        return gathering == null ? new Gathering(servers, whenDone) : gathering;
    }

    private void begin(Gathering gathering, Exchange exchange, int tag, Request request) {
        gathering.begin(exchange, tag, protocol.gather(request, gathering.split(), gathering.spent()));
    }

    /// Those of large requests are not worth their memory.
    private void onDone(Gathering gathering) {
        if (idle.size() < MAX_IDLE && gathering.split().room() <= MAX_IDLE_KEYS) {
            idle.addLast(gathering);
        }
    }
}
