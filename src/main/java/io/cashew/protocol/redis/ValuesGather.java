package io.cashew.protocol.redis;

import io.cashew.protocol.ScatteredValues;
import io.cashew.protocol.Split;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// MGET: one array with the values in the order of the keys.
final class ValuesGather extends RedisGather {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final long NO_VALUE = -1;
    private static final String ONE_LINE = "+-:_#,(";

    private final ScatteredValues values = new ScatteredValues();
    private Split split;

    ValuesGather of(Split split) {
        this.split = split;
        values.expect(split);
        return this;
    }

    /// The reply has been framed before, so whatever it begins is there to the end.
    @Override
    boolean accept(int part, Frame response) {
        MemorySegment bytes = response.bytes();
        long start = response.start();
        long end = start + response.length();
        if (bytes.get(BYTE, start) != '*') {
            return false;
        }
        // *2 CRLF, and the values of two keys
        long first = lineEnd(bytes, start);
        long at = first;
        int slots = split.endSlot(part);
        for (int slot = split.firstSlot(part); slot < slots; slot++) {
            at = at < end ? valueEnd(bytes, at) : NO_VALUE;
            if (at == NO_VALUE) {
                return false;
            }
            values.endsAt(slot, (int) (at - start));
        }
        if (at != end) {
            return false;
        }
        values.keep(part, response, (int) (first - start));
        return true;
    }

    @Override
    long joinedLength() {
        return NumberLine.array(split.keys()).length + values.length();
    }

    @Override
    void joinParts(ByteSink out) {
        out.write(NumberLine.array(split.keys()));
        values.write(out);
    }

    @Override
    public void release() {
        super.release();
        values.release();
        split = null;
    }

    /// Behind the value at `at`: `$5 CRLF value CRLF`, or one line, such as `$-1 CRLF` and `_ CRLF`.
    private static long valueEnd(MemorySegment bytes, long at) {
        byte type = bytes.get(BYTE, at);
        if (type != '$') {
            return ONE_LINE.indexOf(type) < 0 ? NO_VALUE : lineEnd(bytes, at);
        }
        long digit = at + 1;
        byte b = bytes.get(BYTE, digit);
        if (b == '-') {
            return lineEnd(bytes, at);
        }
        long length = 0;
        while (b != '\r') {
            length = length * 10 + b - '0';
            b = bytes.get(BYTE, ++digit);
        }
        return digit + 2 + length + 2;
    }

    private static long lineEnd(MemorySegment bytes, long at) {
        long end = at + 2;
        while (bytes.get(BYTE, end - 1) != '\r' || bytes.get(BYTE, end) != '\n') {
            end++;
        }
        return end + 1;
    }
}
