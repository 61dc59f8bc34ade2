package io.cashew.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShelfTest {
    private final DefaultEventLoop eventLoop = new DefaultEventLoop();

    @AfterEach
    void stop() {
        eventLoop.shutdownGracefully();
    }

    @Test
    void messagesComeBackInAnyOrder() throws Exception {
        eventLoop.submit(() -> {
            var loop = IoLoop.of(eventLoop);
            var shelf = new Shelf(loop);
            var random = new Random(1);
            for (int run = 0; run < 200; run++) {
                record Kept(int at, byte[] message) {}
                List<Kept> kept = new ArrayList<>();
                int total = 0;
                for (int i = random.nextInt(1, 60); i > 0; i--) {
                    byte[] message = new byte[random.nextInt(1, 5000)];
                    random.nextBytes(message);
                    int at = shelf.put(frame(message));
                    if (at == Shelf.FULL) {
                        assertThat(total + message.length).isGreaterThan(Chunk.LARGE);
                    } else {
                        kept.add(new Kept(at, message));
                        total += message.length;
                    }
                }
                Collections.shuffle(kept, random);
                for (Kept one : kept) {
                    var out = new ByteArrayOutputStream();
                    shelf.take(one.at, one.message.length, (source, offset, length) ->
                            out.writeBytes(source.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)));
                    assertThat(out.toByteArray()).isEqualTo(one.message);
                }
            }
            return null;
        }).get();
    }

    @Test
    void anEmptyShelfHoldsNoMemory() throws Exception {
        eventLoop.submit(() -> {
            var loop = IoLoop.of(eventLoop);
            Chunk medium = loop.borrow(Chunk.MEDIUM);
            Chunk large = loop.borrow(Chunk.LARGE);
            loop.giveBack(medium);
            loop.giveBack(large);
            var shelf = new Shelf(loop);
            var positions = new ArrayDeque<Integer>();
            for (int i = 0; i < 40; i++) {
                positions.add(shelf.put(frame(new byte[1000])));
            }
            assertThat(loop.borrow(Chunk.LARGE)).isNotSameAs(large);
            positions.forEach(at -> shelf.take(at, 1000, (source, offset, length) -> {}));
            assertThat(loop.borrow(Chunk.LARGE)).isSameAs(large);
            assertThat(loop.borrow(Chunk.MEDIUM)).isSameAs(medium);

            shelf.put(frame(new byte[1]));
            shelf.clear();
            shelf.clear();
            assertThat(shelf.put(frame(new byte[Chunk.MEDIUM]))).isZero();
            assertThat(new Shelf(loop).put(frame(new byte[Chunk.MEDIUM + 1]))).isEqualTo(Shelf.FULL);
            return null;
        }).get();
    }

    private static Frame frame(byte[] message) {
        var frame = new Frame();
        frame.place(MemorySegment.ofArray(message), 0, message.length, null);
        return frame;
    }
}
