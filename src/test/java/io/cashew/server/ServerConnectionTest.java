package io.cashew.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.metrics.LatencyHistogram;
import io.cashew.metrics.ServerCounters;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Greeting;
import io.cashew.protocol.Limits;
import io.cashew.protocol.WrongPasswords;
import io.cashew.protocol.redis.Lanes;
import io.cashew.protocol.redis.OldServers;
import io.cashew.protocol.redis.Password;
import io.cashew.protocol.redis.RedisProtocol;
import io.cashew.protocol.redis.RedisResponseDecoder;
import io.cashew.protocol.redis.RedisSessionSettings;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import io.cashew.transport.KeepAlive;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerConnectionTest {
    private static final String PING = "*1\r\n$4\r\nPING\r\n";

    private final EventLoop eventLoop = new NioEventLoopGroup(1).next();
    private final ServerCounters counters = new ServerCounters();
    private final LatencyHistogram latency = new LatencyHistogram();
    private final List<HealthEvent> events = new ArrayList<>();
    private final Health health = new Health(1, new HealthSettings(true, 1, 1000), new Health.Observer() {
        @Override
        public void changed(BitSet ejected) {}

        @Override
        public void happened(HealthEvent event) {
            events.add(event);
        }
    });
    private final List<String> heard = new ArrayList<>();
    private ServerSettings settings;
    private ServerConnection connection;
    private EmbeddedChannel channel;

    /// Writes down what it hears, and does what `then` says.
    private final class Recorder implements Caller {
        Runnable then = () -> {};

        @Override
        public void onResponse(int tag, Frame response) {
            byte[] bytes = response.bytes().asSlice(response.start(), response.length()).toArray(ValueLayout.JAVA_BYTE);
            heard.add(tag + " " + new String(bytes, StandardCharsets.ISO_8859_1).trim());
            then.run();
        }

        @Override
        public void onFailure(int tag, Failure failure) {
            heard.add(tag + " " + failure);
            then.run();
        }
    }

    private final Recorder caller = new Recorder();

    @BeforeEach
    void connectWithoutCeremony() throws Exception {
        make(Greeting.NONE, 0, 1000);
    }

    @AfterEach
    void stop() throws Exception {
        release();
        eventLoop.parent().shutdownGracefully();
    }

    @Test
    void callsAreAnsweredInOrder() throws Exception {
        connected();
        run(() -> {
            call(1);
            call(2);
        });
        assertThat(sent()).isEqualTo(PING + PING);

        received("+one\r\n$3\r\nt");
        received("wo\r\n");

        assertThat(heard).containsExactly("1 +one", "2 $3\r\ntwo");
        assertThat(counters.responses).isEqualTo(2);
        assertThat(counters.requestBytes).isEqualTo(2L * PING.length());
        assertThat(connection.pending()).isZero();
    }

    @Test
    void whatComesBeforeACallHasLeftIsNotItsAnswer() throws Exception {
        connected();
        run(() -> call(1));
        sent();
        received("+one\r\n");

        // The same reply once more, in the very turn in which the next call is made and not yet sent.
        run(() -> {
            call(2);
            channel.writeInbound(Unpooled.copiedBuffer("+one\r\n", StandardCharsets.US_ASCII));
        });

        assertThat(heard).containsExactly("1 +one", "2 SERVER_MISBEHAVED");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void callsWaitForTheConnection() throws Exception {
        run(() -> call(1));
        assertThat(channel).isNull();

        connected();

        assertThat(sent()).isEqualTo(PING);
    }

    @Test
    void callsWaitUntilTheGreetingIsAccepted() throws Exception {
        make(greeting("secret", 3), 0, 1000);
        run(() -> call(1));
        connected();
        assertThat(sent()).isEqualTo("*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n");

        received("+OK\r\n+O");
        assertThat(sent()).isEmpty();
        received("K\r\n");

        assertThat(sent()).isEqualTo(PING);
        received("+PONG\r\n");
        assertThat(heard).containsExactly("1 +PONG");
        assertThat(counters.requests).isEqualTo(1);
        assertThat(counters.responses).isEqualTo(1);
        assertThat(latency.count()).isEqualTo(1);
    }

    @Test
    void aRefusedGreetingFailsTheCallsAndSendsNothing() throws Exception {
        make(greeting("wrong", 3), 0, 1000);
        run(() -> {
            call(1);
            call(2);
        });
        connected();
        sent();

        received("-WRONGPASS invalid\r\n-NOAUTH\r\n");

        assertThat(heard).containsExactly("1 SERVER_REFUSED_GREETING", "2 SERVER_REFUSED_GREETING");
        assertThat(sent()).isEmpty();
        assertThat(channel.isOpen()).isFalse();
        assertThat(health.ejected(0)).isTrue();
        assertThat(counters.connections).isZero();
        assertThat(counters.errors).isEqualTo(1);
    }

    @Test
    void aReplyNobodyAskedForEndsTheConnection() throws Exception {
        connected();
        run(() -> call(1));

        received("+one\r\n+two\r\n+three\r\n");

        assertThat(heard).containsExactly("1 +one");
        assertThat(connection.closed()).isTrue();
        assertThat(channel.isOpen()).isFalse();
        assertThat(counters.errors).isEqualTo(1);
    }

    @Test
    void whereSomebodyListensMessagesComeBesidesAnswers() throws Exception {
        makeHearing();
        connected();
        received(message("before"));
        run(() -> call(1));
        received(message("between") + "+PONG\r\n" + message("behind"));
        assertThat(heard).containsExactly("before", "between", "1 +PONG", "behind");

        received(":1\r\n" + message("too late"));

        assertThat(heard).last().isEqualTo("end " + Failure.SERVER_MISBEHAVED);
        assertThat(heard).doesNotContain("too late");
        assertThat(connection.closed()).isTrue();
    }

    @Test
    void whoListensHearsOfTheEndBehindThoseWhoWait() throws Exception {
        makeHearing();
        connected();
        run(() -> call(1));

        run(() -> channel.close());

        assertThat(heard).containsExactly("1 " + Failure.SERVER_CLOSED, "end " + Failure.SERVER_CLOSED);
    }

    @Test
    void whatIsNotAReplyFailsEveryCall() throws Exception {
        connected();
        run(() -> {
            call(1);
            call(2);
            call(3);
        });

        received("+one\r\nHTTP/1.1 400\r\n");

        assertThat(heard).containsExactly("1 +one", "2 SERVER_MISBEHAVED", "3 SERVER_MISBEHAVED");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aServerThatCannotServeIsHeardAndHasFailedOnce() throws Exception {
        connected();
        run(() -> {
            call(1);
            call(2);
            call(3);
        });

        received("-LOADING Redis is loading\r\n-LOADING Redis is loading\r\n");

        assertThat(heard).containsExactly("1 -LOADING Redis is loading", "2 -LOADING Redis is loading");
        assertThat(counters.errors).isEqualTo(1);
        assertThat(health.ejected(0)).isTrue();
        received("+three\r\n");
        assertThat(heard).last().isEqualTo("3 +three");
    }

    @Test
    void theEndOfTheConnectionFailsWhatIsUnanswered() throws Exception {
        connected();
        run(() -> {
            call(1);
            call(2);
        });
        received("+one\r\n$100\r\npart of a value");

        run(() -> channel.close());

        assertThat(heard).containsExactly("1 +one", "2 SERVER_CLOSED");
        assertThat(counters.eof).isEqualTo(1);
        assertThat(counters.connections).isZero();
        assertThat(health.ejected(0)).isTrue();
    }

    @Test
    void aResetIsNotAnEnd() throws Exception {
        connected();
        run(() -> call(1));

        run(() -> channel.pipeline().fireExceptionCaught(new IOException("recvAddress(..) failed: Connection reset by peer")));

        assertThat(heard).containsExactly("1 SERVER_RESET");
        assertThat(counters.eof).isZero();
        assertThat(counters.errors).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsNotMadeFailsItsCalls() throws Exception {
        run(() -> call(1));

        run(() -> connection.onConnectFailed(Failure.SERVER_REFUSED, new IOException("refused")));
        run(() -> call(2));

        assertThat(heard).containsExactly("1 SERVER_REFUSED", "2 SERVER_REFUSED");
        assertThat(counters.errors).isEqualTo(1);
        assertThat(counters.connections).isZero();
    }

    /// It is our own shortage: no reason to route around the server.
    @Test
    void aServerIsNotBlamedForOurDescriptors() throws Exception {
        run(() -> connection.onConnectFailed(Failure.OUT_OF_DESCRIPTORS, new IOException("Too many open files")));

        assertThat(health.ejected(0)).isFalse();
        assertThat(counters.errors).isEqualTo(1);
    }

    @Test
    void closingWhileConnectingClosesTheSocketThatComesLate() throws Exception {
        run(() -> call(1));
        run(() -> connection.close(Failure.POOL_STOPPED));

        connected();

        assertThat(heard).containsExactly("1 POOL_STOPPED");
        assertThat(channel.isOpen()).isFalse();
        assertThat(counters.connections).isZero();
        assertThat(health.ejected(0)).isFalse();
    }

    @Test
    void aTimeoutFailsEveryCallAlsoWhileConnecting() throws Exception {
        make(Greeting.NONE, Duration.ofMillis(30).toNanos(), 1000);

        run(() -> {
            call(1);
            call(2);
        });

        await().until(() -> eventLoop.submit(() -> connection.closed()).get());
        assertThat(heard).containsExactly("1 SERVER_TIMED_OUT", "2 SERVER_TIMED_OUT");
        assertThat(counters.timeouts).isEqualTo(1);
    }

    @Test
    void theOldestCallTimesOut() throws Exception {
        make(Greeting.NONE, Duration.ofMillis(80).toNanos(), 1000);
        connected();
        run(() -> call(1));
        received("+one\r\n");
        run(() -> call(2));
        long start = System.nanoTime();

        await().until(() -> eventLoop.submit(() -> connection.closed()).get());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(70));
        assertThat(heard).containsExactly("1 +one", "2 SERVER_TIMED_OUT");
    }

    @Test
    void moreThanMayWaitIsRefused() throws Exception {
        make(Greeting.NONE, 0, 2);
        connected();

        run(() -> {
            call(1);
            call(2);
            call(3);
        });

        assertThat(heard).containsExactly("3 SERVER_OVERLOADED");
        assertThat(counters.refusedForPending).isEqualTo(1);
        received("+one\r\n+two\r\n");
        assertThat(heard).containsExactly("3 SERVER_OVERLOADED", "1 +one", "2 +two");
    }

    @Test
    void moreBytesThanMayWaitAreRefused() throws Exception {
        make(Greeting.NONE, 0, 1000, PING.length() + 1);

        // Not connected: nothing leaves.
        run(() -> {
            call(1);
            call(2);
            call(3);
        });

        assertThat(heard).containsExactly("3 SERVER_CONGESTED");
        assertThat(counters.refusedForUnsent).isEqualTo(1);
        connected();
        assertThat(sent()).isEqualTo(PING.repeat(2));
        run(() -> call(4));
        received("+one\r\n+two\r\n+four\r\n");
        assertThat(heard).containsExactly("3 SERVER_CONGESTED", "1 +one", "2 +two", "4 +four");
    }

    @Test
    void whatIsRefusedIsReportedOnceUntilTheRestHasLeft() throws Exception {
        make(Greeting.NONE, 0, 1000, 1);
        run(() -> {
            for (int i = 0; i < 10; i++) {
                call(i);
            }
        });
        assertThat(events).containsExactly(new HealthEvent.Overrun(0, Failure.SERVER_CONGESTED));

        connected();
        run(() -> {
            call(11);
            call(12);
        });

        assertThat(events).hasSize(2).containsOnly(new HealthEvent.Overrun(0, Failure.SERVER_CONGESTED));
        assertThat(counters.refusedForUnsent).isEqualTo(10);
    }

    @Test
    void aCallerMayCallAgainFromWithinAnAnswer() throws Exception {
        connected();
        int[] calls = {1};
        caller.then = () -> {
            if (calls[0] < 5) {
                call(++calls[0]);
            }
        };
        run(() -> {
            call(1);
            call(++calls[0]);
        });
        assertThat(sent()).isEqualTo(PING.repeat(2));

        received("+a\r\n+b\r\n");
        assertThat(sent()).isEqualTo(PING.repeat(2));
        received("+c\r\n");

        assertThat(heard).containsExactly("1 +a", "2 +b", "3 +c");
        assertThat(connection.pending()).isEqualTo(2);
        assertThat(sent()).isEqualTo(PING);
    }

    @Test
    void aCallerMayCloseTheConnectionFromWithinAnAnswer() throws Exception {
        connected();
        caller.then = () -> connection.close(Failure.POOL_STOPPED);
        run(() -> {
            call(1);
            call(2);
            call(3);
        });
        assertThat(sent()).isEqualTo(PING.repeat(3));

        received("+one\r\n+two\r\n$10\r\nab");

        assertThat(heard).containsExactly("1 +one", "2 POOL_STOPPED", "3 POOL_STOPPED");
    }

    @Test
    void aCallerMayCallAgainFromWithinAFailure() throws Exception {
        connected();
        int[] calls = {2};
        caller.then = () -> {
            if (calls[0] < 6) {
                call(++calls[0]);
            }
        };
        run(() -> {
            call(1);
            call(2);
        });

        run(() -> channel.close());

        assertThat(heard).hasSize(6).allMatch(line -> line.endsWith(" SERVER_CLOSED"));
        assertThat(heard.stream().map(line -> line.split(" ")[0])).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6");
        assertThat(connection.pending()).isZero();
    }

    @Test
    void everyCallIsCompletedOnceWhateverHappens() throws Exception {
        var random = new Random(3);
        for (int run = 0; run < 300; run++) {
            make(random.nextBoolean() ? Greeting.NONE : greeting(null, 1), 0, 20);
            heard.clear();
            int[] calls = {0};
            boolean isConnected = false;
            for (int step = random.nextInt(20); step >= 0; step--) {
                switch (random.nextInt(isConnected ? 7 : 3)) {
                    case 0, 1 -> run(() -> {
                        for (int i = random.nextInt(4); i >= 0; i--) {
                            call(calls[0]++);
                        }
                    });
                    case 2 -> {
                        if (!isConnected) {
                            connected();
                            isConnected = true;
                        }
                    }
                    case 3, 4 -> received("+OK\r\n".repeat(random.nextInt(3)));
                    case 5 -> received(random.nextInt(5) == 0 ? "?" : "$5\r\nhello\r\n:1\r");
                    default -> {
                        if (random.nextInt(4) == 0) {
                            run(() -> channel.close());
                        } else {
                            received("\n");
                        }
                    }
                }
            }
            run(() -> connection.close(Failure.POOL_STOPPED));

            assertThat(heard.stream().map(line -> line.split(" ")[0])).doesNotHaveDuplicates().hasSize(calls[0]);
            assertThat(counters.connections).isZero();
            release();
        }
    }

    private void release() throws Exception {
        if (channel != null) {
            run(channel::finishAndReleaseAll);
        }
    }

    private static Greeting greeting(String password, int database) {
        var sessions = new RedisSessionSettings(
                Password.NONE, WrongPasswords.UNLIMITED, new Lanes(database, 1), new OldServers(), "1");
        return new RedisProtocol(Limits.REDIS, sessions, Optional.ofNullable(password).map(String::getBytes)).greeting(0);
    }

    private void make(Greeting greeting, long timeoutNanos, int maxPending) throws Exception {
        make(greeting, timeoutNanos, maxPending, Long.MAX_VALUE);
    }

    private void make(Greeting greeting, long timeoutNanos, int maxPending, long maxUnsent) throws Exception {
        settings = new ServerSettings(
                1, timeoutNanos, 1000, maxPending, maxUnsent, KeepAlive.NONE, Optional.empty(), 1, lane -> greeting,
                lane -> new RedisResponseDecoder(Limits.REDIS));
        var server = new Server(0, "one", new Endpoint.Tcp("127.0.0.1", 1), 1);
        run(() -> connection =
                new ServerConnection(server, 0, 0, settings, counters, latency, health, IoLoop.of(eventLoop)));
        channel = null;
    }

    private static String message(String payload) {
        return "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$" + payload.length() + "\r\n" + payload + "\r\n";
    }

    private void makeHearing() throws Exception {
        make(Greeting.NONE, 0, 10);
        var sessions = new RedisSessionSettings(Password.NONE, WrongPasswords.UNLIMITED, new Lanes(0, 1), new OldServers(), "1");
        var decoder = new RedisProtocol(Limits.REDIS, sessions, Optional.empty()).subscribing().decoder();
        var hearer = new Hearer() {
            @Override
            public void onMessage(Frame message) {
                String text = new String(
                        message.bytes().asSlice(message.start(), message.length()).toArray(ValueLayout.JAVA_BYTE),
                        StandardCharsets.ISO_8859_1);
                heard.add(text.split("\r\n")[6]);
            }

            @Override
            public void onEnd(ServerConnection ended, Failure reason) {
                assertThat(ended).isSameAs(connection);
                heard.add("end " + reason);
            }
        };
        run(() -> connection = new ServerConnection(
                connection.server(), 0, 0, settings, counters, latency, health, IoLoop.of(eventLoop), decoder, hearer));
    }

    private void connected() throws Exception {
        run(() -> channel = new EmbeddedChannel(connection));
    }

    private void call(int tag) {
        var frame = new Frame();
        byte[] bytes = PING.getBytes(StandardCharsets.US_ASCII);
        frame.place(MemorySegment.ofArray(bytes), 0, bytes.length, null);
        connection.call(caller, tag, frame);
    }

    private void received(String bytes) throws Exception {
        run(() -> {
            if (!bytes.isEmpty() && channel.isOpen()) {
                channel.writeInbound(Unpooled.directBuffer().writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1)));
            }
        });
    }

    private String sent() throws Exception {
        var text = new StringBuilder();
        run(() -> {
            for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
                text.append(part.toString(StandardCharsets.ISO_8859_1));
                part.release();
            }
        });
        return text.toString();
    }

    /// Runs `task` on the loop and waits until what it wrote has left: at the end of its iteration, or of some further ones.
    private void run(Runnable task) throws Exception {
        eventLoop.submit(task).get();
        var ended = new CountDownLatch(1);
        eventLoop.execute(() -> afterIterations(6, ended::countDown));
        ended.await();
    }

    private void afterIterations(int iterations, Runnable then) {
        if (iterations == 0) {
            then.run();
        } else {
            ((SingleThreadEventLoop) eventLoop).executeAfterEventLoopIteration(
                    () -> eventLoop.execute(() -> afterIterations(iterations - 1, then)));
        }
    }
}
