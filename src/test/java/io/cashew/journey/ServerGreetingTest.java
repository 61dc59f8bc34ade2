package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a server is told on a new connection, and that a connection it does not accept is not used.
@Timeout(30)
class ServerGreetingTest {
    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.builder().password("sekret").unixSocket().start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void flush() {
        server.flush();
    }

    @Test
    void dataGoesToTheDatabaseOfThePool() {
        assertThat(setThrough(tcp(), "redis_auth: sekret", "redis_db: 3")).isEqualTo("+OK\r\n");

        assertThat(database(3)).isEqualTo(1);
        assertThat(database(0)).isZero();
    }

    @Test
    void dataGoesToTheDatabaseOfThePoolThroughAUnixSocket() {
        assertThat(setThrough(unix(), "redis_auth: sekret", "redis_db: 3")).isEqualTo("+OK\r\n");

        assertThat(database(3)).isEqualTo(1);
        assertThat(database(0)).isZero();
    }

    @Test
    void aDatabaseTheServerDoesNotHaveFailsRequestsInsteadOfMisplacingData() {
        assertThat(setThrough(tcp(), "redis_auth: sekret", "redis_db: 99")).startsWith("-ERR ");

        assertThat(database(0)).isZero();
    }

    @Test
    void aPasswordTheServerRefusesFailsRequests() {
        assertThat(setThrough(tcp(), "redis_auth: wrong")).startsWith("-ERR ");

        assertThat(database(0)).isZero();
    }

    private static String tcp() {
        return "127.0.0.1:" + server.port() + ":1";
    }

    private static String unix() {
        return server.unixSocket() + ":1";
    }

    /// The answer to a SET through a pool with these settings.
    private static String setThrough(String serverEntry, String... settings) {
        String yaml = "pool:\n  listen: free\n  redis: true\n  " + String.join("\n  ", settings) + "\n  servers:\n   - "
                + serverEntry + "\n";
        String password = settings[0].substring(settings[0].indexOf(' ') + 1);
        try (var proxy = ProxyUnderTest.with(yaml);
                var client = proxy.connect("pool")) {
            assertThat(client.call("AUTH", password)).isEqualTo("+OK\r\n");
            return client.call("SET", "k", "v");
        }
    }

    /// Number of keys in database `number`, asked directly.
    private static long database(int number) {
        try (RespClient direct = server.connect()) {
            var replies = direct.pipeline(
                    List.of(new String[] {"SELECT", String.valueOf(number)}, new String[] {"DBSIZE"}));
            return Long.parseLong(replies.get(1).substring(1).trim());
        }
    }
}
