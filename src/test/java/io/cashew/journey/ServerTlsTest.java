package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.Authority;
import io.cashew.fixture.Certificate;
import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.ScriptedServer.Behaviour;
import io.cashew.fixture.TlsEntry;
import io.cashew.pool.Pool;
import io.cashew.protocol.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Servers that speak TLS, and some that are not who they should be.
@Timeout(60)
class ServerTlsTest {
    private static final String NOT_TRUSTED = "-ERR server's certificate is not trusted\r\n";
    private static final String FAILED = "-ERR TLS with the server failed\r\n";

    private static Authority authority;
    private static Authority stranger;
    private static Certificate ofProxy;
    private static RedisServer server;
    private static RedisServer picky;

    private ProxyUnderTest proxy;

    @BeforeAll
    static void startServers() {
        authority = Authority.create();
        stranger = Authority.create();
        ofProxy = authority.issue("dns:proxy");
        Certificate ofServer = authority.issue("ip:127.0.0.1", "dns:redis.internal");
        server = RedisServer.builder().password("sekret").tls(ofServer, null).start();
        picky = RedisServer.builder().tls(ofServer, authority).start();
    }

    @AfterAll
    static void stopServers() {
        picky.close();
        server.close();
        stranger.close();
        authority.close();
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    @Test
    void requestsAndTheGreetingGoOverTls() {
        start(server.tlsPort(), TlsEntry.empty().trusts(authority), "redis_auth: sekret");

        assertThat(ask("SET", "k", "v")).isEqualTo("+OK\r\n");
        assertThat(server.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
    }

    @Test
    void manyRequestsAtOnceAreAnsweredInOrder() {
        start(picky.tlsPort(), TlsEntry.empty().trusts(authority).shows(ofProxy));
        var commands = new ArrayList<String[]>();
        var expected = new ArrayList<String>();
        for (int i = 0; i < 3_000; i++) {
            commands.add(new String[] {"SET", "k" + i, String.valueOf(i)});
            commands.add(new String[] {"GET", "k" + i});
            expected.addAll(List.of("+OK\r\n", "$%d\r\n%d\r\n".formatted(String.valueOf(i).length(), i)));
        }

        try (var client = proxy.connect("pool")) {
            assertThat(client.pipeline(commands)).isEqualTo(expected);
        }
    }

    @Test
    void largeValuesComeAndGo() {
        start(picky.tlsPort(), TlsEntry.empty().trusts(authority).shows(ofProxy));
        String value = "large".repeat(600_000);

        assertThat(ask("SET", "large", value)).isEqualTo("+OK\r\n");
        assertThat(ask("GET", "large")).isEqualTo("$3000000\r\n" + value + "\r\n");
    }

    @Test
    void messagesComeOverTlsBehindTheGreeting() {
        start(server.tlsPort(), TlsEntry.empty().trusts(authority), "redis_auth: sekret");

        try (var client = proxy.connect("pool");
                var publisher = proxy.connect("pool")) {
            client.call("AUTH", "sekret");
            publisher.call("AUTH", "sekret");
            assertThat(client.call("SUBSCRIBE", "c")).isEqualTo("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n");
            assertThat(publisher.call("PUBLISH", "c", "m")).isEqualTo(":1\r\n");
            assertThat(client.reply()).isEqualTo("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n");
        }
    }

    @Test
    void lanesAndPrivateConnectionsGoOverTlsToo() {
        start(picky.tlsPort(), TlsEntry.empty().trusts(authority).shows(ofProxy), "databases: 2");

        try (var client = proxy.connect("pool");
                var other = proxy.connect("pool")) {
            for (var each : List.of(client, other)) {
                assertThat(each.call("HELLO", "3")).startsWith("%7\r\n");
                assertThat(each.call("SELECT", "1")).isEqualTo("+OK\r\n");
            }
            assertThat(client.call("GET", "none")).isEqualTo("_\r\n");
            assertThat(client.pipeline(List.of(new String[] {"MULTI"}, new String[] {"INCR", "n"}, new String[] {"EXEC"})))
                    .containsExactly("+OK\r\n", "+QUEUED\r\n", "*1\r\n:1\r\n");
            client.command("BLPOP", "q", "0");
            await().until(() -> pool().pending(pool().servers().getFirst()) == 1);
            other.call("RPUSH", "q", "v");
            assertThat(client.reply()).isEqualTo("*2\r\n$1\r\nq\r\n$1\r\nv\r\n");
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsAskedNothing() {
        start(server.tlsPort(), TlsEntry.empty().trusts(stranger), "redis_auth: sekret");

        assertThat(ask("SET", "k", "for nobody")).isEqualTo(NOT_TRUSTED);
        assertThat(pool().failed(Failure.SERVER_NOT_TRUSTED)).isEqualTo(1);
        assertThat(server.call("GET", "k")).isNotEqualTo("$10\r\nfor nobody\r\n");
    }

    @Test
    void aServerThatShowsAnotherNameIsAskedNothing() {
        start(server.tlsPort(), TlsEntry.empty().trusts(authority), "redis_auth: sekret", "server_tls_hostname: other.internal");

        assertThat(ask("GET", "k")).isEqualTo(NOT_TRUSTED);
    }

    @Test
    void theNameToBeShownCanBeSet() {
        start(server.tlsPort(), TlsEntry.empty().trusts(authority), "redis_auth: sekret", "server_tls_hostname: redis.internal");

        assertThat(ask("SET", "k", "v")).isEqualTo("+OK\r\n");
    }

    @Test
    void whoseNameIsShownNeedNotMatter() {
        start(
                server.tlsPort(), TlsEntry.empty().trusts(authority).verifies("NONE"),
                "redis_auth: sekret", "server_tls_hostname: other.internal");

        assertThat(ask("SET", "k", "v")).isEqualTo("+OK\r\n");
    }

    @Test
    void aServerThatWantsToSeeACertificateIsShownIt() {
        start(picky.tlsPort(), TlsEntry.empty().trusts(authority).shows(ofProxy));

        assertThat(ask("SET", "k", "v")).isEqualTo("+OK\r\n");
    }

    @Test
    void aServerThatWantsToSeeACertificateServesNoneWithoutOne() {
        start(picky.tlsPort(), TlsEntry.empty().trusts(authority));

        // With TLS 1.3 it says so after the handshake, perhaps behind its end of the connection.
        assertThat(ask("GET", "k")).isIn(FAILED, "-ERR unknown\r\n", "-ERR Connection reset by peer\r\n");
    }

    @Test
    void aCertificateThatTheServerCanTrustIsEnoughFromThenOn() {
        TlsEntry inside = TlsEntry.empty().trusts(stranger).shows(ofProxy);
        start(picky.tlsPort(), inside);
        assertThat(ask("GET", "k")).isEqualTo(NOT_TRUSTED);

        inside.trusts(authority);
        proxy.renewTls("inside");

        assertThat(ask("SET", "k", "v")).isEqualTo("+OK\r\n");
    }

    @Test
    void aServerThatSpeaksSomethingElseIsToldApart() throws IOException {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var connection = listener.accept()) {
                    connection.getOutputStream().write(RespClient.bytes("-ERR unknown command\r\n"));
                    connection.getInputStream().readAllBytes();
                } catch (IOException gone) {
                    // The proxy has heard enough.
                }
            });
            start(listener.getLocalPort(), TlsEntry.empty().trusts(authority));

            assertThat(ask("GET", "k")).isEqualTo(FAILED);
            assertThat(pool().failed(Failure.SERVER_TLS_FAILED)).isEqualTo(1);
        }
    }

