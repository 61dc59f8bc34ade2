package io.cashew.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.forwarding.Backing;
import io.cashew.forwarding.Forwarder;
import io.cashew.forwarding.SubscriptionLimit;
import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Client;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Limits;
import io.cashew.protocol.SlowLog;
import io.cashew.protocol.WrongPasswords;
import io.cashew.protocol.redis.Lanes;
import io.cashew.protocol.redis.OldServers;
import io.cashew.protocol.redis.Password;
import io.cashew.protocol.redis.RedisProtocol;
import io.cashew.protocol.redis.RedisSessionSettings;
import io.cashew.routing.Router;
import io.cashew.server.Health;
import io.cashew.server.HealthSettings;
import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.Shard;
import io.cashew.transport.IoLoop;
import io.cashew.transport.KeepAlive;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A client on a real socket, of a pool whose only server is ejected: what is asked of a server is refused at once.
class ClientConnectionTest {
    private static final String REFUSED = "-ERR Connection refused\r\n";

    private final EventLoop eventLoop = new EpollEventLoopGroup(1).next();
    private final PoolCounters counters = new PoolCounters();
    private final Outcomes outcomes = new Outcomes(new Silence());
    private Channel channel;
    private Socket client;
    private volatile int closed;

    @BeforeEach
    void connect() throws Exception {
        connect(new ClientSettings(4096, 20_000, 0, KeepAlive.NONE, 0, 0));
    }

    private void connect(ClientSettings settings) throws Exception {
        var protocol = new RedisProtocol(Limits.REDIS, new RedisSessionSettings(Password.NONE, WrongPasswords.UNLIMITED,
                new Lanes(0, 1), new OldServers(), "1"), Optional.empty());
        var ejected = new BitSet();
        ejected.set(0, 2);
        var shards = List.of(new Shard("one", 1), new Shard("two", 1));
        var router = new Router(HashFunction.FNV1A_64, null, DistributionKind.KETAMA.build(shards, ejected), 2);
        var health = new Health(2, new HealthSettings(false, 1, 0), changed -> {});
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            channel = new Bootstrap()
                    .group(eventLoop)
                    .channel(EpollSocketChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            var loop = IoLoop.of(eventLoop);
                            var forwarder = new Forwarder(
                                    new Backing(protocol, router, 2, null, health, loop), counters, new SubscriptionLimit(1, 1),
                                            loop);
                            var journal = new Journal(new SlowLog(0, 0), new AccessLog("pool", 0, false), counters, loop);
                            var commons = new Commons(settings, forwarder, counters, outcomes, loop, journal);
                            channel.pipeline()
                                    .addLast(new ClientConnection(
                                            new Client(7, null, null), protocol, commons, gone -> closed++));
                        }
                    })
                    .connect(listener.getLocalSocketAddress())
                    .sync()
                    .channel();
            client = listener.accept();
            client.setSoTimeout(10_000);
        }
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close();
        await().until(() -> closed > 0);
        assertThat(closed).isEqualTo(1);
        assertThat(counters.clientConnections).isZero();
        eventLoop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void answersComeInTheOrderOfTheRequests() throws Exception {
        send("PING\r\nGET a\r\n*2\r\n$4\r\nECHO\r\n$1\r\nx\r\nMGET a b\r\n");

        expect("+PONG\r\n" + REFUSED + "$1\r\nx\r\n" + REFUSED);
        assertThat(counters.forwardErrors).isEqualTo(2);
        assertThat(counters.requests).isEqualTo(4);
        assertThat(outcomes.failed(Failure.NO_LIVE_SERVER)).isEqualTo(2);
    }

    /// Its answers exceed what may wait for it, all of them fit into the socket at once, and no server will ever answer:
    /// nothing but its own output can wake it.
    @Test
    void aClientThatWasStoppedForItsOutputGoesOn() throws Exception {
        String echo = "*2\r\n$4\r\nECHO\r\n$15000\r\n" + "x".repeat(15_000) + "\r\n";
        for (int i = 0; i < 20; i++) {
            send(echo.repeat(4));
            expect(("$15000\r\n" + "x".repeat(15_000) + "\r\n").repeat(4));
        }
        send("PING\r\n");
        expect("+PONG\r\n");
    }

    @Test
    void aClientThatDoesNotReadIsNotRead() throws Exception {
        String echo = "*2\r\n$4\r\nECHO\r\n$15000\r\n" + "x".repeat(15_000) + "\r\n";
        int count = 3000;
        var writing = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    send(echo);
                }
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        await().until(() -> !channel.config().isAutoRead());
        assertThat(writing.isAlive()).isTrue();

        for (int i = 0; i < count; i++) {
            expect("$15000\r\n" + "x".repeat(15_000) + "\r\n");
        }

        writing.join();
        send("PING\r\n");
        expect("+PONG\r\n");
    }

    @Test
    void aClientThatHasEndedItsSideGetsItsAnswers() throws Exception {
        send("PING\r\nGET a\r\nPI");
        client.shutdownOutput();

        expect("+PONG\r\n" + REFUSED);
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        await().until(() -> closed == 1);
        assertThat(counters.clientEof).isEqualTo(1);
    }

    @Test
    void quitEndsTheConnectionAfterItsAnswer() throws Exception {
        send("GET a\r\nQUIT\r\nPING\r\n");

        expect(REFUSED + "+OK\r\n");
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void brokenBytesAreAnsweredAfterWhatWasFine() throws Exception {
        send("PING\r\n*1\r\n+PING\r\nPING\r\n");

        expect("+PONG\r\n-ERR Protocol error: expected '$', got '+'\r\n");
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        await().until(() -> closed == 1);
        assertThat(counters.clientErrors).isEqualTo(1);
        assertThat(outcomes.closed(CloseCause.MALFORMED)).isEqualTo(1);
    }

    private static final class Silence implements Outcomes.Observer {
        @Override
        public void closed(Client client, CloseCause cause, long heldBytes) {}

        @Override
        public void failed(Client client, Failure failure) {}
    }

    private void send(String bytes) throws java.io.IOException {
        client.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void expect(String bytes) throws java.io.IOException {
        InputStream in = client.getInputStream();
        assertThat(new String(in.readNBytes(bytes.length()), StandardCharsets.ISO_8859_1)).isEqualTo(bytes);
    }
}
