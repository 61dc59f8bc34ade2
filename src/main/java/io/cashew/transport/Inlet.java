package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.lang.foreign.MemorySegment;

/// The receiving side of one connection.
///
/// Bytes arrive in the loop's one receive buffer and are parsed where they lie. Only what is left of an incomplete
/// message is copied to a buffer of the connection, the *tail*; while a large message is under way the socket is read
/// straight into the tail. A quiet connection holds no memory.
///
/// A large value that the reader does not want to see is cut out of its message while that is arriving, and kept in pieces:
///
/// ```
///   *3 SET key $1000000 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ CRLF        tail: what is read
///                       └ body: chunks ┘             body: what is only passed on
/// ```
///
/// Tail and body grow with what has arrived, never with what the peer announced.
public final class Inlet {
    /// What the bytes mean.
    public interface Reader {
        /// Consumes complete messages from `from` up to `to` and returns the position of the first byte it has not
        /// consumed. That byte starts an incomplete message, or the reader does not want to go on now.
        long read(MemorySegment bytes, long from, long to);

        /// What is known of the message that the last [#read] has left incomplete.
        Incomplete incomplete();

        /// Whether a value may be cut out of that message.
        default boolean mayCut() {
            return true;
        }

        /// Where that message may go as it arrives, because everything before it is there already; null to keep it here. Asked when
        /// a value is cut out; whatever comes before it and the value are written there then, and only the rest is read.
        default ByteSink streamTo() {
            return null;
        }
    }

    /// Below this a message is copied to where it goes; above it, its buffer is handed over.
    private static final int HAND_OVER = 8 * 1024;
    private static final int FIRST_TAIL = 1024;
    /// A message that lacks more than this is received straight into the tail.
    private static final int RECEIVE_STRAIGHT = 16 * 1024;
    /// A value of which less has come stays in the tail: a chunk for every peer that only announces one would be too much.
    private static final int CUT_OUT = 16 * 1024;
    private static final int NOWHERE = -1;
    /// Full reads of one connection per iteration of the loop.
    private static final int MAX_READS = 8;

    private final IoLoop loop;
    private final Channel channel;
    private final Reader reader;
    private ByteBuf tail;
    private MemorySegment tailMemory;
    private int tailRead;
    private boolean tailShared;
    private Body body;
    /// Where in the tail the body has been cut out; the message it belongs to is the first one there.
    private int bodyAt = NOWHERE;
    /// Where the body goes as it arrives, or null.
    private ByteSink stream;
    private boolean paused;
    private boolean reading;
    private boolean closed;
    private boolean ended;
    private Runnable whenRead;

    /// Takes over the receiving of `channel`: from now on whatever is read must be passed to [#received(ByteBuf)].
    public Inlet(IoLoop loop, Channel channel, Reader reader) {
        this.loop = loop;
        this.channel = channel;
        this.reader = reader;
        if (!Tls.covers(channel)) {
            channel.config().setRecvByteBufAllocator(new ReceiveInPlace());
        }
    }

    /// Parses what the channel has read. Takes over `buffer`.
    public void received(ByteBuf buffer) {
        try {
            if (closed) {
                return;
            }
            if (buffer == tail) {
                readTail();
            } else if (bodyIsArriving()) {
                receiveBody(buffer);
                readTail();
            } else if (tail == null && !paused) {
                readInPlace(memoryOf(buffer), buffer.readerIndex(), buffer.writerIndex());
            } else {
                append(memoryOf(buffer), buffer.readerIndex(), buffer.readableBytes());
                readTail();
            }
        } finally {
            buffer.release();
        }
    }

    /// Stops reading the socket; bytes that are here already wait in the tail.
    public void pause() {
        if (!paused) {
            paused = true;
            channel.config().setAutoRead(false);
        }
    }

    public boolean paused() {
        return paused;
    }

    /// Goes on after [#pause()], beginning with what had arrived.
    public void resume() {
        if (paused && !closed) {
            paused = false;
            if (reading) {
                // The reader goes on by itself, and what comes behind its messages waits until it is done.
                channel.config().setAutoRead(!ended);
                return;
            }
            readTail();
            if (!paused && !closed) {
                if (ended) {
                    whenRead.run();
                } else {
                    channel.config().setAutoRead(true);
                }
            }
        }
    }

