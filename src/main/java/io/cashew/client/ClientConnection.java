package io.cashew.client;

import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Client;
import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.Session;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/// One client: requests in, replies out in the same order, reading only as fast as both sides take.
///
/// ```
///   bytes ─▶ Inlet ─▶ RequestLoop ──────────────▶ forwarder ─▶ servers
///                        │    └─▶ Aside ─▶ private line ─▶       │
///                        ▼                                       ▼
///   bytes ◀─ Outlet ◀─ ReplyQueue ◀───────── ClientExchange ◀── responses
/// ```
///
/// What these have in common is here: how long the connection lives, and when it is read.
///
/// ```
///   OPEN ──QUIT, end of input, broken bytes──▶ LEAVING ──everything answered and sent──▶ CLOSED
///     └──────────────────────── connection lost ───────────────────────────────────────────┘
/// ```
///
/// A client that is leaving is not read any more, but it still gets every answer it is owed.
///
/// Reading stops while [FlowControl] finds that too much is under way, or while a request has to wait; what the client sends
/// meanwhile stays in its socket, and TCP tells it to wait.
///
/// Belongs to the event loop of its channel.
final class ClientConnection extends ChannelInboundHandlerAdapter implements Outlet.Owner {
    private static final Logger LOG = Logger.getLogger(ClientConnection.class);

    private enum State {
        OPEN,
        LEAVING,
        CLOSED
    }

    private final Client client;
    private final PoolCounters counters;
    private final Outcomes outcomes;
    private final IoLoop loop;
    private final Session session;
    private final Outlet outlet;
    private final ReplyQueue replies;
    private final FlowControl flow;
    private final Patience patience;
    private final ClientExchange exchange;
    private final RequestLoop requests;
    private final Aside aside;
    private final Consumer<ClientConnection> whenClosed;
    private ChannelHandlerContext context;
    private Inlet inlet;
    private State state = State.OPEN;
    private boolean saidGoodbye;
    /// Why it was us who ended it; null as long as it was not.
    private CloseCause cause;
    private boolean resuming;
    private boolean draining;

    /// `whenClosed` runs once, when the connection is gone.
    ClientConnection(Client client, Protocol protocol, Commons commons, Consumer<ClientConnection> whenClosed) {
        this.client = client;
        this.counters = commons.counters();
        this.outcomes = commons.outcomes();
        this.loop = commons.loop();
        this.session = protocol.session(client);
        this.whenClosed = whenClosed;
        outlet = new Outlet(loop, false, this);
        replies = new ReplyQueue(loop, outlet);
        flow = new FlowControl(commons.settings(), replies, outlet);
        patience = new Patience(commons.settings(), loop.now());
        exchange = new ClientExchange(this, client, protocol, replies, outlet, flow, commons);
        requests = new RequestLoop(this, exchange, session, protocol.requestDecoder(), replies, commons);
        aside = requests.aside();
    }

