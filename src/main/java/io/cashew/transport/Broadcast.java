package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;

/// One received message that goes to many connections, which differ in its first byte. What is small is copied to each; a large
/// one lies in memory once, and each connection has a reference to it.
///
/// Filled anew for every message; valid between [#begin(Frame)] and [#end()].
public final class Broadcast {
    private final IoLoop loop;
    private final byte[] begin = new byte[1];
    private final MemorySegment beginMemory = MemorySegment.ofArray(begin);
    private Frame message;
    private ByteBuf shared;

    public Broadcast(IoLoop loop) {
        this.loop = loop;
    }

    public void begin(Frame message) {
        this.message = message;
        shared = message.length() > Chunk.SMALL ? message.take() : null;
    }

    /// Appends the message to `out`, with `first` as its first byte.
    public void writeTo(Outlet out, byte first) {
        begin[0] = first;
        out.write(beginMemory, 0, 1);
        if (shared == null) {
            out.write(message.bytes(), message.start() + 1, message.length() - 1);
        } else {
            out.writeAndRelease(shared.retainedSlice(1, shared.readableBytes() - 1));
        }
    }

    /// The message with `first` as its first byte, in a buffer of its own, which the caller must release.
    public ByteBuf copy(byte first) {
        int length = message.length();
        ByteBuf copy = loop.allocate(length);
        if (shared == null) {
            MemorySegment.copy(message.bytes(), message.start(), MemorySegment.ofBuffer(copy.nioBuffer(0, length)), 0, length);
            copy.writerIndex(length);
        } else {
            copy.writeBytes(shared, shared.readerIndex(), length);
        }
        return copy.setByte(0, first);
    }

    /// Whoever has got the message keeps it.
    public void end() {
        message = null;
        if (shared != null) {
            shared.release();
            shared = null;
        }
    }
}
