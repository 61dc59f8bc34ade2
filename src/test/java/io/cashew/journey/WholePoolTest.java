package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands about a whole pool, over three real servers.
@Timeout(60)
class WholePoolTest {
    private static final String EJECTED = "-ERR server is ejected; its keys are served again when it is back\r\n";

    private static RedisServers servers;
    private static ProxyUnderTest proxy;

    private RespClient client;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(3);
        proxy = ProxyUnderTest.with(servers.yaml("pool") + servers.yaml("flushed", "allow_flush: true"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
    }

    @BeforeEach
    void connect() {
        servers.flush();
        client = proxy.connect("pool");
    }

    @Test
    void keysOfAllServersAreListed() {
        assertThat(client.call("KEYS", "*")).isEqualTo("*0\r\n");
        IntStream.range(0, 100).forEach(i -> client.call("SET", "key" + i, "v"));

        assertThat(elements(client.call("KEYS", "*")))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100).mapToObj(i -> "key" + i).toList());
        assertThat(elements(client.call("KEYS", "key?5"))).containsExactlyInAnyOrder(
                "key15", "key25", "key35", "key45", "key55", "key65", "key75", "key85", "key95");
        assertThat(client.call("KEYS")).startsWith("-ERR wrong number of arguments");
    }

    @Test
    void keysOfAllServersAreCounted() {
        assertThat(client.call("DBSIZE")).isEqualTo(":0\r\n");
        IntStream.range(0, 100).forEach(i -> client.call("SET", "key" + i, "v"));

        assertThat(client.call("DBSIZE")).isEqualTo(":100\r\n");
    }

    /// What a client has asked before is part of the answer, what it asks behind is not.
    @Test
    void answersAreOfTheirMoment() {
        var replies = client.pipeline(List.of(
                words("SET a 1"), words("DBSIZE"), words("MSET b 1 c 1 d 1 e 1"), words("DBSIZE"), words("KEYS *"),
                words("DEL a b c d e"),
                words("RANDOMKEY"), words("DBSIZE")));

        assertThat(replies.get(1)).isEqualTo(":1\r\n");
        assertThat(replies.get(3)).isEqualTo(":5\r\n");
        assertThat(elements(replies.get(4))).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
        assertThat(replies.subList(5, 8)).containsExactly(":5\r\n", "$-1\r\n", ":0\r\n");
    }

    @Test
    void aRandomKeyIsOfAServerAsOftenAsItHasKeys() {
        assertThat(client.call("RANDOMKEY")).isEqualTo("$-1\r\n");
        servers.get(0).call("SET", "0", "v");
        for (int i = 0; i < 30; i++) {
            servers.get(2).call("SET", "2" + i, "v");
        }

        Map<Character, Integer> drawn = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            drawn.merge(client.call("RANDOMKEY").split("\r\n")[1].charAt(0), 1, Integer::sum);
        }

        assertThat(drawn).containsOnlyKeys('0', '2');
        // 97 of 3000 are expected; that it is 200 by chance happens to nobody.
        assertThat(drawn.get('0')).isBetween(1, 200);
    }

    @Test
    void theOldestSaveIsTold() {
        long oldest = IntStream.range(0, 3).mapToLong(i -> number(servers.get(i).call("LASTSAVE"))).min().orElseThrow();

        assertThat(number(client.call("LASTSAVE"))).isEqualTo(oldest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLUSHALL", "FLUSHDB", "FLUSHDB ASYNC"})
    void serversAreEmptiedOnlyWhereThatIsAllowed(String line) {
        client.call("MSET", "a", "1", "b", "1", "c", "1", "d", "1");

        assertThat(client.call(words(line))).startsWith("-ERR 'flush").endsWith("its configuration does not set allow_flush\r\n");
        assertThat(servers.size()).isEqualTo(4);
        try (var allowed = proxy.connect("flushed")) {
            assertThat(allowed.call(words(line + " TYPO"))).startsWith("-ERR syntax");
            assertThat(servers.size()).isEqualTo(4);
            assertThat(allowed.call(words(line))).isEqualTo("+OK\r\n");
        }
        Awaitility.await().until(() -> servers.size() == 0);
    }

    @Test
    void latenciesOfAllServersAreListed() {
        assertThat(client.call("LATENCY", "LATEST")).isEqualTo("*0\r\n");
        assertThat(client.call("LATENCY", "HISTORY", "command")).isEqualTo("*0\r\n");
        assertThat(client.call("LATENCY", "RESET")).isEqualTo(":0\r\n");
    }

    @Test
    void callsOnAllServersAreCounted() {
        IntStream.range(0, 3).forEach(i -> servers.get(i).call("CONFIG", "RESETSTAT"));
        for (int i = 0; i < 30; i++) {
            client.call("SET", "key" + i, "v");
        }

        for (String dialect : new String[] {"2", "3"}) {
            client.call("HELLO", dialect);
            assertThat(client.call("LATENCY", "HISTOGRAM", "set", "get"))
                    .startsWith((dialect.equals("2") ? "*2" : "%1") + "\r\n$3\r\nset\r\n")
                    .contains("$5\r\ncalls\r\n:30\r\n")
                    .endsWith("\r\n:30\r\n");
        }
    }

    @Test
    void halfOfTheTruthIsNotAnAnswer() {
        try (var gone = RedisServer.start();
                var small = ProxyUnderTest.with("""
                        pool:
                          listen: free
                          redis: true
                          servers:
                           - 127.0.0.1:%d:1 a
                           - 127.0.0.1:%d:1 b
                        """.formatted(servers.get(0).port(), gone.port()));
                var client = small.connect("pool")) {
            gone.kill();

            for (String line : List.of("DBSIZE", "KEYS *", "RANDOMKEY", "LASTSAVE", "LATENCY LATEST")) {
                assertThat(client.call(words(line))).as(line).isEqualTo("-ERR Connection refused\r\n");
            }
        }
    }

    @Test
    void scriptsAreLoadedOnEveryServer() {
        String script = "return redis.call('incr', KEYS[1])";

        String loaded = client.call("SCRIPT", "LOAD", script);

        assertThat(loaded).matches("\\$40\r\n[0-9a-f]{40}\r\n");
        String digest = loaded.split("\r\n")[1];
        for (String key : List.of("a", "b", "c", "d", "e", "f")) {
            assertThat(client.call("EVALSHA", digest, "1", key)).isEqualTo(":1\r\n");
        }
        assertThat(client.call("SCRIPT", "EXISTS", digest, "0".repeat(40))).isEqualTo("*2\r\n:1\r\n:0\r\n");
        servers.get(1).call("SCRIPT", "FLUSH");
        assertThat(client.call("SCRIPT", "EXISTS", digest, "0".repeat(40))).isEqualTo("*2\r\n:0\r\n:0\r\n");
        assertThat(client.call("SCRIPT", "LOAD", script)).isEqualTo(loaded);
        assertThat(client.call("SCRIPT", "LOAD", "no script")).startsWith("-ERR Error compiling script");
        assertThat(client.call("SCRIPT", "FLUSH")).isEqualTo("+OK\r\n");
        assertThat(servers.get(2).call("SCRIPT", "EXISTS", digest)).isEqualTo("*1\r\n:0\r\n");
    }

    @Test
    void functionsAreLoadedOnEveryServer() {
        String library = "#!lua name=%s\nredis.register_function('%s', function(keys) return redis.call('incr', keys[1]) end)";

        assertThat(client.call("FUNCTION", "LOAD", library.formatted("counting", "count"))).isEqualTo("$8\r\ncounting\r\n");
        for (String key : List.of("a", "b", "c", "d", "e", "f")) {
            assertThat(client.call("FCALL", "count", "1", key)).isEqualTo(":1\r\n");
        }
        assertThat(client.call("FUNCTION", "LOAD", library.formatted("counting", "count")))
                .startsWith("-ERR Library 'counting' already exists");
        assertThat(client.call("FUNCTION", "LOAD", "REPLACE", library.formatted("counting", "other")))
                .isEqualTo("$8\r\ncounting\r\n");
        assertThat(client.call("FUNCTION", "LIST")).contains("counting", "other");
        assertThat(client.call("FUNCTION", "DELETE", "counting")).isEqualTo("+OK\r\n");
        assertThat(client.call("FUNCTION", "FLUSH")).isEqualTo("+OK\r\n");
        for (int i = 0; i < 3; i++) {
            assertThat(servers.get(i).call("FUNCTION", "LIST")).isEqualTo("*0\r\n");
        }
    }

    /// `rehash` has the others answer for its keys; `fail-fast` says that they are out of reach.
    @ParameterizedTest
    @ValueSource(strings = {"rehash", "fail-fast"})
    void anEjectedServerIsLeftOutOrMissed(String mode) {
        try (var gone = RedisServer.start();
                var ejecting = ProxyUnderTest.with("""
                        pool:
                          listen: free
                          redis: true
                          allow_flush: true
                          auto_eject_hosts: true
                          server_failure_limit: 1
                          eject_mode: %s
                          servers:
                           - 127.0.0.1:%d:1 a
                           - 127.0.0.1:%d:1 b
                        """.formatted(mode, servers.get(0).port(), gone.port()));
                var client = ejecting.connect("pool")) {
            IntStream.range(0, 20).forEach(i -> client.call("SET", "key" + i, "v"));
            var pool = ejecting.pool("pool");
            gone.kill();
            Awaitility.await().until(() -> {
                client.call("DBSIZE");
                return pool.ejected(pool.servers().get(1));
            });

            for (String line : List.of("DBSIZE", "KEYS *", "LASTSAVE")) {
                String answer = client.call(words(line));
                assertThat(answer).as(line).isEqualTo(mode.equals("rehash") ? servers.get(0).call(words(line)) : EJECTED);
            }
            assertThat(client.call("RANDOMKEY")).startsWith(mode.equals("rehash") ? "$" : EJECTED);
            assertThat(client.call("LATENCY", "LATEST")).startsWith("*");
            assertThat(client.call("FLUSHALL")).isEqualTo(mode.equals("rehash") ? "-ERR Connection refused\r\n" : EJECTED);
        }
    }

    private static String[] words(String line) {
        return line.split(" ");
    }

    private static long number(String reply) {
        assertThat(reply).startsWith(":");
        return Long.parseLong(reply.substring(1).strip());
    }

    /// Those of an array of strings without line ends.
    private static List<String> elements(String array) {
        assertThat(array).startsWith("*");
        var lines = new ArrayList<>(Arrays.asList(array.split("\r\n")));
        return IntStream.range(1, lines.size()).filter(line -> line % 2 == 0).mapToObj(lines::get).toList();
    }
}