    // What the channel says

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        // A client may end its side and still wait for its answers.
        context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        inlet = new Inlet(loop, context.channel(), requests);
        requests.open(inlet);
        outlet.open(context);
        patience.heard(loop.now());
        counters.clientsAccepted++;
        counters.clientConnections++;
        if (!context.channel().isOpen()) {
            // Gone before we came: nobody will tell us.
            loop.eventLoop().execute(this::ended);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        patience.heard(loop.now());
        inlet.received((ByteBuf) message);
        patience.read(inlet.heldBytes() > 0);
        leaveAtBoundary();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Nothing behind us reads or writes; telling it would only cost.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean hasEnded = event instanceof ChannelInputShutdownEvent || event == SslCloseCompletionEvent.SUCCESS;
        if (hasEnded && aside.waits()) {
            gone();
        } else if (hasEnded) {
            saidGoodbye |= open();
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
        if (open()) {
            isOurs(switch (failure) {
                case NotSslRecordException plain -> CloseCause.NOT_TLS;
                case SslHandshakeTimeoutException late -> CloseCause.UNFINISHED;
                case SSLException other -> CloseCause.HANDSHAKE;
            });
        }
    }

    @Override
    public void sent() {
        onProgress();
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

    // When it is read

    /// A request has been taken.
    void onRequestTaken() {
        patience.requestTaken();
        if (flow.full()) {
            inlet.pause();
        }
    }

    /// Something has been answered or sent, or something that requests wait for has come to an end.
    void onProgress() {
        if (flow.overrun()) {
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
        return flow.hasRoom() && !requests.busy() && !(requests.needsQuiet() && replies.unanswered() > 0);
    }

    private void resume() {
        resuming = false;
        if (open() && mayResume()) {
            inlet.resume();
            leaveAtBoundary();
        }
    }

    /// What the client does aside, or hears, has changed.
    void onLineChanged() {
        if (!closed()) {
            aside.changed();
            onProgress();
            if (draining && !aside.takesAll()) {
                // Later: we may be amid the bytes of a message.
                loop.eventLoop().execute(this::leaveAtBoundary);
            }
        }
    }

    /// From now on requests wait as `pause` says; null for none.
    void pause(Pause pause) {
        requests.pause(pause);
        onProgress();
    }

    // For those who look at all clients

    int id() {
        return client.id();
    }

    /// What the client calls itself; empty if it has not said.
    String name() {
        return session.introduction().name();
    }

    ClientSnapshot snapshot() {
        Channel channel = context.channel();
        long now = loop.now();
        return new ClientSnapshot(
                client,
                channel.pipeline().get(Tls.HANDLER) != null,
                channel instanceof UnixChannel unix ? unix.fd().intValue() : -1,
                session.introduction(),
                patience.connectedNanos(now),
                patience.silentNanos(now),
                requests.lastCommand(),
                replies.unanswered(),
                inlet.heldBytes(),
                flow.waitingBytes(),
                aside.waits() || requests.pauses(),
                state == State.LEAVING);
    }

    /// Bytes this client makes us hold: requests it has not finished, or that wait until their server is known, and replies it has
    /// not read.
    long heldBytes() {
        return inlet.heldBytes() + flow.waitingBytes() + aside.keptBytes();
    }

    /// Why the client's time is up at `now`: it has been silent, or slow with what it has begun, for longer than it may. Null
    /// if it is not up.
    CloseCause overdue(long now) {
        if (state == State.LEAVING) {
            return patience.isOverForLeaving(now) ? CloseCause.UNFINISHED : null;
        }
        if (patience.unfinished() && !inlet.paused()) {
            return patience.isOverForRest(now, inlet.heldBytes()) ? CloseCause.UNFINISHED : null;
        }
        boolean quiet = replies.unanswered() == 0 && outlet.pendingBytes() == 0 && !requests.holds() && !aside.hears();
        return quiet && patience.isOverForSilence(now) ? CloseCause.IDLE : null;
    }

    /// The pool has been reloaded, and `protocol` is its language now.
    void reloaded(Protocol protocol) {
        exchange.speak(protocol);
        requests.reloaded(protocol);
    }

    /// What clients may do has changed.
    void mayHaveChanged() {
        if (aside.hears() && !session.mayHear()) {
            close(CloseCause.NOT_PERMITTED);
        }
    }

    /// Has the server wait no longer that has been asked to; `whether` hears whether one was.
    void unblock(boolean withError, CompletableFuture<Boolean> whether) {
        aside.unblock(withError, whether);
    }

    /// Somebody wants the client to go; if it is the client itself, it still gets the answer to that. Whether it was not about to
    /// go anyway.
    boolean kill(boolean itself) {
        boolean wasOpen = open();
        if (itself) {
            leave(CloseCause.KILLED);
        } else {
            close(CloseCause.KILLED);
        }
        return wasOpen;
    }

    // The end

    /// Whether it is neither leaving nor closed.
    boolean open() {
        return state == State.OPEN;
    }

    boolean closed() {
        return state == State.CLOSED;
    }

    /// Whether the client has ended its side, and not all it has sent has been read.
    boolean inputEnded() {
        return inlet.ended();
    }

    /// The client wants to leave.
    void sayGoodbye() {
        saidGoodbye = true;
        leave(null);
    }

    /// No more requests; the connection ends when those under way have been answered. `why` is null if that is the client's
    /// wish.
    void leave(CloseCause why) {
        if (!open()) {
            return;
        }
        if (why != null) {
            isOurs(why);
        }
        state = State.LEAVING;
        patience.heard(loop.now());
        inlet.close();
        onProgress();
    }

    /// Ends the connection at once because of `why`; replies that have not been sent are lost.
    void close(CloseCause why) {
        isOurs(why);
        ended();
        outlet.closeChannel(context);
    }

    /// The client is gone, and with it whatever its server waits for.
    void gone() {
        saidGoodbye = true;
        ended();
        outlet.closeChannel(context);
    }

    /// Ends the connection at the next end of a message: once every request that has begun to come, and the transaction that has
    /// been begun, is answered.
    void drain() {
        draining = true;
        // There may never be an answer to what waits.
        aside.fail(Failure.POOL_STOPPED);
        leaveAtBoundary();
    }

    private void leaveAtBoundary() {
        if (draining && open() && !aside.takesAll() && !inlet.paused() && inlet.heldBytes() == 0) {
            leave(CloseCause.SHUTDOWN);
        }
    }

    /// It is us who end the connection. The first reason counts.
    private void isOurs(CloseCause why) {
        if (cause == null && !closed()) {
            cause = why;
            outcomes.close(client, why, heldBytes());
        }
    }

    private void ended() {
        if (!closed()) {
            state = State.CLOSED;
            inlet.close();
            outlet.close();
            replies.close();
            session.close();
            aside.close();
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
