package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/// The sending side of one connection: collects what an event-loop iteration produces and sends it at once.
///
/// Small messages are copied into a chunk borrowed from the loop, large ones are handed over as they are. With epoll the
/// bytes go straight to the socket; what the kernel does not take (and everything, on other transports) goes through
/// Netty's outbound buffer, which waits for the socket. A connection with nothing to send holds no memory.
///
/// Until [#open(ChannelHandlerContext)] bytes are only collected. After [#close()] they are dropped.
public final class Outlet implements ByteSink {
    /// What the owner wants to know about its output.
    public interface Owner {
        /// What has been written so far is about to leave, or waits for the socket only.
        default void leaving() {}

        /// Everything written so far has left for the kernel.
        void sent();

        /// The socket refused a write; the connection is to be closed.
        void sendFailed(IOException cause);
    }

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final IoLoop loop;
    private final boolean toServer;
    private final Owner owner;
    private ChannelHandlerContext context;
    private FileDescriptor descriptor;
    private Chunk chunk;
    private int used;
    private ArrayDeque<ByteBuf> ahead;
    private long aheadBytes;
    private long waitingBytes;
    private boolean flushScheduled;
    private boolean closed;
    private boolean closeWhenSent;

    /// An outlet towards a server if `toServer`, else towards a client: the former are flushed first.
    public Outlet(IoLoop loop, boolean toServer, Owner owner) {
        this.loop = loop;
        this.toServer = toServer;
        this.owner = owner;
    }

    /// Starts sending through `context`, beginning with what has been collected.
    public void open(ChannelHandlerContext context) {
        this.context = context;
        Channel channel = context.channel();
        if (channel instanceof UnixChannel unix) {
            descriptor = unix.fd();
        }
        flushSoon();
    }

    @Override
    public void write(MemorySegment source, long offset, int length) {
        if (closed) {
            return;
        }
        long from = offset;
        int left = length;
        while (left > 0) {
            int room = room(left);
            int part = Math.min(room, left);
            MemorySegment.copy(source, from, chunk.memory, used, part);
            used += part;
            from += part;
            left -= part;
        }
        flushSoon();
    }

    /// Appends a whole message: copies it if it is small and hands its buffer over if that is possible.
    public void write(Frame frame) {
        ByteBuf whole = frame.takeWithoutCopy();
        if (whole == null) {
            write(frame.bytes(), frame.start(), frame.length());
        } else {
            writeAndRelease(whole);
        }
    }

    /// Appends `buffer`, which this outlet releases once it is sent or dropped.
    @Override
    public void writeAndRelease(ByteBuf buffer) {
        if (closed || !buffer.isReadable()) {
            buffer.release();
            return;
        }
        if (buffer.readableBytes() <= Chunk.SMALL) {
            write(MemorySegment.ofBuffer(buffer.nioBuffer()), 0, buffer.readableBytes());
            buffer.release();
            return;
        }
        if (used > 0) {
            putChunkAhead();
        }
        putAhead(buffer);
        flushSoon();
    }

    /// Bytes that have been written here and not been taken by the kernel.
    public long pendingBytes() {
        return used + aheadBytes + waitingBytes;
    }

    /// Sends what has been collected. Called by the loop at the end of an iteration in which something was written.
    public void flush() {
        flushScheduled = false;
        if (closed || context == null) {
            return;
        }
        owner.leaving();
        try {
            sendAhead();
            sendChunk();
        } catch (IOException refused) {
            fail(refused);
            return;
        }
        if (pendingBytes() == 0) {
            onSent();
        }
    }

    private void onSent() {
        if (!closeWhenSent) {
            owner.sent();
        } else if (context.channel() instanceof DuplexChannel channel && !channel.isInputShutdown()) {
            // Closing with something unread makes the kernel reset the connection, which can cost the peer our last words.
            // So say goodbye, and wait a moment for the peer's.
            channel.shutdownOutput();
            loop.schedule(context::close, LINGER_NANOS);
        } else {
            context.close();
        }
    }

    /// The peer will send nothing more; there is no need to wait for that.
    public void peerHasEnded() {
        if (closeWhenSent && pendingBytes() == 0 && context != null) {
            context.close();
        }
    }

    /// Closes the connection once everything written so far has been sent.
    public void closeWhenSent() {
        closeWhenSent = true;
        flushSoon();
    }

    /// Drops whatever has not been handed to Netty and takes nothing more. Does not close the channel.
    public void close() {
        closed = true;
        returnChunk();
        if (ahead != null) {
            ahead.forEach(ByteBuf::release);
            ahead = null;
        }
        aheadBytes = 0;
    }

    /// Takes nothing more and tells the owner, but not from here: we may be deep inside somebody's loop over connections.
    void fail(IOException cause) {
        close();
        loop.eventLoop().execute(() -> owner.sendFailed(cause));
    }

