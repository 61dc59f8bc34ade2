package io.cashew.server;

import io.cashew.protocol.Failure;
import io.cashew.transport.Tls;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import java.io.FileNotFoundException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/// Opens sockets to servers through Vert.x, on its worker's own event loop, and puts a [ServerConnection] in front of
/// their pipelines. The one class of this room that touches Vert.x's internal types.
///
/// Where names lead is asked of [Addresses], which never keeps the event loop waiting.
public final class Connector {
    private final Context context;
    private final ServerSettings settings;
    private final Addresses addresses;
    private final Sockets sockets;

    /// Those whose connections one [NetClient] has made; it ends all of them when it is closed.
    private static final class Sockets {
        private final NetClient client;
        private int users = 1;

        Sockets(NetClient client) {
            this.client = client;
        }
    }

    /// A connector for the event loop of `context`.
    public Connector(Vertx vertx, Context context, ServerSettings settings, Addresses addresses) {
        this.context = context;
        this.settings = settings;
        this.addresses = addresses;
        this.sockets = new Sockets(vertx.createNetClient(new NetClientOptions()
                .setTcpNoDelay(true)
                .setReconnectAttempts(0)
                .setConnectTimeout(settings.connectTimeoutMillis())));
    }

    /// One that goes on in place of `before`, whose connections stay open when that is closed.
    private Connector(Connector before, ServerSettings settings, Addresses addresses) {
        this.context = before.context;
        this.settings = settings;
        this.addresses = addresses;
        this.sockets = before.sockets;
        sockets.users++;
    }

    /// The same for a pool that has been reloaded: connections to servers that stay go on. `settings` make the same connections.
    Connector successor(ServerSettings settings, Addresses addresses) {
        return new Connector(this, settings, addresses);
    }

    /// Connects `connection` to `endpoint`, or tells it why that failed, on the event loop. If that is being done already,
    /// it begins anew.
    void connect(Endpoint endpoint, ServerConnection connection) {
        int attempt = connection.newAttempt();
        // A task on our context, because Vert.x would take a connect from a bare Netty callback to another event loop.
        context.runOnContext(ignored -> address(endpoint, connection, attempt)
                .compose(sockets.client::connect)
                .onSuccess(socket -> {
                    if (connection.awaits(attempt)) {
                        attach(socket, endpoint, connection, attempt);
                    } else {
                        socket.close();
                    }
                })
                .onFailure(cause -> {
                    if (connection.awaits(attempt)) {
                        connection.onConnectFailed(failureOf(cause, Failure.SERVER_REFUSED), cause);
                    }
                }));
    }

    /// Whether `connection` leads, or is about to lead, to where `endpoint` is now.
    boolean isUpToDate(Endpoint endpoint, ServerConnection connection) {
        return switch (endpoint) {
            case Endpoint.Tcp tcp when tcp.isName() -> connection.address() == addresses.current(tcp.host());
            case Endpoint.Tcp address -> true;
            case Endpoint.UnixSocket path -> true;
        };
    }

    void close() {
        if (--sockets.users == 0) {
            sockets.client.close();
        }
    }

    private void attach(NetSocket socket, Endpoint endpoint, ServerConnection connection, int attempt) {
        ChannelPipeline pipeline = ((NetSocketInternal) socket).channelHandlerContext().pipeline();
        settings.keepAlive().watchServer(pipeline.channel());
        if (settings.tls().isPresent() && endpoint instanceof Endpoint.Tcp tcp) {
            // What is wrong with a handshake is told to us; Vert.x need not write it into the log.
            socket.exceptionHandler(ignored -> {});
            encrypt(settings.tls().get(), pipeline, tcp, connection, attempt);
        } else {
            pipeline.addFirst("cashew", connection);
        }
    }

    /// The connection counts as made when both sides have agreed on TLS; before that nothing of a request can have left.
    private void encrypt(
            ServerTls encryption, ChannelPipeline pipeline, Endpoint.Tcp endpoint, ServerConnection connection, int attempt) {
        encryption.tls()
                .connect(pipeline, encryption.hostname().orElse(endpoint.host()), endpoint.port(), settings.connectTimeoutMillis())
                .addListener(handshake -> {
                    if (!connection.awaits(attempt)) {
                        pipeline.close();
                    } else if (!handshake.isSuccess()) {
                        connection.onConnectFailed(failureOf(handshake.cause(), Failure.SERVER_TLS_FAILED), handshake.cause());
                    } else if (!pipeline.channel().isOpen()) {
                        connection.onConnectFailed(Failure.SERVER_TLS_FAILED, new ClosedChannelException());
                    } else {
                        pipeline.addAfter(Tls.HANDLER, "cashew", connection);
                    }
                });
    }

    private Future<SocketAddress> address(Endpoint endpoint, ServerConnection connection, int attempt) {
        return switch (endpoint) {
            case Endpoint.UnixSocket(String path) -> Future.succeededFuture(SocketAddress.domainSocketAddress(path));
            case Endpoint.Tcp tcp when tcp.isName() ->
                Future.fromCompletionStage(addresses.of(tcp.host(), settings.connectTimeoutMillis()), context)
                        .compose(answer -> {
                            // Not the answer: the server may have moved while that was on its way to us.
                            InetAddress address = addresses.current(tcp.host());
                            if (address == null) {
                                return Future.failedFuture(new UnknownHostException(tcp.host()));
                            }
                            if (connection.awaits(attempt)) {
                                connection.leadsTo(address);
                            }
                            return Future.succeededFuture(SocketAddress.inetSocketAddress(tcp.port(), address.getHostAddress()));
                        });
            case Endpoint.Tcp(String address, int port) -> Future.succeededFuture(SocketAddress.inetSocketAddress(port, address));
        };
    }

    /// What `cause` is called among our failures; `otherwise` if it has no name of its own.
    static Failure failureOf(Throwable cause, Failure otherwise) {
        if (cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException) {
            return Failure.SERVER_CONNECT_TIMED_OUT;
        }
        if (cause instanceof UnknownHostException) {
            return Failure.SERVER_NOT_RESOLVED;
        }
        if (cause instanceof FileNotFoundException) {
            return Failure.SERVER_SOCKET_MISSING;
        }
        if (cause instanceof NoRouteToHostException) {
            return Failure.NO_ROUTE_TO_SERVER;
        }
        if (cause instanceof SSLException) {
            return cause.getCause() instanceof CertificateException ? Failure.SERVER_NOT_TRUSTED : Failure.SERVER_TLS_FAILED;
        }
        // The native transport tells errors apart only in the system's words.
        String message = String.valueOf(cause.getMessage());
        for (Failure failure : SYSTEM_ERRORS) {
            if (message.contains(failure.text())) {
                return failure;
            }
        }
        return otherwise;
    }

    private static final Failure[] SYSTEM_ERRORS = {
        Failure.SERVER_REFUSED,
        Failure.SERVER_RESET,
        Failure.SERVER_TIMED_OUT,
        Failure.SERVER_SOCKET_MISSING,
        Failure.NETWORK_UNREACHABLE,
        Failure.NO_ROUTE_TO_SERVER,
        Failure.SERVER_PIPE_BROKEN,
        Failure.OUT_OF_DESCRIPTORS
    };
}
