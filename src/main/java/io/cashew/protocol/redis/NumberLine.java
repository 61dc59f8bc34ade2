package io.cashew.protocol.redis;

import java.nio.charset.StandardCharsets;

/// Lines that are a type and a number, `*3 CRLF` or `:42 CRLF`. Those of small numbers are made once; they are shared and
/// must not be changed.
final class NumberLine {
    private static final int MADE = 1024;
    private static final byte[][] ARRAYS = made('*');
    private static final byte[][] INTEGERS = made(':');

    private NumberLine() {}

    /// What precedes the elements of an array.
    static byte[] array(int elements) {
        return elements < MADE ? ARRAYS[elements] : line('*', elements);
    }

    /// What precedes the entries of a map.
    static byte[] map(int entries) {
        return line('%', entries);
    }

    /// A reply that is an integer, not negative.
    static byte[] integer(long number) {
        return number < MADE ? INTEGERS[(int) number] : line(':', number);
    }

    private static byte[][] made(char type) {
        byte[][] lines = new byte[MADE][];
        for (int number = 0; number < MADE; number++) {
            lines[number] = line(type, number);
        }
        return lines;
    }

    private static byte[] line(char type, long number) {
        return (type + Long.toString(number) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
