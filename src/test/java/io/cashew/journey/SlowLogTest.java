package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.protocol.Failure;
import io.cashew.protocol.SlowRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that take long because their servers pause, over real servers.
@Timeout(60)
class SlowLogTest {
    private static final String PAUSE_MILLIS = "300";

    private static RedisServers servers;
    private static ProxyUnderTest proxy;

    private final List<RespClient> clients = new ArrayList<>();
    private RespClient client;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(2);
        proxy = ProxyUnderTest.with(servers.yaml("watched", "slow_log_threshold: 100", "hash_tag: \"{}\"")
                + servers.yaml("patient", "slow_log_threshold: 3600000")
                + servers.yaml("short", "slow_log_threshold: 100", "slow_log_entries: 2")
                + servers.yaml("hurried", "slow_log_threshold: 1", "timeout: 100")
                + servers.yaml("unwatched"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
    }

    @BeforeEach
    void connect() {
        // Answered when no server pauses any more.
        servers.flush();
        client = connect("watched");
        client.call("SLOWLOG", "RESET");
    }

    @AfterEach
    void disconnect() {
        clients.forEach(RespClient::close);
    }

    private RespClient connect(String pool) {
        var connected = proxy.connect(pool);
        clients.add(connected);
        return connected;
    }

    private static void pause() {
        for (int i = 0; i < 2; i++) {
            servers.get(i).call("CLIENT", "PAUSE", PAUSE_MILLIS);
        }
    }

    private static List<List<String>> slowWords(String pool) {
        return proxy.pool(pool).slowLog().newest(100).stream().map(SlowRequest::words).toList();
    }

    @Test
    void aSlowRequestIsKeptWithEverythingAboutIt() {
        client.call("CLIENT", "SETNAME", "me");
        client.call("SET", "a", "1");
        long counted = proxy.pool("watched").counters().slowRequests;
        pause();

        assertThat(client.call("GET", "a")).isEqualTo("$1\r\n1\r\n");

        SlowRequest slow = proxy.pool("watched").slowLog().newest(1).getFirst();
        assertThat(slow.words()).containsExactly("GET", "a");
        assertThat(slow.micros()).isBetween(100_000L, 60_000_000L);
        assertThat(slow.clientName()).isEqualTo("me");
        assertThat(slow.server()).isIn("a", "b");
        assertThat(slow.failure()).isNull();
        assertThat(proxy.pool("watched").counters().slowRequests).isEqualTo(counted + 1);
        assertThat(client.call("SLOWLOG", "LEN")).isEqualTo(":1\r\n");
        assertThat(client.call("SLOWLOG", "RESET")).isEqualTo("+OK\r\n");
        assertThat(client.call("SLOWLOG", "GET")).isEqualTo("*0\r\n");
    }

    @Test
    void aReplyLooksLikeTheServers() {
        try (var server = RedisServer.start(); var direct = server.connect()) {
            direct.call("CONFIG", "SET", "slowlog-log-slower-than", "0");
            var manyWords = Stream.concat(Stream.of("DEL"), Collections.nCopies(40, "{a}").stream()).toArray(String[]::new);
            for (String[] words : List.of(
                    new String[] {"SET", "{a}k", "v".repeat(129)},
                    new String[] {"GET", "{a}k"},
                    manyWords,
                    new String[] {"set", "{a}k", "\u00ff\r\n"})) {
                pause();
                for (var each : List.of(client, direct)) {
                    each.call("CLIENT", "SETNAME", "me");
                    each.call(words);
                }

                assertThat(masked(client.call("SLOWLOG", "GET", "1"))).isEqualTo(masked(direct.call("SLOWLOG", "GET", "1")));
            }
        }
    }

    /// Without what differs from time to time: id, time, microseconds, the client's address.
    private static String masked(String reply) {
        return reply.replaceAll("^\\*1\r\n\\*6\r\n:\\d+\r\n:\\d{10}\r\n:\\d+\r\n", "*1 *6 : : : ")
                .replaceAll("\\$\\d+\r\n127\\.0\\.0\\.1:\\d+\r\n", "address ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SLOWLOG GET -2", "SLOWLOG GET x", "SLOWLOG GET 1 2", "SLOWLOG", "SLOWLOG LEN x", "SLOWLOG GET 0"})
    void mistakesAreTheServers(String line) {
        String[] words = line.split(" ");

        assertThat(client.call(words)).isEqualTo(servers.get(0).call(words));
    }

    @Test
    void asManyAreKeptAsConfigured() {
        var shortly = connect("short");
        pause();
        shortly.pipeline(List.of(new String[] {"GET", "{a}1"}, new String[] {"GET", "{a}2"}, new String[] {"GET", "{a}3"}));

        assertThat(shortly.call("SLOWLOG", "LEN")).isEqualTo(":2\r\n");
        assertThat(shortly.call("SLOWLOG", "GET", "-1")).startsWith("*2\r\n");
        assertThat(proxy.pool("short").counters().slowRequests).isEqualTo(3);
    }

    @Test
    void aSplitRequestIsKeptOnce() {
        pause();

        client.call("MGET", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");

        SlowRequest slow = proxy.pool("watched").slowLog().newest(1).getFirst();
        assertThat(slow.words()).startsWith("MGET", "1", "2").hasSize(13);
        assertThat(slow.server()).isNull();
        assertThat(client.call("SLOWLOG", "LEN")).isEqualTo(":1\r\n");
    }

    @Test
    void aTransactionIsKeptAsItsExec() {
        client.call("MULTI");
        client.call("SET", "a", "1");
        client.call("INCR", "{a}");
        pause();

        assertThat(client.call("EXEC")).startsWith("*2\r\n");

        SlowRequest slow = proxy.pool("watched").slowLog().newest(1).getFirst();
        assertThat(slow.words()).containsExactly("EXEC");
        assertThat(slow.server()).isIn("a", "b");
    }

    @Test
    void aClientThatLeavesItsTransactionLeavesNothingBehind() {
        client.call("MULTI");
        client.call("SET", "a", "1");
        pause();
        client.command("EXEC");
        client.close();

        var next = connect("watched");
        assertThat(next.call("GET", "{a}other")).isEqualTo("$-1\r\n");
        assertThat(slowWords("watched")).contains(List.of("GET", "{a}other"));
    }

    @Test
    void whatWaitsByDesignIsNotSlow() {
        assertThat(client.call("BLPOP", "nothing", "0.3")).isEqualTo("*-1\r\n");

        assertThat(slowWords("watched")).isEmpty();
    }

    @Test
    void aRequestThatComesToNothingIsKeptWithTheReason() {
        var hurried = connect("hurried");
        pause();

        assertThat(hurried.call("GET", "a")).startsWith("-ERR");

        assertThat(proxy.pool("hurried").slowLog().newest(1)).extracting(SlowRequest::failure)
                .containsExactly(Failure.SERVER_TIMED_OUT);
    }

    /// One that comes in pieces is not copied, but handed on.
    @Test
    void ofALargeValueIsShownHowLongItIs() {
        String value = "v".repeat(1_000_000);
        pause();

        assertThat(client.call("SET", "large", value)).isEqualTo("+OK\r\n");

        assertThat(slowWords("watched").getFirst().getLast()).matches("v*\\.\\.\\. \\((1000000|999872) more bytes\\)");
    }

    @Test
    void poolsWithoutSlowRequestsHaveNone() {
        for (String pool : List.of("patient", "unwatched")) {
            pause();
            var other = connect(pool);
            other.call("GET", "a");

            assertThat(other.call("SLOWLOG", "GET")).isEqualTo("*0\r\n");
            assertThat(proxy.pool(pool).counters().slowRequests).isZero();
        }
    }

    @Test
    void aReloadDecidesAboutTheRequestsOfClientsWhoAreThere() {
        try (var changing = ProxyUnderTest.with(servers.yaml("pool")); var stays = changing.connect("pool")) {
            for (String threshold : List.of("100", "0", "100")) {
                changing.reload(servers.yaml("pool", "slow_log_threshold: " + threshold));
                pause();
                stays.call("GET", threshold);
                transaction(stays);
            }

            assertThat(changing.pool("pool").slowLog().newest(9)).extracting(SlowRequest::words)
                    .containsExactly(List.of("EXEC"), List.of("GET", "100"), List.of("EXEC"), List.of("GET", "100"));
        }
    }

    /// EXEC is what takes long.
    private static void transaction(RespClient client) {
        client.call("MULTI");
        client.call("SET", "a", "1");
        pause();
        assertThat(client.call("EXEC")).startsWith("*1\r\n");
    }

    @Test
    void aClientThatIsGoneIsKeptToo() {
        pause();
        client.command("GET", "gone");
        client.reset();

        await().untilAsserted(() -> assertThat(slowWords("watched")).containsExactly(List.of("GET", "gone")));
    }
}
