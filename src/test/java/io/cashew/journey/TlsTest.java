package io.cashew.journey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.Authority;
import io.cashew.fixture.Certificate;
import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServer;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.TlsEntry;
import io.cashew.fixture.Tool;
import io.cashew.pool.Pool;
import io.cashew.protocol.CloseCause;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that speak TLS, and some that should.
@Timeout(60)
class TlsTest {
    private static final int LARGE = 3_000_000;

    private static Authority authority;
    private static Authority stranger;
    private static Certificate local;
    private static Certificate named;
    private static Certificate ofClient;
    private static Certificate ofStranger;
    private static RedisServers servers;
    private static MemcachedServer memcached;

    private TlsEntry edge;
    private ProxyUnderTest proxy;
    private Pool both;

    @BeforeAll
    static void issue() {
        authority = Authority.create();
        stranger = Authority.create();
        local = authority.issue("dns:localhost", "ip:127.0.0.1");
        named = authority.issue("dns:cache.example", "dns:*.shard.example");
        ofClient = authority.issue("dns:client");
        ofStranger = stranger.issue("dns:client");
        servers = RedisServers.start(2);
        memcached = MemcachedServer.start();
    }

    @AfterAll
    static void stopServers() {
        memcached.close();
        servers.close();
        authority.close();
        stranger.close();
    }

