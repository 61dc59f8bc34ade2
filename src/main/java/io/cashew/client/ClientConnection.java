package io.cashew.client;

import io.cashew.forwarding.Exchange;
import io.cashew.forwarding.Forwarder;
import io.cashew.forwarding.PrivateLine;
import io.cashew.forwarding.Subscriber;
import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Client;
import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Command;
import io.cashew.protocol.Dialogue;
import io.cashew.protocol.Errand;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.Replies;
import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import io.cashew.protocol.Session;
import io.cashew.transport.Broadcast;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.cashew.transport.Incomplete;
import io.cashew.transport.Inlet;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Outlet;
import io.cashew.transport.Tls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/// One client: requests in, replies out in the same order, reading only as fast as both sides take.
///
/// ```
///   OPEN ──QUIT, end of input, broken bytes──▶ LEAVING ──everything answered and sent──▶ CLOSED
///     └──────────────────────── connection lost ───────────────────────────────────────────┘
/// ```
///
/// A client that is leaving is not read any more, but it still gets every answer it is owed.
///
/// Reading stops while too many of its requests are under way or too many bytes of replies wait to be read; what the
/// client sends meanwhile stays in its socket, and TCP tells it to wait. What is under way by then is answered; a client for
/// whom that is too much is sent away.
///
/// The same way a request is held back that must not overtake those before it, which is what [Session#needsQuiet(Request)]
/// says: it stays where it is, and nothing behind it is read, until they are answered.
///
/// Some requests need a server connection that nobody shares. For them the client has a [PrivateLine]; what goes another way
/// waits until that owes nothing, and nothing is looked at while a server has been asked to wait. A client that ends its side
/// meanwhile is gone, and its server connection with it, so that the server does not wait in vain.
///
/// A client may also hear what it has not asked for each time: as a [Subscriber]. Messages are written between its replies, and one
/// that does not read them is sent away like one that does not read its replies.
///
/// Belongs to the event loop of its channel.
final class ClientConnection extends ChannelInboundHandlerAdapter implements Inlet.Reader, Outlet.Owner, Exchange {
    private static final Logger LOG = Logger.getLogger(ClientConnection.class);

    /// A request that comes slower than this, once its time is up, is not meant to be finished.
    private static final int SLOWEST_BYTES_PER_SECOND = 16 * 1024;

    private enum State {
        OPEN,
        LEAVING,
        CLOSED
    }

    private final Client client;
    private Protocol protocol;
    private final ClientSettings settings;
    private final Forwarder forwarder;
    private final PoolCounters counters;
    private final Outcomes outcomes;
    private final IoLoop loop;
    private final Journal journal;
    private final RequestDecoder decoder;
    private final Session session;
    private final Request request = new Request();
    private final Frame frame = new Frame();
    private final Outlet outlet;
    private final ByteSink stream = this::onPart;
    private final ReplyQueue replies;
    private final Consumer<ClientConnection> whenClosed;
    private ChannelHandlerContext context;
    private Inlet inlet;
    private State state = State.OPEN;
    private boolean saidGoodbye;
    /// Why it was us who ended it; null as long as it was not.
    private CloseCause cause;
    private boolean resuming;
    private boolean draining;
    /// How many received bytes are those of a request that is held back until everything before it is answered; 0 if none is.
    private int held;
    /// Whether it lies there as it was received, and not in memory of the decoder's own.
    private boolean heldInPlace;
    /// The pool's servers are others than they were for some of the requests under way: the next one waits for those.
    private boolean settling;
    /// Null until it is needed.
    private PrivateLine line;
    /// Null until it is needed.
    private Subscriber subscriber;
    /// It is about to be ended, and takes no more messages.
    private boolean ending;
    /// Whether every request is for the dialogue to judge, because something has been begun in it or is held on the line, or
    /// the client hears of what is published.
    private boolean apart;
    private int lane;
    private final Hush hush = new Hush();
    /// Null if there is none.
    private Pause pause;
    /// Whether a request may have to wait for what it does not say itself: a pause, or that a reply is not heard.
    private boolean restrained;
    /// Whether an answer is under way that takes some time here: nothing is looked at until it is there, so that nobody can have
    /// more than one prepared, and what comes behind sees what it has done.
    private boolean awaiting;
    private Command lastCommand;
    private final long since;
    private long lastHeard;
    private boolean unfinished;
    private long unfinishedSince;

