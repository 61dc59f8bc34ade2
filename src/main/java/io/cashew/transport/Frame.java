package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One complete message lying in received bytes: `length` bytes from `start` in `bytes`.
///
/// A frame is a view that its connection reuses for every message; it is valid only during the call it was handed to.
public final class Frame {
    private MemorySegment bytes = MemorySegment.NULL;
    private long start;
    private int length;
    private Inlet inlet;

    /// Says where the message lies. `inlet` is the one that received it, or null when the bytes are somebody else's.
    public void place(MemorySegment bytes, long start, int length, Inlet inlet) {
        this.bytes = bytes;
        this.start = start;
        this.length = length;
        this.inlet = inlet;
    }

    public MemorySegment bytes() {
        return bytes;
    }

    public long start() {
        return start;
    }

    public int length() {
        return length;
    }

    public byte byteAt(int index) {
        return bytes.get(ValueLayout.JAVA_BYTE, start + index);
    }

    /// The message as a buffer of its own, which the caller must release: handed over without copying where the message
    /// is large and fills a buffer that its connection made for it, copied otherwise.
    public ByteBuf take() {
        ByteBuf whole = takeWithoutCopy();
        if (whole != null) {
            return whole;
        }
        ByteBuf copy = inlet == null ? PooledByteBufAllocator.DEFAULT.directBuffer(length) : inlet.allocate(length);
        MemorySegment.copy(bytes, start, MemorySegment.ofBuffer(copy.nioBuffer(0, length)), 0, length);
        return copy.writerIndex(length);
    }

    /// The message as a retained buffer if that costs no copy, else null.
    ByteBuf takeWithoutCopy() {
        return inlet == null ? null : inlet.handOver(bytes, start, length);
    }
}
