package io.cashew.client;

import io.cashew.protocol.Client;
import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Protocol;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Relief;
import io.cashew.transport.Tls;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// One worker's share of a pool's listening socket. Vert.x binds the address once for all workers that listen to it and
/// gives each its share of the accepted connections. The one class of this room that touches Vert.x's internal types.
public final class Listener implements Relief {
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Client numbers are unique in the process: they are what CLIENT ID answers.
    private static final AtomicInteger NEXT_CLIENT = new AtomicInteger();

    private final Vertx vertx;
    private final NetServer server;
    private final IoLoop loop;
    private final Admission admission;
    private Protocol protocol;
    private Commons commons;
    private Tls tls;
    private final Set<ClientConnection> clients = new HashSet<>();
    /// Null if there is none.
    private Pause pause;
    private boolean doorClosed;
    private boolean draining;
    private boolean stopped;

    /// A listener on the event loop of the calling thread. `admission` is shared with the pool's other workers. Clients speak TLS
    /// if there is `tls`; without it, null, they do not.
    public Listener(
            Vertx vertx, NetServerOptions options, Admission admission, Protocol protocol, Commons commons, Tls tls) {
        this.vertx = vertx;
        this.loop = commons.loop();
        this.admission = admission;
        this.protocol = protocol;
        this.commons = commons;
        this.tls = tls;
        this.server = vertx.createNetServer(options.setTcpNoDelay(true));
        server.connectHandler(this::onConnection);
        loop.register(this);
        ClientSettings settings = commons.settings();
        if (settings.idleNanos() > 0 || settings.unfinishedNanos() > 0) {
            loop.schedule(this::sweep, SWEEP_NANOS);
        }
    }

    /// Starts to accept; completes with the port, -1 for a unix socket.
    public Future<Integer> listen(SocketAddress address) {
        return server.listen(address).map(NetServer::actualPort);
    }

    /// The pool has been reloaded: clients that come are treated like this from now on, and those who are here hear of the
    /// protocol. On the event loop.
    public void reloaded(Protocol protocol, ClientSettings settings, Tls tls) {
        this.protocol = protocol;
        commons = commons.with(settings);
        this.tls = tls;
        List.copyOf(clients).forEach(client -> client.reloaded(protocol));
        usersChanged();
    }

    /// What clients may do has changed: who listens to what it may not hear any more is sent away, as it would not ask again. On
    /// the event loop.
    public void usersChanged() {
        List.copyOf(clients).forEach(ClientConnection::mayHaveChanged);
    }

    /// Closes the listening socket at `address` for all workers, so that whoever comes goes to another process, and leaves open
    /// what has been accepted: Vert.x knows only [how to end both][#stopAccepting()]. What is still waiting to be accepted is
    /// lost. Done once; another listener may have the address by now.
    public Future<Void> closeDoor(SocketAddress address) {
        if (doorClosed) {
            return Future.succeededFuture();
        }
        doorClosed = true;
        Promise<Void> done = Promise.promise();
        for (EventExecutor acceptor : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
            acceptor.execute(() -> {
                ((SingleThreadEventLoop) acceptor).registeredChannelsIterator().forEachRemaining(channel -> {
                    if (channel instanceof ServerChannel door && isAt(address, door)) {
                        door.close();
                    }
                });
                done.tryComplete();
            });
        }
        return done.future();
    }

    private static boolean isAt(SocketAddress address, ServerChannel door) {
        return switch (door.localAddress()) {
            case InetSocketAddress inet ->
                address.isInetSocket()
                        && inet.getPort() == address.port()
                        && inet.getAddress().getHostAddress().equals(address.host());
            case DomainSocketAddress unix -> unix.path().equals(address.path());
            default -> false;
        };
    }

    /// Closes the listening socket. Vert.x ends the connections that are still open with it.
    public Future<Void> stopAccepting() {
        stopped = true;
        loop.forget(this);
        return server.close();
    }

    /// Ends every connection at the end of a message, each at a time of its own within `nanos`, so that not all clients come to
    /// others at once; and refuses new ones. On the event loop.
    public void drain(long nanos) {
        draining = true;
        for (ClientConnection client : Set.copyOf(clients)) {
            if (nanos == 0) {
                client.drain();
            } else {
                loop.schedule(client::drain, ThreadLocalRandom.current().nextLong(nanos));
            }
        }
    }

    /// Clients connected here.
    public int clients() {
        return clients.size();
    }