    /// `whenClosed` runs once, when the connection is gone.
    ClientConnection(
            Client client,
            Protocol protocol,
            ClientSettings settings,
            Forwarder forwarder,
            PoolCounters counters,
            Outcomes outcomes,
            IoLoop loop,
            Journal journal,
            Consumer<ClientConnection> whenClosed) {
        this.client = client;
        this.protocol = protocol;
        this.settings = settings;
        this.forwarder = forwarder;
        this.counters = counters;
        this.outcomes = outcomes;
        this.loop = loop;
        this.journal = journal;
        this.whenClosed = whenClosed;
        this.decoder = protocol.requestDecoder();
        this.session = protocol.session(client);
        decoder.trust(session.trusted());
        this.outlet = new Outlet(loop, false, this);
        this.replies = new ReplyQueue(loop, outlet);
        this.since = loop.now();
    }

    // From the client

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        // A client may end its side and still wait for its answers.
        context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        inlet = new Inlet(loop, context.channel(), this);
        outlet.open(context);
        lastHeard = loop.now();
        counters.clientsAccepted++;
        counters.clientConnections++;
        if (!context.channel().isOpen()) {
            // Gone before we came: nobody will tell us.
            loop.eventLoop().execute(this::ended);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        lastHeard = loop.now();
        inlet.received((ByteBuf) message);
        if (inlet.heldBytes() == 0) {
            unfinished = false;
        } else if (!unfinished) {
            unfinished = true;
            unfinishedSince = lastHeard;
        }
        leaveAtBoundary();
    }

    /// Why the client's time is up at `now`: it has been silent, or slow with what it has begun, for longer than it may. Null
    /// if it is not up.
    CloseCause overdue(long now) {
        if (state == State.LEAVING) {
            return isOver(settings.unfinishedNanos(), now - lastHeard) ? CloseCause.UNFINISHED : null;
        }
        if (unfinished && !inlet.paused()) {
            long allowance = inlet.heldBytes() / SLOWEST_BYTES_PER_SECOND * TimeUnit.SECONDS.toNanos(1);
            return isOver(settings.unfinishedNanos(), now - unfinishedSince - allowance) ? CloseCause.UNFINISHED : null;
        }
        boolean quiet = replies.unanswered() == 0 && outlet.pendingBytes() == 0 && held == 0 && !hears();
        return quiet && isOver(settings.idleNanos(), now - lastHeard) ? CloseCause.IDLE : null;
    }

    /// A patience of 0 never ends.
    private static boolean isOver(long patience, long waited) {
        return patience > 0 && waited > patience;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Nothing behind us reads or writes; telling it would only cost.
    }

    @Override
    public Incomplete incomplete() {
        return decoder;
    }

    @Override
    public long read(MemorySegment bytes, long from, long to) {
        long at = from;
        while (at < to && state == State.OPEN && !inlet.paused()) {
            long end = held == 0 ? decoder.decode(bytes, at, to, request) : takeUp(bytes, at);
            if (end == RequestDecoder.INCOMPLETE) {
                return at;
            }
            if (end == RequestDecoder.MALFORMED) {
                replies.complete(replies.open(), decoder.complaint());
                leave(decoder.cause());
                return to;
            }
            if (request.wordCount() > 0) {
                settling &= replies.unanswered() > 0;
                if (settling || replies.unanswered() > 0 && session.needsQuiet(request) || !onRequest()) {
                    hold(bytes, (int) (end - at));
                    return at;
                }
            }
            at = end;
        }
        return state == State.OPEN ? at : to;
    }

