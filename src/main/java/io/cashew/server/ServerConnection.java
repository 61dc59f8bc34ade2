package io.cashew.server;

import io.cashew.metrics.LatencyHistogram;
import io.cashew.metrics.ServerCounters;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Greeting;
import io.cashew.protocol.ResponseDecoder;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.cashew.transport.Incomplete;
import io.cashew.transport.Inlet;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/// One pipelined connection to one server: sends calls in order and completes each exactly once.
///
/// ```
///   CONNECTING ──connected──▶ GREETING ──accepted──▶ READY
///        └──────────────────────┴───────── fail ──────┴──▶ CLOSED
/// ```
///
/// Calls are taken from the start; their bytes wait in the outlet until the server has accepted the greeting (password,
/// database), so that no request ever runs with the wrong identity or in the wrong database. When the connection ends,
/// for whatever reason, every call that has not been answered fails with that reason. Nothing is sent twice.
///
/// Belongs to the event loop of its channel, as do all of its callers.
public final class ServerConnection extends ChannelInboundHandlerAdapter implements Inlet.Reader, Outlet.Owner {
    private static final Logger LOG = Logger.getLogger(ServerConnection.class);

    /// What [#identity()] is before anybody has asked the server.
    public static final long NOT_ASKED = Long.MIN_VALUE;

    private enum State {
        CONNECTING,
        GREETING,
        READY,
        CLOSED
    }

    private Server server;
    private final int lane;
    private final int slot;
    private final Greeting greeting;
    private ServerSettings settings;
    private final ServerCounters counters;
    private final LatencyHistogram ofServer;
    private Health health;
    private final IoLoop loop;
    private final CallQueue calls = new CallQueue();
    private final Frame frame = new Frame();
    private final ResponseDecoder decoder;
    private final Outlet outlet;
    /// Who listens to what the server says of its own accord; null where it is to say nothing.
    private final Hearer hearer;
    private final CallTimer timer;
    /// What [Health#opened(int, int)] said at the start.
    private int era;
    private State state = State.CONNECTING;
    private LatencyHistogram latency;
    /// As whom the server knows this connection.
    private long identity = NOT_ASKED;
    private Failure closedBecause;
    private long closedAt;
    /// In which iteration the server said last that it cannot serve.
    private long unableAt;
    private boolean couldNotBeMade;
    /// Which attempt to connect it waits for, and where that leads; null for what has no name.
    private int attempt;
    private InetAddress address;
    /// Takes no more calls from its worker, and ends when all have been answered.
    private boolean leaving;
    private ChannelHandlerContext context;
    private Inlet inlet;
    /// How many replies to the greeting have come.
    private int greetingReplies;
    /// How many of the calls, the last ones, have their bytes still here: whatever comes now cannot be their answer.
    private int unsent;
    /// The reply that is arriving is wanted by nobody.
    private boolean discarding;
    /// A call has been refused since the outlet was empty.
    private boolean overrun;

    /// `slot` is its place among the connections its worker has to this server for clients in `lane`.
    ServerConnection(
            Server server,
            int lane,
            int slot,
            ServerSettings settings,
            ServerCounters counters,
            LatencyHistogram latency,
            Health health,
            IoLoop loop) {
        this(server, lane, slot, settings, counters, latency, health, loop, settings.decoder().apply(lane), null);
    }

    /// One whose server may say something of its own accord, which `decoder` tells from replies, and `hearer` hears.
    ServerConnection(
            Server server,
            int lane,
            int slot,
            ServerSettings settings,
            ServerCounters counters,
            LatencyHistogram latency,
            Health health,
            IoLoop loop,
            ResponseDecoder decoder,
            Hearer hearer) {
        this.server = server;
        this.lane = lane;
        this.slot = slot;
        this.greeting = settings.greeting().apply(lane);
        this.settings = settings;
        this.counters = counters;
        this.ofServer = latency;
        this.latency = latency;
        this.health = health;
        this.loop = loop;
        this.decoder = decoder;
        this.hearer = hearer;
        this.outlet = new Outlet(loop, true, this);
        this.timer = new CallTimer(calls, settings.timeoutNanos(), loop, this::onOverdue);
        this.era = health.opened(server.index(), slot);
    }

