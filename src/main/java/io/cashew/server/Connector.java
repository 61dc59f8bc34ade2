package io.cashew.server;

import io.cashew.protocol.Failure;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.NetUtil;
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

/// Opens sockets to servers through Vert.x, on its worker's own event loop, and puts a [ServerConnection] in front of
/// their pipelines. The one class of this room that touches Vert.x's internal types.
///
/// Names are resolved by the system's resolver, so that `/etc/hosts`, search domains and what else the administrator has
/// set up holds as it does for twemproxy, but away from the event loop.
public final class Connector {
    private final Vertx vertx;
    private final Context context;
    private final ServerSettings settings;
    private final NetClient client;

    /// A connector for the event loop of `context`.
    public Connector(Vertx vertx, Context context, ServerSettings settings) {
        this.vertx = vertx;
        this.context = context;
        this.settings = settings;
        this.client = vertx.createNetClient(new NetClientOptions()
                .setTcpNoDelay(true)
                .setReconnectAttempts(0)
                .setConnectTimeout(settings.connectTimeoutMillis()));
    }

    /// Connects `connection` to `endpoint`, or tells it why that failed, on the event loop.
    void connect(Endpoint endpoint, ServerConnection connection) {
        // A task on our context, because Vert.x would take a connect from a bare Netty callback to another event loop.
        context.runOnContext(ignored -> address(endpoint)
                .compose(client::connect)
                .onSuccess(socket -> attach(socket, connection))
                .onFailure(cause -> connection.onConnectFailed(failureOf(cause, Failure.SERVER_REFUSED), cause)));
    }

    void close() {
        client.close();
    }

    private void attach(NetSocket socket, ServerConnection connection) {
        ChannelPipeline pipeline = ((NetSocketInternal) socket).channelHandlerContext().pipeline();
        settings.keepAlive().watchServer(pipeline.channel());
        pipeline.addFirst("cashew", connection);
    }

    private Future<SocketAddress> address(Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.UnixSocket(String path) -> Future.succeededFuture(SocketAddress.domainSocketAddress(path));
            case Endpoint.Tcp(String host, int port) when NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host) ->
                Future.succeededFuture(SocketAddress.inetSocketAddress(port, host));
            case Endpoint.Tcp(String host, int port) ->
                vertx.executeBlocking(() -> InetAddress.getByName(host), false)
                        .map(address -> SocketAddress.inetSocketAddress(port, address.getHostAddress()));
        };
    }

    /// What `cause` is called among our failures; `otherwise` if it has no name of its own.
    static Failure failureOf(Throwable cause, Failure otherwise) {
        if (cause instanceof ConnectTimeoutException) {
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
