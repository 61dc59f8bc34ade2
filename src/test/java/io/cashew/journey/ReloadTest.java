package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.pool.Pool;
import io.cashew.protocol.CloseCause;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Another configuration under clients who go on: with real servers.
///
/// With crc16 and modula over two servers a0 and c0 belong to the first, b0 and d0 to the second.
@Timeout(60)
class ReloadTest {
    private RedisServer a;
    private RedisServer b;
    private ProxyUnderTest proxy;
    private RespClient client;

    @BeforeEach
    void start() {
        a = RedisServer.start();
        b = RedisServer.start();
        proxy = ProxyUnderTest.with(pool("", a(), b()));
        client = proxy.connect("pool");
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        a.close();
        b.close();
    }

    private static String pool(String options, String... servers) {
        return """
                pool:
                  listen: free
                  redis: true
                  hash: crc16
                  distribution: modula
                %s  servers:
                %s""".formatted(options, servers(servers));
    }

    private static String servers(String... servers) {
        return String.join("", List.of(servers).stream().map(server -> "   - " + server + "\n").toList());
    }

    private String a() {
        return "127.0.0.1:" + a.port() + ":1 a";
    }

    private String b() {
        return "127.0.0.1:" + b.port() + ":1 b";
    }

    private Pool pool() {
        return proxy.pool("pool");
    }

