package io.cashew.journey;

import io.cashew.fixture.Escapes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.Map;

/// A pipelining client that can tell its own answers from all others, whatever is lost on the way.
///
/// Every key is used for one value only and names it: key `k17` can hold what [#value(long)] makes of 17 or nothing. No
/// two keys of all clients are the same. So an answer is right, or one of the errors a failing server causes, or it
/// belongs to somebody else, and then this client throws.
final class StormClient {
    /// What a client may be told when a server fails: the failures of servers, in the words of `docs/reliability.md`.
    static final Set<String> ERRORS = Set.of(
            "-ERR Connection refused", "-ERR Connection timed out", "-ERR Connection reset by peer", "-ERR unknown",
            "-ERR Invalid argument", "-ERR Broken pipe");

    private static final long KEYS_PER_CLIENT = 1_000_000_000_000L;
    private static final int DEEPEST_PIPELINE = 100;
    private static final int KEPT = 300;

    private enum Kind {
        CREATE,
        GET,
        MGET,
        MSET,
        DEL,
        ECHO
    }

    private record Expected(Kind kind, long first, int keys) {}

    private final String name;
    private final int port;
    private final Random random;
    private final Map<String, Long> errors = new TreeMap<>();
    private final StringBuilder requests = new StringBuilder();
    private long next;
    private long oldest;
    private long answered;
    private long served;
    private long missing;
    private long abandoned;
    private Socket socket;
    private InputStream in;

    StormClient(int number, int port, long seed) {
        this.name = "client " + number;
        this.port = port;
        this.random = new Random(seed + number);
        this.next = number * KEYS_PER_CLIENT + 1;
        this.oldest = next;
    }

    /// Requests answered, with an error or without.
    long answered() {
        return answered;
    }

    /// Requests a server, or the proxy itself, has answered without an error.
    long served() {
        return served;
    }

    /// Requests whose answers this client did not wait for.
    long abandoned() {
        return abandoned;
    }

    /// Keys that were asked for and held nothing.
    long missing() {
        return missing;
    }

    /// How often each error has been received.
    Map<String, Long> errors() {
        return errors;
    }

    /// Asks until `count` requests have been answered; leaves now and then without waiting for answers.
    void run(long count) throws IOException {
        try {
            while (answered < count) {
                batch((int) Math.min(1 + random.nextInt(DEEPEST_PIPELINE), count - answered), random.nextInt(300) == 0);
            }
        } finally {
            close();
        }
    }