    public boolean closed() {
        return state == State.CLOSED;
    }

    /// Whether it is closed and has never been open, because connecting failed.
    boolean couldNotBeMade() {
        return couldNotBeMade;
    }

    /// When it was closed.
    long closedAt() {
        return closedAt;
    }

    /// Calls that have not been answered.
    public int pending() {
        return calls.size();
    }

    /// The same, divided into those that have left and those that have not. Any thread; a reading may be a moment old.
    Queued queued() {
        int all = calls.size();
        int sent = Math.max(0, all - unsent);
        return new Queued(all - sent, calls.bytes(sent, all), sent, calls.bytes(0, sent));
    }

    /// Bytes of calls that have not left.
    long unsentBytes() {
        return outlet.pendingBytes();
    }

    /// Ends the connection because it makes us hold the most, and all connections together hold too much.
    void dropForMemory() {
        counters.droppedForMemory++;
        health.overrun(server.index(), Failure.MEMORY_SHORT);
        fail(Failure.MEMORY_SHORT, false);
    }

    /// From now on calls may take `nanos` longer than the pool's timeout, because they ask the server to wait; [Long#MAX_VALUE] for
    /// ever, 0 for no longer than any other. How long they then take is none of the server's figures: it goes to `waits`.
    void waits(long nanos, LatencyHistogram waits) {
        timer.patience(nanos);
        latency = nanos == 0 ? ofServer : waits;
    }

    /// Whether it is used for calls that ask the server to wait.
    boolean waits() {
        return timer.patience() > 0;
    }

    /// Announces a call and returns where its bytes go; they must all be written before anything else is called. Null if
    /// the call cannot be taken: then it has failed already.
    public Outlet call(Caller caller, int tag, int length) {
        Failure refusal = refusal();
        if (refusal != null) {
            caller.onFailure(tag, refusal);
            return null;
        }
        counters.requests++;
        counters.requestBytes += length;
        calls.add(caller, tag, length, loop.now());
        unsent++;
        loop.requestWritten();
        timer.arm();
        return outlet;
    }

    /// Why no call can be taken now; null if one can. The bytes are those of earlier calls: a request that is larger than what
    /// may wait is sent like any other when nothing waits before it.
    private Failure refusal() {
        if (state == State.CLOSED) {
            return closedBecause;
        }
        if (calls.size() >= settings.maxPending()) {
            counters.refusedForPending++;
            return overrun(Failure.SERVER_OVERLOADED);
        }
        if (outlet.pendingBytes() >= settings.maxUnsent()) {
            counters.refusedForUnsent++;
            return overrun(Failure.SERVER_CONGESTED);
        }
        return null;
    }

    private Failure overrun(Failure cause) {
        if (!overrun) {
            overrun = true;
            health.overrun(server.index(), cause);
        }
        return cause;
    }

    /// Calls the server with the request that lies in `request`.
    public void call(Caller caller, int tag, Frame request) {
        Outlet out = call(caller, tag, request.length());
        if (out != null) {
            out.write(request);
        }
    }

    /// Calls the server with the request that `request` is, and all of it.
    public void call(Caller caller, int tag, byte[] request) {
        Outlet out = call(caller, tag, request.length);
        if (out != null) {
            out.write(request);
        }
    }

    /// By which number the server knows this connection, as far as somebody has [found out][#identity(long)]: negative if it does
    /// not tell.
    public long identity() {
        return identity;
    }

    public void identity(long identity) {
        this.identity = identity;
    }

    /// Ends the connection: whatever is unanswered fails with `reason`.
    public void close(Failure reason) {
        fail(reason, false);
    }

    /// The pool has been reloaded, and its server goes on as `server`, counted by the same counters.
    void goesOn(Server server, ServerSettings settings, Health health) {
        this.server = server;
        this.settings = settings;
        timer.timeout(settings.timeoutNanos());
        this.health = health;
        era = health.opened(server.index(), slot);
    }

    /// Ends the connection when its calls have been answered, because its server has moved: what becomes of it now says
    /// nothing about the server. Nobody calls it any more.
    void leave() {
        leaving = true;
        endIfLeft();
    }

