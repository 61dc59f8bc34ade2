package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.ScriptedServer.Behaviour;
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

    @Test
    void everyLaneSaysThePasswordAndSelectsItsDatabase() {
        try (var proxy = ProxyUnderTest.with(pool(tcp(), "redis_auth: sekret", "redis_db: 3", "databases: 8"));
                var client = proxy.connect("pool")) {
            assertThat(client.call("HELLO", "3", "AUTH", "default", "sekret")).startsWith("%7\r\n");
            assertThat(client.call("HSET", "k", "f", "v")).isEqualTo(":1\r\n");
            assertThat(client.call("HGETALL", "k")).startsWith("%1\r\n");
            assertThat(client.call("SELECT", "5")).isEqualTo("+OK\r\n");
            assertThat(client.call("MSET", "a", "1", "b", "2")).isEqualTo("+OK\r\n");
            assertThat(client.call("SELECT", "0")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "a")).isEqualTo("_\r\n");
        }

        assertThat(database(3)).isEqualTo(1);
        assertThat(database(5)).isEqualTo(2);
        assertThat(database(0)).isZero();
    }

    @Test
    void aServerThatDoesNotSpeakResp3ServesThoseWhoDoNotEither() {
        String unknown = "-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n";
        try (var old = ScriptedServer.that((request, connection) -> Behaviour.replies(
                                RespClient.text(request).contains("HELLO") ? unknown : "$1\r\nv\r\n")
                        .on(request, connection));
                var proxy = ProxyUnderTest.with(
                        pool("127.0.0.1:" + old.port() + ":1", "auto_eject_hosts: true", "server_failure_limit: 1"));
                var first = proxy.connect("pool");
                var second = proxy.connect("pool")) {
            assertThat(first.call("HELLO", "3")).startsWith("%7\r\n");
            assertThat(first.call("GET", "k"))
                    .isEqualTo("-ERR server does not speak RESP3, which Redis has since version 6; "
                            + "let the client use protocol 2\r\n");

            assertThat(second.call("HELLO", "3")).startsWith("-NOPROTO unsupported protocol version: ");
            assertThat(second.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
            assertThat(first.call("HELLO", "2")).startsWith("*14\r\n");
            assertThat(first.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
        }
    }

    @Test
    void aDatabaseThatAServerLacksFailsThoseWhoSelectedIt() {
        try (var small = RedisServer.builder().option("databases", "2").start();
                var proxy = ProxyUnderTest.with(pool(
                        "127.0.0.1:" + small.port() + ":1", "databases: 4", "auto_eject_hosts: true", "server_failure_limit: 1"));
                var client = proxy.connect("pool")) {
            assertThat(client.call("SELECT", "3")).isEqualTo("+OK\r\n");
            assertThat(client.call("SET", "k", "v")).startsWith("-ERR server does not have the selected database; ");
            assertThat(client.call("SELECT", "1")).isEqualTo("+OK\r\n");
            assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");
        }
    }

    private static String tcp() {
        return "127.0.0.1:" + server.port() + ":1";
    }

    private static String unix() {
        return server.unixSocket() + ":1";
    }

    /// The answer to a SET through a pool with these settings.
    private static String setThrough(String serverEntry, String... settings) {
        String password = settings[0].substring(settings[0].indexOf(' ') + 1);
        try (var proxy = ProxyUnderTest.with(pool(serverEntry, settings));
                var client = proxy.connect("pool")) {
            assertThat(client.call("AUTH", password)).isEqualTo("+OK\r\n");
            return client.call("SET", "k", "v");
        }
    }

    private static String pool(String serverEntry, String... settings) {
        return "pool:\n  listen: free\n  redis: true\n  " + String.join("\n  ", settings) + "\n  servers:\n   - " + serverEntry
                + "\n";
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
