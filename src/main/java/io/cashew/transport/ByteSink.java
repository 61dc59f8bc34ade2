package io.cashew.transport;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Something bytes can be appended to. The bytes are copied before the call returns.
public interface ByteSink {
    void write(MemorySegment source, long offset, int length);

    default void write(byte[] bytes) {
        write(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    /// Appends `number` in decimal.
    default void writeDecimal(long number) {
        byte[] digits = Long.toString(number).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        write(digits);
    }

    /// The layout in which single bytes are read from segments on the road.
    ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
}