    /// The peer will send nothing more. Runs `task` when everything it has sent has been read: now, or after a pause.
    public void end(Runnable task) {
        if (paused) {
            ended = true;
            whenRead = task;
        } else {
            task.run();
        }
    }

    /// Whether the peer has ended its side, and not all it has sent has been read.
    public boolean ended() {
        return ended;
    }

    /// Bytes held for this connection.
    public int heldBytes() {
        return tail == null ? 0 : tail.capacity() + (bodyAt == NOWHERE ? 0 : body.heldBytes());
    }

    /// Forgets whatever has been received and ignores what is yet to come. Safe at any time, also while reading.
    public void close() {
        closed = true;
        if (!reading) {
            dropTail();
        }
    }

    private MemorySegment memoryOf(ByteBuf buffer) {
        return buffer == loop.receiveBuffer()
                ? loop.receiveMemory()
                : MemorySegment.ofBuffer(buffer.nioBuffer(0, buffer.writerIndex()));
    }

    private void readInPlace(MemorySegment bytes, long from, long to) {
        long consumed = read(bytes, from, to);
        if (consumed < to && !closed && !cutOut(bytes, consumed, to)) {
            append(bytes, consumed, (int) (to - consumed));
        }
    }

    private void readTail() {
        if (tail == null || paused || bodyIsArriving()) {
            return;
        }
        tailRead = (int) read(tailMemory, tailRead, tail.writerIndex());
        if (tailRead > bodyAt) {
            dropBody();
        }
        if (closed || tailRead == tail.writerIndex()) {
            dropTail();
        } else if (cutOut(tailMemory, tailRead, tail.writerIndex())) {
            return;
        } else if (tailShared) {
            moveTail(Math.max(FIRST_TAIL, tail.writerIndex() - tailRead));
        }
    }

    private long read(MemorySegment bytes, long from, long to) {
        reading = true;
        try {
            return reader.read(bytes, from, to);
        } finally {
            reading = false;
        }
    }

    /// Cuts the value that is arriving out of the incomplete message that starts at `from`, if that may be and is worth it; only
    /// one in a message. The rest of the message is the tail then.
    private boolean cutOut(MemorySegment bytes, long from, long to) {
        Incomplete message = reader.incomplete();
        if (bodyAt != NOWHERE || message.opaque() < CUT_OUT || !reader.mayCut()) {
            return false;
        }
        long begin = from + message.opaqueAt();
        int arrived = (int) Math.min(message.opaque(), to - begin);
        if (arrived < CUT_OUT) {
            return false;
        }
        if (body == null) {
            body = new Body(loop);
        }
        body.expect(message.opaque());
        stream = reader.streamTo();
        if (stream == null) {
            body.append(bytes, begin, arrived);
        } else {
            stream.write(bytes, from, (int) (begin - from) + arrived);
            body.passed(arrived);
        }
        message.cutOut();
        int before = (int) (begin - from);
        int behind = (int) (to - begin - arrived);
        ByteBuf old = tail;
        newTail(Math.max(FIRST_TAIL, before + behind));
        append(bytes, from, before);
        bodyAt = before;
        append(bytes, begin + arrived, behind);
        if (old != null) {
            old.release();
        }
        return true;
    }

    private boolean bodyIsArriving() {
        return bodyAt != NOWHERE && body.missing() > 0;
    }

    /// Takes the next part of the body, and what is behind it into the tail.
    private void receiveBody(ByteBuf buffer) {
        if (body.isRoom(buffer)) {
            int behind = body.received();
            append(body.excess(), 0, behind);
            return;
        }
        MemorySegment bytes = memoryOf(buffer);
        int part = Math.min(body.missing(), buffer.readableBytes());
        if (stream == null) {
            body.append(bytes, buffer.readerIndex(), part);
        } else {
            stream.write(bytes, buffer.readerIndex(), part);
            body.passed(part);
        }
        append(bytes, buffer.readerIndex() + part, buffer.readableBytes() - part);
    }

    private void dropBody() {
        if (bodyAt != NOWHERE) {
            body.release();
            bodyAt = NOWHERE;
            stream = null;
        }
    }

    /// The body that belongs to the message of `length` bytes at `start`, or null.
    Body bodyOf(MemorySegment bytes, long start, int length) {
        return bodyAt != NOWHERE && bytes == tailMemory && start <= bodyAt && bodyAt < start + length ? body : null;
    }

