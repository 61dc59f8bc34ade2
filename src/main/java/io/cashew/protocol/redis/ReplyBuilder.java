package io.cashew.protocol.redis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes replies in the dialect of a client. For answers that are made here, which are few, and most of them small; replies of
/// servers are not rebuilt. What RESP2 has no type for is written as Redis writes it there: a map as an array of keys and values.
///
/// Text is one byte per character, so that words of a client can be shown in it as they came.
final class ReplyBuilder {
    private final Dialect dialect;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ReplyBuilder(Dialect dialect) {
        this.dialect = dialect;
    }

    /// A whole reply: an error line. Line ends and other control characters become blanks, so that nothing a client has
    /// said can end the line early and pass for a reply of its own.
    static byte[] error(String text) {
        return line('-', text).bytes();
    }

    /// A whole reply: a status line.
    static byte[] status(String text) {
        return line('+', text).bytes();
    }

    /// A whole reply: one string, which may be as long as a client's word can be.
    static byte[] bulk(byte[] content) {
        byte[] head = ("$" + content.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] reply = Arrays.copyOf(head, head.length + content.length + 2);
        System.arraycopy(content, 0, reply, head.length, content.length);
        reply[reply.length - 2] = '\r';
        reply[reply.length - 1] = '\n';
        return reply;
    }

    /// A whole reply: that there is nothing.
    static byte[] nothing(Dialect dialect) {
        return new ReplyBuilder(dialect).nothing().bytes();
    }

    /// A whole reply: text for people to read.
    static byte[] text(Dialect dialect, byte[] content) {
        return new ReplyBuilder(dialect).text(content).bytes();
    }

    /// A whole reply: one number.
    static byte[] number(long number) {
        return new ReplyBuilder(Dialect.RESP2).integer(number).bytes();
    }

    private static ReplyBuilder line(char type, String text) {
        var printable = new StringBuilder(text.length());
        text.chars().forEach(c -> printable.append(c < ' ' || c == 127 ? ' ' : (char) c));
        return new ReplyBuilder(Dialect.RESP2).raw(type + printable.toString() + "\r\n");
    }

    ReplyBuilder array(int elements) {
        return raw("*" + elements + "\r\n");
    }

    /// As many keys as said follow, each with its value.
    ReplyBuilder map(int entries) {
        return dialect == Dialect.RESP3 ? raw("%" + entries + "\r\n") : array(entries * 2);
    }

    ReplyBuilder set(int elements) {
        return dialect == Dialect.RESP3 ? raw("~" + elements + "\r\n") : array(elements);
    }

    /// What comes besides the answers to requests.
    ReplyBuilder push(int elements) {
        return dialect == Dialect.RESP3 ? raw(">" + elements + "\r\n") : array(elements);
    }

    ReplyBuilder word(String status) {
        return raw("+" + status + "\r\n");
    }

    ReplyBuilder integer(long number) {
        return raw(":" + number + "\r\n");
    }

    ReplyBuilder string(String content) {
        return string(content.getBytes(StandardCharsets.ISO_8859_1));
    }

    ReplyBuilder string(byte[] content) {
        raw("$" + content.length + "\r\n");
        bytes.writeBytes(content);
        return raw("\r\n");
    }

    /// A floating-point number, as it is written.
    ReplyBuilder score(String text) {
        return dialect == Dialect.RESP3 ? raw("," + text + "\r\n") : string(text);
    }

    /// Plain text for people to read, which RESP3 marks as such.
    ReplyBuilder text(byte[] content) {
        if (dialect == Dialect.RESP2) {
            return string(content);
        }
        raw("=" + (content.length + 4) + "\r\ntxt:");
        bytes.writeBytes(content);
        return raw("\r\n");
    }

    ReplyBuilder nothing() {
        return raw(dialect == Dialect.RESP3 ? "_\r\n" : "$-1\r\n");
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private ReplyBuilder raw(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }
}
