package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a client may do before it has shown who it is.
@Timeout(30)
class StrangersTest {
    private static RedisServer server;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start() {
        server = RedisServer.builder().password("sekret").start();
        proxy = ProxyUnderTest.with(
                """
                guarded:
                  listen: free
                  redis: true
                  redis_auth: sekret
                  servers:
                   - 127.0.0.1:%d:1 only
                """
                        .formatted(server.port()));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void aStrangerMayClaimTenArguments() {
        try (var client = proxy.connect("guarded")) {
            assertThat(client.call("MGET", "1", "2", "3", "4", "5", "6", "7", "8", "9")).startsWith("-NOAUTH");

            client.send("*11\r\n");

            assertThat(client.untilClosed()).isEqualTo("-ERR Protocol error: unauthenticated multibulk length\r\n");
        }
    }

    @Test
    void aStrangerMayClaimSixteenKilobytesPerArgument() {
        try (var client = proxy.connect("guarded")) {
            assertThat(client.call("AUTH", "x".repeat(16 * 1024))).startsWith("-ERR invalid password");

            client.send("*2\r\n$4\r\nAUTH\r\n$16385\r\n");

            assertThat(client.untilClosed()).isEqualTo("-ERR Protocol error: unauthenticated bulk length\r\n");
        }
    }

    @Test
    void whoHasAuthenticatedMayClaimWhatThePoolAllowsFromTheNextCommandOn() {
        String[] many = new String[1001];
        Arrays.fill(many, "k");
        many[0] = "MGET";
        try (var client = proxy.connect("guarded")) {
            client.command("AUTH", "sekret").command("SET", "k", "x".repeat(100_000)).command(many);

            assertThat(client.reply()).isEqualTo("+OK\r\n");
            assertThat(client.reply()).isEqualTo("+OK\r\n");
            assertThat(client.reply()).startsWith("*1000\r\n$100000\r\n");
        }
    }

    @Test
    void whoLosesTheRightToBeHereIsAStrangerAgain() {
        try (var client = proxy.connect("guarded")) {
            assertThat(client.call("AUTH", "sekret")).isEqualTo("+OK\r\n");
            assertThat(client.call("AUTH", "wrong")).startsWith("-ERR");

            client.send("*11\r\n");

            assertThat(client.untilClosed()).startsWith("-ERR Protocol error: unauthenticated");
        }
    }

    @Test
    void aBrowserIsSentAwayBeforeWhatItPosts() {
        try (var client = proxy.connect("guarded")) {
            client.send(RespClient.bytes("POST / HTTP/1.1\r\nHost: localhost\r\n\r\nAUTH sekret\r\nSET posted 1\r\n"));

            assertThat(client.untilClosed().lines().count()).isEqualTo(1);
        }
        try (var direct = server.connect()) {
            assertThat(direct.call("AUTH", "sekret")).isEqualTo("+OK\r\n");
            assertThat(direct.call("EXISTS", "posted")).isEqualTo(":0\r\n");
        }
    }
}
