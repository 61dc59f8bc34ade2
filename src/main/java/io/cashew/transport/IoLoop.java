package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What all connections of one event loop share: the buffer they receive into, the chunks they send from, a clock, and
/// the flush that sends everything an iteration has produced with one system call per connection.
///
/// There is one per event loop, whatever the number of pools; [#of(EventLoop)] finds it. All methods belong to that loop's
/// thread.
public final class IoLoop {
    /// Large enough that one read empties most sockets, small enough to stay in the second-level cache.
    static final int RECEIVE_BUFFER = 128 * 1024;

    /// How many bytes may be held where nobody has limited them: a part of the memory Netty may use, because the allocator
    /// needs some room to move.
    public static final long DEFAULT_MEMORY_LIMIT = PlatformDependent.maxDirectMemory() / 10 * 6;

    /// How much may be allocated before it is looked how much is held. Looking costs microseconds.
    private static final int UNCHECKED = 256 * 1024;

    /// Connections that hold less are not worth ending.
    private static final int WORTHWHILE = 16 * 1024;

    private static final FastThreadLocal<IoLoop> CURRENT = new FastThreadLocal<>() {
        @Override
        protected void onRemoval(IoLoop loop) {
            // The thread ends.
            loop.small.clear();
            loop.medium.clear();
            loop.large.clear();
        }
    };

    private final SingleThreadEventLoop eventLoop;
    private final MemorySegment receiveMemory = Arena.global().allocate(RECEIVE_BUFFER, 64);
    private final ByteBuf receiveBuffer = Unpooled.wrappedBuffer(receiveMemory.asByteBuffer());
    private final Chunk.Stock small = new Chunk.Stock(Chunk.SMALL);
    private final Chunk.Stock medium = new Chunk.Stock(Chunk.MEDIUM);
    private final Chunk.Stock large = new Chunk.Stock(Chunk.LARGE);
    private final Vector vector = new Vector();
    private final List<Relief> reliefs = new ArrayList<>();
    private long memoryLimit = DEFAULT_MEMORY_LIMIT;
    private long allocatedUnchecked;
    private boolean memoryShort;
    private ArrayList<Outlet> toServers = new ArrayList<>();
    private ArrayList<Outlet> toClients = new ArrayList<>();
    private ArrayList<Outlet> sending = new ArrayList<>();
    private final Hold hold = new Hold();
    private Preemption preemption;
    private final Runnable endOfIteration = this::endOfIteration;
    private final Runnable scheduleEnd = this::scheduleEnd;
    private boolean endScheduled;
    private long now;

