package io.cashew.server;

import io.cashew.metrics.LatencyHistogram;
import io.cashew.metrics.ServerCounters;
import io.cashew.protocol.Failure;
import io.cashew.protocol.ResponseDecoder;
import io.cashew.protocol.Subscribing;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Relief;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The servers of a pool as one worker sees them: its own connections to each, opened when first needed. Clients in different
/// lanes ([io.cashew.protocol.Protocol#lanes()]) have different connections.
///
/// twemproxy hands requests to the connections of a server in turn, so that two requests of one client for one key can
/// overtake each other. Here a client stays on one connection of each server: with `server_connections` above 1 it still
/// sees its own writes in order.
public final class Backends implements Relief {
    /// How long requests fail at once after a connection could not be made, before the next one is tried: to a port that
    /// refuses, a loop could otherwise do nothing but try, and the other servers' requests would wait for it.
    private static final long HOLD_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final List<Server> servers;
    private final ServerSettings settings;
    private final Health health;
    private final Connector connector;
    private final Lending lending;
    private final IoLoop loop;
    /// For each server, lane by lane, slot by slot.
    private final ServerConnection[][] connections;
    private final int slots;
    private final ServerCounters[] counters;
    private final LatencyHistogram[] latencies;
    private final PrivateConnections privates;
    /// Of each server the connection for a single client that was opened last.
    private final ServerConnection[] privateTries;
    /// Connections that take no more calls, with some under way: to where servers were before they moved, or for a client that
    /// has not ended what it had begun. Seldom any; read by those who ask for
    /// figures, too.
    private final List<ServerConnection> leaving = new CopyOnWriteArrayList<>();
    /// Who listens to servers; read by those who ask for figures, too.
    private final List<SubscriberConnection> subscribers = new CopyOnWriteArrayList<>();
    private boolean closed;

    public Backends(
            List<Server> servers,
            ServerSettings settings,
            Lending lending,
            Health health,
            Connector connector,
            IoLoop loop) {
        this.lending = lending;
        this.servers = List.copyOf(servers);
        this.settings = settings;
        this.health = health;
        this.connector = connector;
        this.loop = loop;
        this.slots = settings.connections();
        this.connections = new ServerConnection[servers.size()][settings.lanes() * slots];
        this.counters = new ServerCounters[servers.size()];
        this.latencies = new LatencyHistogram[servers.size()];
        for (int server = 0; server < counters.length; server++) {
            counters[server] = new ServerCounters();
            latencies[server] = new LatencyHistogram();
        }
        privateTries = new ServerConnection[servers.size()];
        privates = new PrivateConnections(new Home(), lending, counters, settings.lanes(), loop);
        loop.register(this);
    }

    /// The same worker's backends after a reload: `servers`, spoken to by `settings`. What has been counted goes on for the
    /// servers that stay, which are those of the same name and address, and so do the connections that are as `settings` would
    /// make them. What is left here is to be [retired][#retire()].
    public Backends successor(
            List<Server> servers, ServerSettings settings, Health health, Addresses addresses, Supplier<Connector> newConnector) {
        boolean sameConnections = this.settings.makeTheSame(settings);
        Backends next = new Backends(
                servers,
                settings,
                lending,
                health,
                sameConnections ? connector.successor(settings, addresses) : newConnector.get(),
                loop);
        for (Server server : servers) {
            server.among(this.servers).ifPresent(before -> {
                next.counters[server.index()] = counters[before.index()];
                next.latencies[server.index()] = latencies[before.index()];
                if (sameConnections) {
                    next.take(server, connections[before.index()]);
                }
            });
        }
        return next;
    }

    private void take(Server server, ServerConnection[] ofServer) {
        for (int place = 0; place < ofServer.length; place++) {
            ServerConnection connection = ofServer[place];
            if (connection != null && connection.usable()) {
                connection.goesOn(server, settings, health);
                connections[server.index()][place] = connection;
                ofServer[place] = null;
            }
        }
    }