    /// Where the body has been cut out of the bytes that its message lies in.
    int bodyAt() {
        return bodyAt;
    }

    private void append(MemorySegment bytes, long from, int length) {
        ensureTail(length);
        MemorySegment.copy(bytes, from, tailMemory, tail.writerIndex(), length);
        tail.writerIndex(tail.writerIndex() + length);
    }

    /// Makes room for `length` more bytes, by doubling.
    private void ensureTail(int length) {
        if (tail == null) {
            newTail(Math.max(FIRST_TAIL, length));
        } else if (tail.writableBytes() < length) {
            int used = tail.writerIndex() - tailRead;
            long doubled = Math.min(used * 2L, Integer.MAX_VALUE - 64);
            long missing = reader.incomplete().missing();
            long needed = missing > 0 ? used + missing : doubled;
            moveTail((int) Math.max(used + length, Math.min(doubled, needed)));
        }
    }

    private void newTail(int capacity) {
        tail = loop.allocate(capacity);
        tailMemory = MemorySegment.ofBuffer(tail.nioBuffer(0, tail.capacity()));
        tailRead = 0;
        tailShared = false;
    }

    private void moveTail(int capacity) {
        ByteBuf old = tail;
        MemorySegment oldMemory = tailMemory;
        int from = tailRead;
        int length = old.writerIndex() - from;
        newTail(capacity);
        MemorySegment.copy(oldMemory, from, tailMemory, 0, length);
        tail.writerIndex(length);
        old.release();
    }

    private void dropTail() {
        dropBody();
        if (tail != null) {
            tail.release();
            tail = null;
            tailMemory = null;
            tailRead = 0;
            tailShared = false;
        }
    }

    /// A buffer for a message that has to wait; whoever gets it releases it.
    ByteBuf allocate(int capacity) {
        return loop.allocate(capacity);
    }

    /// A retained view of a message in the tail, if it is large enough for that to be cheaper than a copy; else null.
    ByteBuf handOver(MemorySegment bytes, long start, int length) {
        // Sharing pins the whole tail, so the message has to be most of it.
        if (tail == null || bytes != tailMemory || length < HAND_OVER || length < tail.capacity() / 4) {
            return null;
        }
        tailShared = true;
        return tail.retainedSlice((int) start, length);
    }

    /// Where the next read goes, and whether there should be a further one.
    private final class ReceiveInPlace implements RecvByteBufAllocator {
        @Override
        @SuppressWarnings("deprecation") // the type the interface asks for
        public Handle newHandle() {
            return new ReceiveHandle();
        }
    }

    private final class ReceiveHandle implements RecvByteBufAllocator.ExtendedHandle {
        private int attempted;
        private int last;
        private int reads;

        @Override
        public ByteBuf allocate(ByteBufAllocator ignored) {
            if (bodyIsArriving() && stream == null) {
                return body.room().retain();
            }
            if (tail != null && !paused && !tailShared && !bodyIsArriving() && reader.incomplete().missing() > RECEIVE_STRAIGHT) {
                int arrived = tail.writerIndex() - tailRead;
                ensureTail((int) Math.min(reader.incomplete().missing(), Math.max(arrived, Chunk.LARGE)));
                return tail.retain();
            }
            return loop.receiveBuffer().clear().retain();
        }

        @Override
        public int guess() {
            return IoLoop.RECEIVE_BUFFER;
        }

        @Override
        public void reset(ChannelConfig config) {
            last = 0;
            reads = 0;
        }

        @Override
        public void incMessagesRead(int count) {
            reads += count;
        }

        @Override
        public void lastBytesRead(int bytes) {
            last = bytes;
        }

        @Override
        public int lastBytesRead() {
            return last;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attempted = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attempted;
        }

        @Override
        public boolean continueReading() {
            // A read that did not fill its buffer has emptied the socket; asking again would be a system call for nothing.
            // One that did is followed by the next, a few times: others want to be served, too.
            return last > 0 && last == attempted && reads < MAX_READS && !loop.memoryIsShort() && channel.config().isAutoRead();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return continueReading();
        }

        @Override
        public void readComplete() {
            // Netty's edge-triggered epoll takes "the last read returned something" for "there may be more" and would read
            // once more. After a short read the kernel reports the next arrival by itself, so say that nothing came last.
            if (last < attempted) {
                last = 0;
            }
        }
    }
}
