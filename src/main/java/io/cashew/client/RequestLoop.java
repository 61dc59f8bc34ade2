package io.cashew.client;

import io.cashew.forwarding.Forwarder;
import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Client;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Command;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.Replies;
import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import io.cashew.protocol.Session;
import io.cashew.transport.Frame;
import io.cashew.transport.Incomplete;
import io.cashew.transport.Inlet;
import io.cashew.transport.IoLoop;
import java.lang.foreign.MemorySegment;
import org.jboss.logging.Logger;

/// Takes one client's requests in the order in which they come: each is answered here, or sent on its way to the servers.
///
/// A request is held back that must not overtake those before it, which is what [Session#needsQuiet(Request)] says: it stays where
/// it is, and nothing behind it is read, until they are answered. So is one that a [Restraint] holds, or that the client's
/// [Aside] cannot do now.
final class RequestLoop implements Inlet.Reader {
    private static final Logger LOG = Logger.getLogger(RequestLoop.class);

    private final ClientConnection connection;
    private final ClientExchange exchange;
    private final Session session;
    private final RequestDecoder decoder;
    private final ReplyQueue replies;
    private final Restraint restraint;
    private final Aside aside;
    private final Forwarder forwarder;
    private final PoolCounters counters;
    private final Outcomes outcomes;
    private final IoLoop loop;
    private final Journal journal;
    private final Request request = new Request();
    private final Frame frame = new Frame();
    private Inlet inlet;
    /// How many received bytes are those of a request that is held back until everything before it is answered; 0 if none is.
    private int held;
    /// Whether it lies there as it was received, and not in memory of the decoder's own.
    private boolean heldInPlace;
    /// The pool's servers are others than they were for some of the requests under way: the next one waits for those.
    private boolean settling;
    /// Whether an answer is under way that takes some time here: nothing is looked at until it is there, so that nobody can have
    /// more than one prepared, and what comes behind sees what it has done.
    private boolean awaiting;
    private Command lastCommand;

    RequestLoop(
            ClientConnection connection,
            ClientExchange exchange,
            Session session,
            RequestDecoder decoder,
            ReplyQueue replies,
            Commons commons) {
        this.connection = connection;
        this.exchange = exchange;
        this.session = session;
        this.decoder = decoder;
        this.replies = replies;
        this.forwarder = commons.forwarder();
        this.counters = commons.counters();
        this.outcomes = commons.outcomes();
        this.loop = commons.loop();
        this.journal = commons.journal();
        this.restraint = new Restraint(replies);
        this.aside = new Aside(connection, this, exchange, session, replies, commons);
        decoder.trust(session.trusted());
    }

    /// Requests come through `inlet`.
    void open(Inlet inlet) {
        this.inlet = inlet;
    }

    @Override
    public Incomplete incomplete() {
        return decoder;
    }

    @Override
    public long read(MemorySegment bytes, long from, long to) {
        long at = from;
        while (at < to && connection.open() && !inlet.paused()) {
            long end = held == 0 ? decoder.decode(bytes, at, to, request) : takeUp(bytes, at);
            if (end == RequestDecoder.INCOMPLETE) {
                return at;
            }
            if (end == RequestDecoder.MALFORMED) {
                replies.complete(replies.open(), decoder.complaint());
                connection.leave(decoder.cause());
                return to;
            }
            if (request.wordCount() > 0) {
                settling &= replies.unanswered() > 0;
                if (settling || replies.unanswered() > 0 && session.needsQuiet(request) || !take()) {
                    hold(bytes, (int) (end - at));
                    return at;
                }
            }
            at = end;
        }
        return connection.open() ? at : to;
    }

    /// Leaves the request that has just been decoded, `length` bytes, where it is, and all behind it unread.
    private void hold(MemorySegment bytes, int length) {
        held = length;
        heldInPlace = request.bytes() == bytes;
        inlet.pause();
    }

    /// Goes on with the request that was held back, which is at `at` now, and says where it ends.
    private long takeUp(MemorySegment bytes, long at) {
        if (heldInPlace) {
            request.place(bytes, at, request.length());
        }
        long end = at + held;
        held = 0;
        return end;
    }