    private void flushSoon() {
        if (!flushScheduled && context != null) {
            flushScheduled = true;
            loop.flushSoon(this, toServer);
        }
    }

    /// Makes room in the chunk, at least one byte, better `wanted`, and returns how much there is.
    private int room(int wanted) {
        if (chunk == null) {
            chunk = loop.borrow(toServer ? Chunk.MEDIUM : Chunk.SMALL);
        }
        if (chunk.size - used < wanted && chunk.size < Chunk.LARGE) {
            int needed = used + wanted;
            Chunk larger = loop.borrow(needed <= Chunk.MEDIUM ? Chunk.MEDIUM : Chunk.LARGE);
            MemorySegment.copy(chunk.memory, 0, larger.memory, 0, used);
            loop.giveBack(chunk);
            chunk = larger;
        }
        if (chunk.size == used) {
            spill();
        }
        return chunk.size - used;
    }

    /// The largest chunk is full: send it now if the socket takes it, keep a copy in line otherwise.
    private void spill() {
        if (context != null && ahead == null && waitingBytes == 0 && descriptor != null) {
            owner.leaving();
            try {
                int sent = send(chunk.address, 0, used);
                if (sent == used) {
                    used = 0;
                    return;
                }
                MemorySegment.copy(chunk.memory, sent, chunk.memory, 0, used - sent);
                used -= sent;
            } catch (IOException refused) {
                // Nothing has left. The flush at the end of this iteration tries again, and reports what it meets.
            }
        }
        putChunkAhead();
    }

    private void putChunkAhead() {
        ByteBuf copy = loop.allocate(used);
        MemorySegment.copy(chunk.memory, 0, MemorySegment.ofBuffer(copy.nioBuffer(0, used)), 0, used);
        copy.writerIndex(used);
        used = 0;
        putAhead(copy);
    }

    private void putAhead(ByteBuf buffer) {
        if (ahead == null) {
            ahead = new ArrayDeque<>();
        }
        ahead.addLast(buffer);
        aheadBytes += buffer.readableBytes();
    }

    private void sendAhead() throws IOException {
        if (ahead == null) {
            return;
        }
        while (!ahead.isEmpty() && waitingBytes == 0 && descriptor != null) {
            ByteBuf first = ahead.peekFirst();
            int length = first.readableBytes();
            int sent = first.hasMemoryAddress()
                    ? send(first.memoryAddress(), first.readerIndex(), first.writerIndex())
                    : send(first.nioBuffer(), length);
            aheadBytes -= sent;
            if (sent < length) {
                first.skipBytes(sent);
                break;
            }
            ahead.removeFirst().release();
        }
        // Whatever is left waits for the socket in Netty's outbound buffer, which sends it in as few calls as possible.
        for (ByteBuf buffer = ahead.pollFirst(); buffer != null; buffer = ahead.pollFirst()) {
            aheadBytes -= buffer.readableBytes();
            await(buffer);
        }
        ahead = null;
        if (waitingBytes > 0) {
            context.flush();
        }
    }

    private void sendChunk() throws IOException {
        if (used == 0) {
            returnChunk();
            return;
        }
        int sent = 0;
        if (waitingBytes == 0 && descriptor != null) {
            sent = send(chunk.address, 0, used);
        }
        if (sent < used) {
            int left = used - sent;
            ByteBuf rest = loop.allocate(left);
            MemorySegment.copy(chunk.memory, sent, MemorySegment.ofBuffer(rest.nioBuffer(0, left)), 0, left);
            used = 0;
            await(rest.writerIndex(left));
            context.flush();
        }
        used = 0;
        returnChunk();
    }

    /// Gives the kernel the bytes between `from` and `to` behind `address`, and returns how many it has taken.
    private int send(long address, int from, int to) throws IOException {
        requireOpen();
        return descriptor.writeAddress(address, from, to);
    }

    private int send(ByteBuffer buffer, int length) throws IOException {
        requireOpen();
        return descriptor.write(buffer, 0, length);
    }

    /// A channel closes its descriptor before it tells anybody, and the number may already belong to another connection.
    private void requireOpen() throws IOException {
        if (!descriptor.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private void await(ByteBuf buffer) {
        int length = buffer.readableBytes();
        waitingBytes += length;
        context.write(buffer).addListener(future -> waited(future, length));
    }

    private void waited(Future<?> written, int length) {
        waitingBytes -= length;
        if (written.isSuccess() && pendingBytes() == 0 && !closed) {
            onSent();
        }
    }

    private void returnChunk() {
        if (chunk != null) {
            loop.giveBack(chunk);
            chunk = null;
            used = 0;
        }
    }
}
