package io.cashew.server;

import io.cashew.metrics.LatencyHistogram;
import io.cashew.metrics.ServerCounters;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Probe;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Asks the servers of a pool whether they serve: ejected ones before they come back, and all of them now and then where
/// that is wanted. [Health] says when, and draws the conclusions.
///
/// There is one per pool, on the event loop of one of its workers. Every question has a connection of its own, so that
/// what is tried is what a client's request would need: connect, greeting, request, answer. It waits for nothing; one
/// timer sleeps until the next server is due.
public final class Prober {
    private final List<Server> servers;
    private final ServerSettings settings;
    private final Probe probe;
    private final Health health;
    private final Health ofNobody;
    private final Connector connector;
    private final IoLoop loop;
    /// Connections of questions that have not been answered; null where there is none.
    private final ServerConnection[] asking;
    private ScheduledFuture<?> timer;
    private boolean closed;

    /// Made on the event loop. `settings` say how long a question may take, connecting included.
    public Prober(
            List<Server> servers, ServerSettings settings, Probe probe, Health health, Connector connector, IoLoop loop) {
        this.servers = servers;
        this.settings = settings;
        this.probe = probe;
        this.health = health;
        this.ofNobody = Health.ofNobody(servers.size());
        this.connector = connector;
        this.loop = loop;
        this.asking = new ServerConnection[servers.size()];
    }

    /// From any thread: looks whether a server is due; to be called at the start and whenever one is ejected.
    public void wake() {
        loop.eventLoop().execute(this::look);
    }

    /// Ends all questions. On the event loop.
    public void close() {
        closed = true;
        if (timer != null) {
            timer.cancel(false);
        }
        for (ServerConnection connection : asking) {
            if (connection != null) {
                connection.close(Failure.POOL_STOPPED);
            }
        }
        connector.close();
    }

    private void look() {
        if (closed) {
            return;
        }
        long next = Health.NEVER;
        for (Server server : servers) {
            if (asking[server.index()] == null) {
                long left = health.untilProbe(server.index(), System.nanoTime());
                if (left == 0) {
                    ask(server);
                } else {
                    next = Math.min(next, left);
                }
            }
        }
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        if (next != Health.NEVER) {
            timer = loop.eventLoop().schedule(this::look, next, TimeUnit.NANOSECONDS);
        }
    }

    private void ask(Server server) {
        ServerConnection connection = new ServerConnection(
                server, 0, 0, settings, new ServerCounters(), new LatencyHistogram(), ofNobody, loop);
        asking[server.index()] = connection;
        connector.connect(server.endpoint(), connection);
        connection.call(new Question(), server.index(), probe.bytes().length).write(probe.bytes());
    }

    /// Receives the one answer of a connection; its tag is the server.
    private final class Question implements Caller {
        @Override
        public void onResponse(int server, Frame response) {
            boolean good = probe.accepts(response.bytes(), response.start(), response.length());
            ServerConnection connection = asking[server];
            asking[server] = null;
            // Nothing waits on it, so nobody hears the reason.
            connection.close(Failure.SERVER_CLOSED);
            if (good) {
                health.probeAnswered(server, System.nanoTime());
            } else {
                health.probeFailed(server, Failure.SERVER_MISBEHAVED, System.nanoTime());
            }
            wake();
        }

        @Override
        public void onFailure(int server, Failure failure) {
            asking[server] = null;
            if (!closed) {
                health.probeFailed(server, failure, System.nanoTime());
                wake();
            }
        }
    }
}