    /// Ends every connection now. On the event loop.
    public void closeClients() {
        Set.copyOf(clients).forEach(client -> client.close(CloseCause.SHUTDOWN));
    }

    /// The clients that `which` chooses. On the event loop.
    public List<ClientSnapshot> snapshots(Predicate<ClientSnapshot> which) {
        return clients.stream().map(ClientConnection::snapshot).filter(which).toList();
    }

    /// Ends the connections that `which` chooses and says how many; that of client `asker` once it has what it is owed. On the
    /// event loop.
    public int kill(Predicate<ClientSnapshot> which, int asker) {
        List<ClientConnection> chosen =
                clients.stream().filter(client -> which.test(client.snapshot())).toList();
        return (int) chosen.stream().filter(client -> client.kill(client.id() == asker)).count();
    }

    /// Has the server wait no longer for client `id`, if that is here, as if its time was up or `withError`. Null if it is not
    /// here. On the event loop.
    public CompletableFuture<Boolean> unblock(int id, boolean withError) {
        for (ClientConnection client : clients) {
            if (client.id() == id) {
                CompletableFuture<Boolean> whether = new CompletableFuture<>();
                client.unblock(withError, whether);
                return whether;
            }
        }
        return null;
    }

    /// Leaves requests unread as `more` says, in addition to a pause that there is. On the event loop.
    public void pause(Pause more) {
        pause = more.and(pause);
        List.copyOf(clients).forEach(client -> client.pause(pause));
        loop.schedule(this::endPause, pause.untilNanos() - System.nanoTime());
    }

    /// Ends every pause. On the event loop.
    public void unpause() {
        pause = null;
        List.copyOf(clients).forEach(client -> client.pause(null));
    }

    private void endPause() {
        if (pause != null && pause.isOver(System.nanoTime())) {
            unpause();
        }
    }

    @Override
    public long largest() {
        ClientConnection largest = largestClient();
        return largest == null ? 0 : largest.heldBytes();
    }

    @Override
    public void dropLargest() {
        ClientConnection largest = largestClient();
        if (largest != null) {
            largest.close(CloseCause.MEMORY);
        }
    }

    private ClientConnection largestClient() {
        ClientConnection largest = null;
        for (ClientConnection client : clients) {
            if (largest == null || client.heldBytes() > largest.heldBytes()) {
                largest = client;
            }
        }
        return largest;
    }

    /// Ends clients that have been silent, or slow, for too long. One look a second at all of them costs less than a timer for
    /// each.
    private void sweep() {
        if (stopped) {
            return;
        }
        long now = System.nanoTime();
        for (ClientConnection client : List.copyOf(clients)) {
            CloseCause overdue = client.overdue(now);
            if (overdue != null) {
                client.close(overdue);
            }
        }
        loop.schedule(this::sweep, SWEEP_NANOS);
    }

    private void onConnection(NetSocket socket) {
        ChannelHandlerContext vertxHandler = ((NetSocketInternal) socket).channelHandlerContext();
        Client client = new Client(
                NEXT_CLIENT.incrementAndGet(),
                inet(vertxHandler.channel().remoteAddress()),
                inet(vertxHandler.channel().localAddress()));
        if (draining) {
            refuse(vertxHandler, client, CloseCause.SHUTDOWN, Failure.POOL_STOPPED);
            return;
        }
        CloseCause refusal = admission.enter();
        if (refusal != null) {
            refuse(vertxHandler, client, refusal, Failure.TOO_MANY_CLIENTS);
            return;
        }
        ClientConnection connection = new ClientConnection(client, protocol, commons, this::forget);
        clients.add(connection);
        commons.settings().keepAlive().watchClient(vertxHandler.channel());
        ChannelPipeline pipeline = vertxHandler.pipeline();
        if (tls == null) {
            pipeline.addFirst("cashew", connection);
        } else {
            tls.accept(pipeline);
            pipeline.addAfter(Tls.HANDLER, "cashew", connection);
        }
        if (pause != null) {
            connection.pause(pause);
        }
    }

    private static InetSocketAddress inet(java.net.SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : null;
    }

    private void refuse(ChannelHandlerContext connection, Client client, CloseCause cause, Failure reason) {
        commons.outcomes().close(client, cause, 0);
        if (tls != null) {
            // A handshake, only to say no, is what such a moment can do without.
            connection.close();
            return;
        }
        connection
                .writeAndFlush(Unpooled.wrappedBuffer(protocol.sayFailure(reason)))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private void forget(ClientConnection client) {
        clients.remove(client);
        admission.leave();
    }
}