    /// Nobody calls these servers here any more: connections end when they owe nothing.
    public void retire() {
        for (int server = 0; server < connections.length; server++) {
            leave(server);
        }
        privates.closeIdle();
    }

    private void leave(int server) {
        for (int place = 0; place < connections[server].length; place++) {
            ServerConnection connection = connections[server][place];
            if (connection != null && !connection.closed()) {
                connections[server][place] = null;
                leaving.add(connection);
                connection.leave();
            }
        }
    }

    /// Whether nothing is owed any more. For one that has retired.
    public boolean quiet() {
        leaving.removeIf(ServerConnection::closed);
        return leaving.isEmpty() && privates.allReturned() && subscribers.isEmpty();
    }

    /// `server` is to get no more requests: its connections end when they owe nothing. What waits for data there ends at once, so
    /// that its client asks again.
    public void withdraw(int server) {
        leaving.removeIf(ServerConnection::closed);
        leave(server);
        privates.follow(server, ServerConnection::closed);
    }

    /// Ends all connections to `server` now; unanswered calls fail with `reason`.
    public void cut(int server, Failure reason) {
        withdraw(server);
        leaving.stream().filter(connection -> connection.server().index() == server)
                .forEach(connection -> connection.close(reason));
        privates.cut(server, reason);
    }

    /// The ring name of `server`.
    public String name(int server) {
        return servers.get(server).name();
    }

    /// The connection of `server` that `client`, which is in `lane`, uses; opened now if there is none. Never null; it may fail
    /// the next call.
    public ServerConnection connection(int server, int lane, int client) {
        int place = slots == 1 ? lane : lane * slots + Integer.remainderUnsigned(client, slots);
        ServerConnection connection = connections[server][place];
        return connection != null && (!connection.closed() || holdsOff(connection)) ? connection : open(server, place);
    }

    /// Opens one connection to every server (`preconnect`), for the lane of new clients.
    public void preconnect() {
        for (Server server : servers) {
            connection(server.index(), 0, 0);
        }
    }

    /// Connections for one client at a time.
    public PrivateConnections privates() {
        return privates;
    }

    /// Listens to what `server` says in `language` of its own accord, as soon and as long as `owner` wants to hear it.
    public SubscriberConnection subscriber(int server, Subscribing language, SubscriberConnection.Owner owner) {
        SubscriberConnection subscriber = new SubscriberConnection(this, server, language, owner, loop);
        subscribers.add(subscriber);
        return subscriber;
    }

    void forget(SubscriberConnection subscriber) {
        subscribers.remove(subscriber);
    }

    /// Its calls are as many as there are channels, which is bounded elsewhere.
    ServerConnection openHearing(int server, ResponseDecoder decoder, Hearer hearer) {
        return connected(new ServerConnection(
                servers.get(server), 0, 0, settings.unbounded(), counters[server], latencies[server], health, loop, decoder,
                        hearer));
    }

    /// What this worker has counted about `server`.
    public ServerCounters counters(int server) {
        return counters[server];
    }

    /// How long this worker's calls of `server` took: from the iteration of the event loop that gave them to a connection,
    /// which may have to be made first, to the one that received the reply. Calls without a reply are not among them.
    public LatencyHistogram latency(int server) {
        return latencies[server];
    }

    /// Calls sent to `server`, or waiting to be sent, that have not been answered.
    public int pending(int server) {
        return ofServer(server).mapToInt(ServerConnection::pending).sum();
    }

    /// The same in more detail. Any thread; a reading may be a moment old.
    public Queued queued(int server) {
        return ofServer(server).map(ServerConnection::queued).reduce(Queued.NOTHING, Queued::plus);
    }

