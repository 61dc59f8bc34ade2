package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.LeakWatch;
import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.ScriptedServer.Behaviour;
import io.cashew.pool.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server that stands still hurts its own keys and nobody else's.
@Timeout(60)
class StalledServerTest {
    private static final Duration TIMEOUT = Duration.ofMillis(1500);
    private static final String TIMED_OUT = "-ERR Connection timed out\r\n";

    private RedisServers servers;
    private ProxyUnderTest proxy;
    private Pool pool;
    private List<String> keysOfStalled;
    private List<String> otherKeys;

    @BeforeEach
    void start() {
        servers = RedisServers.start(3);
        proxy = ProxyUnderTest.with(servers.yaml("trio", "hash: murmur", "timeout: " + TIMEOUT.toMillis()));
        pool = proxy.pool("trio");
        keysOfStalled = new ArrayList<>();
        otherKeys = new ArrayList<>();
        try (var client = proxy.connect("trio")) {
            List<String> keys = IntStream.range(0, 300).mapToObj(i -> "key" + i).toList();
            assertThat(client.pipeline(keys.stream().map(key -> new String[] {"SET", key, key}).toList())).containsOnly("+OK\r\n");
            for (String key : keys) {
                (servers.get(1).call("EXISTS", key).equals(":1\r\n") ? keysOfStalled : otherKeys).add(key);
            }
        }
        Awaitility.await().until(() -> pool.clients() == 0);
        servers.get(1).pause();
    }

    @AfterEach
    void stop() {
        servers.get(1).resume();
        proxy.close();
        servers.close();
    }

    @Test
    void theOthersKeepAnsweringWhileItsRequestsWait() {
        try (var waiting = proxy.connect("trio");
                var other = proxy.connect("trio")) {
            long asked = System.nanoTime();
            waiting.send(gets(keysOfStalled));
            Awaitility.await().until(() -> pendingAtStalled() == keysOfStalled.size());

            for (int round = 0; round < 5; round++) {
                assertThat(other.pipeline(otherKeys.stream().map(key -> new String[] {"GET", key}).toList()))
                        .containsExactlyElementsOf(otherKeys.stream().map(StalledServerTest::bulk).toList());
            }

            assertThat(pendingAtStalled()).as("requests that wait, after the others have been answered")
                    .isEqualTo(keysOfStalled.size());
            assertThat(waiting.replies(keysOfStalled.size())).containsOnly(TIMED_OUT);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isBetween(TIMEOUT.minusMillis(20), TIMEOUT.plusSeconds(2));
        }
    }

