package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Requests as the decoder hands them on, made from words.
final class RequestFixture {
    /// Something lies before the command in the buffer, as on a busy connection.
    private static final byte[] BEFORE = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);

    private RequestFixture() {}

    /// The words of `line`, which are separated by single blanks.
    static Request line(String line) {
        return words(line.split(" "));
    }

    /// The command that consists of `words`, one byte per character.
    static Request words(String... words) {
        var request = new Request();
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(BEFORE);
        bytes.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String word : words) {
            bytes.writeBytes(("$" + word.length() + "\r\n").getBytes(StandardCharsets.US_ASCII));
            request.addWord(bytes.size() - BEFORE.length, word.length());
            bytes.writeBytes((word + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        request.place(MemorySegment.ofArray(bytes.toByteArray()), BEFORE.length, bytes.size() - BEFORE.length);
        var command = RedisCommand.named(words[0]);
        if (command != null) {
            request.command(command);
            command.locateKeys(request);
        }
        return request;
    }

    static List<String> keys(Request request) {
        var keys = new ArrayList<String>();
        for (int key = 0; key < request.keyCount(); key++) {
            keys.add(new String(request.word(request.keyWord(key)), StandardCharsets.ISO_8859_1));
        }
        return keys;
    }
}