    private Stream<ServerConnection> ofServer(int server) {
        Stream<ServerConnection> shared = Arrays.stream(connections[server]).filter(Objects::nonNull);
        Stream<ServerConnection> others = Stream.of(
                        leaving.stream(),
                        privates.lent(),
                        subscribers.stream().map(SubscriberConnection::connection).filter(Objects::nonNull))
                .flatMap(connections -> connections)
                .filter(connection -> connection.server().index() == server);
        return Stream.concat(shared, others);
    }

    /// The name of `server` has another address now. Connections to the old one answer what they have been asked, then they
    /// end; one that is still being made is made to the new one, and what waits on it has not been sent.
    public void follow(int server) {
        Endpoint endpoint = servers.get(server).endpoint();
        leaving.removeIf(ServerConnection::closed);
        privates.follow(server, connection -> connection.closed() || connector.isUpToDate(endpoint, connection));
        for (SubscriberConnection subscriber : subscribers) {
            ServerConnection connection = subscriber.connection();
            if (subscriber.server() == server && connection != null && !connector.isUpToDate(endpoint, connection)) {
                connection.close(Failure.SERVERS_CHANGED);
            }
        }
        for (int place = 0; place < connections[server].length; place++) {
            ServerConnection connection = connections[server][place];
            if (connection == null || connection.closed() || connector.isUpToDate(endpoint, connection)) {
                continue;
            }
            if (connection.connecting()) {
                connector.connect(endpoint, connection);
            } else {
                connections[server][place] = null;
                leaving.add(connection);
                connection.leave();
            }
        }
    }

    @Override
    public long largest() {
        ServerConnection largest = largestConnection();
        return largest == null ? 0 : largest.unsentBytes();
    }

    @Override
    public void dropLargest() {
        ServerConnection largest = largestConnection();
        if (largest != null) {
            largest.dropForMemory();
        }
    }

    private ServerConnection largestConnection() {
        ServerConnection largest = privates.largest();
        for (ServerConnection[] ofServer : connections) {
            for (ServerConnection connection : ofServer) {
                if (connection != null
                        && !connection.closed()
                        && (largest == null || connection.unsentBytes() > largest.unsentBytes())) {
                    largest = connection;
                }
            }
        }
        return largest;
    }

    /// Ends all connections; unanswered calls fail with `reason`.
    public void close(Failure reason) {
        if (closed) {
            return;
        }
        closed = true;
        loop.forget(this);
        for (ServerConnection[] ofServer : connections) {
            for (ServerConnection connection : ofServer) {
                if (connection != null) {
                    connection.close(reason);
                }
            }
        }
        leaving.forEach(connection -> connection.close(reason));
        privates.close(reason);
        subscribers.forEach(SubscriberConnection::close);
        connector.close();
    }

    /// Where servers are ejected, each request's failure counts, as with twemproxy, and there are soon no more of them.
    private boolean holdsOff(ServerConnection closed) {
        return !health.ejects() && closed.couldNotBeMade() && loop.now() - closed.closedAt() < HOLD_OFF_NANOS;
    }

    private ServerConnection open(int server, int place) {
        ServerConnection connection = open(server, place / slots, place % slots);
        connections[server][place] = connection;
        return connection;
    }

    private final class Home implements PrivateConnections.Home {
        @Override
        public ServerConnection open(int server, int lane) {
            ServerConnection last = privateTries[server];
            if (last != null && last.closed() && holdsOff(last)) {
                return last;
            }
            privateTries[server] = Backends.this.open(server, lane, 0);
            return privateTries[server];
        }

        @Override
        public void leaves(ServerConnection connection) {
            leaving.removeIf(ServerConnection::closed);
            leaving.add(connection);
        }
    }

    private ServerConnection open(int server, int lane, int slot) {
        return connected(new ServerConnection(
                servers.get(server), lane, slot, settings, counters[server], latencies[server], health, loop));
    }

    private ServerConnection connected(ServerConnection connection) {
        counters[connection.server().index()].connects++;
        if (closed) {
            connection.close(Failure.POOL_STOPPED);
        } else {
            connector.connect(connection.server().endpoint(), connection);
        }
        return connection;
    }
}
