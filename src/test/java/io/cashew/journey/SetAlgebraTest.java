package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.LeakWatch;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.ScriptedServer.Behaviour;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sets, sorted sets and HyperLogLogs of three servers, put together as one server with all of them does it.
@Timeout(120)
class SetAlgebraTest {
    private static final int KEYS = 12;
    private static final int CASES = 300;
    private static final String[] SCORES = {
        "0", "-0", "1", "2", "-3", "0.5", "0.1", "3.3", "-2.7", "1e-7", "123456.789", "1e20", "inf", "-inf", "1234567890123"
    };
    private static final String[] WEIGHTS = {"1", "2", "-1", "0", "0.5", "inf", "-inf", "+4", "1e1", "0.1", "-0.7", "3e15"};
    private static final String OFF = "-CROSSSLOT Keys in request don't hash to the same server; give them a common hash tag, or"
            + " the pool a cross_server_limit\r\n";

    private static RedisServers servers;
    private static RedisServer alone;
    private static ProxyUnderTest proxy;

    private final Random random = new Random(20);
    private RespClient pool;
    private RespClient direct;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(3);
        alone = RedisServer.start();
        proxy = ProxyUnderTest.with(servers.yaml("algebra", "hash: md5", "cross_server_limit: 16777216")
                + servers.yaml("small", "hash: md5", "cross_server_limit: 20000") + servers.yaml("off", "hash: md5"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
        alone.close();
    }

    @BeforeEach
    void connect() {
        servers.flush();
        alone.flush();
        pool = proxy.connect("algebra");
        direct = alone.connect();
    }

    /// Otherwise nothing here would show anything.
    @Test
    void keysLiveOnAllServers() {
        for (String[] keys : List.of(words("k0", "k1", "k2"), words("none0", "none1", "none2"))) {
            servers.flush();
            for (String key : keys) {
                pool.call("SADD", key, "a");
            }
            assertThat(IntStream.range(0, 3).filter(i -> servers.get(i).size() > 0).count()).as("%s", (Object) keys)
                    .isGreaterThan(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"SINTER, 2", "SINTER, 3", "SUNION, 2", "SUNION, 3", "SDIFF, 2", "SDIFF, 3", "SINTERCARD, 2", "SINTERCARD, 3"})
    void setsAreCombined(String command, String dialect) {
        both("HELLO", dialect);
        for (int i = 0; i < CASES; i++) {
            if (i % 20 == 0) {
                newSets();
            }
            List<String> keys = someKeys();
            var words = new ArrayList<String>(List.of(command));
            if (command.equals("SINTERCARD")) {
                words.add("" + keys.size());
                words.addAll(keys);
                words.addAll(one(List.of(), List.of("LIMIT", "0"), List.of("limit", "2"), List.of("LIMIT", "9", "LIMIT", "1")));
            } else {
                words.addAll(keys);
            }
            assertThat(sorted(ask(pool, words))).as("%s", words).isEqualTo(sorted(ask(direct, words)));
        }
    }

    @ParameterizedTest
    @CsvSource({"ZINTER, 2", "ZINTER, 3", "ZUNION, 2", "ZUNION, 3", "ZDIFF, 2", "ZDIFF, 3", "ZINTERCARD, 2", "ZINTERCARD, 3"})
    void sortedSetsAreCombined(String command, String dialect) {
        both("HELLO", dialect);
        for (int i = 0; i < CASES; i++) {
            if (i % 20 == 0) {
                newSortedSets();
            }
            List<String> keys = someKeys();
            var words = new ArrayList<String>(List.of(command, "" + keys.size()));
            words.addAll(keys);
            boolean combines = command.equals("ZINTER") || command.equals("ZUNION");
            if (combines && random.nextBoolean()) {
                words.add("WEIGHTS");
                keys.forEach(key -> words.add(one(WEIGHTS)));
            }
            if (combines && random.nextBoolean()) {
                words.addAll(List.of("aggregate", one("sum", "MIN", "max")));
            }
            if (command.equals("ZINTERCARD")) {
                words.addAll(one(List.of(), List.of("LIMIT", "0"), List.of("limit", "2")));
            } else if (random.nextInt(4) > 0) {
                words.add("WITHSCORES");
            }
            assertThat(ask(pool, words)).as("%s", words).isEqualTo(ask(direct, words));
        }
    }

    /// The digits of a score may be those of a newer server when none of the sets shows what kind these are.
    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void scoresAreTheSameNumbers(String dialect) {
        both("HELLO", dialect);
        for (int i = 0; i < CASES; i++) {
            if (i % 20 == 0) {
                newSortedSets();
            }
            List<String> keys = someKeys();
            var words = new ArrayList<String>(List.of(one("ZUNION", "ZINTER"), "" + keys.size()));
            words.addAll(keys);
            words.add("WEIGHTS");
            keys.forEach(key -> words.add("" + random.nextGaussian() * one(1.0, 1e-9, 1e9)));
            words.add("WITHSCORES");
            assertThat(numbers(ask(pool, words))).as("%s", words).isEqualTo(numbers(ask(direct, words)));
        }
    }

    @Test
    void hyperLogLogsAreCountedTogether() {
        for (int round = 0; round < 15; round++) {
            both("DEL", keys());
            for (String key : keys()) {
                int elements = one(0, 1, 10, 200, 2_000, 30_000);
                int from = random.nextInt(20_000);
                for (int i = 0; i < elements; i += 1_000) {
                    int first = from + i;
                    both(Stream.concat(
                                    Stream.of("PFADD", key),
                                    IntStream.range(first, first + Math.min(1_000, elements - i)).mapToObj(n -> "e" + n))
                            .toArray(String[]::new));
                }
            }
            for (int i = 0; i < 100; i++) {
                var words = new ArrayList<String>(List.of("PFCOUNT"));
                words.addAll(someKeys());
                assertThat(ask(pool, words)).as("%s", words).isEqualTo(ask(direct, words));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SINTER k0 k1 k2 list", "SUNION list k0 k1 k2", "SDIFF k0 k1 k2 k3 list", "SINTERCARD 4 k0 k1 k2 list",
        "ZUNION 4 k0 k1 k2 list WITHSCORES", "ZDIFF 4 list k0 k1 k2", "PFCOUNT none0 none1 none2 list",
        "PFCOUNT none0 none1 none2 text", "PFCOUNT none0 none1 none2 broken", "PFCOUNT none0 none1 none2 zeros",
        "SDIFF none0 k0 k1 k2",
        "SINTER none0 k0 k1 k2", "ZUNION 3 none0 none1 none2 WITHSCORES", "ZINTERCARD 4 none0 k0 k1 k2",
        "PFCOUNT none0 none1 none2",
        "SINTERCARD x k0 k1", "ZUNION 0 k0 k1", "ZUNION 9 k0 k1", "SINTER"
    })
    void errorsAndNothingAreAsOfOneServer(String line) {
        newSets();
        both("RPUSH", "list", "1");
        both("SET", "text", "a longer text than the head of a HyperLogLog");
        both("SET", "broken", "HYLL\u0001\0\0\0\0\0\0\0\0\0\0\0\u007f\u00ff");
        both("SET", "zeros", "HYLL\u0001\0\0\0\0\0\0\0\0\0\0\0\u007f\u00ff\0");
        for (String dialect : List.of("2", "3")) {
            both("HELLO", dialect);
            String answer = sorted(pool.call(line.split(" ")));
            // Where one server reads a sorted set's set it says the same of all.
            assertThat(answer).isEqualTo(sorted(direct.call(line.split(" "))));
        }
    }

    /// What Redis refuses, or may take one day, is not guessed at.
    @ParameterizedTest
    @ValueSource(strings = {
        "SINTERCARD 3 k0 k1 k2 LIMIT", "SINTERCARD 3 k0 k1 k2 LIMIT -1", "SINTERCARD 3 k0 k1 k2 LIMIT 01", "SINTERCARD 03 k0 k1 k2",
        "SINTERCARD 3 k0 k1 k2 NEW", "ZUNION 3 k0 k1 k2 WEIGHTS 1 2", "ZUNION 3 k0 k1 k2 WEIGHTS 1 2 x",
        "ZUNION 3 k0 k1 k2 WEIGHTS 1 2 nan",
        "ZUNION 3 k0 k1 k2 WEIGHTS 1 2 1e999", "ZUNION 3 k0 k1 k2 WEIGHTS 1 2 1e-999", "ZUNION 3 k0 k1 k2 AGGREGATE avg",
        "ZUNION 3 k0 k1 k2 AGGREGATE", "ZDIFF 3 k0 k1 k2 WEIGHTS 1 2 3", "ZINTERCARD 3 k0 k1 k2 WITHSCORES",
        "ZINTER 3 k0 k1 k2 LIMIT 1"
    })
    void whatIsNotUnderstoodIsNotComputed(String line) {
        assertThat(pool.call(line.split(" "))).startsWith("-CROSSSLOT ").endsWith("a hash_tag setting\r\n");
        assertThat(pool.call("PING")).isEqualTo("+PONG\r\n");
    }

    @Test
    void aPoolThatHasNotBeenAllowedToRefuses() {
        newSets();
        try (var off = proxy.connect("off")) {
            for (String line : List.of(
                    "SINTER k0 k1 k2", "SUNION k0 k1 k2", "SDIFF k0 k1 k2", "SINTERCARD 3 k0 k1 k2", "ZUNION 3 k0 k1 k2",
                    "ZINTER 3 k0 k1 k2", "ZDIFF 3 k0 k1 k2", "ZINTERCARD 3 k0 k1 k2", "PFCOUNT k0 k1 k2")) {
                assertThat(off.call(line.split(" "))).as(line).isEqualTo(OFF);
            }
            assertThat(sorted(off.call("SUNION", "k0", "k0"))).isEqualTo(sorted(direct.call("SMEMBERS", "k0")));
        }
    }

    @Test
    void moreThanMayBeHeldIsRefusedAndTheConnectionLives() {
        String[] members = IntStream.range(0, 100).mapToObj(i -> "member" + i).toArray(String[]::new);
        for (String key : List.of("k0", "k1", "k2", "k3")) {
            pool.call(Stream.concat(Stream.of("SADD", key), Arrays.stream(members)).toArray(String[]::new));
        }
        try (var leaks = LeakWatch.start(); var small = proxy.connect("small")) {
            for (String line : List.of("SUNION k0 k1 k2 k3", "ZUNION 4 k0 k1 k2 k3 WITHSCORES")) {
                assertThat(small.call(line.split(" "))).as(line)
                        .isEqualTo("-ERR what the servers have of these keys is more than the"
                        + " pool's cross_server_limit of 20000 bytes; give the keys a common hash tag\r\n");
            }
            assertThat(small.call("SCARD", "k0")).isEqualTo(":100\r\n");
            assertThat(leaks.leaks()).isEmpty();
        }
        assertThat(pool.call("SUNION", "k0", "k1", "k2", "k3")).startsWith("*100\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUNION", "ZUNION 2", "PFCOUNT"})
    void whatBecomesTooMuchIsRefusedWhileItArrives(String command) {
        boolean string = command.equals("PFCOUNT");
        String begun = string ? "$50000\r\n" + "x".repeat(30_000) : "*100000\r\n$1\r\nx\r\n";
        String rest = string ? "x".repeat(20_000) + "\r\n" : "$1\r\nx\r\n".repeat(99_999);
        var refused = new CountDownLatch(1);
        try (var leaks = LeakWatch.start();
                var real = RedisServer.start();
                var large = ScriptedServer.that((request, connection) -> {
                    if (RespClient.text(request).contains("SET\r\n") || RespClient.text(request).contains("STRLEN\r\n")) {
                        Behaviour.replies("+short\r\n").on(request, connection);
                    } else {
                        Behaviour.replies(begun).on(request, connection);
                        awaited(refused);
                        Behaviour.replies(rest).on(request, connection);
                    }
                });
                var proxy = ProxyUnderTest.with("""
                        pool:
                          listen: free
                          redis: true
                          cross_server_limit: 20000
                          servers:
                           - 127.0.0.1:%d:1 a
                           - 127.0.0.1:%d:1 b
                        """.formatted(real.port(), large.port()));
                var client = proxy.connect("pool")) {
            List<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i).toList();
            List<String> ofLarge = keys.stream().filter(key -> client.call("SET", key, "v").equals("+short\r\n")).toList();
            String small = keys.stream().filter(key -> !ofLarge.contains(key)).findFirst().orElseThrow();
            real.flush();

            client.command((command + " " + small + " " + ofLarge.getFirst()).split(" "));

            assertThat(client.reply()).startsWith("-ERR what the servers have of these keys is more than");
            refused.countDown();
            assertThat(client.call("STRLEN", ofLarge.getFirst())).isEqualTo("+short\r\n");
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    private static void awaited(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    @Test
    void answersKeepTheirOrder() {
        newSets();
        var requests = new ArrayList<String[]>();
        var expected = new ArrayList<String>();
        for (int i = 0; i < 300; i++) {
            String[] words = i % 3 == 0
                    ? new String[] {"SCARD", "k" + i % KEYS}
                    : words("SINTERCARD", "2", "k" + i % KEYS, "k" + i % 7);
            requests.add(words);
            expected.add(direct.call(words));
        }

        assertThat(pool.pipeline(requests)).isEqualTo(expected);
    }

    @Test
    void aServerThatIsGoneFailsTheWhole() {
        try (var leaks = LeakWatch.start();
                var three = RedisServers.start(3);
                var small = ProxyUnderTest.with(three.yaml("pool", "hash: md5", "cross_server_limit: 100000"));
                var client = small.connect("pool")) {
            for (int i = 0; i < KEYS; i++) {
                client.call("SADD", "k" + i, "a", "b");
            }
            String[] words = Stream.concat(Stream.of("SINTER"), Arrays.stream(keys())).toArray(String[]::new);
            assertThat(client.call(words)).startsWith("*2\r\n");
            three.get(1).pause();
            client.send(RespClient.encode(words));
            three.get(1).kill();
            assertThat(client.reply()).startsWith("-ERR ");
            assertThat(client.call(words)).isEqualTo("-ERR Connection refused\r\n");
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    private void newSets() {
        both("DEL", keys());
        for (String key : keys()) {
            add("SADD", key, one(0, 1, 4, 12, 600), this::member);
        }
    }

    /// Some are plain sets.
    private void newSortedSets() {
        both("DEL", keys());
        for (String key : keys()) {
            int members = one(0, 1, 4, 12, 200);
            if (random.nextInt(6) == 0) {
                add("SADD", key, members, this::member);
            } else {
                add("ZADD", key, members, range -> Stream.concat(Stream.of(score()), member(range)));
            }
        }
    }

    private void add(String command, String key, int members, IntFunction<Stream<String>> member) {
        if (members > 0) {
            both(Stream.concat(Stream.of(command, key), IntStream.range(0, members).boxed().flatMap(i -> member.apply(members)))
                    .toArray(String[]::new));
        }
    }

    private String score() {
        return random.nextBoolean() ? one(SCORES) : "" + random.nextInt(100);
    }

    /// All but line ends.
    private Stream<String> member(int range) {
        int number = random.nextInt(range + 3);
        return Stream.of(number % 3 == 0 ? "" + number : (char) (0xff - number % 50) + "m" + number);
    }

    private static String[] keys() {
        return IntStream.range(0, KEYS).mapToObj(i -> "k" + i).toArray(String[]::new);
    }

    private List<String> someKeys() {
        return IntStream.range(0, 1 + random.nextInt(5)).mapToObj(i -> one(keys())).toList();
    }

    @SafeVarargs
    private <T> T one(T... of) {
        return of[random.nextInt(of.length)];
    }

    private void both(String first, String... more) {
        both(Stream.concat(Stream.of(first), Arrays.stream(more)).toArray(String[]::new));
    }

    private void both(String[] words) {
        pool.call(words);
        direct.call(words);
    }

    private static String[] words(String... words) {
        return words;
    }

    private static String ask(RespClient client, List<String> words) {
        return client.call(words.toArray(String[]::new));
    }

    /// A set's members come in any order; what is no set is left as it is.
    private static String sorted(String reply) {
        if (!reply.startsWith("*") && !reply.startsWith("~")) {
            return reply;
        }
        String[] lines = reply.split("\r\n", -1);
        return lines[0] + IntStream.range(0, lines.length / 2 - 1).mapToObj(i -> lines[1 + i * 2] + lines[2 + i * 2]).sorted()
                .toList();
    }

    /// With every score as a number.
    private static List<Object> numbers(String reply) {
        String[] lines = reply.split("\r\n");
        List<Object> read = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            boolean score = reply.contains("\r\n,") ? lines[i].startsWith(",") : i > 0 && i % 4 == 0;
            String text = lines[i].startsWith(",") ? lines[i].substring(1) : lines[i];
            boolean lengthOfScore = !reply.contains("\r\n,") && i > 0 && i % 4 == 3;
            if (!lengthOfScore) {
                read.add(score ? Double.valueOf(text.replace("inf", "Infinity")) : lines[i]);
            }
        }
        return read;
    }
}
