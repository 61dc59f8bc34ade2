package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.LeakWatch;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Scripts that servers have lost are given to them again.
@Timeout(60)
class RememberedScriptsTest {
    private static final String INCREMENT = "return redis.call('incr', KEYS[1])";
    private static final String[] KEYS = {"a", "b", "c", "d", "e", "f", "g", "h"};

    private RedisServers servers;
    private ProxyUnderTest proxy;
    private RespClient client;
    private String digest;

    @BeforeEach
    void start() {
        servers = RedisServers.start(3);
        proxy = ProxyUnderTest.with(servers.yaml("pool", "hash: md5"));
        client = proxy.connect("pool");
        digest = load(INCREMENT);
        IntStream.range(0, 3).forEach(i -> servers.get(i).call("SCRIPT", "FLUSH"));
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        servers.close();
    }

    @Test
    void aServerThatHasForgottenAScriptIsGivenIt() {
        for (String dialect : new String[] {"2", "3"}) {
            client.call("HELLO", dialect);
            for (int i = 0; i < 3; i++) {
                servers.get(i).call("SCRIPT", "FLUSH");
            }
            for (String key : KEYS) {
                client.call("DEL", key);
                assertThat(client.call("EVALSHA", digest.toUpperCase(Locale.ROOT), "1", key)).isEqualTo(":1\r\n");
                assertThat(client.call("evalsha", digest, "1", key)).isEqualTo(":2\r\n");
            }
        }
        assertThat(IntStream.range(0, 3).mapToObj(i -> servers.get(i).call("SCRIPT", "EXISTS", digest)))
                .containsOnly("*1\r\n:1\r\n");
    }

    @Test
    void aServerThatWasRestartedIsGivenIt() {
        servers.get(1).kill();
        servers.get(1).restart();

        for (String key : KEYS) {
            // The first request behind the restart may find the old connection.
            Awaitility.await().until(() -> client.call("EVALSHA", digest, "1", key).equals(":1\r\n"));
        }
    }

    @Test
    void whatIsAskedBehindItIsNotOvertaken() {
        var replies = client.pipeline(List.of(
                new String[] {"EVALSHA", digest, "1", "a"}, new String[] {"GET", "a"}, new String[] {"EVALSHA", digest, "1", "a"}));

        if (replies.get(0).startsWith("-NOSCRIPT ")) {
            assertThat(replies.get(1)).isEqualTo("$-1\r\n");
            assertThat(replies.get(2)).matches(":1\r\n|-NOSCRIPT .*\r\n");
        } else {
            // They came one by one.
            assertThat(replies).containsExactly(":1\r\n", "$1\r\n1\r\n", ":2\r\n");
        }
    }

    @Test
    void manyAtOnceAreDoneOnceEach() {
        var requests = new ArrayList<String[]>();
        for (int i = 0; i < 50; i++) {
            requests.add(new String[] {"EVALSHA", digest, "1", "a"});
        }

        long done = client.pipeline(requests).stream().filter(reply -> reply.startsWith(":")).count();

        assertThat(client.call("GET", "a")).isEqualTo(done == 0 ? "$-1\r\n" : "$" + ("" + done).length() + "\r\n" + done + "\r\n");
        assertThat(client.call("EVALSHA", digest, "1", "a")).isEqualTo(":" + (done + 1) + "\r\n");
    }

    @Test
    void whatNobodyHasLoadedIsNotKnown() {
        client.call("EVAL", "return 2", "0");
        assertThat(client.call("EVALSHA", "0".repeat(40), "1", "a")).startsWith("-NOSCRIPT ");
        assertThat(client.call("EVALSHA", "short", "1", "a")).startsWith("-NOSCRIPT ");

        assertThat(client.call("SCRIPT", "FLUSH")).isEqualTo("+OK\r\n");
        assertThat(client.call("EVALSHA", digest, "1", "a")).startsWith("-NOSCRIPT ");
        assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
    }

    @Test
    void aLongRequestIsNotKept() {
        assertThat(client.call("EVALSHA", digest, "1", "a", "x".repeat(65_536))).startsWith("-NOSCRIPT ");
        assertThat(client.call("EVALSHA", digest, "1", "a", "x".repeat(65_000))).isEqualTo(":1\r\n");
    }

    @Test
    void transactionsHearWhatTheServerSays() {
        client.call("MULTI");
        assertThat(client.call("EVALSHA", digest, "1", "a")).isEqualTo("+QUEUED\r\n");
        assertThat(client.call("EXEC")).startsWith("*1\r\n-NOSCRIPT ");
    }

    @Test
    void longAnswersAndServersThatGoLeaveNothingBehind() {
        try (var leaks = LeakWatch.start()) {
            String large = load("return string.rep('x', 1000000)");
            servers.get(0).call("SCRIPT", "FLUSH");
            servers.get(1).call("SCRIPT", "FLUSH");
            servers.get(2).call("SCRIPT", "FLUSH");
            for (String key : KEYS) {
                assertThat(client.call("EVALSHA", large, "1", key)).hasSize("$1000000\r\n\r\n".length() + 1_000_000);
            }
            servers.get(0).kill();
            servers.get(1).kill();
            servers.get(2).kill();
            for (String key : KEYS) {
                assertThat(client.call("EVALSHA", large, "1", key)).startsWith("-ERR ");
            }
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    private String load(String script) {
        return client.call("SCRIPT", "LOAD", script).split("\r\n")[1];
    }
}