    /// Sends `depth` requests and checks all answers, or leaves somewhere in between.
    void batch(int depth, boolean leave) throws IOException {
        if (socket == null) {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        }
        requests.setLength(0);
        var expected = new Expected[depth];
        for (int i = 0; i < depth; i++) {
            expected[i] = ask();
        }
        socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.ISO_8859_1));
        int waitFor = leave ? random.nextInt(depth) : depth;
        for (int i = 0; i < waitFor; i++) {
            try {
                check(expected[i]);
            } catch (AssertionError wrong) {
                throw new AssertionError(wrong.getMessage() + context(expected, i), wrong);
            }
            answered++;
        }
        if (leave) {
            abandoned += depth - waitFor;
            close();
        }
    }

    /// Says whether there is nothing left to read for the moment.
    boolean quiet() throws IOException {
        return socket == null || in.available() == 0;
    }

    void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    /// What the key of this number can hold: mostly the number itself, sometimes something large.
    private static String value(long key) {
        return isLarge(key) ? key + ":" + "x".repeat((int) (key % 20_000)) : String.valueOf(key);
    }

    private static boolean isLarge(long key) {
        return key % 97 == 0;
    }

    private Expected ask() {
        int dice = random.nextInt(100);
        if (dice < 40) {
            long key = next++;
            if (isLarge(key)) {
                request("SET", "k" + key, value(key));
            } else {
                // Answers with the key's number, so the answer of another request cannot be mistaken for it.
                request("INCRBY", "k" + key, String.valueOf(key));
            }
            return new Expected(Kind.CREATE, key, 1);
        }
        if (dice < 60) {
            long key = known(1);
            request("GET", "k" + key);
            return new Expected(Kind.GET, key, 1);
        }
        if (dice < 70) {
            int keys = 2 + random.nextInt(5);
            long first = known(keys);
            several("MGET", first, keys);
            return new Expected(Kind.MGET, first, keys);
        }
        if (dice < 75) {
            int keys = 2 + random.nextInt(3);
            long first = next;
            next += keys;
            var words = new String[1 + 2 * keys];
            words[0] = "MSET";
            for (int i = 0; i < keys; i++) {
                words[1 + 2 * i] = "k" + (first + i);
                words[2 + 2 * i] = value(first + i);
            }
            request(words);
            return new Expected(Kind.MSET, first, keys);
        }
        if (dice < 95 && next - oldest > KEPT) {
            int keys = 1 + random.nextInt(5);
            long first = oldest;
            oldest += keys;
            several("DEL", first, keys);
            return new Expected(Kind.DEL, first, keys);
        }
        long key = next++;
        request("ECHO", "e" + key);
        return new Expected(Kind.ECHO, key, 1);
    }

    /// The first of `keys` numbers in a row, some of which have been given away lately.
    private long known(int keys) {
        return Math.max(oldest, next - KEPT + random.nextInt(KEPT)) - keys + 1;
    }

    private void several(String command, long first, int keys) {
        var words = new String[1 + keys];
        words[0] = command;
        for (int i = 0; i < keys; i++) {
            words[1 + i] = "k" + (first + i);
        }
        request(words);
    }

    private void request(String... words) {
        requests.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            requests.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
    }

    private void check(Expected expected) throws IOException {
        String line = line();
        if (expected.kind() != Kind.ECHO && ERRORS.contains(line)) {
            errors.merge(line, 1L, Long::sum);
            return;
        }
        switch (expected.kind()) {
            case CREATE -> require(line.equals(isLarge(expected.first()) ? "+OK" : ":" + expected.first()), expected, line);
            case GET -> checkValue(expected, expected.first(), line);
            case MGET -> {
                require(line.equals("*" + expected.keys()), expected, line);
                for (int i = 0; i < expected.keys(); i++) {
                    checkValue(expected, expected.first() + i, line());
                }
            }
            case MSET -> require(line.equals("+OK"), expected, line);
            case DEL -> require(
                    line.length() == 2 && line.charAt(0) == ':' && line.charAt(1) - '0' <= expected.keys(), expected, line);
            case ECHO -> {
                String own = "e" + expected.first();
                require(line.equals("$" + own.length()), expected, line);
                String text = text(own.length());
                require(text.equals(own), expected, text);
            }
        }
        served++;
    }

    private void checkValue(Expected expected, long key, String line) throws IOException {
        if (line.equals("$-1")) {
            missing++;
            return;
        }
        String own = value(key);
        require(line.equals("$" + own.length()), expected, line);
        String text = text(own.length());
        require(text.equals(own), expected, text);
    }

    private void require(boolean right, Expected expected, String actual) {
        if (!right) {
            throw new AssertionError("%s, behind %d answers: %s was answered with %s".formatted(
                    name, answered, expected, Escapes.encode(actual.substring(0, Math.min(200, actual.length())))));
        }
    }

    /// What was asked around request `at`, and what comes next.
    private String context(Expected[] expected, int at) throws IOException {
        var text = new StringBuilder("\n");
        for (int i = Math.max(0, at - 5); i < Math.min(expected.length, at + 6); i++) {
            text.append(i == at ? "> " : "  ").append(expected[i]).append('\n');
        }
        byte[] following = new byte[300];
        int length = in.available() == 0 ? 0 : in.read(following);
        return text + "followed by " + Escapes.encode(new String(following, 0, Math.max(0, length), StandardCharsets.ISO_8859_1));
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new AssertionError(name + ": the connection ended behind " + answered + " answers, with requests under way");
            }
            line.append((char) b);
        }
        in.skipNBytes(1);
        return line.toString();
    }

    private String text(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        in.skipNBytes(2);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
