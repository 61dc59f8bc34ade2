package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.Tool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.ScanParams;

/// SCAN through pools of real servers: whatever happens meanwhile, a key that is there all the time is found.
@Timeout(60)
class ScanTest {
    private static final int KEYS = 3_000;

    private static RedisServers servers;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(3);
        proxy = ProxyUnderTest.with(servers.yaml("pool", "databases: 2"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
    }

    @BeforeEach
    void empty() {
        servers.flush();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 5_000})
    void everyKeyIsFoundOnce(int count) {
        try (var client = proxy.connect("pool")) {
            var expected = fill(client);

            var found = new ArrayList<String>();
            scan(client, found, "COUNT", String.valueOf(count));

            assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void everyClientScansItsDatabaseInItsDialect() {
        try (var here = proxy.connect("pool"); var there = proxy.connect("pool")) {
            there.call("HELLO", "3");
            there.call("SELECT", "1");
            var expected = fill(there);
            here.call("SET", "here", "v");

            var foundHere = new ArrayList<String>();
            scan(here, foundHere);
            var foundThere = new ArrayList<String>();
            scan(there, foundThere);

            assertThat(foundHere).containsExactly("here");
            assertThat(foundThere).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(there.call("SCAN", "9007199254740991")).isEqualTo("*2\r\n$1\r\n0\r\n*0\r\n");
        }
    }

    @Test
    void optionsReachTheServers() {
        try (var client = proxy.connect("pool")) {
            fill(client);
            IntStream.range(0, 50).forEach(i -> client.call("RPUSH", "list" + i, "x"));

            var lists = new ArrayList<String>();
            scan(client, lists, "TYPE", "list");
            var matching = new ArrayList<String>();
            scan(client, matching, "MATCH", "list?", "COUNT", "100");

            assertThat(lists).hasSize(50);
            assertThat(matching).hasSize(10);
        }
    }

    @Test
    void cursorsFitEveryLibrary() {
        try (var client = proxy.connect("pool")) {
            fill(client);

            var cursors = scan(client, new ArrayList<>(), "COUNT", "10");

            assertThat(cursors).hasSizeGreaterThan(100)
                    .allSatisfy(cursor -> assertThat(Long.parseLong(cursor)).isBetween(0L, (1L << 53) - 1));
        }
    }

    @Test
    void keysMayComeAndGo() {
        try (var client = proxy.connect("pool")) {
            var staying = fill(client);
            var found = new HashSet<String>();
            String cursor = "0";
            int turn = 0;
            do {
                var page = page(client.call("SCAN", cursor, "COUNT", "20"));
                found.addAll(page.keys());
                cursor = page.cursor();
                // Enough of them that the servers' tables grow and shrink.
                for (int i = 0; i < 100; i++) {
                    client.call("SET", "passing" + turn + ":" + i, "x");
                    if (turn >= 40) {
                        client.call("DEL", "passing" + (turn - 40) + ":" + i);
                    }
                }
                turn++;
            } while (!cursor.equals("0"));

            assertThat(found).containsAll(staying);
        }
    }

    @Test
    void mistakesAreAnsweredAsByAServer() {
        try (var client = proxy.connect("pool"); var direct = servers.get(0).connect()) {
            for (String line : List.of("SCAN", "SCAN x", "SCAN 0 COUNT", "SCAN 0 COUNT 0", "SCAN 0 TYPO x",
                    "SCAN 99999999999999999999")) {
                assertThat(withoutName(client.call(line.split(" ")))).as(line).isEqualTo(withoutName(direct.call(line.split(" "))));
            }
        }
    }

    /// The wording of one error differs in an end that Cashew leaves out everywhere.
    private static String withoutName(String reply) {
        return reply.replaceAll("'scan' command", "");
    }

    @Test
    void repliesKeepTheirOrder() {
        try (var client = proxy.connect("pool")) {
            client.call("SET", "k", "v");

            var replies = client.pipeline(List.of(
                    new String[] {"SCAN", "0"}, new String[] {"GET", "k"}, new String[] {"SCAN", "x"}, new String[] {"PING"}));

            assertThat(replies.get(0)).startsWith("*2\r\n$");
            assertThat(replies.subList(1, 4)).containsExactly("$1\r\nv\r\n", "-ERR invalid cursor\r\n", "+PONG\r\n");
        }
    }

    /// A pool with one server answers with that server's bytes.
    @Test
    void theOnlyServersRepliesStayAsTheyAre() {
        var one = servers.get(0);
        try (var small = ProxyUnderTest.with(pool("one", "a", one));
                var client = small.connect("one");
                var direct = one.connect()) {
            fill(client);
            String cursor = "0";
            do {
                String expected = direct.call("SCAN", cursor, "COUNT", "100");
                assertThat(client.call("SCAN", cursor, "COUNT", "100")).isEqualTo(expected);
                cursor = page(expected).cursor();
            } while (!cursor.equals("0"));
        }
    }

    /// The cursors of one pool are taken to another one, as a restart with other servers would do it.
    @Test
    void serversMayBeAddedAndRemovedMeanwhile() {
        try (var added = RedisServer.start();
                var fewer = ProxyUnderTest.with(pool("pool", "a", servers.get(0), "c", servers.get(2)));
                var more = ProxyUnderTest.with(
                        pool("pool", "a", servers.get(0), "b", servers.get(1), "0new", added, "c", servers.get(2), "znew", added));
                var client = proxy.connect("pool");
                var clientOfFewer = fewer.connect("pool");
                var clientOfMore = more.connect("pool")) {
            fill(client);
            var stayingIfMore = keysOf(0, 1, 2);
            var stayingIfFewer = keysOf(0, 2);
            for (int pagesBefore = 1; pagesBefore < 60; pagesBefore += 7) {
                assertThat(scanOn(client, clientOfMore, pagesBefore)).containsAll(stayingIfMore);
                assertThat(scanOn(client, clientOfFewer, pagesBefore)).containsAll(stayingIfFewer);
            }
        }
    }

    @Test
    void anEjectedServerIsPassedOverWhenOthersHaveItsKeys() {
        try (var gone = RedisServer.start();
                var ejecting = ProxyUnderTest.with(ejecting(gone, "rehash"));
                var client = ejecting.connect("pool")) {
            fill(client);
            String cursor = page(client.call("SCAN", "0", "COUNT", "1")).cursor();
            gone.kill();
            Awaitility.await().until(() -> {
                client.call("MGET", "key1", "key2", "key3", "key4", "key5", "key6", "key7", "key8");
                return ejecting.pool("pool").servers().stream().anyMatch(ejecting.pool("pool")::ejected);
            });

            var found = new ArrayList<String>();
            scanFrom(client, "0", found, "COUNT", "50");
            scanFrom(client, cursor, new ArrayList<>(), "COUNT", "50");

            assertThat(found).containsAll(keysOf(0, 2));
        }
    }

    /// Its keys will be there again, so nobody is told that they are not.
    @Test
    void aServerWhoseKeysAreKeptForItIsNotPassedOver() {
        try (var gone = RedisServer.start();
                var ejecting = ProxyUnderTest.with(ejecting(gone, "fail-fast"));
                var client = ejecting.connect("pool")) {
            fill(client);
            gone.kill();
            Awaitility.await().until(() -> {
                IntStream.range(0, 8).forEach(key -> client.call("GET", "key" + key));
                return ejecting.pool("pool").servers().stream().anyMatch(ejecting.pool("pool")::ejected);
            });

            String cursor = "0";
            String reply;
            do {
                reply = client.call("SCAN", cursor, "COUNT", "50");
                cursor = reply.startsWith("-") ? "0" : page(reply).cursor();
            } while (!cursor.equals("0"));

            assertThat(reply).isEqualTo("-ERR server is ejected; its keys are served again when it is back\r\n");
        }
    }

    @Test
    void redisCliScans() {
        try (var client = proxy.connect("pool")) {
            var expected = fill(client);

            var cli = Tool.run("redis-cli", "redis-tools", new byte[0], "-p", String.valueOf(proxy.port("pool")), "--scan");

            assertThat(cli.output().lines()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void jedisScans() {
        try (var client = proxy.connect("pool");
                var jedis = RedisClient.builder().hostAndPort("127.0.0.1", proxy.port("pool")).build()) {
            var expected = fill(client);
            var found = new ArrayList<String>();
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                var page = jedis.scan(cursor, new ScanParams().count(100));
                found.addAll(page.getResult());
                cursor = page.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));

            assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static Set<String> fill(RespClient client) {
        var keys = IntStream.range(0, KEYS).mapToObj(i -> "key" + i).collect(Collectors.toSet());
        var replies = client.pipeline(keys.stream().map(key -> new String[] {"SET", key, "v"}).toList());
        assertThat(replies).containsOnly("+OK\r\n");
        return keys;
    }

    private static List<String> keysOf(int... indices) {
        return Arrays.stream(indices).boxed().flatMap(index -> keysIn(servers.get(index).call("KEYS", "*"))).toList();
    }

    private static List<String> scan(RespClient client, List<String> found, String... options) {
        return scanFrom(client, "0", found, options);
    }

    /// Scans to the end and returns the cursors.
    private static List<String> scanFrom(RespClient client, String start, List<String> found, String... options) {
        var cursors = new ArrayList<String>();
        String cursor = start;
        do {
            var page = page(client.call(Stream.concat(Stream.of("SCAN", cursor), Stream.of(options)).toArray(String[]::new)));
            found.addAll(page.keys());
            cursor = page.cursor();
            cursors.add(cursor);
        } while (!cursor.equals("0"));
        return cursors;
    }

    /// What is found by a scan whose first pages `client` asks for, and the others `next`.
    private static List<String> scanOn(RespClient client, RespClient next, int pages) {
        var found = new ArrayList<String>();
        String cursor = "0";
        for (int i = 0; i < pages; i++) {
            var page = page(client.call("SCAN", cursor, "COUNT", "50"));
            found.addAll(page.keys());
            cursor = page.cursor();
        }
        scanFrom(next, cursor, found, "COUNT", "200");
        return found;
    }

    private record Page(String cursor, List<String> keys) {}

    private static Page page(String reply) {
        assertThat(reply).startsWith("*2\r\n$");
        String[] lines = reply.split("\r\n", 4);
        return new Page(lines[2], keysIn(lines[3]).toList());
    }

    /// The elements of an array of strings without line ends.
    private static Stream<String> keysIn(String array) {
        String[] lines = array.split("\r\n");
        return IntStream.range(1, lines.length).filter(line -> line % 2 == 0).mapToObj(line -> lines[line]);
    }

    private static String ejecting(RedisServer b, String mode) {
        return pool("pool", "a", servers.get(0), "b", b, "c", servers.get(2))
                .replace("  servers:", "  auto_eject_hosts: true\n  server_failure_limit: 1\n  eject_mode: " + mode
                        + "\n  servers:");
    }

    /// A pool of servers, each behind its name.
    private static String pool(String name, Object... namesAndServers) {
        var yaml = new StringBuilder(name + ":\n  listen: free\n  redis: true\n  timeout: 2000\n  servers:\n");
        for (int i = 0; i < namesAndServers.length; i += 2) {
            yaml.append("   - 127.0.0.1:%d:1 %s\n".formatted(((RedisServer) namesAndServers[i + 1]).port(), namesAndServers[i]));
        }
        return yaml.toString();
    }
}
