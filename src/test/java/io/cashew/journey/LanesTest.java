package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.ScriptedServer.Behaviour;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that speak different dialects and use different databases, on one pool: each has server connections of its kind,
/// and what one client asks is done in its order, whichever of them it travels on.
@Timeout(60)
class LanesTest extends BesideOneServerSuite {
    @Override
    String pools() {
        return single.yaml("one", "databases: 4")
                + three.yaml("three", "databases: 4", "redis_db: 1", "server_connections: 2", "allow_flush: true")
                + three.yaml("closed");
    }

    @Test
    void eachClientHearsItsOwnDialect() {
        try (RespClient two = proxy.connect("three"); RespClient three = proxy.connect("three")) {
            assertThat(three.call("HELLO", "3")).startsWith("%7\r\n").contains("proto\r\n:3\r\n");
            assertThat(two.call("HSET", "h", "f", "v")).isEqualTo(":1\r\n");

            assertThat(three.call("HGETALL", "h")).isEqualTo("%1\r\n$1\r\nf\r\n$1\r\nv\r\n");
            assertThat(two.call("HGETALL", "h")).isEqualTo("*2\r\n$1\r\nf\r\n$1\r\nv\r\n");
            assertThat(three.call("MGET", "a", "b", "c")).isEqualTo("*3\r\n_\r\n_\r\n_\r\n");
            assertThat(two.call("MGET", "a", "b", "c")).isEqualTo("*3\r\n$-1\r\n$-1\r\n$-1\r\n");
            assertThat(three.call("CLIENT", "GETNAME")).isEqualTo("_\r\n");
            assertThat(three.call("RESET")).isEqualTo("+RESET\r\n");
            assertThat(three.call("HGETALL", "h")).isEqualTo("*2\r\n$1\r\nf\r\n$1\r\nv\r\n");
        }
    }

    @Test
    void aDatabaseIsTheClientsOwnChoice() {
        try (RespClient here = proxy.connect("three"); RespClient there = proxy.connect("three")) {
            assertThat(there.call("SELECT", "3")).isEqualTo("+OK\r\n");
            assertThat(there.call("SET", "k", "there")).isEqualTo("+OK\r\n");

            assertThat(here.call("GET", "k")).isEqualTo("$-1\r\n");
            assertThat(here.call("SELECT", "4"))
                    .isEqualTo("-ERR DB index is out of range: this pool serves databases 0 to 3\r\n");
            assertThat(here.call("SELECT", "3")).isEqualTo("+OK\r\n");
            assertThat(here.call("GET", "k")).isEqualTo("$5\r\nthere\r\n");
            assertThat(here.call("CLIENT", "INFO")).contains(" db=3 ");
            assertThat(here.call("RESET")).isEqualTo("+RESET\r\n");
            assertThat(here.call("CLIENT", "INFO")).contains(" db=1 ");
            assertThat(here.call("GET", "k")).isEqualTo("$-1\r\n");
        }
    }

