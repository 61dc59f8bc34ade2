package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/// A piece of native memory that an [IoLoop] lends to an [Outlet] or a [Shelf] while it has something to keep.
final class Chunk {
    /// Replies to a client start small: a loop that answers a thousand clients in one iteration touches a thousand chunks.
    static final int SMALL = 2 * 1024;
    /// Requests to a server are gathered from many clients.
    static final int MEDIUM = 16 * 1024;
    /// As much as one send is given; beyond it a larger one saves no system call worth having.
    static final int LARGE = 64 * 1024;

    /// Not the pooled allocator: chunks live as long as their loop, which is no leak, and are pooled by it.
    private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true, true);

    final MemorySegment memory;
    final long address;
    final int size;
    private final ByteBuf buffer;

    private Chunk(int size) {
        this.buffer = ALLOCATOR.directBuffer(size, size);
        this.memory = MemorySegment.ofBuffer(buffer.nioBuffer(0, size));
        this.address = memory.address();
        this.size = size;
    }

    /// Chunks of one size that nobody needs now. Keeps a few megabytes for the next burst and gives the rest back.
    static final class Stock {
        private static final int KEPT_BYTES = 4 * 1024 * 1024;

        private final int size;
        private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
        private int lent;

        Stock(int size) {
            this.size = size;
        }

        Chunk borrow() {
            lent++;
            Chunk chunk = chunks.pollLast();
            return chunk == null ? new Chunk(size) : chunk;
        }

        void giveBack(Chunk chunk) {
            lent--;
            if (chunks.size() < KEPT_BYTES / size) {
                chunks.addLast(chunk);
            } else {
                chunk.buffer.release();
            }
        }

        /// Chunks borrowed and not given back.
        int lent() {
            return lent;
        }

        void clear() {
            chunks.forEach(chunk -> chunk.buffer.release());
            chunks.clear();
        }
    }
}
