package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.pool.Pool;
import io.cashew.protocol.CloseCause;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that ask for more than they read, of a pool that keeps 32 MB for each.
@Timeout(60)
class DeafClientTest {
    private static final int MEGABYTE = 1024 * 1024;

    private RedisServer one;
    private RedisServer two;
    private ProxyUnderTest proxy;
    private Pool pool;
    private String keyOfOne;
    private String keyOfTwo;

    @BeforeEach
    void start() {
        one = RedisServer.start();
        two = RedisServer.start();
        proxy = ProxyUnderTest.with(
                """
                pool:
                  listen: free
                  redis: true
                  hash: md5
                  servers:
                   - 127.0.0.1:%d:1 one
                   - 127.0.0.1:%d:1 two
                """
                        .formatted(one.port(), two.port()),
                LimitsOf.written("output", 32 * MEGABYTE));
        pool = proxy.pool("pool");
        try (var client = proxy.connect("pool")) {
            IntStream.range(0, 20).forEach(i -> client.call("SET", "key" + i, "x".repeat(MEGABYTE)));
        }
        keyOfOne = keyOf(one);
        keyOfTwo = keyOf(two);
    }

    @AfterEach
    void stop() {
        proxy.close();
        one.close();
        two.close();
    }

    @Test
    void whoLetsTooMuchWaitIsSentAwayAndNobodyElse() {
        try (var deaf = proxy.connect("pool");
                var other = proxy.connect("pool")) {
            deaf.send(get(keyOfOne).repeat(200));
            await().until(() -> pool.closed(CloseCause.OUTPUT) == 1);

            assertThat(deaf.untilClosed().length()).isLessThan(200 * MEGABYTE);
            for (int i = 0; i < 20; i++) {
                other.send(get(keyOfTwo));
            }
            other.replies(20).forEach(reply -> assertThat(reply).hasSize(("$" + MEGABYTE + "\r\n\r\n").length() + MEGABYTE));
        }
        assertThat(pool.closed(CloseCause.OUTPUT)).isEqualTo(1);
        assertThat(pool.closed(CloseCause.MEMORY)).isZero();
    }

    /// It would read if it could.
    @Test
    void repliesThatWaitForAnotherServersCountToo() {
        one.pause();
        try (var client = proxy.connect("pool")) {
            client.send(get(keyOfOne) + get(keyOfTwo).repeat(60));

            assertThat(client.untilClosed()).isEmpty();
        } finally {
            one.resume();
        }
        assertThat(pool.closed(CloseCause.OUTPUT)).isEqualTo(1);
    }

    /// What Cashew answers itself is made before the turn of that answer comes.
    @Test
    void answersOfOurOwnThatWaitForAServersLeaveTheClientUnread() {
        one.pause();
        String echo = RespClient.text(RespClient.encode("ECHO", "y".repeat(MEGABYTE / 2)));
        try (var client = proxy.connect("pool")) {
            var sender = Thread.ofVirtual().start(() -> client.send(get(keyOfOne) + echo.repeat(100)));
            // Two are more than may be left unread.
            await().until(() -> pool.counters().answeredLocally == 2);
            one.resume();

            assertThat(client.reply()).startsWith("$" + MEGABYTE);
            for (int i = 0; i < 100; i++) {
                assertThat(client.reply()).startsWith("$" + MEGABYTE / 2);
            }
            assertThat(sender.isAlive()).isFalse();
        }
        assertThat(pool.closed(CloseCause.OUTPUT)).isZero();
    }

    private static String get(String key) {
        return RespClient.text(RespClient.encode("GET", key));
    }

    private static String keyOf(RedisServer server) {
        return IntStream.range(0, 20)
                .mapToObj(i -> "key" + i)
                .filter(key -> server.call("EXISTS", key).equals(":1\r\n"))
                .findFirst()
                .orElseThrow();
    }
}
