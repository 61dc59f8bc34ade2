package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that say nothing, or never finish what they began, or are too many.
@Timeout(30)
class PatienceTest {
    private static RedisServer server;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        proxy = ProxyUnderTest.with(
                """
                pool:
                  listen: free
                  redis: true
                  client_connections: 3
                  servers:
                   - 127.0.0.1:%d:1 only
                """
                        .formatted(server.port()),
                LimitsOf.written(Map.of("idle", "0.5s", "unfinished", "0.3s")));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void aClientThatSaysNothingIsEnded() {
        try (var silent = proxy.connect("pool")) {
            assertThat(silent.call("PING")).isEqualTo("+PONG\r\n");

            assertThat(silent.untilClosed()).isEmpty();
        }
    }

    @Test
    void aRequestThatNeverEndsIsEnded() {
        try (var slow = proxy.connect("pool")) {
            slow.send("*2\r\n$3\r\nGET\r\n$1\r\n");

            assertThat(slow.untilClosed()).isEmpty();
        }
    }

    @Test
    void oneClientTooManyIsToldSo() {
        await().until(() -> proxy.pool("pool").clients() == 0);
        try (var first = proxy.connect("pool");
                var second = proxy.connect("pool");
                var third = proxy.connect("pool")) {
            assertThat(first.call("PING")).isEqualTo("+PONG\r\n");
            assertThat(second.call("PING")).isEqualTo("+PONG\r\n");
            assertThat(third.call("PING")).isEqualTo("+PONG\r\n");

            try (var fourth = proxy.connect("pool")) {
                assertThat(fourth.untilClosed()).isEqualTo("-ERR max number of clients reached\r\n");
            }
            assertThat(first.call("PING")).isEqualTo("+PONG\r\n");
        }
    }
}
