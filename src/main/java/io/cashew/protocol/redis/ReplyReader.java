package io.cashew.protocol.redis;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Reads a reply that has been framed, from its first byte on: what is announced in it is there. Strings are one character per
/// byte, so that they compare as bytes do.
///
/// A reply that reads otherwise than it is asked about is not [#sound()], whatever has been read of it.
final class ReplyReader {
    private static final int MOST_DIGITS = 10;
    private static final int MOST_DIGITS_OF_INTEGER = 18;

    private final ByteBuf reply;
    private boolean sound = true;

    /// `reply` stays as it is, and its owner's.
    ReplyReader(ByteBuf reply) {
        this.reply = reply.duplicate();
    }

    boolean sound() {
        return sound;
    }

    /// The type of what comes next, or 0 at the end.
    char type() {
        return reply.isReadable() ? (char) reply.getUnsignedByte(reply.readerIndex()) : 0;
    }

    /// How many elements follow: `*3 CRLF`, `~3 CRLF`.
    int elements() {
        char type = type();
        return type == '*' || type == '~' ? number() : broken();
    }

    /// How many pairs of elements follow: `%2 CRLF` or, in RESP2, `*4 CRLF`.
    int pairs() {
        char type = type();
        if (type == '%') {
            return number();
        }
        int elements = type == '*' ? number() : broken();
        return elements % 2 == 0 ? elements / 2 : broken();
    }

    /// The next number, `:42 CRLF`.
    long integer() {
        String digits = type() == ':' ? line() : "";
        if (digits.isEmpty() || digits.length() > MOST_DIGITS_OF_INTEGER || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return broken();
        }
        return Long.parseLong(digits);
    }

    /// The next string, `$3 CRLF abc CRLF`; null if there is none, `$-1 CRLF` or `_ CRLF`.
    String string() {
        if (type() == '_') {
            line();
            return null;
        }
        if (type() != '$') {
            broken();
            return null;
        }
        if (reply.getByte(reply.readerIndex() + 1) == '-') {
            line();
            return null;
        }
        int length = number();
        if (length > reply.readableBytes() - 2) {
            broken();
            return null;
        }
        String text = reply.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
        reply.skipBytes(2);
        return text;
    }

    /// The text of a floating-point number: `,1.5 CRLF`, or a string.
    String score() {
        return type() == ',' ? line() : string();
    }

    private int number() {
        String digits = line();
        if (digits.isEmpty() || digits.length() > MOST_DIGITS || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return broken();
        }
        long number = Long.parseLong(digits);
        return number > reply.writerIndex() ? broken() : (int) number;
    }

    /// What stands between the type and the end of its line.
    private String line() {
        int from = reply.readerIndex() + 1;
        int end = reply.indexOf(from, reply.writerIndex(), (byte) '\r');
        if (end < 0 || end + 2 > reply.writerIndex()) {
            broken();
            return "";
        }
        String line = reply.toString(from, end - from, StandardCharsets.ISO_8859_1);
        reply.readerIndex(end + 2);
        return line;
    }

    private int broken() {
        sound = false;
        reply.readerIndex(reply.writerIndex());
        return 0;
    }
}
