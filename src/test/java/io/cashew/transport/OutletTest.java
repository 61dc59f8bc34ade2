package io.cashew.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cashew.transport.Loopback.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutletTest {
    private static final int SMALL_BUFFER = 4 * 1024;

    @ParameterizedTest
    @EnumSource
    void everythingArrivesInOrderWhateverItsSizeAndWay(Transport transport) throws Exception {
        var random = new Random(7);
        try (var loopback = Loopback.open(transport, SMALL_BUFFER)) {
            var expected = new ByteArrayOutputStream();
            var reading = readAll(loopback.peer.getInputStream());

            for (int iteration = 0; iteration < 60; iteration++) {
                loopback.run(() -> {
                    for (int i = random.nextInt(1, 12); i > 0; i--) {
                        writeSomething(loopback.side.outlet, random, expected);
                    }
                });
            }
            loopback.run(loopback.side.outlet::closeWhenSent);

            assertThat(reading.get()).isEqualTo(expected.toByteArray());
            await().until(() -> loopback.side.inactive);
            assertThat(loopback.side.outlet.pendingBytes()).isZero();
            await().until(loopback::nothingIsHeld);
        }
    }

    private static void writeSomething(Outlet outlet, Random random, ByteArrayOutputStream expected) {
        int[] sizes = {0, 1, 20, Chunk.SMALL, Chunk.SMALL + 1, Chunk.MEDIUM, 40_000, Chunk.LARGE, Chunk.LARGE + 1, 200_000};
        byte[] bytes = new byte[sizes[random.nextInt(sizes.length)]];
        random.nextBytes(bytes);
        expected.writeBytes(bytes);
        switch (random.nextInt(4)) {
            case 0 -> outlet.write(bytes);
            case 1 -> {
                var frame = new Frame();
                frame.place(MemorySegment.ofArray(bytes), 0, bytes.length, null);
                outlet.write(frame);
            }
            case 2 -> outlet.writeAndRelease(buffer(bytes));
            default -> {
                // A slice in the middle of a larger buffer, as an inlet hands over.
                ByteBuf whole = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length + 20).writeZero(10).writeBytes(bytes);
                outlet.writeAndRelease(whole.retainedSlice(10, bytes.length));
                whole.release();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenBeforeItOpensIsKept(Transport transport) throws Exception {
        try (var loopback = Loopback.unopened(transport)) {
            byte[] bytes = new byte[150_000];
            new Random(1).nextBytes(bytes);

            loopback.run(() -> loopback.side.outlet.write(bytes));
            assertThat(loopback.side.outlet.pendingBytes()).isEqualTo(bytes.length);
            loopback.run(loopback.side::open);

            assertThat(loopback.peer.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            await().until(() -> loopback.onLoop(loopback.side.outlet::pendingBytes) == 0 && loopback.nothingIsHeld());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatThePeerDoesNotReadWaitsAndIsCounted(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport, SMALL_BUFFER)) {
            byte[] bytes = new byte[1_000_000];

            loopback.run(() -> loopback.side.outlet.write(bytes));
            assertThat(loopback.onLoop(loopback.side.outlet::pendingBytes)).isBetween(500_000L, 1_000_000L);
            int before = loopback.side.sentCalls;
            loopback.peer.getInputStream().readNBytes(bytes.length);

            await().until(() -> loopback.onLoop(loopback.side.outlet::pendingBytes) == 0);
            assertThat(loopback.side.sentCalls).isGreaterThan(before);
            await().until(loopback::nothingIsHeld);
        }
    }

    /// Whoever has stopped because of [Outlet#pendingBytes()] has to hear that he can go on.
    @ParameterizedTest
    @EnumSource
    void theOwnerHearsOfItWhenEverythingHasLeftAtOnce(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport)) {
            loopback.run(() -> {
                loopback.side.outlet.writeAndRelease(buffer(new byte[10_000]));
                assertThat(loopback.side.outlet.pendingBytes()).isEqualTo(10_000);
            });

            await().until(() -> loopback.side.sentCalls > 0);
            assertThat(loopback.onLoop(loopback.side.outlet::pendingBytes)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingDropsWhatIsQueued(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport, SMALL_BUFFER)) {
            ByteBuf late = buffer(new byte[5000]);

            loopback.run(() -> {
                loopback.side.outlet.write(new byte[300_000]);
                loopback.side.outlet.writeAndRelease(buffer(new byte[100_000]));
            });
            loopback.run(() -> {
                loopback.side.outlet.write(new byte[100]);
                loopback.side.outlet.close();
                loopback.side.outlet.write(new byte[100]);
                loopback.side.outlet.writeAndRelease(late);
                loopback.channel.close();
            });

            assertThat(late.refCnt()).isZero();
            await().until(loopback::nothingIsHeld);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThePeerHasResetIsReportedOrEnds(Transport transport) throws Exception {
        try (var loopback = Loopback.open(transport, SMALL_BUFFER)) {
            loopback.run(() -> loopback.channel.config().setAutoRead(false));
            loopback.peer.setSoLinger(true, 0);
            loopback.peer.close();

            await().until(() -> {
                loopback.run(() -> loopback.side.outlet.write(new byte[200_000]));
                return loopback.side.failure != null || loopback.side.inactive;
            });

            loopback.run(() -> loopback.channel.close());
            await().until(loopback::nothingIsHeld);
        }
    }

    /// A descriptor's number belongs to somebody else as soon as it is closed.
    @Test
    void nothingIsWrittenToADescriptorThatHasBeenClosed(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("somebody-elses"));
        try (var loopback = Loopback.open(Transport.EPOLL)) {
            List<FileDescriptor> others = new ArrayList<>();
            boolean[] sameNumber = new boolean[1];

            loopback.run(() -> {
                int number = ((UnixChannel) loopback.channel).fd().intValue();
                loopback.channel.close();
                while (!sameNumber[0] && others.size() < 200) {
                    others.add(FileDescriptor.from(file.toFile()));
                    sameNumber[0] = others.getLast().intValue() == number;
                }
                loopback.side.outlet.write(new byte[3 * Chunk.LARGE]);
                loopback.side.outlet.writeAndRelease(buffer(new byte[10_000]));
                loopback.side.outlet.flush();
                for (FileDescriptor other : others) {
                    other.close();
                }
            });

            assumeTrue(sameNumber[0], "another thread has taken the number");
            assertThat(Files.size(file)).isZero();
            await().until(loopback::nothingIsHeld);
        }
    }

    private static ByteBuf buffer(byte[] bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    /// Reads to the end, slowly at first.
    private static java.util.concurrent.Future<byte[]> readAll(InputStream in) {
        var task = new java.util.concurrent.FutureTask<>(() -> {
            var all = new ByteArrayOutputStream();
            var random = new Random(3);
            byte[] buffer = new byte[30_000];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer, 0, 1 + random.nextInt(buffer.length))) {
                all.write(buffer, 0, read);
            }
            return all.toByteArray();
        });
        Thread.ofVirtual().start(task);
        return task;
    }
}
