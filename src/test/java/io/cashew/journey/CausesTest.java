package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.pool.Pool;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whoever is sent away, and whatever is refused, is counted once, by its cause.
@Timeout(30)
class CausesTest {
    private RedisServer server;
    private ProxyUnderTest proxy;
    private Pool pool;

    @BeforeEach
    void start() {
        server = RedisServer.builder().password("sekret").start();
        proxy = ProxyUnderTest.with(
                """
                guarded:
                  listen: free
                  redis: true
                  redis_auth: sekret
                  client_connections: 2
                  servers:
                   - 127.0.0.1:%d:1 only
                dead:
                  listen: free
                  redis: true
                  servers:
                   - 127.0.0.1:%d:1 gone
                """
                        .formatted(server.port(), FreePorts.next()),
                LimitsOf.written(Map.of("idle", "0.5s", "unfinished", "0.5s")));
        pool = proxy.pool("guarded");
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void silence() {
        try (var client = proxy.connect("guarded")) {
            assertThat(client.untilClosed()).isEmpty();
        }
        assertThat(pool.closed(CloseCause.IDLE)).isEqualTo(1);
        assertThat(pool.closed(CloseCause.UNFINISHED)).isZero();
    }

    @Test
    void aRequestWithoutAnEnd() {
        try (var client = proxy.connect("guarded")) {
            client.send("*2\r\n$4\r\nPI");

            assertThat(client.untilClosed()).isEmpty();
        }
        assertThat(pool.closed(CloseCause.UNFINISHED)).isEqualTo(1);
        assertThat(pool.closed(CloseCause.IDLE)).isZero();
    }

    @Test
    void oneClientTooMany() {
        try (var first = proxy.connect("guarded");
                var second = proxy.connect("guarded")) {
            first.call("PING");
            second.call("PING");
            try (var third = proxy.connect("guarded")) {
                third.untilClosed();
            }
        }
        assertThat(pool.closed(CloseCause.TOO_MANY_CLIENTS)).isEqualTo(1);
    }

    @Test
    void brokenBytesAndClaimsOfStrangers() {
        try (var client = proxy.connect("guarded")) {
            client.send("*1\r\n+PING\r\n").untilClosed();
        }
        try (var client = proxy.connect("guarded")) {
            client.send("*11\r\n").untilClosed();
        }
        assertThat(pool.closed(CloseCause.MALFORMED)).isEqualTo(1);
        assertThat(pool.closed(CloseCause.STRANGER)).isEqualTo(1);
    }

    @Test
    void requestsThatAreRefused() {
        try (var client = proxy.connect("guarded")) {
            client.call("GET", "k");
            client.call("AUTH", "sekret");
            client.call("SHUTDOWN");
            client.call("NOSUCHCOMMAND");
            client.call("GET");
            client.call("GET", "k");
            client.call("PING");
        }
        assertThat(pool.failed(Failure.NOT_AUTHENTICATED)).isEqualTo(1);
        assertThat(pool.failed(Failure.COMMAND_REFUSED)).isEqualTo(1);
        assertThat(pool.failed(Failure.REQUEST_INVALID)).isEqualTo(2);
    }

    @Test
    void aServerThatIsNotThere() {
        try (var client = proxy.connect("dead")) {
            client.call("GET", "k");
        }
        assertThat(proxy.pool("dead").failed(Failure.SERVER_REFUSED)).isEqualTo(1);
        assertThat(proxy.pool("dead").counters().forwardErrors).isEqualTo(1);
    }

    @Test
    void theEndOfThePool() {
        Pool stopped;
        RespClient client;
        try (var shortLived = ProxyUnderTest.with(
                        """
                        pool:
                          listen: free
                          redis: true
                          servers:
                           - 127.0.0.1:%d:1 only
                        """
                                .formatted(server.port()))) {
            client = shortLived.connect("pool");
            client.call("PING");
            stopped = shortLived.pool("pool");
        }
        client.close();
        assertThat(stopped.closed(CloseCause.SHUTDOWN)).isEqualTo(1);
    }

    @Test
    void whoLeavesByItselfIsNoCase() {
        try (var client = proxy.connect("guarded")) {
            client.call("QUIT");
            client.untilClosed();
        }
        try (var client = proxy.connect("guarded")) {
            client.call("PING");
        }
        await().until(() -> pool.counters().clientEof == 2);

        for (CloseCause cause : CloseCause.values()) {
            assertThat(pool.closed(cause)).as(cause.label()).isZero();
        }
    }
}