    /// Whether the request has been taken; otherwise it is to be held back.
    private boolean take() {
        if (restraint.active() && restraint.holds(request.command())) {
            return false;
        }
        byte[] answer = aside.takesAll() ? Session.APART : session.answer(request);
        if (answer == Session.APART) {
            return takeAside();
        }
        int tag = begin();
        if (answer == null) {
            forward(tag, place());
        } else if (answer == Session.LATER) {
            answerLater(tag);
        } else {
            answer(tag, answer);
        }
        connection.onRequestTaken();
        return true;
    }

    /// The same for a request that is apart.
    private boolean takeAside() {
        if (!aside.take(request)) {
            return false;
        }
        if (aside.waits() || aside.asksToHear()) {
            inlet.pause();
        }
        connection.onRequestTaken();
        return true;
    }

    /// The number of the request, which is looked at from now on.
    int begin() {
        if (restraint.active()) {
            restraint.onRequest();
        }
        counters.requests++;
        lastCommand = request.command();
        return replies.open();
    }

    /// Where the request lies.
    Frame place() {
        frame.place(request.bytes(), request.start(), request.length(), inlet);
        return frame;
    }

    void forward(int tag, Frame frame) {
        if (journal.isOn()) {
            forwarder.forwardAndTell(journal.note(exchange, request), tag, request, frame);
        } else {
            forwarder.forward(exchange, tag, request, frame);
        }
    }

    /// Gives the answer that the session has made, which may have changed what the session says.
    void answer(int tag, byte[] answer) {
        counters.answeredLocally++;
        Replies wanted = session.replies();
        if (wanted != null) {
            restraint.hear(wanted);
        }
        replies.complete(tag, answer);
        Failure refusal = session.refusal();
        if (refusal != null) {
            outcomes.fail(exchange.who(), refusal);
        }
        followSession();
        if (session.leaving()) {
            connection.sayGoodbye();
        }
    }

    /// What the session has answered may have changed it.
    private void followSession() {
        decoder.trust(session.trusted());
        exchange.lane(session.lane());
    }

    /// Gives the answer when the session has it.
    void answerLater(int tag) {
        counters.answeredLocally++;
        awaiting = true;
        inlet.pause();
        session.later()
                .whenComplete((answer, mistake) -> loop.eventLoop().execute(() -> onLateAnswer(tag, answer, mistake)));
    }

    private void onLateAnswer(int tag, byte[] answer, Throwable mistake) {
        Client client = exchange.who();
        awaiting = false;
        if (mistake != null) {
            LOG.errorf(mistake, "a request of client %s could not be answered", client);
            connection.close(CloseCause.FAULT);
        } else if (!connection.closed()) {
            if (answer[0] == '-') {
                outcomes.fail(client, Failure.REQUEST_INVALID);
            }
            followSession();
            replies.complete(tag, answer);
            connection.onProgress();
        }
    }

    /// The pool has been reloaded, and `protocol` is its language now. Answers under way come from where they were asked for;
    /// what follows must not overtake them on other connections.
    void reloaded(Protocol protocol) {
        protocol.adopt(session);
        decoder.trust(session.trusted());
        settling = replies.unanswered() > 0;
    }

    /// From now on requests wait as `pause` says; null for none.
    void pause(Pause pause) {
        restraint.pause(pause);
    }

    /// Where requests go that are apart.
    Aside aside() {
        return aside;
    }

    /// Whether a request is here that waits for those before it.
    boolean holds() {
        return held > 0;
    }

    /// Whether a request is here that waits because the pool pauses.
    boolean pauses() {
        return holds() && restraint.pauses(request.command());
    }

    /// Whether the next request has to wait until the client is owed nothing.
    boolean needsQuiet() {
        return holds() || aside.waits() || aside.asksToHear();
    }

    /// Whether the next request has to wait for something that is not an answer from a server.
    boolean busy() {
        return awaiting || aside.opens();
    }

    /// The name of what was asked last; empty if nothing was.
    String lastCommand() {
        return lastCommand == null ? "" : lastCommand.label();
    }
}
