package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who guesses passwords has to wait, on whichever connection; nobody who is here already does.
@Timeout(30)
class GuessedPasswordsTest {
    private RedisServer server;

    @BeforeEach
    void start() {
        server = RedisServer.builder().password("sekret").start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void afterTooManyWrongPasswordsTheRightOneIsNotLookedAtEither() {
        try (var proxy = proxy(Duration.ofHours(1))) {
            guess(proxy, 3);

            try (var client = proxy.connect("guarded")) {
                assertThat(client.call("AUTH", "sekret"))
                        .isEqualTo("-ERR too many wrong passwords from your address; try again in 3600 s\r\n");
                assertThat(client.call("HELLO", "2", "AUTH", "default", "sekret")).startsWith("-ERR too many wrong passwords");
                assertThat(client.call("GET", "k")).startsWith("-NOAUTH");
            }
            assertThat(proxy.pool("guarded").failed(Failure.WRONG_PASSWORD)).isEqualTo(3);
            assertThat(proxy.pool("guarded").failed(Failure.PASSWORD_NOT_TRIED)).isEqualTo(2);
            assertThat(Arrays.stream(CloseCause.values()).mapToLong(proxy.pool("guarded")::closed).sum()).isZero();
        }
    }

    @Test
    void whoIsHereAlreadyIsNotDisturbed() {
        try (var proxy = proxy(Duration.ofHours(1));
                var member = proxy.connect("guarded")) {
            assertThat(member.call("AUTH", "sekret")).isEqualTo("+OK\r\n");
            guess(proxy, 3);

            assertThat(member.call("SET", "k", "v")).isEqualTo("+OK\r\n");
            assertThat(member.call("AUTH", "wrong")).startsWith("-ERR too many wrong passwords");
            assertThat(member.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
        }
    }

    @Test
    void rightPasswordsCostNothing() {
        try (var proxy = proxy(Duration.ofHours(1))) {
            guess(proxy, 2);
            for (int i = 0; i < 20; i++) {
                try (var client = proxy.connect("guarded")) {
                    assertThat(client.call("AUTH", "sekret")).isEqualTo("+OK\r\n");
                }
            }
            guess(proxy, 1);
        }
    }

    @Test
    void afterAWhileThereIsAnotherTry() {
        try (var proxy = proxy(Duration.ofMillis(200))) {
            guess(proxy, 3);

            try (var client = proxy.connect("guarded")) {
                await().until(() -> client.call("AUTH", "sekret").equals("+OK\r\n"));
            }
        }
    }

    @Test
    void aWrongUserIsAWrongPassword() {
        try (var proxy = proxy(Duration.ofHours(1));
                var client = proxy.connect("guarded")) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.call("AUTH", "nobody", "sekret")).startsWith("-WRONGPASS");
            }
            assertThat(client.call("AUTH", "default", "sekret")).startsWith("-ERR too many wrong passwords");
        }
    }

    /// On connections of their own, which different event loops get.
    private static void guess(ProxyUnderTest proxy, int times) {
        for (int i = 0; i < times; i++) {
            try (var client = proxy.connect("guarded")) {
                assertThat(client.call("AUTH", "guess" + i)).isEqualTo("-ERR invalid password\r\n");
            }
        }
    }

    private ProxyUnderTest proxy(Duration interval) {
        return ProxyUnderTest.with(
                """
                guarded:
                  listen: free
                  redis: true
                  redis_auth: sekret
                  servers:
                   - 127.0.0.1:%d:1 only
                """
                        .formatted(server.port()),
                LimitsOf.written(Map.of("password-attempts", 3, "password-interval", interval)));
    }
}
