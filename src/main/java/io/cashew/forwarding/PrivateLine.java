package io.cashew.forwarding;

import io.cashew.protocol.Dialogue;
import io.cashew.protocol.Errand;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Request;
import io.cashew.routing.Route;
import io.cashew.routing.Router;
import io.cashew.server.Caller;
import io.cashew.server.PrivateConnections;
import io.cashew.server.ServerConnection;
import io.cashew.transport.Frame;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/// One client's way to a server over a connection that it has for itself, for as long as it needs one: what its [Dialogue] calls
/// for is done here.
///
/// ```
///   FREE ──▶ WATCHING ──▶ OPENING ──the server queues──▶ QUEUEING ──EXEC, DISCARD──▶ ENDING ──▶ FREE
///    │ └──────────────────────▲                                                        ▲
///    └──▶ WAITING ─────────────────────────────────────────────────────answered────────┘
/// ```
///
/// What waits at every server does so [beside it][WaitEverywhere], and nothing is asked here meanwhile.
///
/// Nothing is queued before the server has said that it queues: if it refused MULTI, it would execute what follows. A connection
/// that is lost is not replaced, and nothing is sent twice. Only a connection of which the server remembers nothing goes back to
/// the others.
///
/// Belongs to the event loop of its client.
public final class PrivateLine implements Caller {
    private enum Stage {
        FREE,
        WATCHING,
        OPENING,
        QUEUEING,
        ENDING,
        WAITING
    }

    private final Forwarder forwarder;
    private final Exchange exchange;
    private final Dialogue dialogue;
    private final Caller opening = new Opening();
    private final Caller ofKept = new OfKept();
    private final KeptRequests kept = new KeptRequests();
    private Stage stage = Stage.FREE;
    private ServerConnection connection;
    private int server;
    /// Where the connection is from, and goes back to.
    private Backing home;
    /// What decided that it is this server.
    private Router router;
    /// Whether EXEC has been called, and under which number.
    private boolean running;
    /// Who hears of EXEC.
    private Exchange runner;
    private int runTag;
    /// The server has refused something, or not answered, so that nobody knows what it remembers.
    private boolean doubtful;
    private boolean closed;
    /// What waits at every server now; null if nothing does.
    private WaitEverywhere everywhere;

    PrivateLine(Forwarder forwarder, Exchange exchange, Dialogue dialogue) {
        this.forwarder = forwarder;
        this.exchange = exchange;
        this.runner = exchange;
        this.dialogue = dialogue;
    }

    /// Whether it has a connection.
    public boolean held() {
        return connection != null;
    }

    /// Whether a server has been asked to wait.
    public boolean waits() {
        return stage == Stage.WAITING || everywhere != null;
    }

    /// Whether a server is being asked to begin: the next request has to wait for that.
    public boolean opens() {
        return stage == Stage.OPENING;
    }

    /// Whether requests that go another way have to wait, because answers are owed here.
    public boolean owes() {
        return connection != null && connection.pending() > 0;
    }

    /// Bytes kept for the client.
    public int keptBytes() {
        return kept.room();
    }

    /// Prepares for `request`. False if that takes some time: then [Exchange#onLineChanged()] follows, and the request is to be
    /// shown again, in whatever its errand is then.
    public boolean ready(Errand errand, Request request) {
        if (connection != null && stage != Stage.ENDING && !connection.usable()) {
            lose(Failure.TRANSACTION_LOST);
            return true;
        }
        boolean opens = errand == Errand.QUEUE || errand == Errand.RUN;
        if (!opens || stage == Stage.QUEUEING) {
            return true;
        }
        if (stage == Stage.OPENING) {
            return false;
        }
        if (connection == null) {
            Failure refusal = connect(request);
            if (refusal != null) {
                dialogue.lost(refusal, false);
                kept.clear();
                return true;
            }
        }
        stage = Stage.OPENING;
        call(opening, dialogue.opening(), 0, dialogue.opening().length);
        // It may have failed at once.
        return stage != Stage.OPENING;
    }

    /// From now on `exchange` hears of EXEC, in the client's stead; also of the server that is asked.
    public void runsFor(Exchange exchange) {
        runner = exchange;
    }

