package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands that wait for data, over a pool of three servers whose requests have a tenth of a second.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
class WaitingTest {
    private RedisServers servers;
    private ProxyUnderTest proxy;
    private RespClient client;
    private RespClient other;

    @BeforeAll
    void start() {
        servers = RedisServers.start(3);
        proxy = ProxyUnderTest.with(servers.yaml("pool", "timeout: 100", "hash_tag: \"{}\""));
    }

    @BeforeEach
    void connect() {
        servers.flush();
        client = proxy.connect("pool");
        other = proxy.connect("pool");
    }

    @AfterEach
    void disconnect() {
        client.close();
        other.close();
        await().untilAsserted(() -> {
            assertThat(lent()).isZero();
            assertThat(blocked()).isZero();
        });
    }

    @AfterAll
    void stop() {
        proxy.close();
        servers.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "BLPOP q 0|RPUSH q v|*2 $1 q $1 v",
        "BRPOP q{t} r{t} 0|RPUSH r{t} v|*2 $4 r{t} $1 v",
        "BLMOVE q{t} r{t} LEFT RIGHT 0|RPUSH q{t} v|$1 v",
        "BRPOPLPUSH q{t} r{t} 0|RPUSH q{t} v|$1 v",
        "BLMPOP 0 1 q LEFT|RPUSH q v|*2 $1 q *1 $1 v",
        "BZPOPMIN z 0|ZADD z 1 m|*3 $1 z $1 m $1 1",
        "BZPOPMAX z 0|ZADD z 1 m|*3 $1 z $1 m $1 1",
        "BZMPOP 0 1 z MIN|ZADD z 1 m|*2 $1 z *1 *2 $1 m $1 1",
        "XREAD BLOCK 0 STREAMS s 0|XADD s 1-1 f v|*1 *2 $1 s *1 *2 $3 1-1 *2 $1 f $1 v"
    })
    void waitsUntilThereIsSomething(String waiting, String filling, String answer) {
        client.command(waiting.split(" "));
        awaitBlocked(1);
        // Longer than any other request may take.
        assertThat(client.untilQuiet(Duration.ofMillis(300))).isEmpty();
        assertThat(lent()).isEqualTo(1);
        assertThat(pending()).isEqualTo(1);

        other.call(filling.split(" "));

        assertThat(client.reply()).isEqualTo(answer.replace(" ", "\r\n") + "\r\n");
        assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
    }

    @Test
    void theClientsTimeCounts() {
        long start = System.nanoTime();
        assertThat(client.call("BLPOP", "q", "0.5")).isEqualTo("*-1\r\n");
        assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(400).toNanos());
        assertThat(client.call("BLPOP", "q", "x")).isEqualTo("-ERR timeout is not a float or out of range\r\n");
        assertThat(client.call("GET", "k")).isEqualTo("$-1\r\n");
    }

    @Test
    void aServerThatHangsIsGivenUpWhenTheTimeIsUp() {
        try (RedisServer server = RedisServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.with(pool(server));
                RespClient client = proxy.connect("alone")) {
            client.call("PING");
            client.call("BLPOP", "q", "0.01");
            server.pause();
            assertThat(client.call("BLPOP", "q", "0.2")).isEqualTo("-ERR Connection timed out\r\n");
            server.resume();
        }
    }

    @Test
    void whatComesBehindWaits() {
        client.send(RespClient.encode("BLPOP", "q", "0"));
        client.send(RespClient.encode("SET", "after", "1"));
        client.send(RespClient.encode("PING"));
        awaitBlocked(1);
        assertThat(other.call("GET", "after")).isEqualTo("$-1\r\n");

        other.call("RPUSH", "q", "v");

        assertThat(client.replies(3)).containsExactly("*2\r\n$1\r\nq\r\n$1\r\nv\r\n", "+OK\r\n", "+PONG\r\n");
    }

    @Test
    void whatCameBeforeIsDoneBefore() {
        assertThat(client.pipeline(List.of(
                        new String[] {"RPUSH", "q", "1", "2"},
                        new String[] {"BLPOP", "q", "0"},
                        new String[] {"LLEN", "q"},
                        new String[] {"BLPOP", "q", "0"},
                        new String[] {"BLPOP", "q", "0.01"})))
                .containsExactly(":2\r\n", "*2\r\n$1\r\nq\r\n$1\r\n1\r\n", ":1\r\n", "*2\r\n$1\r\nq\r\n$1\r\n2\r\n", "*-1\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "reset", "half"})
    void aClientThatGoesAwayIsNotWaitedFor(String how) {
        client.command("BLPOP", "q", "0");
        awaitBlocked(1);

        switch (how) {
            case "close" -> client.close();
            case "reset" -> client.reset();
            default -> client.shutdownOutput();
        }

        awaitBlocked(0);
        other.call("RPUSH", "q", "v");
        assertThat(other.call("LLEN", "q")).isEqualTo(":1\r\n");
    }

    @Test
    void keysOnSeveralServersAreRefused() {
        assertThat(client.call("BLPOP", "1:k", "2:k", "3:k", "4:k", "5:k", "0")).startsWith("-CROSSSLOT ");
    }

    @Test
    void otherClientsAreNotKeptWaiting() {
        client.command("BLPOP", "q", "0");
        awaitBlocked(1);
        for (int i = 0; i < 100; i++) {
            assertThat(other.call("SET", "k" + i, "v")).isEqualTo("+OK\r\n");
        }
        other.call("RPUSH", "q", "v");
        assertThat(client.reply()).startsWith("*2");
    }

    @Test
    void watchedKeysStayWatched() {
        client.call("WATCH", "k{t}");
        assertThat(client.call("BLPOP", "q{t}", "0.01")).isEqualTo("*-1\r\n");
        other.call("SET", "k{t}", "1");
        client.call("MULTI");
        assertThat(client.call("EXEC")).isEqualTo("*-1\r\n");
    }

    @Test
    void aServerThatDiesIsHeardOf() {
        try (RedisServer server = RedisServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.with(pool(server));
                RespClient client = proxy.connect("alone")) {
            client.command("BLPOP", "q", "0");
            await().until(() -> server.call("INFO", "clients").contains("blocked_clients:1"));
            server.kill();
            assertThat(client.reply()).startsWith("-ERR ");
            server.restart();
            await().until(() -> client.call("BLPOP", "q", "0.01").equals("*-1\r\n"));
        }
    }

    @Test
    void aPoolThatStopsEndsWhatWaits() {
        ProxyUnderTest proxy = ProxyUnderTest.with(servers.yaml("stopped"));
        try (RespClient client = proxy.connect("stopped"); RespClient idle = proxy.connect("stopped")) {
            client.command("BLPOP", "q", "0");
            idle.call("WATCH", "k");
            awaitBlocked(1);
            proxy.close();
            assertThat(client.untilClosed()).isEqualTo("-ERR pool is shutting down\r\n");
            idle.untilClosed();
        }
    }

    @Test
    void anEjectedServerIsNotWaitedFor() {
        try (RedisServer good = RedisServer.start();
                RedisServer bad = RedisServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.with("""
                        ejecting:
                          listen: free
                          redis: true
                          timeout: 100
                          auto_eject_hosts: true
                          server_failure_limit: 1
                          server_retry_timeout: 60000
                          servers:
                           - 127.0.0.1:%d:1 good
                           - 127.0.0.1:%d:1 bad
                        """.formatted(good.port(), bad.port()));
                RespClient waiting = proxy.connect("ejecting");
                RespClient transacting = proxy.connect("ejecting");
                RespClient other = proxy.connect("ejecting")) {
            String key = keyOf(bad, other);
            waiting.command("BLPOP", "list of " + key, "0");
            transacting.call("WATCH", key);
            bad.pause();
            other.call("GET", key);

            // It may have been at the good one, too: what it waits for may come elsewhere now.
            assertThat(waiting.reply()).isEqualTo("-UNBLOCKED the servers of this pool have changed; ask again\r\n");
            transacting.call("MULTI");
            assertThat(transacting.call("EXEC")).startsWith("-EXECABORT Transaction discarded because of: ");
            bad.resume();
        }
    }

    private static String keyOf(RedisServer server, RespClient client) {
        for (int i = 0; ; i++) {
            client.call("SET", "key" + i, "v");
            if (server.size() > 0) {
                return "key" + i;
            }
        }
    }

    private static String pool(RedisServer server) {
        return """
                alone:
                  listen: free
                  redis: true
                  timeout: 100
                  servers:
                   - 127.0.0.1:%d:1
                """.formatted(server.port());
    }

    private void awaitBlocked(int clients) {
        await().until(() -> blocked() == clients);
    }

    private int blocked() {
        int blocked = 0;
        for (int i = 0; i < 3; i++) {
            String info = servers.get(i).call("INFO", "clients");
            int at = info.indexOf("blocked_clients:") + "blocked_clients:".length();
            blocked += Integer.parseInt(info.substring(at, info.indexOf('\r', at)));
        }
        return blocked;
    }

    private long lent() {
        var pool = proxy.pool("pool");
        return pool.servers().stream().mapToLong(server -> pool.counters(server).lent).sum();
    }

    private long pending() {
        var pool = proxy.pool("pool");
        return pool.servers().stream().mapToLong(pool::pending).sum();
    }
}
