package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedResolver;
import io.cashew.metrics.ServerCounters;
import io.cashew.pool.Pool;
import io.cashew.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server that is known by a name, and a name that leads to one real server first and to another one later: same port,
/// 127.0.0.1 and 127.0.0.2. What a request finds tells where it went.
@Timeout(60)
class MovingServerTest {
    private static final String NAME = "moving.test";

    /// One failure would eject the server, and be seen.
    private static final String[] STRICT = {"auto_eject_hosts: true", "server_failure_limit: 1"};

    private final ScriptedResolver resolver = new ScriptedResolver();
    private RedisServer first;
    private RedisServer second;
    private ProxyUnderTest proxy;
    private Pool pool;
    private Server server;

    @BeforeEach
    void start() {
        first = RedisServer.start();
        second = RedisServer.builder().host("127.0.0.2").port(first.port()).start();
        first.call("SET", "where", "first");
        second.call("SET", "where", "second");
        resolver.says(NAME, "127.0.0.1");
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        first.close();
        second.close();
    }

    /// Names are asked for every 20 ms, unless `options` say something else.
    private void proxy(String... options) {
        var all = new ArrayList<>(List.of(options));
        if (Arrays.stream(options).noneMatch(option -> option.startsWith("server_resolve_interval"))) {
            all.add("server_resolve_interval: 20");
        }
        proxy = ProxyUnderTest.with("""
                names:
                  listen: free
                  redis: true
                  %s
                  servers:
                   - %s:%d:1 one
                """.formatted(String.join("\n  ", all), NAME, first.port()), LimitsOf.nothing(), resolver);
        pool = proxy.pool("names");
        server = pool.servers().getFirst();
    }

    @Test
    void newRequestsGoToTheNewAddressAndThoseUnderWayAreAnsweredByTheOldOne() {
        proxy(STRICT);
        try (var client = proxy.connect("names")) {
            assertThat(client.call("GET", "where")).isEqualTo(bulk("first"));
            first.pause();
            client.command("GET", "where");
            await().until(() -> pool.pending(server) == 1);

            resolver.says(NAME, "127.0.0.2");
            await().until(() -> moves() == 1);
            try (var other = proxy.connect("names")) {
                await().untilAsserted(() -> assertThat(other.call("GET", "where")).isEqualTo(bulk("second")));
            }
            assertThat(pool.pending(server)).isEqualTo(1);
            first.resume();

            assertThat(client.reply()).isEqualTo(bulk("first"));
            assertThat(client.call("GET", "where")).isEqualTo(bulk("second"));
        }
        await().until(() -> connectionsTo(first) == 0);
        assertNothingHasFailed();
    }

    @Test
    void anOldAddressThatEndsFailsItsRequestsAndNothingElse() {
        proxy(STRICT);
        try (var client = proxy.connect("names")) {
            client.call("GET", "where");
            first.pause();
            client.command("GET", "where");
            await().until(() -> pool.pending(server) == 1);
            resolver.says(NAME, "127.0.0.2");
            await().until(() -> moves() == 1);

            first.kill();

            assertThat(client.reply()).startsWith("-ERR ");
            assertThat(client.call("GET", "where")).isEqualTo(bulk("second"));
        }
        assertThat(pool.healthCounters(server).ejections).isZero();
    }

    @Test
    void noRequestIsLostWhileAServerMovesBackAndForth() {
        proxy("server_connections: 2", STRICT[0], STRICT[1]);
        try (var client = proxy.connect("names"); var other = proxy.connect("names")) {
            for (int move = 1; move <= 20; move++) {
                resolver.says(NAME, move % 2 == 1 ? "127.0.0.2" : "127.0.0.1");
                int moved = move;
                do {
                    for (RespClient one : List.of(client, other)) {
                        one.send(RespClient.text(RespClient.encode("GET", "where")).repeat(100));
                        assertThat(one.replies(100)).containsAnyOf(bulk("first"), bulk("second"))
                                .allMatch(reply -> reply.equals(bulk("first")) || reply.equals(bulk("second")));
                    }
                } while (moves() < moved);
            }
            await().untilAsserted(() -> assertThat(client.call("GET", "where")).isEqualTo(bulk("first")));
            await().untilAsserted(() -> assertThat(other.call("GET", "where")).isEqualTo(bulk("first")));
        }
        await().until(() -> connectionsTo(second) == 0);
        assertNothingHasFailed();
        await().until(() -> proxy.lentChunks() == 0);
    }

