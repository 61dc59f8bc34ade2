package io.cashew.protocol.redis;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads `*3 CRLF`, `$5 CRLF` and `$64 CRLF`, which nearly all lines with a number are, with one access to memory instead of
/// one for every byte, each of which would be checked.
final class ShortLine {
    /// What [#number(MemorySegment, long, long)] answers when it is no such line, or may be one that has not come as a whole.
    static final int NONE = -1;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CRLF = '\r' | '\n' << 8;

    private ShortLine() {}

    /// The number of one or two digits behind the type at `at`, without a leading zero.
    static int number(MemorySegment bytes, long at, long to) {
        if (to - at < Long.BYTES) {
            return NONE;
        }
        long line = bytes.get(LONG, at);
        int first = ((int) (line >>> 8) & 0xff) - '0';
        if (first < 1 || first > 9) {
            return NONE;
        }
        if (((int) (line >>> 16) & 0xffff) == CRLF) {
            return first;
        }
        int second = ((int) (line >>> 16) & 0xff) - '0';
        return second >= 0 && second <= 9 && ((int) (line >>> 24) & 0xffff) == CRLF ? first * 10 + second : NONE;
    }

    /// Length of the line of `number`.
    static int length(int number) {
        return number < 10 ? 4 : 5;
    }
}