    @Test
    void keysMoveBetweenTheDatabasesOfAPool() {
        try (RespClient client = proxy.connect("three")) {
            client.call("SET", "k", "v");
            assertThat(client.call("MOVE", "k", "3")).isEqualTo(":1\r\n");
            assertThat(client.call("EXISTS", "k")).isEqualTo(":0\r\n");
            assertThat(client.call("SELECT", "3")).isEqualTo("+OK\r\n");
            assertThat(client.call("COPY", "k", "k", "DB", "0")).isEqualTo(":1\r\n");
            assertThat(client.call("MULTI")).isEqualTo("+OK\r\n");
            assertThat(client.call("MOVE", "k", "2")).isEqualTo("+QUEUED\r\n");
            assertThat(client.call("EXEC")).isEqualTo("*1\r\n:1\r\n");
            assertThat(client.call("SELECT", "2")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");

            assertThat(client.call("MOVE", "k", "nowhere")).isEqualTo("-ERR value is not an integer or out of range\r\n");
            assertThat(client.call("COPY", "k", "k")).isEqualTo("-ERR source and destination objects are the same\r\n");
        }
    }

    /// The servers have sixteen.
    @Test
    void noKeyLeavesTheDatabasesOfItsPool() {
        String four = "-ERR DB index is out of range: this pool serves databases 0 to 3\r\n";
        try (RespClient client = proxy.connect("three"); RespClient closed = proxy.connect("closed")) {
            client.call("SET", "k", "v");
            assertThat(client.call("MOVE", "k", "4")).isEqualTo(four);
            assertThat(client.call("COPY", "k", "k", "REPLACE", "db", "-1")).isEqualTo(four);
            assertThat(client.call("COPY", "k", "k", "DB", "3", "DB", "15")).isEqualTo(four);
            assertThat(client.call("MULTI")).isEqualTo("+OK\r\n");
            assertThat(client.call("MOVE", "k", "4")).isEqualTo(four);
            assertThat(client.call("EXEC")).startsWith("-EXECABORT ");
            assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");

            closed.call("SET", "k", "v");
            assertThat(closed.call("COPY", "k", "k", "DB", "1"))
                    .isEqualTo("-ERR DB index is out of range: this pool serves database 0 only\r\n");
        }
    }

    @Test
    void aWholePoolIsAskedInTheClientsDialectAndDatabase() {
        try (RespClient here = proxy.connect("three"); RespClient there = proxy.connect("three")) {
            there.call("HELLO", "3");
            there.call("SELECT", "3");
            assertThat(here.call("RANDOMKEY")).isEqualTo("$-1\r\n");
            assertThat(there.call("RANDOMKEY")).isEqualTo("_\r\n");
            here.call("MSET", "a", "1", "b", "2", "c", "3", "d", "4");
            there.call("SET", "k", "v");

            assertThat(here.call("DBSIZE")).isEqualTo(":4\r\n");
            assertThat(there.call("DBSIZE")).isEqualTo(":1\r\n");
            assertThat(here.call("KEYS", "k")).isEqualTo("*0\r\n");
            assertThat(there.call("KEYS", "*")).isEqualTo("*1\r\n$1\r\nk\r\n");
            assertThat(there.call("RANDOMKEY")).isEqualTo("$1\r\nk\r\n");
            assertThat(there.call("SCRIPT", "EXISTS", "x", "y")).isEqualTo("*2\r\n:0\r\n:0\r\n");
            assertThat(there.call("FLUSHDB")).isEqualTo("+OK\r\n");
            assertThat(there.call("DBSIZE")).isEqualTo(":0\r\n");
            assertThat(here.call("DBSIZE")).isEqualTo(":4\r\n");
        }
    }

    @Test
    void whatNobodyUsesIsNotConnected() {
        try (RespClient client = proxy.connect("closed")) {
            client.call("SELECT", "0");
            client.call("MSET", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6");
            long used = connections("closed");
            // Has servers asked for their version, once.
            client.call("HELLO", "2");
            long connected = connections("closed");
            client.call("HELLO", "3");
            assertThat(connections("closed")).isEqualTo(connected);

            client.call("MGET", "a", "b", "c", "d", "e", "f");

            await().untilAsserted(() -> assertThat(connections("closed")).isEqualTo(connected + used));
        }
    }

    private long connections(String pool) {
        var running = proxy.pool(pool);
        return running.servers().stream().mapToLong(server -> running.counters(server).connections).sum();
    }

    /// The server takes its time, so what did not wait would be asked before the answer is given.
    @Test
    void whatTakesAnotherWayWaitsForWhatIsUnderWay() {
        var events = Collections.synchronizedList(new ArrayList<String>());
        try (var slow = ScriptedServer.that((request, connection) -> {
                    String command = RespClient.text(request).split("\r\n")[2];
                    events.add(command + " asked");
                    Behaviour.delays(100, "").on(request, connection);
                    events.add(command + " answered");
                    Behaviour.replies("+OK\r\n").on(request, connection);
                });
                var proxy = ProxyUnderTest.with(
                        "slow:\n  listen: free\n  redis: true\n  databases: 2\n  servers:\n   - 127.0.0.1:" + slow.port() + ":1\n");
                RespClient client = proxy.connect("slow")) {
            var replies = client.pipeline(List.of(
                    new String[] {"GET", "k"}, new String[] {"SELECT", "1"}, new String[] {"INCR", "k"}, new String[] {"PING"},
                    new String[] {"HELLO", "3"}, new String[] {"DEL", "k"}));

            assertThat(replies).startsWith("+OK\r\n", "+OK\r\n", "+OK\r\n", "+PONG\r\n").endsWith("+OK\r\n");
            assertThat(events)
                    .filteredOn(event -> !event.startsWith("INFO "))
                    .containsExactly(
                            "GET asked", "GET answered",
                            "SELECT asked", "SELECT answered", "INCR asked", "INCR answered",
                            "HELLO asked", "HELLO answered", "SELECT asked", "SELECT answered", "DEL asked", "DEL answered");
        }
    }

    @Test
    void aClientThatHasEndedItsSideGetsAnswersFromAllLanes() {
        try (RespClient client = proxy.connect("three")) {
            client.command("SET", "k", "v").send("SELECT 2\r\n").command("GET", "k").send("*02\r\n$5\r\nHELLO\r\n$1\r\n3\r\n")
                    .command("GET", "k");
            client.shutdownOutput();

            assertThat(client.untilClosed())
                    .startsWith("+OK\r\n+OK\r\n$-1\r\n%7\r\n")
                    .endsWith("*0\r\n_\r\n");
        }
    }

    @Test
    void clientsOfAllLanesDoNotHearEachOther() throws Exception {
        var clients = new ArrayList<Callable<Void>>();
        for (int number = 0; number < 8; number++) {
            String dialect = number % 2 == 0 ? "2" : "3";
            String database = String.valueOf(number / 2);
            String map = number % 2 == 0 ? "*2" : "%1";
            String value = "value of " + number;
            clients.add(() -> {
                try (RespClient client = proxy.connect("three")) {
                    client.call("SELECT", database);
                    client.call("HELLO", dialect);
                    for (int round = 0; round < 100; round++) {
                        String key = dialect + round;
                        assertThat(client.pipeline(List.of(
                                        new String[] {"HSET", key, "f", value}, new String[] {"HGETALL", key},
                                        new String[] {"DEL", key, "x"})))
                                .containsExactly(
                                        ":1\r\n", map + "\r\n$1\r\nf\r\n$" + value.length() + "\r\n" + value + "\r\n", ":1\r\n");
                    }
                    return null;
                }
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void pipelinedChangesOfDialectAndDatabaseKeepTheirOrder(long seed) {
        var random = new SplittableRandom(seed);
        var commands = new ArrayList<String[]>();
        // The pool of three begins in database 1.
        commands.add(new String[] {"SELECT", "1"});
        commands.add(new String[] {"MSET", "a", "x", "b", "y", "h{t}", "z"});
        for (int i = 0; i < 120; i++) {
            commands.add(command(random));
        }

        assertAnswersAreThoseOfOneServer(commands, random);
    }

    /// `RESET` is left out, because it would lead to database 0 of the server and to 1 of the pool.
    private static String[] command(SplittableRandom random) {
        String key = List.of("a", "b", "c", "h{t}").get(random.nextInt(4));
        return switch (random.nextInt(11)) {
            case 0 -> new String[] {"SELECT", String.valueOf(random.nextInt(4))};
            case 1 -> new String[] {"HELLO", String.valueOf(2 + random.nextInt(2))};
            case 2 -> new String[] {"HSET", key, "f", String.valueOf(random.nextInt(9))};
            case 3 -> new String[] {"HGETALL", key};
            case 4 -> new String[] {"DEL", key, "c"};
            case 5 -> new String[] {"MGET", "a", "b", "c"};
            case 6 -> new String[] {"APPEND", key, "x"};
            case 7 -> new String[] {"PING"};
            case 8 -> new String[] {"DBSIZE"};
            default -> new String[] {"GET", key};
        };
    }
}