    @BeforeEach
    void start() {
        edge = TlsEntry.empty().shows(local);
        proxy = ProxyUnderTest.with(
                servers.yaml("both") + """
                  tls: edge
                  listen_tls: free
                guarded:
                  listen: free
                  redis: true
                  tls: mutual
                  tls_client_auth: required
                  servers:
                   - 127.0.0.1:%1$d:1
                asking:
                  listen: free
                  redis: true
                  tls: mutual
                  tls_client_auth: request
                  servers:
                   - 127.0.0.1:%1$d:1
                several:
                  listen: free
                  redis: true
                  tls: several
                  servers:
                   - 127.0.0.1:%1$d:1
                memcached:
                  listen: free
                  tls: edge
                  servers:
                   - 127.0.0.1:%2$d:1
                """
                        .formatted(servers.get(0).port(), memcached.port()),
                LimitsOf.nothing(),
                Map.of(
                        "edge", edge,
                        "mutual", TlsEntry.empty().shows(local).trusts(authority).handshake(Duration.ofSeconds(1)),
                        "several", TlsEntry.empty().shows(local, named)));
        both = proxy.pool("both");
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void bothDoorsOfAPoolLeadToTheSameServers() {
        try (var plain = proxy.connect("both");
                var encrypted = connect("localhost")) {
            assertThat(encrypted.call("SET", "k", "v")).isEqualTo("+OK\r\n");
            assertThat(plain.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
            assertThat(encrypted.tls().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(both.clients()).isEqualTo(2);
        }
    }

    @Test
    void manyRequestsAtOnceAreAnsweredInOrder() {
        try (var client = connect("localhost")) {
            var commands = new ArrayList<String[]>();
            var expected = new ArrayList<String>();
            for (int i = 0; i < 5_000; i++) {
                commands.add(new String[] {"ECHO", "e" + i});
                expected.add("$%d\r\ne%d\r\n".formatted(1 + String.valueOf(i).length(), i));
            }

            assertThat(client.pipeline(commands)).isEqualTo(expected);
        }
    }

    @Test
    void largeValuesComeAndGo() {
        byte[] random = new byte[LARGE];
        new Random(6).nextBytes(random);
        String value = new String(random, ISO_8859_1);
        try (var client = connect("localhost")) {
            assertThat(client.call("SET", "large", value)).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "large")).isEqualTo("$" + LARGE + "\r\n" + value + "\r\n");
        }
    }

    @Test
    void oneWhoIsDoneSendingGetsItsAnswers() {
        try (var client = connect("localhost")) {
            client.command("SET", "last", "words").command("GET", "last").shutdownOutput();

            assertThat(client.untilClosed()).isEqualTo("+OK\r\n$5\r\nwords\r\n");
        }
        await().untilAsserted(() -> assertThat(both.counters().clientEof).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneWhoGoesIsNotWaitedFor(boolean withItsSocket) {
        try (var client = connect("localhost")) {
            client.command("BLPOP", "q", "0");
            await().until(() -> both.servers().stream().mapToLong(both::pending).sum() == 1);

            if (withItsSocket) {
                client.close();
            } else {
                client.shutdownOutput();
            }

            await().until(() -> both.servers().stream().mapToLong(server -> both.counters(server).lent).sum() == 0);
            assertThat(both.clients()).isZero();
        }
    }

    @Test
    void theFarewellComesBeforeTheEnd() {
        try (var client = connect("localhost")) {
            assertThat(client.command("QUIT").untilClosed()).isEqualTo("+OK\r\n");
        }
        await().untilAsserted(() -> assertThat(both.clients()).isZero());
    }

    @Test
    void whoIsServedWhenThePoolStopsGetsItsAnswers() {
        try (var client = connect("localhost")) {
            client.command("SET", "k", "v");
            await().until(() -> both.counters().requests == 1);

            proxy.close();

            assertThat(client.untilClosed()).isEqualTo("+OK\r\n");
        } finally {
            start();
        }
    }

    @Test
    void redisCliIsServed() {
        var cli = Tool.run(
                "redis-cli", "redis-tools", new byte[0],
                "--tls", "--cacert", authority.file().toString(), "-p", String.valueOf(proxy.tlsPort("both")), "PING");

        assertThat(cli.output()).isEqualTo("PONG\n");
    }

    @Test
    void tls12IsServedAndOlderIsNot() throws Exception {
        String url = "127.0.0.1:" + proxy.tlsPort("both");

        assertThat(openssl("-tls1_2", "-connect", url)).contains("TLSv1.2");
        assertThat(openssl("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0", "-connect", url)).doesNotContain("Cipher is ECDHE");
        await().untilAsserted(() -> assertThat(both.closed(CloseCause.HANDSHAKE)).isEqualTo(1));
    }

    @Test
    void aMemcachedPoolIsServedToo() {
        SSLContext context = trusting();
        try (var client = MemcacheClient.connectTls(proxy.port("memcached"), context)) {
            assertThat(client.send("set k 0 0 5\r\nvalue\r\n").reply()).isEqualTo("STORED\r\n");
            assertThat(client.send("get k\r\n").reply()).isEqualTo("VALUE k 0 5\r\nvalue\r\nEND\r\n");
        }
    }

    @Test
    void whoDoesNotTrustThePoolIsCountedAsSuch() {
        SSLContext context = TlsEntry.empty().trusts(stranger).context();

        assertThatThrownBy(() -> RespClient.connectTls(proxy.tlsPort("both"), context, "localhost"))
                .hasMessageContaining("PKIX path");

        await().untilAsserted(() -> assertThat(both.closed(CloseCause.HANDSHAKE)).isEqualTo(1));
    }

    @Test
    void whoSpeaksWithoutTlsAtThisPortIsSentAwayOnce() {
        try (var client = RespClient.connect(proxy.tlsPort("both"))) {
            client.command("PING").untilClosed();
        }

        await().untilAsserted(() -> assertThat(both.closed(CloseCause.NOT_TLS)).isEqualTo(1));
        assertThat(both.closed(CloseCause.HANDSHAKE)).isZero();
        assertThat(both.closed(CloseCause.FAULT)).isZero();
        assertThat(both.clients()).isZero();
    }

    @Test
    void whoOnlyLooksWhetherThePortIsOpenIsNoCase() {
        RespClient.connect(proxy.tlsPort("both")).close();

        await().untilAsserted(() -> assertThat(both.counters().clientEof).isEqualTo(1));
        for (CloseCause cause : CloseCause.values()) {
            assertThat(both.closed(cause)).as(cause.label()).isZero();
        }
    }

    @Test
    void aHandshakeWithoutAnEndEndsInTime() {
        Pool guarded = proxy.pool("guarded");
        try (var silent = proxy.connect("guarded");
                var half = proxy.connect("guarded").send("\u0016\u0003\u0001\u0001\u0000\u0001")) {
            assertThat(silent.untilClosed()).isEmpty();
            half.untilClosed();
        }
        await().untilAsserted(() -> assertThat(guarded.closed(CloseCause.UNFINISHED)).isEqualTo(2));
        assertThat(guarded.clients()).isZero();
    }

    @Test
    void aCertificateOfTheClientIsLookedAt() {
        SSLContext none = trusting();
        SSLContext good = TlsEntry.empty().trusts(authority).shows(ofClient).context();
        SSLContext bad = TlsEntry.empty().trusts(authority).shows(ofStranger).context();

        for (String pool : new String[] {"guarded", "asking"}) {
            assertThat(ping(pool, good)).isEqualTo("+PONG\r\n");
            assertThat(ping(pool, bad)).isEmpty();
        }
        assertThat(ping("asking", none)).isEqualTo("+PONG\r\n");
        assertThat(ping("guarded", none)).isEmpty();

        await().untilAsserted(() -> assertThat(proxy.pool("guarded").closed(CloseCause.HANDSHAKE)).isEqualTo(2));
        await().untilAsserted(() -> assertThat(proxy.pool("asking").closed(CloseCause.HANDSHAKE)).isEqualTo(1));
    }

    @Test
    void theCertificateIsTheOneForTheNameAskedFor() throws Exception {
        assertThat(shownFor("several", "cache.example")).isEqualTo(named.read());
        assertThat(shownFor("several", "a.shard.example")).isEqualTo(named.read());
        assertThat(shownFor("several", "localhost")).isEqualTo(local.read());
        assertThatThrownBy(() -> shownFor("several", "other.example")).hasMessageContaining("other.example");
    }

    @Test
    void aNewCertificateIsForNewConnectionsAndEndsNone() throws Exception {
        Certificate next = authority.issue("dns:localhost");
        try (var old = connect("localhost")) {
            old.call("PING");

            edge.shows(next);
            proxy.renewTls("edge");

            assertThat(shownFor("both", "localhost")).isEqualTo(next.read());
            assertThat(old.call("PING")).isEqualTo("+PONG\r\n");
            assertThat(old.tls().getPeerCertificates()[0]).isEqualTo(local.read());
        }
    }

    @Test
    void aNewCertificateThatCannotBeUsedChangesNothing() throws Exception {
        edge.shows();
        proxy.renewTls("edge");

        assertThat(shownFor("both", "localhost")).isEqualTo(local.read());
    }

    @Test
    void oneTooManyIsCountedAlsoWithoutWords() {
        try (var limited = ProxyUnderTest.with(
                servers.yaml("limited") + """
                  tls: edge
                  client_connections: 1
                """,
                LimitsOf.nothing(),
                Map.of("edge", edge));
                var first = RespClient.connectTls(limited.port("limited"), trusting(), "localhost")) {
            first.call("PING");
            try (var second = RespClient.connect(limited.port("limited"))) {
                assertThat(second.untilClosed()).isEmpty();
            }
            assertThat(limited.pool("limited").closed(CloseCause.TOO_MANY_CLIENTS)).isEqualTo(1);
        }
    }

    private static SSLContext trusting() {
        return TlsEntry.empty().trusts(authority).context();
    }

    private RespClient connect(String name) {
        return RespClient.connectTls(proxy.tlsPort("both"), trusting(), name);
    }

    /// Empty if the client is refused. With TLS 1.3 it hears of that when it reads, perhaps as a reset.
    private String ping(String pool, SSLContext context) {
        try (var client = RespClient.connectTls(proxy.port(pool), context, "localhost")) {
            return client.sendIfOpen(RespClient.encode("PING")).read(7, Duration.ofSeconds(5)).length == 7 ? "+PONG\r\n" : "";
        } catch (UncheckedIOException refused) {
            return "";
        }
    }

    private X509Certificate shownFor(String pool, String name) throws SSLPeerUnverifiedException {
        int port = pool.equals("both") ? proxy.tlsPort(pool) : proxy.port(pool);
        try (var client = RespClient.connectTls(port, trusting(), name)) {
            return (X509Certificate) client.tls().getPeerCertificates()[0];
        }
    }

    private static String openssl(String... arguments) {
        var all = new ArrayList<>(List.of("s_client"));
        all.addAll(List.of(arguments));
        return Tool.run("openssl", "openssl", "QUIT\r\n".getBytes(ISO_8859_1), all.toArray(String[]::new)).output();
    }
}
