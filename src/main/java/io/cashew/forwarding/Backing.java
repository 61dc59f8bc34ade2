package io.cashew.forwarding;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.Request;
import io.cashew.routing.Route;
import io.cashew.routing.Router;
import io.cashew.server.Backends;
import io.cashew.server.Caller;
import io.cashew.server.Health;
import io.cashew.server.PrivateConnections;
import io.cashew.transport.IoLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What stands behind a [Forwarder]: the servers of a pool as one configuration has them, for one worker. A reload puts another
/// one in its place, at once for the next request; what has been begun with this one ends with it.
///
/// Belongs to the event loop of its worker.
public final class Backing {
    private final Protocol protocol;
    private final int servers;
    private final Backends backends;
    private final Health health;
    private final IoLoop loop;
    private final Route route = new Route();
    /// Those whose server waits for data.
    private final Set<PrivateLine> waiting = new HashSet<>();
    private Router router;

    public Backing(Protocol protocol, Router router, int servers, Backends backends, Health health, IoLoop loop) {
        this.protocol = protocol;
        this.router = router;
        this.servers = servers;
        this.backends = backends;
        this.health = health;
        this.loop = loop;
    }

    /// From the next request on, `router` decides. What waits for data may wait in vain from now on, and ends.
    public void use(Router router) {
        if (router != this.router) {
            this.router = router;
            List.copyOf(waiting).forEach(PrivateLine::serversChanged);
        }
    }

    public Backends backends() {
        return backends;
    }

    /// The ring name of `server`.
    String name(int server) {
        return backends.name(server);
    }

    Protocol protocol() {
        return protocol;
    }

    /// How many there are, whether they live or not.
    int servers() {
        return servers;
    }

    Router router() {
        return router;
    }

    PrivateConnections privates() {
        return backends.privates();
    }

    /// The server of `request`, or one of the answers of [Route]; details are left in [#route()].
    int route(Request request) {
        readmit();
        return router.route(request, route);
    }

    void readmit() {
        if (health.readmissionDue(loop.now())) {
            health.readmit(loop.now());
        }
    }

    Route route() {
        return route;
    }

    /// Why `request` cannot go to `server`, or null if it can.
    Failure refusalAt(int server, Request request) {
        if (request.keyCount() == 0 || !router.placesKeys()) {
            return null;
        }
        int target = route(request);
        return target >= 0 && target != server ? Failure.KEYS_ON_SEVERAL_SERVERS : Forwarder.refusal(target);
    }

    /// Says `bytes`, a whole request, to `server` over a connection that `exchange` shares with others.
    void say(int server, Exchange exchange, byte[] bytes, Caller caller) {
        backends.connection(server, exchange.lane(), exchange.client()).call(caller, 0, bytes);
    }

    /// `line` is to hear of it when the servers change.
    void waits(PrivateLine line) {
        waiting.add(line);
    }

    void waitsNoMore(PrivateLine line) {
        waiting.remove(line);
    }
}