    /// Does what `errand` says, for request number `tag`, which lies in `frame`. [#ready(Errand, Request)] has said true.
    public void carry(Errand errand, int tag, Request request, Frame frame) {
        switch (errand) {
            case NONE, BEGIN, SUBSCRIBE, UNSUBSCRIBE -> {}
            case KEEP -> kept.add(request);
            case WAIT -> letWait(tag, request, frame);
            case WAIT_EVERYWHERE -> letAllWait(tag, request, frame);
            case WATCH -> watch(tag, request, frame);
            case QUEUE -> queue(tag, request, frame);
            case RUN -> run(tag, frame);
            case END -> {
                stage = Stage.ENDING;
                connection.call(this, tag, frame);
            }
            case DROP -> drop();
        }
    }

    /// Null if there is a connection now to the server of `request`.
    private Failure connect(Request request) {
        Backing backing = forwarder.backing();
        int target = backing.route(request);
        Failure refusal = Forwarder.refusal(target);
        if (refusal != null) {
            return refusal;
        }
        connection = backing.privates().borrow(target, exchange.lane());
        if (connection == null) {
            return Failure.TOO_MANY_PRIVATE;
        }
        server = target;
        home = backing;
        router = backing.router();
        doubtful = false;
        return null;
    }

    private void letWait(int tag, Request request, Frame frame) {
        // A client that watches has its connection already, and may have it at another server.
        Failure refusal = connection == null ? connect(request) : home.refusalAt(server, request);
        if (refusal != null) {
            exchange.onFailure(tag, refusal);
            return;
        }
        stage = Stage.WAITING;
        home.waits(this);
        home.privates().letWait(connection, dialogue.patience(request));
        identify(connection);
        connection.call(this, tag, frame);
    }

    /// Asks the server as whom it knows `lent`, if nobody has: whoever wants it to wait no longer has to say that.
    void identify(ServerConnection lent) {
        if (lent.identity() == ServerConnection.NOT_ASKED) {
            lent.call(new Identification(lent, dialogue), 0, dialogue.identification());
        }
    }

    private void letAllWait(int tag, Request request, Frame frame) {
        Backing backing = forwarder.backing();
        Failure refusal = Forwarder.refusalEverywhere(backing.route(request));
        if (refusal != null) {
            exchange.onFailure(tag, refusal);
            return;
        }
        everywhere = new WaitEverywhere(this, backing, exchange, tag, dialogue);
        everywhere.begin(request, frame);
    }

    /// Every server has answered, or that does not matter any more.
    void waitedEverywhere() {
        everywhere = null;
        exchange.onLineChanged();
    }

    private void watch(int tag, Request request, Frame frame) {
        Failure refusal = connection == null ? connect(request) : home.refusalAt(server, request);
        if (refusal != null) {
            exchange.onFailure(tag, refusal);
            dialogue.undone();
            return;
        }
        stage = Stage.WATCHING;
        connection.call(this, tag, frame);
    }

    private void queue(int tag, Request request, Frame frame) {
        Failure refusal = home.refusalAt(server, request);
        if (refusal == null) {
            connection.call(this, tag, frame);
        } else {
            exchange.onFailure(tag, refusal);
            dialogue.undone();
            drop();
        }
    }

    private void run(int tag, Frame frame) {
        if (router != home.router()) {
            // Its keys may live elsewhere now.
            runner.onFailure(tag, Failure.TRANSACTION_LOST);
            drop();
            return;
        }
        stage = Stage.ENDING;
        running = true;
        runTag = tag;
        runner.onChosen(home.name(server));
        connection.call(this, tag, frame);
    }

    private void call(Caller caller, byte[] bytes, int from, int to) {
        var out = connection.call(caller, 0, to - from);
        if (out != null) {
            out.write(MemorySegment.ofArray(bytes), from, to - from);
        }
    }

    private void sendKept() {
        for (int i = 0; i < kept.count() && connection != null; i++) {
            call(ofKept, kept.bytes(), kept.start(i), kept.end(i));
        }
        kept.clear();
    }

    /// Hears whether the server queues from now on.
    private final class Opening implements Caller {
        @Override
        public void onResponse(int tag, Frame response) {
            if (stage != Stage.OPENING) {
                return;
            }
            if (dialogue.isError(response)) {
                lose(Failure.TRANSACTION_REFUSED);
            } else {
                stage = Stage.QUEUEING;
                sendKept();
            }
            exchange.onLineChanged();
        }

        @Override
        public void onFailure(int tag, Failure failure) {
            if (stage == Stage.OPENING) {
                lose(failure);
                exchange.onLineChanged();
            }
        }
    }

    /// The client has had its answer; if the server refuses, it will refuse EXEC, too.
    private final class OfKept implements Caller {
        @Override
        public void onResponse(int tag, Frame response) {}