    private void endIfLeft() {
        if (leaving && calls.size() == 0) {
            fail(Failure.SERVER_CLOSED, false);
        }
    }

    /// Whether it may take further calls, as far as is known.
    public boolean usable() {
        return state != State.CLOSED && !leaving;
    }

    public Server server() {
        return server;
    }

    int lane() {
        return lane;
    }

    /// Whether it is still being connected, so that nothing has been sent.
    boolean connecting() {
        return state == State.CONNECTING;
    }

    /// A number for a new attempt to connect it. What becomes of earlier ones does not matter from now on.
    int newAttempt() {
        address = null;
        return ++attempt;
    }

    /// Whether it waits for the end of `attempt`.
    boolean awaits(int attempt) {
        return state == State.CONNECTING && this.attempt == attempt;
    }

    /// The address it was, or is being, connected to; null if that is not known yet, and for what has no name.
    InetAddress address() {
        return address;
    }

    void leadsTo(InetAddress address) {
        this.address = address;
    }

    void onConnectFailed(Failure reason, Throwable cause) {
        LOG.debugf("connect to server '%s' (%s) failed: %s", server.name(), server.endpoint(), cause.getMessage());
        couldNotBeMade = state == State.CONNECTING;
        // The system's own patience ends with the same words as ours, but nothing has been sent yet.
        fail(reason == Failure.SERVER_TIMED_OUT ? Failure.SERVER_CONNECT_TIMED_OUT : reason, true);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (state == State.CLOSED) {
            context.close();
            return;
        }
        this.context = context;
        inlet = new Inlet(loop, context.channel(), this);
        counters.connections++;
        if (!context.channel().isOpen()) {
            // Gone before we came: nobody will tell us.
            loop.eventLoop().execute(() -> fail(Failure.SERVER_CLOSED, true));
        }
        if (greeting.replies() == 0) {
            state = State.READY;
            outlet.open(context);
        } else {
            state = State.GREETING;
            context.writeAndFlush(Unpooled.wrappedBuffer(greeting.bytes()));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        inlet.received((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Nothing behind us reads or writes; telling it would only cost.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == SslCloseCompletionEvent.SUCCESS) {
            fail(Failure.SERVER_CLOSED, true);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(Failure.SERVER_CLOSED, true);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // What Netty's TLS handler cannot read it throws in a wrapping of its own.
        Throwable failure = cause.getCause() instanceof SSLException tls ? tls : cause;
        if (!(failure instanceof IOException)) {
            LOG.errorf(cause, "connection to server '%s' failed unexpectedly", server.name());
        }
        fail(Connector.failureOf(failure, Failure.SERVER_RESET), true);
    }

    @Override
    public void sendFailed(IOException cause) {
        fail(Connector.failureOf(cause, Failure.SERVER_PIPE_BROKEN), true);
    }

    @Override
    public void leaving() {
        unsent = 0;
    }

    @Override
    public void sent() {
        overrun = false;
    }

    @Override
    public Incomplete incomplete() {
        return decoder;
    }

    @Override
    public boolean mayCut() {
        return state == State.READY && calls.headCaller().passesOn();
    }

    @Override
    public ByteSink streamTo() {
        return calls.headCaller().onBegin(calls.headTag());
    }

    @Override
    public long read(MemorySegment bytes, long from, long to) {
        long at = from;
        boolean wasGreeting = state == State.GREETING;
        while (at < to && state != State.CLOSED) {
            // Already the first byte is one too many: kept until something is asked, it would become part of the answer. What
            // comes together with the last greeting reply was sent before any request was.
            boolean unasked = state == State.READY && (wasGreeting || calls.size() == unsent);
            if (unasked && hearer == null) {
                LOG.debugf("server '%s' sent what nobody asked for; closing the connection", server.name());
                fail(Failure.SERVER_MISBEHAVED, true);
                break;
            }
            long end = decoder.decode(bytes, at, to);
            if (end == ResponseDecoder.INCOMPLETE) {
                at += unwanted(bytes, at, to);
                break;
            }
            if (end == ResponseDecoder.MALFORMED) {
                LOG.debugf("server '%s' sent what is not a reply; closing the connection", server.name());
                fail(Failure.SERVER_MISBEHAVED, true);
                break;
            }
            frame.place(bytes, at, (int) (end - at), inlet);
            at = end;
            if (unasked && !decoder.unsolicited()) {
                LOG.debugf("server '%s' answered what nobody asked; closing the connection", server.name());
                fail(Failure.SERVER_MISBEHAVED, true);
                break;
            }
            onResponse();
        }
        return at;
    }

    /// How many bytes of the reply that is arriving from `at` on need not be kept.
    private long unwanted(MemorySegment bytes, long at, long to) {
        if (state != State.READY || hearer != null) {
            return 0;
        }
        if (!discarding) {
            frame.place(bytes, at, (int) (to - at), inlet);
            discarding = !calls.headCaller().wants(calls.headTag(), frame);
        }
        long forgotten = discarding ? decoder.forget() : 0;
        counters.responseBytes += forgotten;
        return forgotten;
    }

    private void onResponse() {
        if (state == State.GREETING) {
            onGreetingReply();
            return;
        }
        boolean unsolicited = decoder.unsolicited();
        if (unsolicited && hearer != null) {
            hearer.onMessage(frame);
            return;
        }
        if (unsolicited) {
            fail(Failure.SERVER_MISBEHAVED, true);
            return;
        }
        if (decoder.serverIsUnable()) {
            if (hearer != null) {
                // What could not be subscribed to is tried again on another connection.
                fail(Failure.SERVER_UNABLE, true);
                return;
            }
            onUnable();
        } else {
            health.succeeded(server.index());
        }
        counters.responses++;
        counters.responseBytes += frame.length();
        latency.record(loop.now() - calls.oldest());
        int tag = calls.headTag();
        Caller caller = calls.remove();
        if (discarding) {
            discarding = false;
        } else {
            caller.onResponse(tag, frame);
        }
        endIfLeft();
    }

    /// Its caller is told what the server says, and the connection stays, because it can do without what others are waiting for on
    /// it. What comes in one iteration is one failure, as if the connection had ended.
    private void onUnable() {
        if (unableAt == loop.now()) {
            return;
        }
        unableAt = loop.now();
        counters.errors++;
        if (!leaving) {
            // Before the caller hears of it: what it asks for next is to be routed around an ejected server.
            health.failed(server.index(), slot, era, Failure.SERVER_UNABLE, unableAt);
            era = health.opened(server.index(), slot);
        }
    }

    private void onGreetingReply() {
        Failure refusal = greeting.refusal(greetingReplies, frame.bytes(), frame.start(), frame.length());
        if (refusal != null) {
            LOG.debugf("server '%s' refused the greeting: %s", server.name(), refusal);
            fail(refusal, true);
        } else if (++greetingReplies == greeting.replies()) {
            state = State.READY;
            outlet.open(context);
        }
    }

    private void fail(Failure reason, boolean isFailureOfServer) {
        if (state == State.CLOSED) {
            return;
        }
        boolean wasOpen = state != State.CONNECTING;
        state = State.CLOSED;
        closedBecause = reason;
        closedAt = loop.now();
        outlet.close();
        if (wasOpen) {
            counters.connections--;
            inlet.close();
            outlet.closeChannel(context);
        }
        if (isFailureOfServer) {
            switch (reason.count()) {
                case EOF -> counters.eof++;
                case TIMEOUT -> counters.timeouts++;
                case ERROR -> counters.errors++;
                case NONE -> {}
            }
            if (!leaving) {
                // Before the callers hear of it: what they ask for next is to be routed around an ejected server.
                health.failed(server.index(), slot, era, reason, loop.now());
            }
        }
        if (discarding) {
            discarding = false;
            calls.remove();
        }
        while (calls.size() > 0) {
            int tag = calls.headTag();
            calls.remove().onFailure(tag, reason);
        }
        if (hearer != null) {
            hearer.onEnd(this, reason);
        }
    }

    private void onOverdue() {
        LOG.debugf("server '%s' timed out with %d requests waiting", server.name(), calls.size());
        fail(Failure.SERVER_TIMED_OUT, true);
    }
}
