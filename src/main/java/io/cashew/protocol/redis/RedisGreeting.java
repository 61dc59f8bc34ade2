package io.cashew.protocol.redis;

import io.cashew.protocol.Greeting;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a Redis server hears before the first request: `AUTH` if the pool has a password, then `SELECT` if it lives in
/// another database than 0.
///
/// twemproxy sends SELECT before AUTH and looks at neither reply, so that a pool with both settings silently writes to
/// database 0. Here the order is right, and a refusal ends the connection.
public final class RedisGreeting {
    private RedisGreeting() {}

    public static Greeting of(Optional<byte[]> password, int database) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int replies = 0;
        if (password.isPresent()) {
            command(bytes, "AUTH".getBytes(StandardCharsets.US_ASCII), password.get());
            replies++;
        }
        if (database > 0) {
            command(
                    bytes,
                    "SELECT".getBytes(StandardCharsets.US_ASCII),
                    Integer.toString(database).getBytes(StandardCharsets.US_ASCII));
            replies++;
        }
        return replies == 0 ? Greeting.NONE : new Greeting(bytes.toByteArray(), replies);
    }

    private static void command(ByteArrayOutputStream bytes, byte[]... words) {
        bytes.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (byte[] word : words) {
            bytes.writeBytes(("$" + word.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(word);
            bytes.write('\r');
            bytes.write('\n');
        }
    }
}
