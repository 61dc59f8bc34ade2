package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cashew.protocol.Request;
import io.cashew.transport.ByteSink;

/// What is asked of a single key when its command has keys on several servers and every key is a part of its own.
///
/// - `ZUNION 2 a b WEIGHTS 1 2` and its like: `zunion 1 a WITHSCORES`, which takes plain sets, too
/// - `PFCOUNT a b`: `get a`
/// - `XREAD COUNT 2 STREAMS a b 0 5`: `xread COUNT 2 STREAMS a 0`
final class KeyPart {
    private static final byte[] GET = "*2\r\n$3\r\nget\r\n".getBytes(US_ASCII);
    private static final byte[] ZUNION = "*4\r\n$6\r\nzunion\r\n$1\r\n1\r\n".getBytes(US_ASCII);
    private static final byte[] WITHSCORES = "$10\r\nWITHSCORES\r\n".getBytes(US_ASCII);

    private KeyPart() {}

    /// Writes the part with key number `key` and returns its length in bytes.
    static int write(RedisCommand command, Request request, int key, ByteSink out) {
        return switch (command) {
            case XREAD, XREADGROUP -> writeStream(command, request, key, out);
            case PFCOUNT -> write(GET, out) + write(request, request.keyWord(key), 1, out);
            default -> write(ZUNION, out) + write(request, request.keyWord(key), 1, out) + write(WITHSCORES, out);
        };
    }

    /// Words up to `STREAMS`, a key, and its id, which stands as far behind the key as there are keys.
    private static int writeStream(RedisCommand command, Request request, int key, ByteSink out) {
        int options = request.keyWord(0) - 1;
        int word = request.keyWord(key);
        return write(NumberLine.array(1 + options + 2), out)
                + write(command.nameWord(), out)
                + write(request, 1, options, out)
                + write(request, word, 1, out)
                + write(request, word + request.keyCount(), 1, out);
    }

    private static int write(byte[] bytes, ByteSink out) {
        out.write(bytes);
        return bytes.length;
    }

    /// `count` words from `first` on.
    private static int write(Request request, int first, int count, ByteSink out) {
        long from = RedisProtocol.behind(request, first - 1);
        int length = (int) (RedisProtocol.behind(request, first + count - 1) - from);
        out.write(request.bytes(), from, length);
        return length;
    }
}
