package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/// What all connections of one event loop share: the buffer they receive into, the chunks they send from, a clock, and
/// the flush that sends everything an iteration has produced with one system call per connection.
///
/// There is one per event loop, whatever the number of pools; [#of(EventLoop)] finds it. All methods belong to that loop's
/// thread.
public final class IoLoop {
    /// Large enough that one read empties most sockets, small enough to stay in the second-level cache.
    static final int RECEIVE_BUFFER = 64 * 1024;

    private static final FastThreadLocal<IoLoop> CURRENT = new FastThreadLocal<>();

    private final SingleThreadEventLoop eventLoop;
    private final MemorySegment receiveMemory = Arena.global().allocate(RECEIVE_BUFFER, 64);
    private final ByteBuf receiveBuffer = Unpooled.wrappedBuffer(receiveMemory.asByteBuffer());
    private final ArrayDeque<Chunk> small = new ArrayDeque<>();
    private final ArrayDeque<Chunk> medium = new ArrayDeque<>();
    private final ArrayDeque<Chunk> large = new ArrayDeque<>();
    private ArrayList<Outlet> toServers = new ArrayList<>();
    private ArrayList<Outlet> toClients = new ArrayList<>();
    private ArrayList<Outlet> sending = new ArrayList<>();
    private final Runnable endOfIteration = this::endOfIteration;
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

    MemorySegment receiveMemory() {
        return receiveMemory;
    }

    ByteBuf receiveBuffer() {
        return receiveBuffer;
    }

    ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    Chunk borrow(int size) {
        ArrayDeque<Chunk> pool = pool(size);
        Chunk chunk = pool.pollLast();
        return chunk == null ? new Chunk(size) : chunk;
    }

    void giveBack(Chunk chunk) {
        pool(chunk.size).addLast(chunk);
    }

    private ArrayDeque<Chunk> pool(int size) {
        return size == Chunk.SMALL ? small : size == Chunk.MEDIUM ? medium : large;
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
        now = 0;
        // Servers first: they start working while the clients' answers are written.
        ArrayList<Outlet> batch = toServers;
        toServers = sending;
        flush(batch);
        sending = batch;
        batch = toClients;
        toClients = sending;
        flush(batch);
        sending = batch;
    }

    private static void flush(ArrayList<Outlet> outlets) {
        for (int i = 0; i < outlets.size(); i++) {
            outlets.get(i).flush();
        }
        outlets.clear();
    }
}