    @Test
    void whatIsSubscribedToIsHeardFromTheNewAddress() {
        proxy(STRICT);
        try (var client = proxy.connect("names")) {
            assertThat(client.call("SUBSCRIBE", "c")).isEqualTo("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n");
            assertThat(first.call("PUBLISH", "c", "m")).isEqualTo(":1\r\n");
            assertThat(client.reply()).isEqualTo("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n");

            resolver.says(NAME, "127.0.0.2");

            await().untilAsserted(() -> assertThat(second.call("PUBLISH", "c", "n")).isEqualTo(":1\r\n"));
            assertThat(client.reply()).isEqualTo("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nn\r\n");
            await().until(() -> connectionsTo(first) == 0);
        }
        assertNothingHasFailed();
    }

    /// The old address takes connections no more, and does not refuse them either, as one does whose machine is gone.
    @Test
    void whatWaitsForAConnectionToTheOldAddressIsSentToTheNewOne() throws IOException {
        var queue = new ArrayList<Socket>();
        try (var full = new ServerSocket(first.port(), 1, InetAddress.getByName("127.0.0.3"))) {
            while (tryConnect(full, queue)) {}
            resolver.says(NAME, "127.0.0.3");
            proxy(STRICT);
            try (var client = proxy.connect("names")) {
                client.command("GET", "where");
                await().until(() -> pool.pending(server) == 1);

                resolver.says(NAME, "127.0.0.2");

                assertThat(client.reply()).isEqualTo(bulk("second"));
            }
            assertNothingHasFailed();
        } finally {
            for (Socket one : queue) {
                one.close();
            }
        }
    }

    @Test
    void aNameThatCannotBeResolvedAnyMoreKeepsItsAddress() {
        proxy();
        try (var client = proxy.connect("names")) {
            assertThat(client.call("GET", "where")).isEqualTo(bulk("first"));

            resolver.knowsNothingOf(NAME);
            await().until(() -> pool.addressCounters(server).failures > 2);
            assertThat(client.call("GET", "where")).isEqualTo(bulk("first"));
            first.call("CLIENT", "KILL", "TYPE", "normal");
            await().until(() -> counted().connections == 0);

            await().untilAsserted(() -> assertThat(client.call("GET", "where")).isEqualTo(bulk("first")));
        }
        assertThat(moves()).isZero();
    }

    @Test
    void aNameWithSeveralAddressesStays() {
        proxy();
        try (var client = proxy.connect("names")) {
            client.call("GET", "where");
            resolver.says(NAME, "127.0.0.2", "127.0.0.1");
            int asked = resolver.asked(NAME);
            await().until(() -> resolver.asked(NAME) > asked + 2);

            assertThat(client.call("GET", "where")).isEqualTo(bulk("first"));
        }
        assertThat(moves()).isZero();
    }

