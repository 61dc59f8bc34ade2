package io.cashew.forwarding;

import io.cashew.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Copies of requests that one client has made before their server is known, one behind the other as they came.
final class KeptRequests {
    private static final int FIRST_BYTES = 256;
    private static final int FIRST_REQUESTS = 4;

    private byte[] bytes = {};
    private int length;
    private int[] ends = {};
    private int count;

    void add(Request request) {
        int longer = length + request.length();
        if (bytes.length < longer) {
            bytes = Arrays.copyOf(bytes, Math.max(FIRST_BYTES, longer * 2));
        }
        MemorySegment.copy(request.bytes(), ValueLayout.JAVA_BYTE, request.start(), bytes, length, request.length());
        length = longer;
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, Math.max(FIRST_REQUESTS, count * 2));
        }
        ends[count++] = longer;
    }

    int count() {
        return count;
    }

    /// What all of them lie in, each between its [#start(int)] and its [#end(int)].
    byte[] bytes() {
        return bytes;
    }

    int start(int number) {
        return number == 0 ? 0 : ends[number - 1];
    }

    int end(int number) {
        return ends[number];
    }

    /// Bytes of memory they take.
    int room() {
        return bytes.length;
    }

    void clear() {
        bytes = new byte[0];
        length = 0;
        ends = new int[0];
        count = 0;
    }
}
