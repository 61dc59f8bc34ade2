package io.cashew.journey;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.RespClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// A pipelining memcached client that knows every reply before it comes. Its keys are its own, so a map of what it has
/// written is an exact model of what the servers hold; its values never repeat, so a reply that is another request's cannot
/// be mistaken.
final class MemcacheModelledClient {
    private static final int KEYS = 150;
    private static final int DEEPEST_PIPELINE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String name;
    private final int port;
    private final long seed;
    private final Random random;
    private final Map<String, String> model = new HashMap<>();
    private final StringBuilder requests = new StringBuilder();
    private final StringBuilder replies = new StringBuilder();
    private int valuesMade;
    private long answered;

    MemcacheModelledClient(String name, int port, long seed) {
        this.name = name;
        this.port = port;
        this.seed = seed;
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

    void run(int count) {
        try (var client = RespClient.connect(port)) {
            while (answered < count) {
                int depth = (int) Math.min(1 + random.nextInt(DEEPEST_PIPELINE), count - answered);
                requests.setLength(0);
                replies.setLength(0);
                for (int i = 0; i < depth; i++) {
                    ask();
                }
                // So that the end of the replies is seen when the last request has none.
                requests.append("mn\r\n");
                replies.append("MN\r\n");
                client.send(requests.toString());
                String actual = RespClient.text(client.read(replies.length(), PATIENCE));
                if (!actual.contentEquals(replies)) {
                    throw wrong(replies.toString(), actual);
                }
                answered += depth;
            }
        }
    }

    private AssertionError wrong(String expected, String actual) {
        int at = 0;
        while (at < Math.min(expected.length(), actual.length()) && expected.charAt(at) == actual.charAt(at)) {
            at++;
        }
        return new AssertionError("client %s, seed %d, behind %d right replies, byte %d:%n expected …%s…%n received …%s"
                .formatted(name, seed, answered, at, excerpt(expected, at), excerpt(actual, at)));
    }

    private static String excerpt(String text, int at) {
        return Escapes.encode(text.substring(Math.max(0, at - 60), Math.min(text.length(), at + 60)));
    }

    private void ask() {
        String key = key();
        String value = value();
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> {
                requests.append("get ").append(key).append("\r\n");
                values(key);
            }
            case 4, 5 -> {
                String[] keys = new String[1 + random.nextInt(12)];
                requests.append("get");
                for (int i = 0; i < keys.length; i++) {
                    keys[i] = key();
                    requests.append(' ').append(keys[i]);
                }
                requests.append("\r\n");
                values(keys);
            }
            case 6, 7, 8 -> {
                store("set", key, value, "");
                model.put(key, value);
                replies.append("STORED\r\n");
            }
            case 9 -> {
                store("set", key, value, " noreply");
                model.put(key, value);
            }
            case 10 -> {
                store("add", key, value, "");
                replies.append(model.putIfAbsent(key, value) == null ? "STORED\r\n" : "NOT_STORED\r\n");
            }
            case 11 -> {
                requests.append("delete ").append(key).append("\r\n");
                replies.append(model.remove(key) == null ? "NOT_FOUND\r\n" : "DELETED\r\n");
            }
            case 12 -> {
                requests.append("delete ").append(key).append(" noreply\r\n");
                model.remove(key);
            }
            case 13 -> {
                requests.append("mg ").append(key).append(" v q\r\n");
                String held = model.get(key);
                if (held != null) {
                    replies.append("VA ").append(held.length()).append("\r\n").append(held).append("\r\n");
                }
            }
            case 14 -> {
                requests.append("ms %s %d q k\r\n%s\r\n".formatted(key, value.length(), value));
                model.put(key, value);
            }
            default -> {
                requests.append("mg ").append(key).append(" k O").append(valuesMade).append("\r\n");
                replies.append(model.containsKey(key) ? "HD k" : "EN k").append(key).append(" O").append(valuesMade)
                        .append("\r\n");
            }
        }
    }

    private void store(String command, String key, String value, String noreply) {
        requests.append("%s %s 0 0 %d%s\r\n%s\r\n".formatted(command, key, value.length(), noreply, value));
    }

    private void values(String... keys) {
        for (String key : keys) {
            String value = model.get(key);
            if (value != null) {
                replies.append("VALUE %s 0 %d\r\n%s\r\n".formatted(key, value.length(), value));
            }
        }
        replies.append("END\r\n");
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
            return unique + "\r\nEND\r\nSTORED\r\n\0\u00ff";
        }
        return unique + "y".repeat(random.nextInt(60));
    }
}
