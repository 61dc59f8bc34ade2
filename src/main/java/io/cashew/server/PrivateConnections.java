package io.cashew.server;

import io.cashew.metrics.LatencyHistogram;
import io.cashew.metrics.ServerCounters;
import io.cashew.protocol.Failure;
import io.cashew.transport.IoLoop;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Server connections of one worker that are lent to one client at a time.
///
/// Whoever borrows one gives it back, once: [fit to be lent again][#giveBack(ServerConnection)], or [not][#discard]. A few that
/// are idle wait for the next client; those that nobody has needed for a minute are closed.
///
/// Belongs to its event loop, except where a method says otherwise.
public final class PrivateConnections {
    /// For each server and lane. More clients than this seldom begin at once, again and again.
    private static final int MOST_IDLE = 16;

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(30);

    /// Where connections come from, and go to.
    interface Home {
        ServerConnection open(int server, int lane);

        /// `connection` takes no more calls, but owes some answers.
        void leaves(ServerConnection connection);
    }

    private static final class Shelf {
        private final ArrayDeque<ServerConnection> idle = new ArrayDeque<>();
        /// So many, the first ones, have not been needed since the last sweep.
        private int unneeded;
    }

    private final Home home;
    private final Lending lending;
    private final ServerCounters[] counters;
    private final int lanes;
    private final IoLoop loop;
    private final Map<Integer, Shelf> shelves = new HashMap<>();
    private final Set<ServerConnection> lent = ConcurrentHashMap.newKeySet();
    private final LatencyHistogram waits = new LatencyHistogram();
    private boolean sweeping;
    private boolean keepsIdle = true;

    PrivateConnections(Home home, Lending lending, ServerCounters[] counters, int lanes, IoLoop loop) {
        this.home = home;
        this.lending = lending;
        this.counters = counters;
        this.lanes = lanes;
        this.loop = loop;
    }

    /// A connection to `server` in `lane` for one client, or null if the pool has lent as many as it may. It may fail the next
    /// call.
    public ServerConnection borrow(int server, int lane) {
        if (!lending.begin()) {
            return null;
        }
        ServerConnection connection = idle(place(server, lane));
        if (connection == null) {
            connection = home.open(server, lane);
        }
        connection.waits(0, waits);
        lent.add(connection);
        counters[server].lent++;
        return connection;
    }

    /// `connection` may wait `nanos` longer than others for the answers to its calls, until it is given back.
    public void letWait(ServerConnection connection, long nanos) {
        connection.waits(nanos, waits);
    }

    /// It owes nothing, and its server remembers nothing of the client.
    public void giveBack(ServerConnection connection) {
        end(connection);
        int place = place(connection.server().index(), connection.lane());
        Shelf shelf = shelves.computeIfAbsent(place, _ -> new Shelf());
        if (!keepsIdle || !connection.usable() || shelf.idle.size() >= MOST_IDLE) {
            connection.leave();
        } else {
            shelf.idle.addLast(connection);
            sweepLater();
        }
    }

    /// The server may remember something of the client: it ends when it owes nothing any more, or at once.
    public void discard(ServerConnection connection, boolean atOnce) {
        end(connection);
        if (atOnce) {
            connection.close(Failure.SERVER_CLOSED);
            return;
        }
        connection.leave();
        if (!connection.closed()) {
            home.leaves(connection);
        }
    }

    private void end(ServerConnection connection) {
        lent.remove(connection);
        counters[connection.server().index()].lent--;
        lending.end();
    }

    private int place(int server, int lane) {
        return server * lanes + lane;
    }

    private ServerConnection idle(int place) {
        Shelf shelf = shelves.get(place);
        ServerConnection connection = shelf == null ? null : shelf.idle.pollLast();
        while (connection != null && connection.closed()) {
            connection = shelf.idle.pollLast();
        }
        if (shelf != null) {
            shelf.unneeded = Math.min(shelf.unneeded, shelf.idle.size());
        }
        return connection;
    }

    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            loop.schedule(this::sweep, SWEEP_NANOS);
        }
    }

    private void sweep() {
        sweeping = false;
        for (Shelf shelf : shelves.values()) {
            for (; shelf.unneeded > 0; shelf.unneeded--) {
                shelf.idle.removeFirst().leave();
            }
            shelf.unneeded = shelf.idle.size();
        }
        if (shelves.values().stream().anyMatch(shelf -> shelf.unneeded > 0)) {
            sweepLater();
        }
    }

    /// Those that are lent now. Any thread.
    Stream<ServerConnection> lent() {
        return lent.stream();
    }

    /// The one that holds most, or null if there is none.
    ServerConnection largest() {
        ServerConnection largest = null;
        for (ServerConnection connection : lent) {
            if (largest == null || connection.unsentBytes() > largest.unsentBytes()) {
                largest = connection;
            }
        }
        return largest;
    }

    /// The name of `server` has another address. Connections that do not lead there end: what waits for data at once, so that
    /// its client asks again, and others when they owe nothing.
    void follow(int server, Predicate<ServerConnection> isUpToDate) {
        for (ServerConnection connection : Set.copyOf(lent)) {
            if (connection.server().index() == server && !isUpToDate.test(connection)) {
                if (connection.waits()) {
                    connection.close(Failure.SERVERS_CHANGED);
                } else {
                    connection.leave();
                }
            }
        }
        for (int lane = 0; lane < lanes; lane++) {
            Shelf shelf = shelves.remove(place(server, lane));
            if (shelf != null) {
                shelf.idle.forEach(ServerConnection::leave);
            }
        }
    }

    /// Whether none is lent.
    boolean allReturned() {
        return lent.isEmpty();
    }

    /// Those that are idle end. The next ones are, too.
    void closeIdle() {
        shelves.values().forEach(shelf -> shelf.idle.forEach(ServerConnection::leave));
        shelves.clear();
        keepsIdle = false;
    }

    /// Ends those to `server` that are lent.
    void cut(int server, Failure reason) {
        for (ServerConnection connection : Set.copyOf(lent)) {
            if (connection.server().index() == server) {
                connection.close(reason);
            }
        }
    }

    void close(Failure reason) {
        shelves.values().forEach(shelf -> shelf.idle.forEach(connection -> connection.close(reason)));
        shelves.clear();
        Set.copyOf(lent).forEach(connection -> connection.close(reason));
    }
}
