package io.cashew.sharding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Reads numbers as a little-endian machine sees them, which is where twemproxy's placement was defined: several of its
/// functions read the machine's own byte order.
final class LittleEndian {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle HALF = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    static int word(byte[] bytes, int offset) {
        return (int) WORD.get(bytes, offset);
    }

    /// Two bytes, unsigned.
    static int half(byte[] bytes, int offset) {
        return (short) HALF.get(bytes, offset) & 0xffff;
    }
}
