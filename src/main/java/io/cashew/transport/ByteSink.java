package io.cashew.transport;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;

/// Something bytes can be appended to.
public interface ByteSink {
    /// Appends a copy of `length` bytes from `offset`.
    void write(MemorySegment source, long offset, int length);

    default void write(byte[] bytes) {
        write(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    /// Appends what can be read of `buffer` and releases it: now, or when it need not be kept any longer.
    default void writeAndRelease(ByteBuf buffer) {
        try {
            write(MemorySegment.ofBuffer(buffer.nioBuffer()), 0, buffer.readableBytes());
        } finally {
            buffer.release();
        }
    }
}