    @Test
    void oneClientsAnswersKeepTheirOrderAroundIt() {
        try (var client = proxy.connect("trio")) {
            var commands = new ArrayList<String[]>();
            var expected = new ArrayList<String>();
            for (int i = 0; i < 50; i++) {
                commands.add(new String[] {"GET", otherKeys.get(i)});
                expected.add(bulk(otherKeys.get(i)));
                commands.add(new String[] {"GET", keysOfStalled.get(i)});
                expected.add(TIMED_OUT);
                commands.add(new String[] {"ECHO", "own" + i});
                expected.add(bulk("own" + i));
            }

            assertThat(client.pipeline(commands)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void itsKeysAreServedAgainWhenItGoesOn() {
        try (var client = proxy.connect("trio")) {
            assertThat(client.call("GET", keysOfStalled.getFirst())).isEqualTo(TIMED_OUT);

            servers.get(1).resume();

            assertThat(client.call("GET", keysOfStalled.getLast())).isEqualTo(bulk(keysOfStalled.getLast()));
        }
    }

    /// A server of which only the kernel answers: connecting succeeds, the greeting is never answered.
    @Test
    void manyRequestsForAServerThatIsBeingConnectedShareOneConnection() {
        try (var silent = ScriptedServer.that(Behaviour.keepsSilent());
                var proxy = ProxyUnderTest.with(silentPool(silent, 500));
                var client = proxy.connect("silent")) {
            client.call("AUTH", "sekret");

            assertThat(client.pipeline(Collections.nCopies(100, new String[] {"GET", "k"}))).containsOnly(TIMED_OUT);

            assertThat(silent.accepted()).isEqualTo(1);
            assertThat(silent.takeReceived()).as("nothing but greetings").doesNotContain("GET");
        }
    }

    @Test
    void manyClientsOfAServerThatIsBeingConnectedShareAConnectionPerEventLoop() {
        var clients = new ArrayList<RespClient>();
        try (var silent = ScriptedServer.that(Behaviour.keepsSilent());
                var proxy = ProxyUnderTest.with(silentPool(silent, 500))) {
            for (int i = 0; i < 100; i++) {
                clients.add(proxy.connect("silent"));
                clients.getLast().call("AUTH", "sekret");
            }

            clients.forEach(client -> client.command("GET", "k"));

            assertThat(clients).allSatisfy(client -> assertThat(client.reply()).isEqualTo(TIMED_OUT));
            assertThat(silent.accepted()).isBetween(1, 2);
        } finally {
            clients.forEach(RespClient::close);
        }
    }

    /// Trying is dear, and while a loop tries, the others wait.
    @Test
    void aServerThatRefusesIsNotTriedForEveryRequest() {
        String refusing =
                """
                refusing:
                  listen: free
                  redis: true
                  servers:
                   - 127.0.0.1:%d:1
                """
                        .formatted(FreePorts.next());
        try (var proxy = ProxyUnderTest.with(refusing);
                var client = proxy.connect("refusing")) {
            var pool = proxy.pool("refusing");
            long start = System.nanoTime();

            for (int i = 0; i < 2000; i++) {
                assertThat(client.call("GET", "k")).isEqualTo("-ERR Connection refused\r\n");
            }

            long holdOffs = (System.nanoTime() - start) / 5_000_000;
            assertThat(pool.counters(pool.servers().getFirst()).errors).as("connections tried").isBetween(1L, holdOffs + 1);
        }
    }

    @Test
    void requestsBeyondTheCapFailAtOnceAndDisturbNothingElse() {
        try (var silent = ScriptedServer.that(Behaviour.keepsSilent());
                var proxy = ProxyUnderTest.with(silentPool(silent, 0), LimitsOf.written("pending", 10));
                var full = proxy.connect("silent")) {
            var pool = proxy.pool("silent");
            full.call("AUTH", "sekret");

            full.send(gets(Collections.nCopies(15, "k")));

            Awaitility.await().until(() -> pool.counters().forwardErrors == 5);
            assertThat(pool.pending(pool.servers().getFirst())).isEqualTo(10);
            full.command("PING");
            silent.now(Behaviour.closes());
            silent.sayUnasked("+OK\r\n");
            // The password is accepted; what has waited is sent, and the server hangs up.
            assertThat(full.replies(16))
                    .startsWith(Collections.nCopies(10, "-ERR unknown\r\n").toArray(String[]::new))
                    .endsWith("+PONG\r\n")
                    .filteredOn(reply -> reply.equals("-ERR too many requests are waiting for this server\r\n"))
                    .hasSize(5);
        }
    }

    @Test
    void bytesBeyondTheBoundFailAtOnceAndDisturbNothingElse() {
        int megabyte = 1 << 20;
        try (var silent = ScriptedServer.that(Behaviour.keepsSilent());
                var proxy = ProxyUnderTest.with(silentPool(silent, 0), LimitsOf.written("unsent", 10 * megabyte));
                var full = proxy.connect("silent");
                var other = proxy.connect("silent")) {
            var pool = proxy.pool("silent");
            full.call("AUTH", "sekret");
            other.call("AUTH", "sekret");
            byte[] set = RespClient.encode("SET", "k", "x".repeat(megabyte));
            long pinned = LeakWatch.pinnedMemory();

            for (int i = 0; i < 100; i++) {
                full.send(set);
            }

            Awaitility.await().until(() -> pool.counters().forwardErrors == 90);
            assertThat(pool.pending(pool.servers().getFirst())).isEqualTo(10);
            assertThat(pool.counters(pool.servers().getFirst()).refusedForUnsent).isEqualTo(90);
            assertThat(LeakWatch.pinnedMemory() - pinned).as("bytes held").isLessThan(20L * megabyte);
            assertThat(other.call("PING")).isEqualTo("+PONG\r\n");
            silent.now(Behaviour.closes());
            silent.sayUnasked("+OK\r\n");
            assertThat(full.replies(100))
                    .filteredOn(reply -> reply.equals("-ERR too many bytes are waiting for this server\r\n"))
                    .hasSize(90);
        }
    }

    @Test
    void whatWaitsForItGoesWhenMemoryIsShort() {
        int megabyte = 1 << 20;
        long memory = LeakWatch.pinnedMemory() + 20L * megabyte;
        var limits = LimitsOf.written(Map.of("memory", memory, "unsent", Long.MAX_VALUE));
        try (var silent = ScriptedServer.that(Behaviour.keepsSilent());
                var proxy = ProxyUnderTest.with(silentPool(silent, 0), limits);
                var full = proxy.connect("silent")) {
            var pool = proxy.pool("silent");
            var server = pool.servers().getFirst();
            full.call("AUTH", "sekret");
            byte[] set = RespClient.encode("SET", "k", "x".repeat(megabyte));

            for (int i = 0; i < 100; i++) {
                full.send(set);
            }

            Awaitility.await().until(() -> pool.counters().forwardErrors + pool.pending(server) == 100);
            assertThat(pool.counters(server).droppedForMemory).isPositive();
            assertThat(LeakWatch.pinnedMemory()).isLessThan(memory + 10L * megabyte);
            assertThat(full.reply()).isEqualTo("-ERR proxy is short of memory\r\n");
        }
    }

    private long pendingAtStalled() {
        return pool.servers().stream().mapToLong(pool::pending).sum();
    }

    private static byte[] gets(List<String> keys) {
        var requests = new StringBuilder();
        keys.forEach(key -> requests.append(RespClient.text(RespClient.encode("GET", key))));
        return RespClient.bytes(requests.toString());
    }

    private static String bulk(String value) {
        return "$" + value.length() + "\r\n" + value + "\r\n";
    }

    /// `timeout` in milliseconds; 0 for none.
    private static String silentPool(ScriptedServer server, int timeout) {
        return """
                silent:
                  listen: free
                  redis: true
                  redis_auth: sekret
                %s  servers:
                   - 127.0.0.1:%d:1
                """.formatted(timeout == 0 ? "" : "  timeout: " + timeout + "\n", server.port());
    }
}
