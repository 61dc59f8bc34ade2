package io.cashew.journey;

import io.cashew.fixture.Escapes;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;

/// A pipelining client that knows every reply before it comes. Its keys are its own, so a map of what it has written is an
/// exact model of what the servers hold; its values never repeat, so a reply that is another request's cannot be mistaken.
final class ModelledClient {
    private static final int KEYS = 150;
    private static final int COUNTERS = 20;
    private static final int DEEPEST_PIPELINE = 100;

    private final String name;
    private final int port;
    private final long seed;
    private final Random random;
    private final Map<String, String> model = new HashMap<>();
    private final StringBuilder requests = new StringBuilder();
    private final StringBuilder replies = new StringBuilder();
    private int valuesMade;
    private long answered;

    ModelledClient(String name, int port, long seed) {
        this.name = name;
        this.port = port;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /// How many requests have got their right reply.
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
        } catch (java.net.SocketTimeoutException missing) {
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

    private void ask() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> {
                String key = key();
                request("GET", key);
                bulk(model.get(key));
            }
            case 5, 6, 7, 8 -> {
                String key = key();
                String value = value();
                model.put(key, value);
                request("SET", key, value);
                replies.append("+OK\r\n");
            }
            case 9, 10 -> {
                String[] command = command("MGET", 1 + random.nextInt(12));
                request(command);
                replies.append('*').append(command.length - 1).append("\r\n");
                Arrays.stream(command).skip(1).map(model::get).forEach(this::bulk);
            }
            case 11, 12 -> mset();
            case 13, 14 -> {
                String[] command = command("DEL", 1 + random.nextInt(5));
                request(command);
                integer(Arrays.stream(command)
                        .skip(1)
                        .filter(key -> model.remove(key) != null)
                        .count());
            }
            case 15 -> {
                // Redis counts a key as often as it is named.
                String[] command = command("EXISTS", 1 + random.nextInt(5));
                request(command);
                integer(Arrays.stream(command).skip(1).filter(model::containsKey).count());
            }
            case 16, 17 -> {
                String key = name + ":counter:" + random.nextInt(COUNTERS);
                long count = Long.parseLong(model.getOrDefault(key, "0")) + 1;
                model.put(key, String.valueOf(count));
                request("INCR", key);
                integer(count);
            }
            case 18 -> {
                request("PING");
                replies.append("+PONG\r\n");
            }
            default -> {
                String value = value();
                request("ECHO", value);
                bulk(value);
            }
        }
    }

    private void mset() {
        int pairs = 1 + random.nextInt(6);
        var command = new String[1 + 2 * pairs];
        command[0] = "MSET";
        var used = new HashSet<String>();
        for (int i = 1; i < command.length; i += 2) {
            do {
                command[i] = key();
            } while (!used.add(command[i]));
            command[i + 1] = value();
            model.put(command[i], command[i + 1]);
        }
        request(command);
        replies.append("+OK\r\n");
    }

    private String[] command(String name, int keys) {
        var command = new String[1 + keys];
        command[0] = name;
        for (int i = 1; i <= keys; i++) {
            command[i] = key();
        }
        return command;
    }

    private String key() {
        return name + ":" + random.nextInt(KEYS);
    }

    /// Never the same twice, mostly short, sometimes looking like a reply itself.
    private String value() {
        String unique = name + "#" + valuesMade++;
        int kind = random.nextInt(200);
        if (kind == 0) {
            return unique + "x".repeat(random.nextInt(20_000));
        }
        if (kind < 10) {
            return unique + "\r\n$-1\r\n+OK\r\n\0\u00ff";
        }
        return unique + "y".repeat(random.nextInt(60));
    }

    private void request(String... words) {
        requests.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            requests.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
    }

    private void bulk(String value) {
        if (value == null) {
            replies.append("$-1\r\n");
        } else {
            replies.append('$').append(value.length()).append("\r\n").append(value).append("\r\n");
        }
    }

    private void integer(long number) {
        replies.append(':').append(number).append("\r\n");
    }
}