    @Test
    void aHandshakeWithoutAnEndEndsInTime() {
        try (var silent = ScriptedServer.that(Behaviour.keepsSilent())) {
            start(silent.port(), TlsEntry.empty().trusts(authority).handshake(Duration.ofSeconds(1)));

            assertThat(ask("GET", "k")).isEqualTo("-ERR Connection timed out\r\n");
            assertThat(pool().failed(Failure.SERVER_CONNECT_TIMED_OUT)).isEqualTo(1);
            await().untilAsserted(() -> assertThat(silent.connected()).isZero());
        }
    }

    @Test
    void probesGoOverTlsToo() {
        server.kill();
        start(
                server.tlsPort(), TlsEntry.empty().trusts(authority),
                "redis_auth: sekret", "auto_eject_hosts: true", "server_failure_limit: 1", "server_retry_timeout: 50");
        assertThat(ask("GET", "k")).startsWith("-ERR");
        await().until(() -> pool().ejected(pool().servers().getFirst()));

        server.restart();

        await().until(() -> !pool().ejected(pool().servers().getFirst()));
        assertThat(ask("SET", "k", "v")).isEqualTo("+OK\r\n");
    }

    @Test
    void aServerThatGoesIsConnectedToAnewWhenItIsBack() {
        start(server.tlsPort(), TlsEntry.empty().trusts(authority), "redis_auth: sekret");
        ask("GET", "k");
        server.kill();
        await().until(() -> pool().counters(pool().servers().getFirst()).connections == 0);

        server.restart();

        assertThat(ask("SET", "k", "v")).isEqualTo("+OK\r\n");
    }

    private void start(int port, TlsEntry inside, String... lines) {
        var yaml = new StringBuilder("pool:\n  listen: free\n  redis: true\n  server_tls: inside\n");
        for (String line : lines) {
            yaml.append("  ").append(line).append('\n');
        }
        yaml.append("  servers:\n   - 127.0.0.1:%d:1 only\n".formatted(port));
        proxy = ProxyUnderTest.with(yaml.toString(), LimitsOf.nothing(), Map.of("inside", inside));
    }

    private Pool pool() {
        return proxy.pool("pool");
    }

    private String ask(String... words) {
        try (var client = proxy.connect("pool")) {
            if (pool().config().password().isPresent()) {
                client.call("AUTH", "sekret");
            }
            return client.call(words);
        }
    }
}
