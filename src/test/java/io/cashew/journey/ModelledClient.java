package io.cashew.journey;

import io.cashew.fixture.Escapes;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// A pipelining client that knows every reply before it comes. Its keys are its own, so a map of what it has written is an
/// exact model of what the servers hold; its values never repeat, so a reply that is another request's cannot be mistaken.
abstract class ModelledClient {
    private static final int KEYS = 150;
    private static final int DEEPEST_PIPELINE = 100;

    final String name;
    final Random random;
    /// What the servers hold, by key.
    final Map<String, String> model = new HashMap<>();
    /// One pipeline.
    final StringBuilder requests = new StringBuilder();
    /// Everything that has to come back to it.
    final StringBuilder replies = new StringBuilder();
    private final int port;
    private final long seed;
    private final String lure;
    private int valuesMade;
    private long answered;

    /// `lure` is what some values contain: something that looks like a reply.
    ModelledClient(String name, int port, long seed, String lure) {
        this.name = name;
        this.port = port;
        this.seed = seed;
        this.lure = lure;
        this.random = new Random(seed);
    }

    /// How many requests have got their right reply, or rightly none.
    long answered() {
        return answered;
    }

    /// How many keys of this client the servers hold.
    long keys() {
        return model.size();
    }

    void run(int count) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            var in = new DataInputStream(socket.getInputStream());
            while (answered < count) {
                int depth = (int) Math.min(1 + random.nextInt(DEEPEST_PIPELINE), count - answered);
                requests.setLength(0);
                replies.setLength(0);
                for (int i = 0; i < depth; i++) {
                    ask();
                }
                finish();
                socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.ISO_8859_1));
                check(in);
                answered += depth;
            }
        }
    }

    private void check(DataInputStream in) throws IOException {
        byte[] expected = replies.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] actual = new byte[expected.length];
        int length = 0;
        try {
            while (length < actual.length) {
                int read = in.read(actual, length, actual.length - length);
                if (read < 0) {
                    break;
                }
                length += read;
                int wrong = Arrays.mismatch(expected, 0, length, actual, 0, length);
                if (wrong >= 0) {
                    throw wrong(expected, actual, length, wrong);
                }
            }
        } catch (SocketTimeoutException missing) {
            throw wrong(expected, actual, length, length);
        }
        if (length < actual.length) {
            throw wrong(expected, actual, length, length);
        }
    }

    private AssertionError wrong(byte[] expected, byte[] actual, int length, int at) {
        int from = Math.max(0, at - 60);
        return new AssertionError("client %s, seed %d, behind %d right replies, byte %d of %d:%n expected …%s…%n received …%s"
                .formatted(
                        name, seed, answered, at, expected.length,
                        excerpt(expected, from, Math.min(expected.length, at + 60)),
                        excerpt(actual, from, Math.min(length, at + 60))));
    }

    private static String excerpt(byte[] bytes, int from, int to) {
        return Escapes.encode(new String(bytes, from, Math.max(0, to - from), StandardCharsets.ISO_8859_1));
    }

    /// Appends one request to [#requests], and to [#replies] what is to come of it, which may be nothing.
    abstract void ask();

    /// Appends what makes the end of the replies visible, if the last request may have none.
    void finish() {}

    final String key() {
        return name + ":" + random.nextInt(KEYS);
    }

    /// How many values there have been.
    final int valuesMade() {
        return valuesMade;
    }

    /// Never the same twice, mostly short, sometimes looking like a reply itself.
    final String value() {
        String unique = name + "#" + valuesMade++;
        int kind = random.nextInt(200);
        if (kind == 0) {
            return unique + "x".repeat(random.nextInt(20_000));
        }
        if (kind < 10) {
            return unique + lure + "\0\u00ff";
        }
        return unique + "y".repeat(random.nextInt(60));
    }
}