    private IoLoop(SingleThreadEventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /// The shared state of `eventLoop`, whose thread must be the caller.
    public static IoLoop of(EventLoop eventLoop) {
        IoLoop loop = CURRENT.get();
        if (loop == null) {
            if (!eventLoop.inEventLoop()) {
                throw new IllegalStateException("an IoLoop is made by the thread of its event loop");
            }
            loop = new IoLoop((SingleThreadEventLoop) eventLoop);
            CURRENT.set(loop);
        }
        return loop;
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    /// [System#nanoTime()], read once per iteration: precise enough for deadlines and latencies, and the clock is not read
    /// for every request.
    public long now() {
        if (now == 0) {
            now = System.nanoTime();
            scheduleEnd();
        }
        return now;
    }

    /// Runs `task` on this loop after `nanos` nanoseconds.
    public void schedule(Runnable task, long nanos) {
        eventLoop.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /// Lets clients and servers on the same processors finish what they do while this loop is busy, where the system lets it.
    public void adaptScheduling() {
        if (ThreadScheduling.isKnown()) {
            ThreadScheduling thread = new ThreadScheduling();
            preemption = new Preemption(thread::runnableNanos, thread::toBatch, thread::toNormal);
        }
    }

    MemorySegment receiveMemory() {
        return receiveMemory;
    }

    ByteBuf receiveBuffer() {
        return receiveBuffer;
    }

    /// For one system call at a time.
    Vector vector() {
        return vector;
    }

    /// How many bytes may be held for all connections of the process together, before those that make us hold the most are
    /// ended, beginning with the worst.
    public void limitMemory(long bytes) {
        memoryLimit = bytes;
    }

    /// Asks `relief` when memory is short, until [#forget(Relief)].
    public void register(Relief relief) {
        reliefs.add(relief);
    }

    public void forget(Relief relief) {
        reliefs.remove(relief);
    }

    /// A buffer for bytes that have to wait; whoever gets it releases it.
    public ByteBuf allocate(int capacity) {
        watchMemory(capacity);
        return PooledByteBufAllocator.DEFAULT.directBuffer(capacity);
    }

    /// A borrowed chunk as a buffer for bytes that have to wait, those between `from` and `to`; whoever gets it releases it.
    ByteBuf handOver(Chunk chunk, int from, int to) {
        watchMemory(chunk.size);
        return chunk.handOver(from, to);
    }

    private void watchMemory(int more) {
        allocatedUnchecked += more;
        if (allocatedUnchecked >= UNCHECKED && !memoryShort) {
            allocatedUnchecked = 0;
            if (heldBytes() > memoryLimit) {
                memoryShort = true;
                // Not at once: whoever allocates is in the middle of something.
                eventLoop.execute(this::relieve);
            }
        }
    }

    /// Whether more is held than may be; relief comes with the next task of the loop.
    boolean memoryIsShort() {
        return memoryShort;
    }

    /// Bytes held for all connections of the process together. Any thread.
    public static long heldBytes() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() + Chunk.handedOver();
    }

    /// Bytes of all chunks of the process, whether lent or in stock. Any thread.
    public static long chunkBytes() {
        return Chunk.allocatedBytes();
    }

    private void relieve() {
        memoryShort = false;
        while (heldBytes() > memoryLimit) {
            Relief worst = null;
            long most = WORTHWHILE;
            for (Relief relief : reliefs) {
                long largest = relief.largest();
                if (largest >= most) {
                    most = largest;
                    worst = relief;
                }
            }
            if (worst == null) {
                return;
            }
            worst.dropLargest();
        }
    }

    Chunk borrow(int size) {
        return stock(size).borrow();
    }

    void giveBack(Chunk chunk) {
        stock(chunk.size).giveBack(chunk);
    }

    /// Chunks that connections of this loop hold; none when all of them are quiet.
    public int lentChunks() {
        return small.lent() + medium.lent() + large.lent();
    }

    private Chunk.Stock stock(int size) {
        return size == Chunk.SMALL ? small : size == Chunk.MEDIUM ? medium : large;
    }

    /// A request has been written for a server.
    public void requestWritten() {
        hold.request();
    }

    void flushSoon(Outlet outlet, boolean toServer) {
        (toServer ? toServers : toClients).add(outlet);
        scheduleEnd();
    }

    private void scheduleEnd() {
        if (!endScheduled) {
            endScheduled = true;
            // Once per iteration instead of once per message: with pipelining the latter costs about nine times as much.
            eventLoop.executeAfterEventLoopIteration(endOfIteration);
        }
    }

    private void endOfIteration() {
        endScheduled = false;
        if (preemption != null && now != 0) {
            preemption.look(now);
        }
        now = 0;
        // Servers first: they start working while the clients' answers are written.
        if (!toServers.isEmpty()) {
            if (hold.holds()) {
                // With a task to run the loop looks for events and does not sleep.
                eventLoop.execute(scheduleEnd);
            } else {
                ArrayList<Outlet> batch = toServers;
                toServers = sending;
                flush(batch);
                sending = batch;
            }
        }
        ArrayList<Outlet> batch = toClients;
        toClients = sending;
        flush(batch);
        sending = batch;
    }

    private static void flush(ArrayList<Outlet> outlets) {
        for (int i = 0; i < outlets.size(); i++) {
            Outlet outlet = outlets.get(i);
            try {
                outlet.flush();
            } catch (RuntimeException | OutOfMemoryError failure) {
                // One connection's trouble must not keep the others' bytes here.
                outlet.fail(new IOException(failure));
            }
        }
        outlets.clear();
    }
}
