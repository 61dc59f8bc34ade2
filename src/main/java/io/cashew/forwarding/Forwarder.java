package io.cashew.forwarding;

import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.Request;
import io.cashew.routing.Route;
import io.cashew.routing.Router;
import io.cashew.server.Backends;
import io.cashew.server.Health;
import io.cashew.server.ServerConnection;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Outlet;
import java.util.Arrays;

/// Carries the requests of one worker's clients to servers. One per worker and pool; belongs to its event loop.
public final class Forwarder {
    private final Protocol protocol;
    private final Backends backends;
    private final Health health;
    private final PoolCounters counters;
    private final IoLoop loop;
    private final Route route = new Route();
    private final int[] keysOfServer;
    private final int[] partOfServer;
    private Router router;

    public Forwarder(
            Protocol protocol,
            Router router,
            int servers,
            Backends backends,
            Health health,
            PoolCounters counters,
            IoLoop loop) {
        this.protocol = protocol;
        this.router = router;
        this.backends = backends;
        this.health = health;
        this.counters = counters;
        this.loop = loop;
        this.keysOfServer = new int[servers];
        this.partOfServer = new int[servers];
    }

    /// From the next request on, `router` decides.
    public void use(Router router) {
        this.router = router;
    }

    /// Sends `request`, which lies in `frame`, on its way; `exchange` hears of it under the number `tag`.
    public void forward(Exchange exchange, int tag, Request request, Frame frame) {
        if (health.readmissionDue(loop.now())) {
            health.readmit(loop.now());
        }
        int server = router.route(request, route);
        switch (server) {
            case Route.SCATTER -> scatter(exchange, tag, request);
            case Route.EVERY_SERVER -> broadcast(exchange, tag, request, frame);
            case Route.SEVERAL_SERVERS -> exchange.onFailure(tag, Failure.KEYS_ON_SEVERAL_SERVERS);
            case Route.KEY_TOO_LONG -> exchange.onFailure(tag, Failure.KEY_TOO_LONG);
            case Route.EJECTED_SERVER -> exchange.onFailure(tag, Failure.SERVER_EJECTED);
            case Route.NO_LIVE_SERVER -> exchange.onFailure(tag, Failure.NO_LIVE_SERVER);
            default -> {
                ServerConnection connection = backends.connection(server, exchange.client());
                if (request.gathered()) {
                    Gather gather = protocol.gather(request, new int[request.keyCount()], 1);
                    connection.call(new Gathering(exchange, tag, gather, 1), 0, frame);
                } else {
                    connection.call(exchange, tag, frame);
                }
            }
        }
    }

    private void broadcast(Exchange exchange, int tag, Request request, Frame frame) {
        int parts = keysOfServer.length;
        Gathering gathering = new Gathering(exchange, tag, protocol.gather(request, new int[0], parts), parts);
        counters.fragments += parts;
        for (int server = 0; server < parts; server++) {
            backends.connection(server, exchange.client()).call(gathering, server, frame);
        }
    }

    /// One part per server, in server order, each with that server's keys in the order of the request.
    private void scatter(Exchange exchange, int tag, Request request) {
        int keys = request.keyCount();
        int[] serverOfKey = route.serverOfKey();
        Arrays.fill(keysOfServer, 0);
        for (int key = 0; key < keys; key++) {
            keysOfServer[serverOfKey[key]]++;
        }
        int parts = 0;
        for (int server = 0; server < keysOfServer.length; server++) {
            if (keysOfServer[server] > 0) {
                partOfServer[server] = parts++;
            }
        }
        int[] partOfKey = new int[keys];
        for (int key = 0; key < keys; key++) {
            partOfKey[key] = partOfServer[serverOfKey[key]];
        }
        counters.fragments += parts;
        Gathering gathering = new Gathering(exchange, tag, protocol.gather(request, partOfKey, parts), parts);
        for (int server = 0; server < keysOfServer.length; server++) {
            if (keysOfServer[server] > 0) {
                sendPart(gathering, request, server);
            }
        }
    }

    private void sendPart(Gathering gathering, Request request, int server) {
        ServerConnection connection = backends.connection(server, gathering.client());
        Outlet out = connection.call(gathering, partOfServer[server], 0);
        if (out != null) {
            int length = protocol.writePart(request, route.serverOfKey(), server, keysOfServer[server], out);
            backends.counters(server).requestBytes += length;
        }
    }
}