        @Override
        public void onFailure(int tag, Failure failure) {
            if (stage == Stage.QUEUEING) {
                lose(failure);
            }
        }
    }

    /// Has the server wait no longer, and answer as if the time was up, or `withError`. `whether` hears whether it was waiting;
    /// also no if it has not told who the connection is.
    public void unblock(boolean withError, CompletableFuture<Boolean> whether) {
        if (everywhere != null) {
            everywhere.unblock(withError, whether);
        } else if (stage == Stage.WAITING) {
            unblock(home, connection, withError, whether);
        } else {
            whether.complete(false);
        }
    }

    /// The same for one connection, which waits at a server of `backing`.
    void unblock(Backing backing, ServerConnection waiting, boolean withError, CompletableFuture<Boolean> whether) {
        if (waiting.identity() < 0) {
            whether.complete(false);
            return;
        }
        backing.say(waiting.server().index(), exchange, dialogue.release(waiting.identity(), withError), new Caller() {
            @Override
            public void onResponse(int tag, Frame response) {
                whether.complete(dialogue.number(response) == 1);
            }

            @Override
            public void onFailure(int tag, Failure failure) {
                whether.complete(false);
            }
        });
    }

    // From the server

    @Override
    public void onResponse(int tag, Frame response) {
        if (closed) {
            return;
        }
        boolean ran = running && tag == runTag;
        if (stage == Stage.ENDING) {
            doubtful |= dialogue.isError(response);
            running &= !ran;
        }
        (ran ? runner : exchange).onResponse(tag, response);
        endIfAnswered();
    }

    @Override
    public void onFailure(int tag, Failure failure) {
        if (closed) {
            return;
        }
        if (running && tag == runTag) {
            running = false;
            runner.onFailure(
                    tag, failure.retry() == Failure.Retry.SAFE ? Failure.TRANSACTION_LOST : Failure.TRANSACTION_UNCERTAIN);
        } else {
            exchange.onFailure(tag, failure);
        }
        doubtful = true;
        switch (stage) {
            case WATCHING, OPENING, QUEUEING -> {
                dialogue.lost(failure, true);
                drop();
            }
            case ENDING, WAITING -> endIfAnswered();
            case FREE -> {}
        }
    }

    private void endIfAnswered() {
        boolean ends = stage == Stage.ENDING || stage == Stage.WAITING;
        if (!ends || connection == null || connection.pending() > 0) {
            return;
        }
        if (stage == Stage.WAITING) {
            home.waitsNoMore(this);
            home.privates().letWait(connection, 0);
        }
        if (stage == Stage.WAITING && dialogue.begun() && !doubtful) {
            stage = Stage.WATCHING;
        } else if (doubtful) {
            dialogue.lost(Failure.TRANSACTION_LOST, false);
            drop();
        } else {
            ServerConnection done = connection;
            PrivateConnections from = home.privates();
            free();
            from.giveBack(done);
        }
        exchange.onLineChanged();
    }

    // The end

    /// The servers of the pool are others than before: what waits would do so in vain.
    void serversChanged() {
        fail(Failure.SERVERS_CHANGED);
    }

    /// Ends what waits, for `reason`, of which the client hears.
    public void fail(Failure reason) {
        if (stage == Stage.WAITING) {
            connection.close(reason);
        }
        if (everywhere != null) {
            everywhere.fail(reason);
        }
    }

    /// The client is gone, and whatever it has begun.
    public void close() {
        closed = true;
        if (everywhere != null) {
            everywhere.close();
        }
        if (connection != null) {
            ServerConnection done = connection;
            home.waitsNoMore(this);
            PrivateConnections from = home.privates();
            free();
            from.discard(done, true);
        }
        kept.clear();
    }

    private void lose(Failure reason) {
        dialogue.lost(reason, false);
        drop();
    }

    private void drop() {
        if (connection != null) {
            ServerConnection done = connection;
            PrivateConnections from = home.privates();
            free();
            from.discard(done, false);
        }
        kept.clear();
    }

    private void free() {
        connection = null;
        home = null;
        router = null;
        stage = Stage.FREE;
        running = false;
    }

    private record Identification(ServerConnection connection, Dialogue dialogue) implements Caller {
        @Override
        public void onResponse(int tag, Frame response) {
            connection.identity(dialogue.number(response));
        }

        @Override
        public void onFailure(int tag, Failure failure) {}
    }
}