    /// The pool has been reloaded, and `protocol` is its language now. Answers under way come from where they were asked for;
    /// what follows must not overtake them on other connections.
    void reloaded(Protocol protocol) {
        this.protocol = protocol;
        protocol.adopt(session);
        decoder.trust(session.trusted());
        settling = replies.unanswered() > 0;
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
    private boolean onRequest() {
        if (restrained && !maySpeak()) {
            return false;
        }
        byte[] answer = apart ? Session.APART : session.answer(request);
        if (answer == Session.APART) {
            return onRequestApart();
        }
        int tag = opened();
        if (answer == null) {
            frame.place(request.bytes(), request.start(), request.length(), inlet);
            forward(tag);
        } else if (answer == Session.LATER) {
            answerLater(tag);
        } else {
            answered(tag, answer);
        }
        pauseIfTooMuch();
        return true;
    }

    private void forward(int tag) {
        if (journal.isOn()) {
            forwarder.forwardAndTell(journal.note(this, request), tag, request, frame);
        } else {
            forwarder.forward(this, tag, request, frame);
        }
    }

    /// The number of the request, which is looked at from now on.
    private int opened() {
        if (restrained) {
            hush.onRequest();
            onHush();
        }
        counters.requests++;
        unfinished = false;
        lastCommand = request.command();
        return replies.open();
    }

    private void answered(int tag, byte[] answer) {
        counters.answeredLocally++;
        Replies wanted = session.replies();
        if (wanted != null) {
            hush.change(wanted);
            onHush();
        }
        replies.complete(tag, answer);
        Failure refusal = session.refusal();
        if (refusal != null) {
            outcomes.fail(client, refusal);
        }
        decoder.trust(session.trusted());
        lane = session.lane();
        if (session.leaving()) {
            saidGoodbye = true;
            leave(null);
        }
    }

    /// Whether the request may be taken now: not while the pool pauses, and not as long as a reply is under way that the client
    /// does not want to hear, if it wants to hear this one.
    private boolean maySpeak() {
        boolean paused = pause != null && pause.holds(request.command());
        return !paused && !(hush.divides() && replies.unanswered() > 0);
    }

    private void onHush() {
        replies.silent(hush.silent());
        restrained = pause != null || hush.counts();
    }

    /// From now on requests wait as `pause` says; null for none.
    void pause(Pause pause) {
        this.pause = pause;
        onHush();
        onProgress();
    }

    private void answerLater(int tag) {
        counters.answeredLocally++;
        awaiting = true;
        inlet.pause();
        session.later()
                .whenComplete((answer, mistake) -> loop.eventLoop().execute(() -> onAnswer(tag, answer, mistake)));
    }

    private void onAnswer(int tag, byte[] answer, Throwable mistake) {
        awaiting = false;
        if (mistake != null) {
            LOG.errorf(mistake, "a request of client %s could not be answered", client);
            close(CloseCause.FAULT);
        } else if (state != State.CLOSED) {
            if (answer[0] == '-') {
                outcomes.fail(client, Failure.REQUEST_INVALID);
            }
            replies.complete(tag, answer);
            onProgress();
        }
    }

    private void pauseIfTooMuch() {
        if (replies.unanswered() >= settings.maxUnanswered() || waitingBytes() > settings.maxUnread()) {
            inlet.pause();
        }
    }

    /// Like [#onRequest()], for what the dialogue has to judge.
    private boolean onRequestApart() {
        Dialogue dialogue = session.dialogue();
        if (line == null) {
            line = forwarder.line(this, dialogue);
        }
        if (!dialogue.queueing() && line.owes() || !line.ready(dialogue.errand(request), request)) {
            return false;
        }
        Errand errand = dialogue.errand(request);
        if (errand == Errand.WAIT && inlet.ended()) {
            gone();
            return true;
        }
        int tag = opened();
        byte[] answer = dialogue.answer(request);
        frame.place(request.bytes(), request.start(), request.length(), inlet);
        if (answer == Session.LATER) {
            answerLater(tag);
        } else if (answer != null) {
            line.carry(errand, tag, request, frame);
            if (errand == Errand.UNSUBSCRIBE) {
                counters.answeredLocally++;
                replies.tell(tag, answer);
            } else {
                answered(tag, answer);
            }
            if (subscriber != null) {
                subscriber.follow();
            }
        } else if (errand == Errand.NONE) {
            forward(tag);
        } else if (errand == Errand.SUBSCRIBE) {
            subscribe(dialogue, tag);
        } else {
            if (errand == Errand.RUN) {
                line.runsFor(journal.isOn() ? journal.noteAlone(this, request) : this);
            }
            line.carry(errand, tag, request, frame);
        }
        onLineChanged();
        if (line.waits() || asksToHear()) {
            inlet.pause();
        }
        pauseIfTooMuch();
        return true;
    }

    private void subscribe(Dialogue dialogue, int tag) {
        if (subscriber == null) {
            subscriber = forwarder.subscriber(this, dialogue.listening());
        }
        forwarder.subscribe(subscriber, tag, request);
    }

    @Override
    public void onLineChanged() {
        if (state != State.CLOSED) {
            apart = session.dialogue().begun() || line.held() || hears();
            onProgress();
            if (draining && !apart) {
                // Later: we may be amid the bytes of a message.
                loop.eventLoop().execute(this::leaveAtBoundary);
            }
        }
    }

    private boolean hears() {
        return subscriber != null && subscriber.hears();
    }

    /// Whether servers are being asked to tell this client something.
    private boolean asksToHear() {
        return subscriber != null && subscriber.asks();
    }

    /// Whether a server has been asked to wait for data for this client.
    private boolean waits() {
        return line != null && line.waits();
    }

    /// The client is gone, and with it whatever its server waits for.
    private void gone() {
        saidGoodbye = true;
        ended();
        outlet.closeChannel(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean hasEnded = event instanceof ChannelInputShutdownEvent || event == SslCloseCompletionEvent.SUCCESS;
        if (hasEnded && waits()) {
            gone();
        } else if (hasEnded) {
            saidGoodbye |= state == State.OPEN;
            inlet.end(() -> leave(null));
            outlet.peerHasEnded();
        } else if (event instanceof SslHandshakeCompletionEvent handshake && handshake.cause() instanceof SSLException failure) {
            onHandshakeFailed(failure);
        }
    }

    /// The connection is about to end; the client is still told why, in TLS's words.
    private void onHandshakeFailed(SSLException failure) {
        LOG.debugf("TLS handshake with client %s failed: %s", client, failure.getMessage());
        // One that has left meanwhile cannot finish it.
        if (state == State.OPEN) {
            isOurs(switch (failure) {
                case NotSslRecordException plain -> CloseCause.NOT_TLS;
                case SslHandshakeTimeoutException late -> CloseCause.UNFINISHED;
                case SSLException other -> CloseCause.HANDSHAKE;
            });
        }
    }

    /// Bytes this client makes us hold: requests it has not finished, or that wait until their server is known, and replies it has
    /// not read.
    long heldBytes() {
        return inlet.heldBytes() + waitingBytes() + (line == null ? 0 : line.keptBytes());
    }

    /// Bytes of replies, those included that have overtaken others and wait for their turn.
    private long waitingBytes() {
        return outlet.pendingBytes() + replies.parkedBytes();
    }

    // For those who look at all clients

    ClientSnapshot snapshot() {
        Channel channel = context.channel();
        long now = loop.now();
        return new ClientSnapshot(
                client,
                channel.pipeline().get(Tls.HANDLER) != null,
                channel instanceof UnixChannel unix ? unix.fd().intValue() : -1,
                session.introduction(),
                now - since,
                now - lastHeard,
                lastCommand == null ? "" : lastCommand.label(),
                replies.unanswered(),
                inlet.heldBytes(),
                waitingBytes(),
                waits(),
                state == State.LEAVING);
    }

    Client who() {
        return client;
    }

    /// What the client calls itself; empty if it has not said.
    String name() {
        return session.introduction().name();
    }

    /// Has the server wait no longer that has been asked to; `whether` hears whether one was.
    void unblock(boolean withError, CompletableFuture<Boolean> whether) {
        if (line == null) {
            whether.complete(false);
        } else {
            line.unblock(withError, whether);
        }
    }

    /// What clients may do has changed.
    void mayHaveChanged() {
        if (hears() && !session.mayHear()) {
            close(CloseCause.NOT_PERMITTED);
        }
    }

    /// Somebody wants the client to go; if it is the client itself, it still gets the answer to that. Whether it was not about to
    /// go anyway.
    boolean kill(boolean itself) {
        boolean open = state == State.OPEN;
        if (itself) {
            leave(CloseCause.KILLED);
        } else {
            close(CloseCause.KILLED);
        }
        return open;
    }

    // From the servers

    @Override
    public int lane() {
        return lane;
    }

    @Override
    public int client() {
        return client.id();
    }

    @Override
    public boolean isLast(int tag) {
        return replies.isLast(tag);
    }

    @Override
    public boolean passesOn() {
        return true;
    }

    @Override
    public ByteSink onBegin(int tag) {
        return state == State.CLOSED || replies.begin(tag) ? stream : null;
    }

    /// The next part of a reply that is on its way through; nobody's, if the client has gone.
    private void onPart(MemorySegment bytes, long from, int length) {
        if (state != State.CLOSED && !replies.silent()) {
            try {
                outlet.write(bytes, from, length);
                onProgress();
            } catch (RuntimeException | OutOfMemoryError failure) {
                cannotKeep(failure);
            }
        }
    }

    @Override
    public void onResponse(int tag, Frame response) {
        if (state == State.CLOSED) {
            return;
        }
        try {
            replies.complete(tag, response);
            onProgress();
        } catch (RuntimeException | OutOfMemoryError failure) {
            cannotKeep(failure);
        }
    }

    @Override
    public void onJoined(int tag, Gather gather) {
        if (state == State.CLOSED) {
            gather.release();
            return;
        }
        try {
            replies.complete(tag, gather);
            onProgress();
        } catch (RuntimeException | OutOfMemoryError failure) {
            gather.release();
            cannotKeep(failure);
        }
    }

    @Override
    public void onAnswer(int tag, byte[] answer) {
        if (state != State.CLOSED) {
            replies.complete(tag, answer);
            onLineChanged();
        }
    }

    @Override
    public void onTold(int tag, byte[] messages) {
        if (state != State.CLOSED) {
            replies.tell(tag, messages);
            onLineChanged();
        }
    }

    /// Others get the message, too, so that this client must not end before they have it.
    @Override
    public void onMessage(Broadcast message, byte mark) {
        if (state != State.OPEN || ending) {
            return;
        }
        try {
            replies.push(message, mark);
            if (settings.maxWaiting() > 0 && waitingBytes() > settings.maxWaiting()) {
                closeSoon(CloseCause.SLOW_SUBSCRIBER);
            }
        } catch (RuntimeException | OutOfMemoryError failure) {
            LOG.errorf(failure, "client %s ends because a message cannot be kept for it", client);
            closeSoon(CloseCause.FAULT);
        }
    }

    private void closeSoon(CloseCause why) {
        ending = true;
        loop.eventLoop().execute(() -> close(why));
    }

    /// Whoever brings us a reply serves others, too; it is our trouble alone.
    private void cannotKeep(Throwable failure) {
        LOG.errorf(failure, "client %s ends because a reply cannot be kept for it", client);
        close(CloseCause.FAULT);
    }

    @Override
    public void onFailure(int tag, Failure failure) {
        counters.forwardErrors++;
        outcomes.fail(client, failure);
        if (state != State.CLOSED && replies.hasBegun(tag)) {
            // An error now would be taken for a part of the value.
            close(CloseCause.CUT_OFF);
        } else if (state != State.CLOSED) {
            replies.complete(tag, protocol.sayFailure(failure));
            onProgress();
        }
    }

    @Override
    public void sent() {
        onProgress();
    }

    private void onProgress() {
        if (settings.maxWaiting() > 0 && waitingBytes() > settings.maxWaiting()) {
            close(CloseCause.OUTPUT);
        } else if (state == State.LEAVING) {
            if (replies.unanswered() == 0) {
                outlet.closeWhenSent();
            }
        } else if (inlet.paused() && !resuming && mayResume()) {
            resuming = true;
            // Later in this iteration: we may be deep inside a server connection's loop over its replies.
            loop.eventLoop().execute(this::resume);
        }
    }

    private boolean mayResume() {
        return replies.unanswered() <= (held > 0 || waits() || asksToHear() ? 0 : settings.maxUnanswered() / 2)
                && waitingBytes() <= settings.maxUnread()
                && (line == null || !line.opens())
                && !awaiting;
    }

    private void resume() {
        resuming = false;
        if (state == State.OPEN && mayResume()) {
            inlet.resume();
            leaveAtBoundary();
        }
    }

    // The end

    /// No more requests; the connection ends when those under way have been answered. `why` is null if that is the client's
    /// wish.
    private void leave(CloseCause why) {
        if (state != State.OPEN) {
            return;
        }
        if (why != null) {
            isOurs(why);
        }
        state = State.LEAVING;
        lastHeard = loop.now();
        inlet.close();
        onProgress();
    }

    /// Ends the connection at once because of `why`; replies that have not been sent are lost.
    void close(CloseCause why) {
        isOurs(why);
        ended();
        outlet.closeChannel(context);
    }

    /// Ends the connection at the next end of a message: once every request that has begun to come, and the transaction that has
    /// been begun, is answered.
    void drain() {
        draining = true;
        if (line != null) {
            // There may never be an answer.
            line.fail(Failure.POOL_STOPPED);
        }
        leaveAtBoundary();
    }

    private void leaveAtBoundary() {
        if (draining && state == State.OPEN && !apart && !inlet.paused() && inlet.heldBytes() == 0) {
            leave(CloseCause.SHUTDOWN);
        }
    }

    /// It is us who end the connection. The first reason counts.
    private void isOurs(CloseCause why) {
        if (cause == null && state != State.CLOSED) {
            cause = why;
            outcomes.close(client, why, heldBytes());
        }
    }

    @Override
    public void sendFailed(IOException failure) {
        isOurs(CloseCause.LOST);
        context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (failure instanceof IOException || failure.getCause() instanceof SSLException) {
            isOurs(CloseCause.LOST);
        } else {
            LOG.errorf(failure, "the connection of client %s failed unexpectedly", client);
            isOurs(CloseCause.FAULT);
        }
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended();
        context.fireChannelInactive();
    }

    private void ended() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            inlet.close();
            outlet.close();
            replies.close();
            session.close();
            if (line != null) {
                line.close();
            }
            if (subscriber != null) {
                subscriber.close();
            }
            counters.clientConnections--;
            if (saidGoodbye) {
                counters.clientEof++;
            } else {
                counters.clientErrors++;
            }
            whenClosed.accept(this);
        }
    }
}
