package io.cashew.protocol.redis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes RESP2. For answers that are made here, which are few and small; replies of servers are never rebuilt.
///
/// Text is one byte per character, so that words of a client can be shown in it as they came.
final class ReplyBuilder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

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

    /// A whole reply: one number.
    static byte[] number(long number) {
        return new ReplyBuilder().integer(number).bytes();
    }

    private static ReplyBuilder line(char type, String text) {
        var printable = new StringBuilder(text.length());
        text.chars().forEach(c -> printable.append(c < ' ' || c == 127 ? ' ' : (char) c));
        return new ReplyBuilder().raw(type + printable.toString() + "\r\n");
    }

    ReplyBuilder array(int elements) {
        return raw("*" + elements + "\r\n");
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

    ReplyBuilder nothing() {
        return raw("$-1\r\n");
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private ReplyBuilder raw(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }
}
