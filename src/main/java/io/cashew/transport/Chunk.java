package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/// A piece of native memory that an [IoLoop] lends while there is something to keep: to an [Outlet] or a [Shelf], which
/// give it back, or as a buffer that comes back when it is released.
final class Chunk {
    /// Replies to a client start small: a loop that answers a thousand clients in one iteration touches a thousand chunks.
    static final int SMALL = 2 * 1024;
    /// Requests to a server are gathered from many clients.
    static final int MEDIUM = 16 * 1024;
    /// As much as one send is given; beyond it a larger one saves no system call worth having.
    static final int LARGE = 64 * 1024;

    /// Not the pooled allocator: chunks live as long as their loop, which is no leak, and are pooled by it.
    private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true, true);

    private static final AtomicLong HANDED_OVER = new AtomicLong();

    final MemorySegment memory;
    final long address;
    final int size;
    private final ByteBuf allocated;
    private final Stock stock;
    private final Handed handed;

    private Chunk(int size, Stock stock) {
        this.allocated = ALLOCATOR.directBuffer(size, size);
        this.memory = MemorySegment.ofBuffer(allocated.nioBuffer(0, size));
        this.address = memory.address();
        this.size = size;
        this.stock = stock;
        this.handed = new Handed();
    }

    /// This chunk as a buffer whose bytes are those between `from` and `to`. It is out of our hands now, and comes back by the
    /// last release, which has to be on the loop's thread.
    ByteBuf handOver(int from, int to) {
        HANDED_OVER.addAndGet(size);
        return handed.reborn(from, to);
    }

    /// Bytes of all chunks of the process that are handed over.
    static long handedOver() {
        return HANDED_OVER.get();
    }

    /// Bytes of all chunks of the process.
    static long allocatedBytes() {
        return ALLOCATOR.metric().usedDirectMemory();
    }

    private final class Handed extends UnpooledDirectByteBuf {
        Handed() {
            super(ALLOCATOR, allocated.nioBuffer(0, size), size);
            release();
        }

        ByteBuf reborn(int from, int to) {
            resetRefCnt();
            return setIndex(from, to);
        }

        @Override
        public boolean hasMemoryAddress() {
            return true;
        }

        @Override
        public long memoryAddress() {
            return address;
        }

        @Override
        protected void deallocate() {
            // Only the very first release, of what nobody has had yet, comes before the chunk knows its buffer.
            if (handed != null) {
                HANDED_OVER.addAndGet(-size);
                stock.giveBack(Chunk.this);
            }
        }
    }

    /// Chunks of one size that nobody needs now. Keeps some for the next burst and gives the rest back.
    static final class Stock {
        /// Ten values of 1 MB under way are ten megabytes of chunks; what is not kept is cleared by the kernel before it is
        /// used again. In a process that may use little memory, a sixteenth of that.
        private static final long KEPT_BYTES = Math.min(24 * 1024 * 1024, PlatformDependent.maxDirectMemory() / 16);

        private final int size;
        private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
        private int lent;

        Stock(int size) {
            this.size = size;
        }

        Chunk borrow() {
            Chunk chunk = chunks.pollLast();
            if (chunk == null) {
                chunk = new Chunk(size, this);
            }
            lent++;
            return chunk;
        }

        void giveBack(Chunk chunk) {
            lent--;
            if (chunks.size() < KEPT_BYTES / size) {
                chunks.addLast(chunk);
            } else {
                chunk.allocated.release();
            }
        }

        /// Chunks borrowed and not given back.
        int lent() {
            return lent;
        }

        void clear() {
            chunks.forEach(chunk -> chunk.allocated.release());
            chunks.clear();
        }
    }
}
