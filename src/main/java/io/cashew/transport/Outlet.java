package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/// The sending side of one connection: collects what an event-loop iteration produces and sends it at once.
///
/// Small messages are copied into a chunk borrowed from the loop. Large ones are handed over if they have buffers of their
/// own, and sent at once from where they lie if they have not. With epoll the bytes go straight to the socket; what the
/// kernel does not take (and everything, on other transports and with [Tls]) goes through Netty's outbound buffer, which
/// waits for the socket. A connection with nothing to send holds no memory.
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

    /// What is at least this long and has no buffer of its own is offered to the kernel where it lies.
    private static final int SEND_STRAIGHT = 32 * 1024;

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final IoLoop loop;
    private final boolean toServer;
    private final Owner owner;
    private ChannelHandlerContext context;
    private FileDescriptor descriptor;
    private boolean encrypted;
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
        encrypted = Tls.covers(channel);
        if (!encrypted && channel instanceof UnixChannel unix) {
            descriptor = unix.fd();
        }
        flushSoon();
    }

    @Override
    public void write(MemorySegment source, long offset, int length) {
        if (chunk != null && length <= chunk.size - used && length < SEND_STRAIGHT) {
            // Nearly always. There is a chunk only as long as a flush is to come.
            MemorySegment.copy(source, offset, chunk.memory, used, length);
            used += length;
        } else if (!closed) {
            writeMore(source, offset, length);
        }
    }

    private void writeMore(MemorySegment source, long offset, int length) {
        int sent = length < SEND_STRAIGHT ? 0 : sendStraight(source, offset, length);
        for (int done = sent; done < length; ) {
            int part = Math.min(room(length - done), length - done);
            MemorySegment.copy(source, offset + done, chunk.memory, used, part);
            used += part;
            done += part;
        }
        flushSoon();
    }

    /// Appends a whole message: copies it if it is small and hands its buffers over if that is possible.
    public void write(Frame frame) {
        frame.writeTo(this);
    }

    /// Appends what lies behind the body of a message of which everything else has been written here.
    public void writeEnd(Frame frame) {
        frame.writeEndTo(this);
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
            putAhead(takeChunk(0));
        }
        if (buffer instanceof CompositeByteBuf pieces) {
            pieces.decompose(pieces.readerIndex(), pieces.readableBytes()).forEach(piece -> putAhead(piece.retain()));
            pieces.release();
        } else {
            putAhead(buffer);
        }
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
            send();
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
        } else if (!encrypted && context.channel() instanceof DuplexChannel channel && !channel.isInputShutdown()) {
            // Closing with something unread makes the kernel reset the connection, which can cost the peer our last words.
            // So say goodbye, and wait a moment for the peer's.
            channel.shutdownOutput();
            loop.schedule(context::close, LINGER_NANOS);
        } else {
            // TLS says goodbye and waits by itself.
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

    /// Closes the channel now, also where TLS would rather send first what waits for the socket.
    public void closeChannel(ChannelHandlerContext context) {
        close();
        if (encrypted && waitingBytes > 0) {
            Channel.Unsafe unsafe = context.channel().unsafe();
            unsafe.close(unsafe.voidPromise());
        } else {
            context.close();
        }
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
        if (used == Chunk.LARGE) {
            spill();
        }
        int needed = used + wanted;
        if (chunk == null) {
            chunk = loop.borrow(Math.max(sizeFor(needed), toServer ? Chunk.MEDIUM : Chunk.SMALL));
        } else if (chunk.size < needed && chunk.size < Chunk.LARGE) {
            Chunk larger = loop.borrow(sizeFor(needed));
            MemorySegment.copy(chunk.memory, 0, larger.memory, 0, used);
            loop.giveBack(chunk);
            chunk = larger;
        }
        return chunk.size - used;
    }

    private static int sizeFor(int bytes) {
        return bytes <= Chunk.SMALL ? Chunk.SMALL : bytes <= Chunk.MEDIUM ? Chunk.MEDIUM : Chunk.LARGE;
    }

    /// The largest chunk is full: send it now if the socket takes it, keep it in line otherwise.
    private void spill() {
        sendStraight(MemorySegment.NULL, 0, 0);
        if (used > 0) {
            putAhead(takeChunk(0));
        }
    }

    /// What the chunk holds from `from` on as a buffer, and no chunk any more: the chunk itself, or a copy where that would keep
    /// a lot of memory for few bytes.
    private ByteBuf takeChunk(int from) {
        int length = used - from;
        ByteBuf taken;
        if (length >= chunk.size / 2) {
            taken = loop.handOver(chunk, from, used);
            chunk = null;
        } else {
            taken = loop.allocate(length);
            MemorySegment.copy(chunk.memory, from, MemorySegment.ofBuffer(taken.nioBuffer(0, length)), 0, length);
            taken.writerIndex(length);
        }
        used = 0;
        return taken;
    }

    private void putAhead(ByteBuf buffer) {
        if (ahead == null) {
            ahead = new ArrayDeque<>();
        }
        ahead.addLast(buffer);
        aheadBytes += buffer.readableBytes();
    }

    /// Sends the chunk, and behind it `length` bytes from where they lie, unless something is in line before them. Returns how
    /// many of those the kernel has taken. The chunk is empty then, or nothing has been sent.
    private int sendStraight(MemorySegment source, long offset, int length) {
        if (context == null || descriptor == null || ahead != null || waitingBytes > 0 || !source.isNative()) {
            return 0;
        }
        owner.leaving();
        try {
            Vector vector = loop.vector();
            vector.clear();
            if (used > 0) {
                vector.add(chunk.address, used);
            }
            vector.add(source.address() + offset, length);
            long sent = send(vector);
            if (sent < used) {
                putAhead(takeChunk((int) sent));
                return 0;
            }
            int taken = (int) sent - used;
            used = 0;
            return taken;
        } catch (IOException refused) {
            // Nothing has left. The flush at the end of this iteration tries again, and reports what it meets.
            return 0;
        }
    }

    /// Sends everything that is in line. What the kernel does not take waits for the socket in Netty's outbound buffer, which
    /// sends it in as few calls as possible.
    private void send() throws IOException {
        if (ahead != null) {
            if (used > 0) {
                putAhead(takeChunk(0));
            }
            sendAhead();
        } else if (used > 0) {
            int sent = 0;
            if (waitingBytes == 0 && descriptor != null) {
                requireOpen();
                sent = descriptor.writeAddress(chunk.address, 0, used);
            }
            if (sent < used) {
                await(takeChunk(sent));
                context.flush();
            }
        }
        returnChunk();
    }

    private void sendAhead() throws IOException {
        boolean taken = waitingBytes == 0 && descriptor != null;
        while (taken && !ahead.isEmpty()) {
            Vector vector = loop.vector();
            vector.clear();
            for (ByteBuf buffer : ahead) {
                if (!vector.add(buffer)) {
                    break;
                }
            }
            long sent = vector.size() == 0 ? 0 : send(vector);
            taken = sent > 0 && sent == vector.size();
            dropAhead(sent);
        }
        if (!ahead.isEmpty()) {
            ahead.forEach(this::await);
            aheadBytes = 0;
            context.flush();
        }
        ahead = null;
    }

    private void dropAhead(long bytes) {
        aheadBytes -= bytes;
        for (long left = bytes; left > 0; ) {
            ByteBuf first = ahead.peekFirst();
            int part = (int) Math.min(left, first.readableBytes());
            left -= part;
            if (part < first.readableBytes()) {
                first.skipBytes(part);
            } else {
                ahead.removeFirst().release();
            }
        }
    }

    private long send(Vector vector) throws IOException {
        requireOpen();
        return vector.send(descriptor);
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