    @Test
    void aNameThatHangsKeepsItsAddressAndNobodyElse() {
        resolver.says("other.test", "127.0.0.1");
        proxy = ProxyUnderTest.with("""
                names:
                  listen: free
                  redis: true
                  distribution: modula
                  hash: crc16
                  server_resolve_interval: 20
                  servers:
                   - %s:%d:1 a
                   - other.test:%d:1 b
                """.formatted(NAME, first.port(), first.port()), LimitsOf.nothing(), resolver);
        pool = proxy.pool("names");
        try (var client = proxy.connect("names")) {
            client.call("GET", "a0");
            client.call("GET", "b0");
            resolver.hangsAt(NAME);
            await().until(() -> resolver.waiting(NAME) == 1);
            first.call("CLIENT", "KILL", "TYPE", "normal");
            resolver.says("other.test", "127.0.0.2");
            await().until(() -> pool.addressCounters(pool.servers().get(1)).moves == 1);

            await().untilAsserted(() -> assertThat(client.call("SET", "a0", "v")).isEqualTo("+OK\r\n"));
            await().untilAsserted(() -> assertThat(client.call("SET", "b0", "v")).isEqualTo("+OK\r\n"));
            assertThat(first.call("EXISTS", "a0", "b0")).isEqualTo(":1\r\n");
            assertThat(second.call("EXISTS", "a0", "b0")).isEqualTo(":1\r\n");
            assertThat(resolver.waiting(NAME)).isEqualTo(1);
        }
    }

    @Test
    void aNameThatHangsFromTheBeginningFailsItsRequestsInTime() {
        resolver.hangsAt(NAME);
        proxy("timeout: 300");
        try (var client = proxy.connect("names")) {
            assertThat(client.call("GET", "where")).isIn("-ERR Host is down\r\n", "-ERR Connection timed out\r\n");

            resolver.says(NAME, "127.0.0.1");
            await().untilAsserted(() -> assertThat(client.call("GET", "where")).isEqualTo(bulk("first")));
        }
    }

    @Test
    void anEjectedServerIsProbedWhereItIsNow() {
        proxy("server_retry_timeout: 50", "eject_mode: fail-fast", STRICT[0], STRICT[1]);
        try (var client = proxy.connect("names")) {
            client.call("GET", "where");
            first.kill();
            await().until(() -> pool.ejected(server));

            resolver.says(NAME, "127.0.0.2");

            await().until(() -> !pool.ejected(server));
            assertThat(client.call("GET", "where")).isEqualTo(bulk("second"));
        }
    }

    @Test
    void withoutAnIntervalANameIsAskedForWhenAConnectionIsMade() {
        proxy("server_resolve_interval: 0");
        assertThat(resolver.asked(NAME)).isZero();
        try (var client = proxy.connect("names")) {
            assertThat(client.call("GET", "where")).isEqualTo(bulk("first"));
            assertThat(resolver.asked(NAME)).isEqualTo(1);
            resolver.says(NAME, "127.0.0.2");
            assertThat(client.call("GET", "where")).isEqualTo(bulk("first"));

            await().untilAsserted(() -> {
                first.call("CLIENT", "KILL", "TYPE", "normal");
                await().until(() -> counted().connections == 0);
                assertThat(client.call("GET", "where")).isEqualTo(bulk("second"));
            });
        }
    }

    private long moves() {
        return pool.addressCounters(server).moves;
    }

    private ServerCounters counted() {
        return pool.counters(server);
    }

    private void assertNothingHasFailed() {
        assertThat(counted().errors + counted().eof + counted().timeouts).as("connections that failed").isZero();
        assertThat(pool.healthCounters(server).ejections).isZero();
        assertThat(pool.counters().forwardErrors).isZero();
    }

    /// Those of the proxy; the one that asks does not count.
    private static long connectionsTo(RedisServer server) {
        return server.call("CLIENT", "LIST").lines().filter(line -> line.startsWith("id=")).count() - 1;
    }

    /// Whether there was still room for a connection that nobody accepts; it is added to `queue`.
    private static boolean tryConnect(ServerSocket server, List<Socket> queue) throws IOException {
        var socket = new Socket();
        queue.add(socket);
        try {
            socket.connect(server.getLocalSocketAddress(), 200);
            return true;
        } catch (SocketTimeoutException full) {
            return false;
        }
    }

    private static String bulk(String value) {
        return "$" + value.length() + "\r\n" + value + "\r\n";
    }
}