    private void setEverywhere() {
        for (String key : List.of("a0", "b0", "c0", "d0")) {
            assertThat(client.call("SET", key, key)).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void aServerThatComesGetsItsKeysAndClientsNoticeNothing() {
        setEverywhere();
        try (var c = RedisServer.start()) {
            proxy.reload(pool("", a(), b(), "127.0.0.1:" + c.port() + ":1 c"));

            for (int i = 0; i < 90; i++) {
                assertThat(client.call("SET", "key" + i, "value")).isEqualTo("+OK\r\n");
            }
            assertThat(List.of(a, b, c)).allSatisfy(server -> assertThat(server.call("DBSIZE")).isNotEqualTo(":0\r\n"));
            assertThat(client.call("DBSIZE")).startsWith(":9");
            assertThat(pool().counters().clientsAccepted).isEqualTo(1);
        }
    }

    @Test
    void aServerThatGoesIsLeftAloneAndTheOthersGoOn() {
        setEverywhere();

        proxy.reload(pool("", b()));

        assertThat(client.pipeline(IntStream.range(0, 20).mapToObj(i -> new String[] {"SET", "k" + i, "v"}).toList()))
                .containsOnly("+OK\r\n");
        assertThat(a.call("DBSIZE")).isEqualTo(":2\r\n");
        assertThat(b.call("DBSIZE")).isEqualTo(":22\r\n");
        Awaitility.await().until(() -> clients(a), connected -> connected == 1);
    }

    /// Those of redis-server itself: one is the asker.
    private static long clients(RedisServer server) {
        return server.call("CLIENT", "LIST").lines().filter(line -> line.startsWith("id=")).count();
    }

    @Test
    void whatIsKnownOfServersThatStayIsKeptAndTheirConnectionsToo() {
        setEverywhere();
        var before = pool().server("b").orElseThrow();
        long requests = pool().counters(before).requests;
        long connections = clients(b);

        proxy.reload(pool("", b(), "127.0.0.1:" + a.port() + ":1 longer-name"));
        client.call("GET", "b0");

        var after = pool().server("b").orElseThrow();
        assertThat(after.index()).isZero();
        assertThat(pool().counters(after).requests).isBetween(requests, requests + 1);
        assertThat(pool().latency(after).count()).isGreaterThanOrEqualTo(requests);
        assertThat(clients(b)).isEqualTo(connections);
        assertThat(pool().counters(before)).as("of a server that has another number now").satisfies(
                none -> assertThat(none.requests).isZero());
    }

    @Test
    void whatIsUnderWayIsAnsweredByTheServersItWasSentTo() {
        client.call("SET", "a0", "old");
        client.call("SET", "b0", "old");
        b.call("CLIENT", "PAUSE", "400", "ALL");
        client.command("GET", "b0");
        Awaitility.await().until(() -> pool().pending(pool().server("b").orElseThrow()) == 1);

        proxy.reload(pool("", a()));
        client.command("GET", "b0").command("GET", "a0");

        assertThat(client.replies(3)).containsExactly("$3\r\nold\r\n", "$-1\r\n", "$3\r\nold\r\n");
    }

    @Test
    void whatFollowsDoesNotOvertakeWhatIsUnderWayOnAnotherConnection() {
        a.call("CLIENT", "PAUSE", "300", "WRITE");
        client.command("SET", "a0", "first");
        Awaitility.await().until(() -> pool().pending(pool().server("a").orElseThrow()) == 1);

        // Another number of connections, so that none is kept.
        proxy.reload(pool("  server_connections: 2\n", a(), b()));
        client.command("GET", "a0");

        assertThat(client.replies(2)).containsExactly("+OK\r\n", "$5\r\nfirst\r\n");
    }

    @Test
    void aTransactionEndsWhereItHasBegun() {
        client.call("WATCH", "b0");
        client.call("MULTI");
        client.call("SET", "b0", "transacted");

        proxy.reload(pool("", a()));

        assertThat(client.call("EXEC")).isEqualTo("*1\r\n+OK\r\n");
        assertThat(b.call("GET", "b0")).isEqualTo("$10\r\ntransacted\r\n");
        assertThat(client.call("GET", "b0")).isEqualTo("$-1\r\n");
    }

    @Test
    void whoWaitsForDataGoesOnAndIsToldWhenItsServerHasGoneForLong() {
        client.command("BLPOP", "b0", "0");
        try (var other = proxy.connect("pool")) {
            other.command("BLPOP", "b1", "0");
            Awaitility.await().until(() -> pool().counters(pool().server("b").orElseThrow()).lent, lent -> lent >= 1);

            proxy.reload(pool("", a()));

            b.call("RPUSH", "b0", "late");
            assertThat(client.reply()).isEqualTo("*2\r\n$2\r\nb0\r\n$4\r\nlate\r\n");
            assertThat(client.call("SET", "b0", "string")).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void thePasswordIsAnother() {
        try (var secured = RedisServer.builder().password("sesame").start()) {
            String server = "127.0.0.1:" + secured.port() + ":1 a";
            proxy.reload(pool("  redis_auth: sesame\n", server));

            assertThat(client.call("SET", "k", "v")).as("who was here before").isEqualTo("+OK\r\n");
            try (var stranger = proxy.connect("pool")) {
                assertThat(stranger.call("GET", "k")).startsWith("-NOAUTH");
                proxy.reload(pool("", a()));
                assertThat(stranger.call("GET", "k")).isEqualTo("$-1\r\n");
            }
        }
    }

    @Test
    void aTimeoutHoldsForTheNextRequest() {
        proxy.reload(pool("  timeout: 100\n", a(), b()));
        a.call("CLIENT", "PAUSE", "1000", "ALL");

        assertThat(client.call("GET", "a0")).isEqualTo("-ERR Connection timed out\r\n");
    }

    @Test
    void poolsComeAndGo() {
        String other = pool("", a()).replace("pool:", "other:");
        proxy.reload(pool("", a(), b()) + other);
        try (var newcomer = proxy.connect("other")) {
            newcomer.call("SET", "k", "v");
            int port = proxy.port("other");

            proxy.reload(pool("", a(), b()));

            assertThat(newcomer.untilClosed()).isEmpty();
            Awaitility.await().untilAsserted(
                    () -> assertThatThrownBy(() -> RespClient.connect(port)).isInstanceOf(Throwable.class));
            assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void whoIsLetGoMayFinishWhatHeIsSaying() {
        proxy.reload(pool("", a(), b()) + pool("", a()).replace("pool:", "other:"));
        try (var speaker = proxy.connect("other"); var transacting = proxy.connect("other")) {
            transacting.call("MULTI");
            transacting.call("SET", "k", "v");
            speaker.send("PING\r\n*3\r\n$3\r\nSET\r\n$2\r\na0\r\n$6\r\nlo");
            assertThat(speaker.reply()).isEqualTo("+PONG\r\n");
            Pool other = proxy.pool("other");

            proxy.reload(pool("", a(), b()));
            Awaitility.await().until(() -> other.state() == Pool.State.DRAINING);
            speaker.send("nger\r\n");

            assertThat(speaker.untilClosed()).isEqualTo("+OK\r\n");
            transacting.command("EXEC");
            assertThat(transacting.untilClosed()).isEqualTo("*1\r\n+OK\r\n");
        }
    }

    @Test
    void anotherAddressOpensAndTheOldOneDrains() {
        int before = proxy.port("pool");
        int after = FreePorts.next();

        proxy.reload(pool("", a(), b()).replace("free", "127.0.0.1:" + after));

        try (var newcomer = proxy.connect("pool")) {
            assertThat(newcomer.call("PING")).isEqualTo("+PONG\r\n");
        }
        assertThat(client.untilClosed()).isEmpty();
        Awaitility.await().untilAsserted(
                () -> assertThatThrownBy(() -> RespClient.connect(before)).isInstanceOf(Throwable.class));
        assertThat(pool().closed(CloseCause.SHUTDOWN)).isEqualTo(1);
        proxy.reload(pool("", a(), b()).replace("free", "127.0.0.1:" + before));
        try (var newcomer = proxy.connect("pool")) {
            assertThat(newcomer.call("PING")).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void nothingChangesWhenOneAddressCannotBeOpened() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String other = pool("", b()).replace("pool:", "longer:").replace("free", "127.0.0.1:" + taken.getLocalPort());

            assertThat(proxy.refusal(pool("", b()) + other))
                    .isEqualTo("pool 'longer': cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": bind(..) failed with error(-98): "
                            + "Address already in use");

            assertThat(pool().servers()).hasSize(2);
            setEverywhere();
            assertThat(a.call("DBSIZE")).isEqualTo(":2\r\n");
        }
    }

    @Test
    void anEjectedServerStaysOutAndItsTimeRunsOn() {
        String ejecting = "  auto_eject_hosts: true\n  server_failure_limit: 1\n  server_retry_timeout: 600000\n";
        String dead = "127.0.0.1:" + FreePorts.next() + ":1 b";
        proxy.reload(pool(ejecting, a(), dead));
        client.call("GET", "b0");
        assertThat(pool().ejected(pool().server("b").orElseThrow())).isTrue();

        proxy.reload(pool(ejecting, a(), dead, "127.0.0.1:" + b.port() + ":1 c"));

        var server = pool().server("b").orElseThrow();
        assertThat(pool().ejected(server)).isTrue();
        assertThat(pool().healthCounters(server).ejections).isEqualTo(1);
        for (int i = 0; i < 30; i++) {
            assertThat(client.call("SET", "key" + i, "v")).isEqualTo("+OK\r\n");
        }
    }
}
