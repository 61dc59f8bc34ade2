package io.cashew.server;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Subscribing;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Outlet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// One worker's way to hear what one server says of its own accord: a connection for as long as somebody wants to hear it, and
/// another one, after a pause, when it is lost.
///
/// ```
///   NONE ──prompt──▶ OPENING ──first answer──▶ OPEN
///    ▲ └───after a pause──▲ └──────lost──────────┤
///    └─────────────────────────────lost, unwanted┘
/// ```
///
/// The server is asked for a sign of life now and then: one that says nothing could also be dead.
///
/// Belongs to its event loop.
public final class SubscriberConnection implements Hearer {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long HOLD_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Who wants to hear it.
    public interface Owner {
        /// Whether there is anything to hear; otherwise the connection ends sooner or later.
        boolean listens();

        /// The server can be asked now, and has been asked for nothing so far.
        void onOpen();

        /// Called every now and then while the connection is open.
        void onLook();

        /// `message` is valid during this call only.
        void onMessage(Frame message);

        /// Nothing of what has been asked for comes any more. Calls without an answer have failed before.
        void onLost(Failure reason);
    }

    private final Backends backends;
    private final int server;
    private final Subscribing language;
    private final Owner owner;
    private final IoLoop loop;
    /// Null if there is none now.
    private ServerConnection connection;
    private boolean open;
    private boolean waiting;
    private long lostAt;
    /// Since it was open last.
    private int attempts;
    private boolean closed;

    SubscriberConnection(Backends backends, int server, Subscribing language, Owner owner, IoLoop loop) {
        this.backends = backends;
        this.server = server;
        this.language = language;
        this.owner = owner;
        this.loop = loop;
    }

    /// Sees to it that there is a connection, or will be in a moment.
    public void prompt() {
        if (connection != null || closed) {
            return;
        }
        if (attempts > 0 && loop.now() - lostAt < HOLD_OFF_NANOS) {
            // To a port that refuses, a loop could otherwise do nothing but try.
            loop.schedule(this::connectAgain, HOLD_OFF_NANOS);
        } else {
            connect();
        }
    }

    /// Whether the server can be asked.
    public boolean isOpen() {
        return open && !connection.closed();
    }

    /// Asks the server, which [can be asked][#isOpen()]; it answers once.
    public void call(Caller caller, byte[] request) {
        Outlet out = connection.call(caller, 0, request.length);
        if (out != null) {
            out.write(request);
        }
    }

    private void connect() {
        connection = backends.openHearing(server, language.decoder(), this);
        call(new Greeted(connection), language.ping());
    }

    /// The server takes requests as soon as it answers one.
    private final class Greeted implements Caller {
        private final ServerConnection greeted;

        Greeted(ServerConnection greeted) {
            this.greeted = greeted;
        }

        @Override
        public void onResponse(int tag, Frame response) {
            if (!open) {
                open = true;
                attempts = 0;
                lookLater();
                owner.onOpen();
            }
        }

        @Override
        public void onFailure(int tag, Failure failure) {
            // The connection has ended, and says so itself.
        }

        private void lookLater() {
            loop.schedule(this::look, LOOK_NANOS);
        }

        private void look() {
            if (connection != greeted) {
                return;
            }
            if (owner.listens()) {
                call(this, language.ping());
                owner.onLook();
                lookLater();
            } else {
                end(Failure.SERVER_CLOSED);
            }
        }
    }

    @Override
    public void onMessage(Frame message) {
        owner.onMessage(message);
    }

    @Override
    public void onEnd(ServerConnection ended, Failure reason) {
        if (ended == connection) {
            connection = null;
            open = false;
            lostAt = loop.now();
            owner.onLost(reason);
            if (owner.listens()) {
                connectLater();
            }
        }
    }

    private void connectLater() {
        if (!waiting && !closed) {
            waiting = true;
            long pause = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(attempts++, 10));
            // Not all at the same moment.
            loop.schedule(this::pauseIsOver, pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2));
        }
    }

    private void pauseIsOver() {
        waiting = false;
        connectAgain();
    }

    private void connectAgain() {
        if (owner.listens()) {
            prompt();
        }
    }

    private void end(Failure reason) {
        if (connection != null) {
            ServerConnection ending = connection;
            connection = null;
            open = false;
            ending.close(reason);
        }
    }

    int server() {
        return server;
    }

    /// The connection, or null.
    ServerConnection connection() {
        return connection;
    }

    /// Ends it for good.
    public void close() {
        closed = true;
        end(Failure.POOL_STOPPED);
        backends.forget(this);
    }
}
