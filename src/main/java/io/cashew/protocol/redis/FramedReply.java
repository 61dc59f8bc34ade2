package io.cashew.protocol.redis;

import io.cashew.transport.Frame;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Finds its way in a reply that has been framed: what is announced in it is there. Places are counted from its start.
final class FramedReply {
    /// With the type before them, the digits of a number that fits into 64 bits in any case.
    private static final int MOST_DIGITS = 19;

    private FramedReply() {}

    /// The number in the first line of `response`, `:42 CRLF` or `*3 CRLF`; negative if it is not one of `type`, or not a
    /// count.
    static long number(Frame response, char type) {
        if (response.byteAt(0) != type) {
            return -1;
        }
        long number = 0;
        int at = 1;
        while (response.byteAt(at) != '\r') {
            int digit = response.byteAt(at++) - '0';
            if (digit < 0 || digit > 9 || at > MOST_DIGITS) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return at > 1 ? number : -1;
    }

    /// Its bytes, which stay when it is gone.
    static byte[] bytesOf(Frame response) {
        return response.bytes().asSlice(response.start(), response.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Behind the line at `at` of a reply that has been framed, or behind the reply if it ends before.
    static int behindLine(Frame response, int at) {
        int end = at;
        while (end < response.length() && response.byteAt(end) != '\n') {
            end++;
        }
        return Math.min(end + 1, response.length());
    }

    /// Behind the string at `at` of a reply that has been framed, `$5 CRLF value CRLF`; negative if there is none.
    static int behindBulk(Frame response, int at) {
        int value = behindLine(response, at);
        if (response.byteAt(at) != '$' || response.byteAt(at + 1) == '-') {
            return -1;
        }
        int length = 0;
        for (int digit = at + 1; digit < value - 2; digit++) {
            length = length * 10 + response.byteAt(digit) - '0';
        }
        return value + length + 2;
    }

    /// What lies between two places of it, one character per byte.
    static String text(Frame response, int from, int to) {
        byte[] bytes = response.bytes().asSlice(response.start() + from, to - from).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
