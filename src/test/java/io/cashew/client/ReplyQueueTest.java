package io.cashew.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Gather;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import io.cashew.transport.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyQueueTest {
    private final DefaultEventLoop eventLoop = new DefaultEventLoop();
    private final ChannelInboundHandlerAdapter nothing = new ChannelInboundHandlerAdapter();
    private final List<ByteBuf> buffers = new ArrayList<>();

    @AfterEach
    void stop() {
        eventLoop.shutdownGracefully();
    }

    /// Requests come and are answered in random order; what leaves is compared with a plain list.
    @ParameterizedTest
    @ValueSource(ints = {0, Integer.MAX_VALUE - 300, -300})
    void repliesLeaveInTheOrderOfTheirRequests(int firstNumber) throws Exception {
        onLoop(() -> {
            var channel = new EmbeddedChannel(nothing);
            var outlet = outlet();
            outlet.open(channel.pipeline().context(nothing));
            var queue = queue(outlet, firstNumber);
            var random = new Random(firstNumber + 17L);
            var expected = new ByteArrayOutputStream();
            List<Integer> open = new ArrayList<>();
            List<byte[]> replies = new ArrayList<>();
            for (int step = 0; step < 6000; step++) {
                // Phases in which requests pile up, and phases in which they are worked off.
                if (open.isEmpty() || step < 5000 && random.nextInt(1000) < (step / 500 % 2 == 0 ? 600 : 400)) {
                    int number = queue.open();
                    assertThat(number).isEqualTo(firstNumber + replies.size());
                    open.add(number);
                    replies.add(reply(replies.size(), random));
                } else {
                    int which = random.nextInt(3) == 0 ? 0 : random.nextInt(open.size());
                    int number = open.remove(which);
                    complete(queue, number, replies.get(number - firstNumber), random);
                }
                int first = open.stream().mapToInt(number -> number - firstNumber).min().orElse(replies.size());
                assertThat(queue.unanswered()).isEqualTo(replies.size() - first);
            }
            while (!open.isEmpty()) {
                int number = open.remove(random.nextInt(open.size()));
                complete(queue, number, replies.get(number - firstNumber), random);
            }
            replies.forEach(expected::writeBytes);

            outlet.flush();

            assertThat(outbound(channel)).isEqualTo(expected.toByteArray());
            assertThat(queue.unanswered()).isZero();
            return null;
        });
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @Test
    void closingLetsGoOfWhatIsParked() throws Exception {
        onLoop(() -> {
            var queue = queue(outlet(), 0);
            for (int i = 0; i < 100; i++) {
                queue.open();
            }
            var random = new Random(1);
            for (int number = 1; number < 100; number += 2) {
                complete(queue, number, reply(number, random), random);
            }

            queue.close();
            queue.close();
            return null;
        });

        assertThat(buffers).isNotEmpty().allMatch(buffer -> buffer.refCnt() == 0);
    }

    private byte[] reply(int number, Random random) {
        int[] sizes = {3, 10, 200, 3000, 20_000, 70_000};
        byte[] reply = new byte[sizes[random.nextInt(random.nextInt(10) == 0 ? sizes.length : 3)]];
        byte[] text = (number + ":").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, reply, 0, Math.min(text.length, reply.length));
        return reply;
    }

    private void complete(ReplyQueue queue, int number, byte[] reply, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> queue.complete(number, reply);
            case 1 -> {
                ByteBuf kept = PooledByteBufAllocator.DEFAULT.directBuffer(reply.length).writeBytes(reply);
                buffers.add(kept);
                queue.complete(number, gather(kept));
            }
            default -> {
                byte[] memory = reply.clone();
                var frame = new Frame();
                frame.place(MemorySegment.ofArray(memory), 0, memory.length, null);
                queue.complete(number, frame);
                // The memory is used for the next message at once.
                java.util.Arrays.fill(memory, (byte) '!');
            }
        }
    }

    /// A gather whose joined reply is `kept`.
    private static Gather gather(ByteBuf kept) {
        return new Gather() {
            @Override
            public void part(int part, Frame response) {
                throw new AssertionError("every part has answered");
            }

            @Override
            public long length() {
                return kept.readableBytes();
            }

            @Override
            public void join(ByteSink out) {
                out.write(MemorySegment.ofBuffer(kept.nioBuffer(0, 1)), 0, 1);
                out.writeAndRelease(kept.skipBytes(1));
            }

            @Override
            public void release() {
                kept.release();
            }
        };
    }

    private Outlet outlet() {
        return new Outlet(IoLoop.of(eventLoop), false, new Outlet.Owner() {
            @Override
            public void sent() {}

            @Override
            public void sendFailed(IOException cause) {
                throw new AssertionError(cause);
            }
        });
    }

    /// A queue whose client has asked `firstNumber` requests before.
    private ReplyQueue queue(Outlet outlet, int firstNumber) throws ReflectiveOperationException {
        var queue = new ReplyQueue(IoLoop.of(eventLoop), outlet);
        for (String name : List.of("next", "head")) {
            Field field = ReplyQueue.class.getDeclaredField(name);
            field.setAccessible(true);
            field.setInt(queue, firstNumber);
        }
        return queue;
    }

    private static byte[] outbound(EmbeddedChannel channel) {
        channel.flushOutbound();
        var bytes = new ByteArrayOutputStream();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            bytes.writeBytes(io.netty.buffer.ByteBufUtil.getBytes(part));
            part.release();
        }
        return bytes.toByteArray();
    }

    private void onLoop(Callable<Void> task) throws Exception {
        eventLoop.submit(task).get();
    }
}
