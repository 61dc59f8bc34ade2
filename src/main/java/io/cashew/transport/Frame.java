package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One complete message lying in received bytes, from `start` in `bytes` on. Of a large one a value that nobody looks into
/// may have been cut out and lie elsewhere; what is in `bytes` then is the rest, without a gap.
///
/// A frame is a view that its connection reuses for every message; it is valid only during the call it was handed to.
public final class Frame {
    private MemorySegment bytes = MemorySegment.NULL;
    private long start;
    private int present;
    private Inlet inlet;
    private Body body;

    /// Says where the message lies: `present` bytes from `start` in `bytes`, and perhaps a body that `inlet` has. `inlet` is the
    /// one that received the message, or null when the bytes are somebody else's.
    public void place(MemorySegment bytes, long start, int present, Inlet inlet) {
        this.bytes = bytes;
        this.start = start;
        this.present = present;
        this.inlet = inlet;
        this.body = inlet == null ? null : inlet.bodyOf(bytes, start, present);
    }

    public MemorySegment bytes() {
        return bytes;
    }

    public long start() {
        return start;
    }

    /// Length of the whole message.
    public int length() {
        return body == null ? present : present + body.length();
    }

    /// Whether a part of the message lies elsewhere.
    boolean isCut() {
        return body != null;
    }

    public byte byteAt(int index) {
        return bytes.get(ValueLayout.JAVA_BYTE, start + index);
    }

    /// The message as a buffer of its own, which the caller must release: handed over without copying where the message
    /// is large and fills buffers that its connection made for it, copied otherwise.
    public ByteBuf take() {
        if (body != null) {
            return takePieces();
        }
        ByteBuf whole = takeWithoutCopy();
        return whole == null ? copy(start, present) : whole;
    }

    /// Writes the message to `out`, which copies what is small and gets what is large without a copy.
    void writeTo(Outlet out) {
        if (body != null) {
            out.write(bytes, start, beforeBody());
            body.writeTo(out);
            writeEndTo(out);
            return;
        }
        ByteBuf whole = takeWithoutCopy();
        if (whole == null) {
            out.write(bytes, start, present);
        } else {
            out.writeAndRelease(whole);
        }
    }

    /// Writes what lies behind the body to `out`, which has had the rest.
    void writeEndTo(Outlet out) {
        out.write(bytes, start + beforeBody(), present - beforeBody());
    }

    private int beforeBody() {
        return (int) (inlet.bodyAt() - start);
    }

    /// The message as a retained buffer if that costs no copy, else null.
    private ByteBuf takeWithoutCopy() {
        return inlet == null ? null : inlet.handOver(bytes, start, present);
    }

    private ByteBuf takePieces() {
        CompositeByteBuf whole = PooledByteBufAllocator.DEFAULT.compositeDirectBuffer(Integer.MAX_VALUE);
        whole.addComponent(true, copy(start, beforeBody()));
        body.addTo(whole);
        return whole.addComponent(true, copy(start + beforeBody(), present - beforeBody()));
    }

    private ByteBuf copy(long from, int length) {
        ByteBuf copy = inlet == null ? PooledByteBufAllocator.DEFAULT.directBuffer(length) : inlet.allocate(length);
        MemorySegment.copy(bytes, from, MemorySegment.ofBuffer(copy.nioBuffer(0, length)), 0, length);
        return copy.writerIndex(length);
    }
}
