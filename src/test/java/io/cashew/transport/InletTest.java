package io.cashew.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.transport.Loopback.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InletTest {
    private static final int[] SIZES = {0, 1, 100, 4000, 8 * 1024, 20_000, 65_532, 65_536, 65_537, 200_000, 1_500_000};

    @ParameterizedTest
    @EnumSource
    void messagesArriveWholeHoweverTheyAreCut(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport)) {
            var messages = messages(60, 1);

            send(loopback, messages, 2);

            await().until(() -> loopback.side.messages == messages.size());
            assertThat(loopback.side.received).containsExactlyElementsOf(messages);
            assertThat(loopback.side.broken).isNull();
            await().until(loopback::nothingIsHeld);
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesThatAreTakenStayAsTheyWere(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport)) {
            var messages = messages(60, 3);
            List<ByteBuf> taken = new ArrayList<>();
            loopback.side.onMessage = frame -> taken.add(frame.take());

            send(loopback, messages, 4);

            await().until(() -> loopback.side.messages == messages.size());
            for (int i = 0; i < taken.size(); i++) {
                assertThat(ByteBufUtil.getBytes(taken.get(i))).isEqualTo(framed(messages.get(i)));
                taken.get(i).release();
            }
            await().until(loopback::nothingIsHeld);
        }
    }

    @Test
    void aLargeMessageIsHandedOverWithoutCopying() throws Exception {
        try (var loopback = Loopback.open(Transport.EPOLL)) {
            loopback.side.opaque = false;
            List<Boolean> same = new ArrayList<>();
            loopback.side.onMessage = frame -> {
                ByteBuf taken = frame.take();
                same.add(taken.hasMemoryAddress() && taken.memoryAddress() == frame.bytes().address() + frame.start());
                taken.release();
            };

            send(loopback, List.of(new byte[1_000_000], new byte[1000]), 5);

            await().until(() -> loopback.side.messages == 2);
            assertThat(same).containsExactly(true, false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReaderMayPauseAtAnyMessage(Transport transport) throws Exception {
        var random = new Random(6);
        try (var loopback = Loopback.open(transport)) {
            var messages = messages(80, 7);
            var side = loopback.side;
            List<ByteBuf> taken = new ArrayList<>();
            side.onMessage = frame -> {
                if (random.nextInt(3) == 0) {
                    side.inlet.pause();
                }
                if (random.nextBoolean()) {
                    taken.add(frame.take());
                }
                if (random.nextInt(4) == 0) {
                    // At once, from within the reading; what follows is not to be read twice or forgotten.
                    side.inlet.resume();
                }
            };

            var sending = Thread.ofVirtual().start(() -> {
                try {
                    send(loopback, messages, 8);
                    loopback.peer.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            await().until(() -> {
                loopback.run(side.inlet::resume);
                return side.ended;
            });

            sending.join();
            assertThat(side.messagesAtEnd).isEqualTo(messages.size());
            assertThat(side.received).containsExactlyElementsOf(messages);
            assertThat(side.broken).isNull();
            taken.forEach(ByteBuf::release);
            await().until(loopback::nothingIsHeld);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndWaitsUntilEverythingBeforeItHasBeenRead(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport)) {
            loopback.run(loopback.side.inlet::pause);

            send(loopback, List.of(new byte[10], new byte[20]), 9);
            loopback.peer.shutdownOutput();
            // Whatever is to come has come when a second pair of iterations has passed.
            loopback.run(() -> {});
            assertThat(loopback.side.ended).isFalse();
            loopback.run(loopback.side.inlet::resume);

            await().until(() -> loopback.side.ended);
            assertThat(loopback.side.messagesAtEnd).isEqualTo(2);
            await().until(loopback::nothingIsHeld);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPausedConnectionLeavesTheRestInTheSocket(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport)) {
            var side = loopback.side;
            side.onMessage = frame -> side.inlet.pause();
            var message = new byte[1000];
            var sending = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 30_000; i++) {
                        loopback.peer.getOutputStream().write(framed(message));
                    }
                } catch (IOException closed) {
                    // The test is over.
                }
            });

            await().until(() -> side.messages == 1);
            await().during(java.time.Duration.ofMillis(100)).until(() -> sending.isAlive() && side.messages == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingWhileReadingForgetsTheRest(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport)) {
            var side = loopback.side;
            side.onMessage = frame -> {
                side.inlet.close();
                side.inlet.pause();
            };

            send(loopback, List.of(new byte[200_000], new byte[10], new byte[200_000]), 10);

            await().until(() -> side.messages == 1);
            await().until(loopback::nothingIsHeld);
            assertThat(side.messages).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void halfAMessageIsDroppedWithItsConnection(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport)) {
            byte[] framed = framed(new byte[300_000]);
            loopback.side.opaque = false;
            loopback.peer.getOutputStream().write(framed, 0, 150_000);
            await().until(() -> loopback.onLoop(loopback.side::missing) == framed.length - 150_000);
            loopback.peer.setSoLinger(true, 0);
            loopback.peer.close();

            await().until(() -> loopback.side.inactive);
            await().until(loopback::nothingIsHeld);
            assertThat(loopback.side.messages).isZero();
        }
    }

    /// A claim costs nothing: what is held grows with what has arrived.
    @ParameterizedTest
    @EnumSource
    void aGiantClaimAllocatesNothing(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport)) {
            loopback.side.opaque = false;
            loopback.peer.getOutputStream().write(ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).putInt(1).array());
            long before = io.netty.buffer.PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();

            loopback.peer.getOutputStream().write(new byte[100_000]);

            await().until(() -> loopback.onLoop(loopback.side::missing) == Integer.MAX_VALUE - 100_003L);
            long now = io.netty.buffer.PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            assertThat(now - before).isLessThan(64 * 1024 * 1024);
        }
    }

    /// The same messages whole and in pieces; half of the time nobody knows beforehand which it will be.
    @ParameterizedTest
    @EnumSource
    void whatMayBeCutIsReadLikeWhatMayNot(Transport transport) throws Exception {
        var random = new Random(11);
        try (var loopback = Loopback.open(transport)) {
            var messages = messages(80, 12);
            var side = loopback.side;
            side.onMessage = frame -> {
                assertThat(frame.length()).isEqualTo(framed(side.received.getLast()).length);
                side.opaque = random.nextBoolean();
            };

            send(loopback, messages, 13);

            await().until(() -> side.messages == messages.size());
            assertThat(side.received).containsExactlyElementsOf(messages);
            assertThat(side.broken).isNull();
            assertThat(side.cuts).isPositive();
            await().until(loopback::nothingIsHeld);
        }
    }

    /// What has come of the value when it is cut out, and how the rest comes, byte by byte around every border.
    @ParameterizedTest
    @EnumSource
    void aValueIsCutOutWhereverThePacketsEnd(Transport transport) throws Exception {
        byte[] value = new byte[200_000];
        new Random(14).nextBytes(value);
        byte[] framed = framed(value);
        int[] cuts = {
            1, 3, 4, 5, 16_387, 16_388, 16_389, 65_539, 65_540, 65_541, 131_071, 131_072, 131_076, 131_077, 200_003, 200_004
        };
        try (var loopback = Loopback.open(transport)) {
            var side = loopback.side;
            int sent = 0;
            for (int first : cuts) {
                for (int second : cuts) {
                    if (second > first) {
                        write(loopback, framed, 0, first);
                        write(loopback, framed, first, second);
                        // With the beginning of the next message, or without.
                        write(loopback, framed, second, framed.length);
                        sent++;
                    }
                }
            }
            int messages = sent;
            await().until(() -> side.messages == messages);
            assertThat(side.received).allSatisfy(received -> assertThat(received).isEqualTo(value));
            assertThat(side.cuts).isGreaterThan(messages / 2);
            await().until(loopback::nothingIsHeld);
        }
    }

    /// A peer that announces much and sends little costs no more than it has sent.
    @Test
    void aChunkIsOnlyTakenForAValueThatComes() throws Exception {
        try (var loopback = Loopback.open(Transport.EPOLL)) {
            loopback.peer.getOutputStream().write(ByteBuffer.allocate(16_000).putInt(Integer.MAX_VALUE).array());
            await().until(() -> loopback.onLoop(loopback.side.inlet::heldBytes) > 0);
            assertThat(loopback.onLoop(loopback.side.inlet::heldBytes)).isLessThan(Chunk.LARGE / 2);
            assertThat(loopback.onLoop(loopback.loop::lentChunks)).isZero();

            loopback.peer.getOutputStream().write(new byte[100_000]);
            await().until(() -> loopback.side.cuts == 1);
            await().until(() -> loopback.onLoop(loopback.side.inlet::heldBytes) > 100_000);
            assertThat(loopback.onLoop(loopback.side.inlet::heldBytes)).isLessThan(4 * Chunk.LARGE);
            loopback.peer.setSoLinger(true, 0);
            loopback.peer.close();

            await().until(() -> loopback.side.inactive);
            await().until(loopback::nothingIsHeld);
        }
    }

    private static void write(Loopback loopback, byte[] bytes, int from, int to) throws IOException {
        loopback.peer.getOutputStream().write(bytes, from, to - from);
        // Time for the inlet to read this piece alone; were it not enough the test would only see less.
        java.util.concurrent.locks.LockSupport.parkNanos(50_000);
    }

    private static List<byte[]> messages(int count, long seed) {
        var random = new Random(seed);
        var messages = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            byte[] message = new byte[SIZES[random.nextInt(SIZES.length)]];
            random.nextBytes(message);
            messages.add(message);
        }
        return messages;
    }

    private static void send(Loopback loopback, List<byte[]> messages, long seed) throws IOException {
        var random = new Random(seed);
        var all = new ByteArrayOutputStream();
        messages.forEach(message -> all.writeBytes(framed(message)));
        byte[] bytes = all.toByteArray();
        OutputStream out = loopback.peer.getOutputStream();
        int at = 0;
        while (at < bytes.length) {
            int part = Math.min(bytes.length - at, random.nextInt(10) == 0 ? 1 + random.nextInt(3) : 1 + random.nextInt(150_000));
            out.write(bytes, at, part);
            at += part;
        }
    }

    private static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(4 + message.length + 1).putInt(message.length).put(message).put((byte) '.').array();
    }
}
