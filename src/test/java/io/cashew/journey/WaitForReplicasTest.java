package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// WAIT over a pool of two servers, of which one has two replicas and the other has one.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
class WaitForReplicasTest {
    private final List<AutoCloseable> started = new ArrayList<>();
    private RedisServer a;
    private RedisServer b;
    private RedisServer replica;
    private ProxyUnderTest proxy;
    private RespClient client;
    private RespClient other;

    @BeforeAll
    void start() {
        a = primary();
        b = primary();
        replicaOf(a);
        replicaOf(a);
        replica = replicaOf(b);
        awaitReplicas(a, 2);
        awaitReplicas(b, 1);
        proxy = ProxyUnderTest.with(pool("", a, b));
        started.add(proxy);
    }

    @BeforeEach
    void connect() {
        client = proxy.connect("pool");
        other = proxy.connect("pool");
    }

    @AfterEach
    void disconnect() {
        client.close();
        other.close();
        await().untilAsserted(() -> {
            assertThat(lent()).isZero();
            assertThat(blocked(a)).isZero();
            assertThat(blocked(b)).isZero();
        });
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable each : started.reversed()) {
            each.close();
        }
    }

    @Test
    void theSmallestNumberCounts() {
        write(client);

        assertThat(client.call("WAIT", "1", "0")).isEqualTo(":1\r\n");
        assertThat(client.call("WAIT", "2", "50")).isEqualTo(":1\r\n");
        // Whoever wants none is not kept waiting for any.
        assertThat(client.call("WAIT", "0", "0")).matches(":[01]\r\n");
        assertThat(client.call("WAIT", "-1", "0")).matches(":[01]\r\n");
    }

    @Test
    void aReplicaThatIsBehindIsNotCounted() {
        write(client);
        assertThat(client.call("WAIT", "1", "0")).isEqualTo(":1\r\n");
        replica.pause();
        try {
            write(client);

            assertThat(client.call("WAIT", "1", "100")).isEqualTo(":0\r\n");
            client.command("WAIT", "1", "0");
            await().until(() -> blocked(b) == 1 && blocked(a) == 0);
        } finally {
            replica.resume();
        }
        assertThat(client.reply()).isEqualTo(":1\r\n");
    }

    @Test
    void whatCameBeforeIsWaitedForAndWhatComesBehindWaits() {
        client.command("SET", "key", "1").command("WAIT", "1", "0").command("WAIT", "9", "50").command("GET", "key");

        assertThat(client.replies(4)).containsExactly("+OK\r\n", ":1\r\n", ":1\r\n", "$1\r\n1\r\n");
    }

    @Test
    void otherClientsAreNotKeptWaiting() {
        client.command("WAIT", "9", "0");
        await().until(() -> blocked(a) == 1 && blocked(b) == 1);

        write(other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAIT", "WAIT 1", "WAIT 1 0 0", "WAIT x 0", "WAIT 1 x", "WAIT 1 -1", "WAIT 1 1.5",
        "WAIT 1 99999999999999999999", "WAIT 1 9223372036854775807"})
    void mistakesAreThoseOfAServer(String line) {
        assertThat(client.call(line.split(" "))).isEqualTo(b.call(line.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "reset", "half"})
    void aClientThatGoesAwayIsNotWaitedFor(String how) {
        client.command("WAIT", "9", "0");
        await().until(() -> blocked(a) == 1 && blocked(b) == 1);

        switch (how) {
            case "close" -> client.close();
            case "reset" -> client.reset();
            default -> client.shutdownOutput();
        }

        await().until(() -> blocked(a) == 0 && blocked(b) == 0 && lent() == 0);
    }

    @ParameterizedTest
    @CsvSource({"TIMEOUT,:1", "ERROR,'-UNBLOCKED client unblocked via CLIENT UNBLOCK'"})
    void whoWaitsIsLetGo(String reason, String reply) {
        String id = client.call("CLIENT", "ID").substring(1).strip();
        client.command("WAIT", "9", "0").command("PING");
        await().until(() -> blocked(a) == 1 && blocked(b) == 1);

        assertThat(other.call("CLIENT", "UNBLOCK", id, reason)).isEqualTo(":1\r\n");

        assertThat(client.replies(2)).containsExactly(reply + "\r\n", "+PONG\r\n");
        assertThat(other.call("CLIENT", "UNBLOCK", id, reason)).isEqualTo(":0\r\n");
    }

    @Test
    void watchedKeysStayWatched() {
        client.call("WATCH", "key");
        assertThat(client.call("WAIT", "1", "0")).isEqualTo(":1\r\n");
        other.call("SET", "key", "2");
        client.call("MULTI");
        client.call("PING");
        assertThat(client.call("EXEC")).isEqualTo("*-1\r\n");
    }

    @Test
    void aTransactionCannotHaveIt() {
        client.call("MULTI");
        assertThat(client.call("WAIT", "1", "0")).startsWith("-ERR 'wait' cannot be part of a transaction here");
        assertThat(client.call("EXEC")).startsWith("-EXECABORT ");
    }

    @Test
    void nobodyHearsOfIt() {
        try (var listening = b.connect()) {
            listening.command("PSUBSCRIBE", "*").reply();
            client.call("WAIT", "1", "0");
            b.call("PUBLISH", "last", "1");

            assertThat(listening.reply()).contains("last");
            assertThat(b.call("DBSIZE")).isEqualTo(":" + b.size() + "\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void dialectAndDatabaseDoNotMatter(String version) {
        try (ProxyUnderTest proxy = ProxyUnderTest.with(pool("databases: 4", a, b)); RespClient client = proxy.connect("pool")) {
            client.call("HELLO", version);
            client.call("SELECT", "3");
            write(client);
            assertThat(client.call("WAIT", "1", "0")).isEqualTo(":1\r\n");
        }
    }

    @Test
    void aServerAloneIsAskedLikeMany() {
        try (RedisServer alone = RedisServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.with(pool("", alone));
                RespClient client = proxy.connect("pool")) {
            client.call("SET", "k", "v");
            assertThat(client.call("WAIT", "0", "0")).isEqualTo(":0\r\n");
            assertThat(client.call("WAIT", "1", "20")).isEqualTo(":0\r\n");
        }
    }

    @Test
    void theFirstErrorIsTheAnswer() {
        try (ProxyUnderTest proxy = ProxyUnderTest.with(pool("", a, replica)); RespClient client = proxy.connect("pool")) {
            assertThat(client.call("WAIT", "9", "0")).startsWith("-ERR WAIT cannot be used with replica instances.");
            await().until(() -> blocked(a) == 0);
        }
    }

    @Test
    void aServerThatIsLostEndsIt() {
        try (RedisServer mortal = RedisServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.with(pool("", a, mortal));
                RespClient client = proxy.connect("pool")) {
            client.command("WAIT", "9", "0");
            await().until(() -> blocked(a) == 1 && blocked(mortal) == 1);
            mortal.kill();
            assertThat(client.reply()).startsWith("-ERR ");
            await().until(() -> blocked(a) == 0);
            assertThat(client.call("WAIT", "9", "0")).isEqualTo("-ERR Connection refused\r\n");
        }
    }

    @Test
    void aServerThatDoesNotSayWhatItIsIsNotBelieved() {
        try (RedisServer guarded = RedisServer.start()) {
            guarded.call("ACL", "SETUSER", "default", "-info");
            try (ProxyUnderTest proxy = ProxyUnderTest.with(pool("", a, guarded)); RespClient client = proxy.connect("pool")) {
                assertThat(client.call("WAIT", "0", "0")).startsWith("-ERR a server counts its replicas for other connections");
            }
            guarded.call("ACL", "SETUSER", "default", "+info", "-spublish");
            // It counts after every command.
            try (ProxyUnderTest proxy = ProxyUnderTest.with(pool("", a, guarded)); RespClient client = proxy.connect("pool")) {
                assertThat(client.call("WAIT", "0", "0")).isEqualTo(":0\r\n");
            }
        }
    }

    @Test
    void asManyWaitAsThePoolLends() {
        try (ProxyUnderTest proxy = ProxyUnderTest.with(pool("", a, b), LimitsOf.written("private-connections", 3));
                RespClient client = proxy.connect("pool");
                RespClient other = proxy.connect("pool")) {
            client.command("WAIT", "9", "0");
            await().until(() -> blocked(a) == 1 && blocked(b) == 1);
            assertThat(other.call("WAIT", "1", "0"))
                    .isEqualTo("-ERR too many clients of this pool wait for data or are in a transaction\r\n");
            client.close();
            await().until(() -> other.call("WAIT", "1", "0").equals(":1\r\n"));
        }
    }

    private RedisServer primary() {
        RedisServer server = RedisServer.builder().option("repl-diskless-sync-delay", "0").start();
        started.add(server);
        return server;
    }

    private RedisServer replicaOf(RedisServer server) {
        RedisServer replica = RedisServer.builder().option("replicaof", "127.0.0.1 " + server.port()).start();
        started.add(replica);
        return replica;
    }

    private static void awaitReplicas(RedisServer server, int replicas) {
        await().until(() -> server.call("INFO", "replication").split("state=online").length == replicas + 1);
    }

    /// On both servers.
    private static void write(RespClient client) {
        for (int i = 0; i < 20; i++) {
            assertThat(client.call("SET", "key" + i, "v")).isEqualTo("+OK\r\n");
        }
    }

    private static String pool(String setting, RedisServer... servers) {
        var yaml = new StringBuilder("pool:\n  listen: free\n  redis: true\n  timeout: 400\n  " + setting + "\n  servers:\n");
        Stream.of(servers).forEach(server -> yaml.append("   - 127.0.0.1:%d:1\n".formatted(server.port())));
        return yaml.toString();
    }

    private static int blocked(RedisServer server) {
        String info = server.call("INFO", "clients");
        int at = info.indexOf("blocked_clients:") + "blocked_clients:".length();
        return Integer.parseInt(info.substring(at, info.indexOf('\r', at)));
    }

    private long lent() {
        var pool = proxy.pool("pool");
        return pool.servers().stream().mapToLong(server -> pool.counters(server).lent).sum();
    }
}
