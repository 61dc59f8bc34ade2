package io.cashew.forwarding;

import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Dialogue;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Listening;
import io.cashew.protocol.Request;
import io.cashew.protocol.Split;
import io.cashew.routing.Route;
import io.cashew.server.Backends;
import io.cashew.server.ServerConnection;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Outlet;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/// Carries the requests of one worker's clients to servers. One per worker and pool; belongs to its event loop.
public final class Forwarder {
    /// As many split requests as a busy loop has under way, and as many keys as most have: together under a megabyte.
    private static final int MAX_IDLE = 256;

    private static final int MAX_IDLE_KEYS = 256;

    private final PoolCounters counters;
    private final ArrayDeque<Gathering> idle = new ArrayDeque<>();
    private final Consumer<Gathering> whenDone = this::onDone;
    private final SubscriptionLimit subscriptionLimit;
    private final IoLoop loop;
    private Backing backing;
    /// Null until somebody subscribes.
    private Subscriptions subscriptions;

    public Forwarder(Backing backing, PoolCounters counters, SubscriptionLimit subscriptionLimit, IoLoop loop) {
        this.backing = backing;
        this.counters = counters;
        this.subscriptionLimit = subscriptionLimit;
        this.loop = loop;
    }

    /// From the next request on, these are the servers. What is under way ends where it has begun.
    public void use(Backing next) {
        if (next.servers() != backing.servers()) {
            idle.clear();
        }
        backing = next;
        serversChanged();
    }

    /// Keys and channels may live elsewhere now, as the servers' router says.
    public void serversChanged() {
        if (subscriptions != null) {
            subscriptions.use(backing.backends(), backing.router());
        }
    }

    /// A line to servers for one client alone.
    public PrivateLine line(Exchange exchange, Dialogue dialogue) {
        return new PrivateLine(this, exchange, dialogue);
    }

    /// What a client hears of its own wish.
    public Subscriber subscriber(Exchange exchange, Listening listening) {
        if (subscriptions == null) {
            subscriptions = new Subscriptions(
                    backing.protocol().subscribing(), backing.backends(), backing.router(), subscriptionLimit, counters, loop);
        }
        return new Subscriber(subscriptions, exchange, listening);
    }

    /// Lets `subscriber` hear what `request`, number `tag`, asks for; its exchange hears of the outcome, maybe at once.
    public void subscribe(Subscriber subscriber, int tag, Request request) {
        backing.readmit();
        subscriber.subscribe(tag, request);
    }

    /// Sends `request`, which lies in `frame`, on its way; `exchange` hears of it under the number `tag`.
    public void forward(Exchange exchange, int tag, Request request, Frame frame) {
        forward(backing.route(request), exchange, tag, request, frame);
    }

    /// The same; if it is one server's, `exchange` hears first [which one's][Exchange#onChosen(String)].
    public void forwardAndTell(Exchange exchange, int tag, Request request, Frame frame) {
        int server = backing.route(request);
        if (server >= 0) {
            exchange.onChosen(backing.name(server));
        }
        forward(server, exchange, tag, request, frame);
    }

    private void forward(int server, Exchange exchange, int tag, Request request, Frame frame) {
        Backing backing = this.backing;
        switch (server) {
            case Route.SCATTER -> scatter(exchange, tag, request);
            case Route.EACH -> broadcast(exchange, tag, request);
            case Route.SEVERAL_SERVERS, Route.KEY_TOO_LONG, Route.EJECTED_SERVER, Route.NO_LIVE_SERVER ->
                exchange.onFailure(tag, refusal(server));
            default -> {
                ServerConnection connection = backing.backends().connection(server, exchange.lane(), exchange.client());
                if (request.gathered()) {
                    Gathering gathering = gathering();
                    gathering.split().whole(server);
                    begin(gathering, exchange, tag, request);
                    connection.call(gathering, gathering.call(0), frame);
                } else if (request.remedy() != null) {
                    new RemediedCall(backing.protocol(), exchange, tag, backing.name(server), connection, request).call(frame);
                } else {
                    connection.call(exchange, tag, frame);
                }
            }
        }
    }

    /// Why a request that goes to one server only cannot go to `server`, which is what [Backing#route(Request)] has said; null if
    /// it can.
    static Failure refusal(int server) {
        return switch (server) {
            case Route.SCATTER, Route.EACH, Route.SEVERAL_SERVERS -> Failure.KEYS_ON_SEVERAL_SERVERS;
            case Route.KEY_TOO_LONG -> Failure.KEY_TOO_LONG;
            case Route.EJECTED_SERVER -> Failure.SERVER_EJECTED;
            case Route.NO_LIVE_SERVER -> Failure.NO_LIVE_SERVER;
            default -> null;
        };
    }

    /// The same for a request that goes to every server.
    static Failure refusalEverywhere(int server) {
        return server == Route.EACH ? null : refusal(server);
    }

    /// The servers as they are for the next request.
    Backing backing() {
        return backing;
    }

    private void broadcast(Exchange exchange, int tag, Request request) {
        Gathering gathering = gathering();
        gathering.split().each(backing.route().servers(), request.command().calls());
        callParts(gathering, exchange, tag, request);
    }

    /// One part per server, in server order, each with that server's keys in the order of the request; or one per key.
    private void scatter(Exchange exchange, int tag, Request request) {
        Failure refusal = backing.protocol().refusalToSplit(request);
        if (refusal != null) {
            exchange.onFailure(tag, refusal);
            return;
        }
        Gathering gathering = gathering();
        if (request.command().splitsByKey()) {
            gathering.split().byKey(backing.route().serverOfKey(), request.keyCount());
        } else {
            gathering.split().byServer(backing.route().serverOfKey(), request.keyCount());
        }
        callParts(gathering, exchange, tag, request);
    }

    private void callParts(Gathering gathering, Exchange exchange, int tag, Request request) {
        begin(gathering, exchange, tag, request);
        Backends backends = backing.backends();
        Split split = gathering.split();
        // When the last part fails at once, the split is another request's already.
        int parts = split.parts();
        counters.fragments += parts;
        for (int part = 0; part < parts; part++) {
            int server = split.server(part);
            Outlet out = backends.connection(server, exchange.lane(), exchange.client()).call(gathering, gathering.call(part), 0);
            if (out != null) {
                backends.counters(server).requestBytes += backing.protocol().writePart(request, split, part, out);
            }
        }
    }

    private Gathering gathering() {
        Gathering gathering = idle.pollLast();
        return gathering == null ? new Gathering(backing.servers(), whenDone) : gathering;
    }

    private void begin(Gathering gathering, Exchange exchange, int tag, Request request) {
        gathering.begin(exchange, tag, backing.protocol().gather(request, gathering.split(), gathering.spent()));
    }

    /// Those of large requests are not worth their memory, and those for other servers than there are now are of no use.
    private void onDone(Gathering gathering) {
        if (idle.size() < MAX_IDLE
                && gathering.split().room() <= MAX_IDLE_KEYS
                && gathering.split().servers() == backing.servers()) {
            idle.addLast(gathering);
        }
    }
}
