package io.cashew.transport;

import java.lang.foreign.MemorySegment;

/// Something bytes can be appended to. The bytes are copied before the call returns.
public interface ByteSink {
    void write(MemorySegment source, long offset, int length);

    default void write(byte[] bytes) {
        write(MemorySegment.ofArray(bytes), 0, bytes.length);
    }
}
