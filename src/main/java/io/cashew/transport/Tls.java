package io.cashew.transport;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/// How one side of a pool speaks TLS: what it shows, whom it trusts, which versions it takes. [#renew(Terms)] replaces that for
/// connections that are made from then on; open ones keep what they have begun with.
///
/// Netty's handler stands between the socket and ours then. Bytes are decrypted into buffers of its own and encrypted from
/// what it is given, so [Inlet] and [Outlet] leave the socket to it.
///
/// Thread-safe; methods that are given a pipeline belong to its event loop.
public final class Tls {
    /// What Netty's handler is called in its pipeline.
    public static final String HANDLER = "tls";

    /// How long a peer may take to say goodbye, too, before its connection is closed; as [Outlet] waits without TLS.
    private static final long FAREWELL_MILLIS = 1_000;

    private final Executor handshakes;
    private volatile Terms terms;

    /// What holds for connections made at the same time.
    ///
    /// @param parameters versions, cipher suites, whether clients have to show a certificate, how a server's name is verified
    /// @param handshakeMillis how long a handshake may take
    public record Terms(SSLContext context, SSLParameters parameters, long handshakeMillis) {}

    /// `handshakes` does what takes a handshake long, on other threads than the event loop's.
    public Tls(Terms terms, Executor handshakes) {
        this.terms = terms;
        this.handshakes = handshakes;
    }

    /// From now on connections are made on other terms.
    public void renew(Terms terms) {
        this.terms = terms;
    }

    /// Lets the peer, a client, begin with TLS. What the first handler behind hears of it are events of Netty
    /// (`SslHandshakeCompletionEvent`, `SslCloseCompletionEvent`).
    public void accept(ChannelPipeline pipeline) {
        Terms current = terms;
        SSLEngine engine = current.context().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(current.parameters());
        SslHandler handler = putFirst(pipeline, engine, current.handshakeMillis());
        handler.setCloseNotifyReadTimeoutMillis(FAREWELL_MILLIS);
    }

    /// Begins with TLS as the client of a server that is known as `host`, a name or an address, and has to prove it. Done, or
    /// failed, within `patienceMillis`; after a failure the channel is closed.
    public Future<Channel> connect(ChannelPipeline pipeline, String host, int port, long patienceMillis) {
        Terms current = terms;
        SSLEngine engine = current.context().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(current.parameters());
        SSLParameters withName = engine.getSSLParameters();
        withName.setServerNames(serverNames(host));
        engine.setSSLParameters(withName);
        return putFirst(pipeline, engine, Math.min(patienceMillis, current.handshakeMillis())).handshakeFuture();
    }

    /// What the server is told whose certificate is wanted. By itself the JDK tells it only names with a dot.
    private static List<SNIServerName> serverNames(String host) {
        try {
            boolean address = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
            return address ? List.of() : List.of(new SNIHostName(host));
        } catch (IllegalArgumentException noNameInDns) {
            // As `my_redis`, which a container may be called.
            return List.of();
        }
    }

    private SslHandler putFirst(ChannelPipeline pipeline, SSLEngine engine, long handshakeMillis) {
        // Direct and pooled, whatever the channel used: what it holds is counted then, and read as plain bytes are.
        pipeline.channel().config().setAllocator(PooledByteBufAllocator.DEFAULT);
        SslHandler handler = new SslHandler(engine, handshakes);
        handler.setHandshakeTimeoutMillis(handshakeMillis);
        pipeline.addFirst(HANDLER, handler);
        return handler;
    }

    /// Whether the bytes of `channel`'s socket are not those its handlers see.
    static boolean covers(Channel channel) {
        return channel.pipeline().get(SslHandler.class) != null;
    }
}
