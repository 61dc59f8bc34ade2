package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// MULTI, EXEC, DISCARD, WATCH and UNWATCH: what is executed is what one server would have executed, or nothing.
@Timeout(120)
class TransactionsTest extends BesideOneServerSuite {
    private static final String ABORTED = "-EXECABORT Transaction discarded because of previous errors.\r\n";
    private static final String CROSSSLOT = "-CROSSSLOT Keys in request don't hash to the same server; give them a common hash tag,"
            + " and the pool a hash_tag setting\r\n";

    @Override
    String pools() {
        return single.yaml("one") + three.yaml("three", "hash_tag: \"{}\"");
    }

    @AfterEach
    void nothingIsLent() {
        for (String pool : List.of("one", "three")) {
            await().untilAsserted(() -> assertThat(lent(pool)).as("connections lent by %s", pool).isZero());
        }
    }

    @Test
    void aTransactionIsExecutedByOneServer() {
        try (RespClient client = proxy.connect("three")) {
            assertThat(client.call("MULTI")).isEqualTo("+OK\r\n");
            assertThat(client.call("PING")).isEqualTo("+QUEUED\r\n");
            assertThat(client.call("SET", "a{t}", "1")).isEqualTo("+QUEUED\r\n");
            assertThat(client.call("INCR", "a{t}")).isEqualTo("+QUEUED\r\n");
            assertThat(client.call("MGET", "a{t}", "b{t}")).isEqualTo("+QUEUED\r\n");
            assertThat(lent("three")).isEqualTo(1);
            assertThat(client.call("EXEC")).isEqualTo("*4\r\n+PONG\r\n+OK\r\n:2\r\n*2\r\n$1\r\n2\r\n$-1\r\n");
            assertThat(client.call("GET", "a{t}")).isEqualTo("$1\r\n2\r\n");
            assertThat(three.size()).isEqualTo(1);
        }
    }

    @Test
    void aKeyOfAnotherServerFailsItsCommandAndTheTransaction() {
        try (RespClient client = proxy.connect("three")) {
            assertThat(client.pipeline(List.of(
                            words("MULTI"), words("SET a 1"), words("MSET 1:k 1 2:k 2 3:k 3 4:k 4 5:k 5"), words("SET a 2"),
                            words("EXEC"))))
                    .containsExactly("+OK\r\n", "+QUEUED\r\n", CROSSSLOT, "+QUEUED\r\n", ABORTED);
            assertThat(client.pipeline(List.of(words("MULTI"), words("MGET 1:k 2:k 3:k 4:k 5:k"), words("SET a 1"), words("EXEC"))))
                    .containsExactly("+OK\r\n", CROSSSLOT, "+QUEUED\r\n", ABORTED);
            assertThat(client.call("WATCH", "1:k", "2:k", "3:k", "4:k", "5:k")).isEqualTo(CROSSSLOT);
            assertThat(client.call("GET", "a")).isEqualTo("$-1\r\n");
        }
        assertThat(three.size()).isZero();
    }

    @Test
    void aWholePoolIsAskedBesidesWatchedKeysAndNotInsideATransaction() {
        try (RespClient client = proxy.connect("three")) {
            assertThat(client.pipeline(List.of(
                            words("WATCH a"), words("MSET b 1 c 1 d 1"), words("DBSIZE"), words("SCAN 9007199254740991"),
                            words("MULTI"),
                            words("DBSIZE"), words("EXEC"), words("DBSIZE"))))
                    .containsExactly(
                            "+OK\r\n", "+OK\r\n", ":3\r\n", "*2\r\n$1\r\n0\r\n*0\r\n", "+OK\r\n",
                            "-ERR 'dbsize' cannot be part of a transaction here, because no single server could answer it; ask before"
                                    + " MULTI\r\n",
                            ABORTED, ":3\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KEYS *", "SCAN 0", "SCRIPT LOAD return", "FLUSHALL", "NOSUCH", "GET", "CLIENT GETNAME", "SUBSCRIBE x",
            "SELECT 0"})
    void behindARefusedCommandNothingIsExecuted(String refused) {
        try (RespClient client = proxy.connect("three")) {
            List<String> replies = client.pipeline(
                    List.of(words("MULTI"), words("SET a 1"), words(refused), words("SET a 2"), words("EXEC")));

            assertThat(replies.get(2)).startsWith("-ERR ");
            assertThat(replies.get(4)).isEqualTo(ABORTED);
            assertThat(client.call("GET", "a")).isEqualTo("$-1\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "three"})
    void aConflictIsDetected(String pool) {
        try (RespClient client = proxy.connect(pool); RespClient other = proxy.connect(pool)) {
            client.call("SET", "balance", "10");
            assertThat(client.call("WATCH", "balance")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "balance")).isEqualTo("$2\r\n10\r\n");
            other.call("SET", "balance", "20");
            assertThat(client.pipeline(List.of(words("MULTI"), words("SET balance 11"), words("EXEC"))))
                    .containsExactly("+OK\r\n", "+QUEUED\r\n", "*-1\r\n");
            assertThat(client.call("GET", "balance")).isEqualTo("$2\r\n20\r\n");

            client.call("WATCH", "balance");
            assertThat(client.pipeline(List.of(words("MULTI"), words("EXEC")))).containsExactly("+OK\r\n", "*0\r\n");
            client.call("WATCH", "balance");
            other.call("SET", "balance", "30");
            assertThat(client.call("UNWATCH")).isEqualTo("+OK\r\n");
            assertThat(client.pipeline(List.of(words("MULTI"), words("INCR balance"), words("EXEC"))))
                    .containsExactly("+OK\r\n", "+QUEUED\r\n", "*1\r\n:31\r\n");
        }
    }

    @Test
    void ownWritesOverOtherConnectionsAreSeenInOrder() {
        try (RespClient client = proxy.connect("three")) {
            assertThat(client.pipeline(List.of(
                            words("SET k 1"), words("WATCH k"), words("INCR k"), words("MULTI"), words("GET k"), words("EXEC"),
                            words("GET k"),
                            words("MULTI"), words("INCR k"), words("EXEC"), words("GET k"), words("MULTI"), words("INCR k"),
                            words("EXEC"))))
                    .containsExactly(
                            "+OK\r\n", "+OK\r\n", ":2\r\n", "+OK\r\n", "+QUEUED\r\n", "*-1\r\n", "$1\r\n2\r\n",
                            "+OK\r\n", "+QUEUED\r\n", "*1\r\n:3\r\n", "$1\r\n3\r\n", "+OK\r\n", "+QUEUED\r\n", "*1\r\n:4\r\n");
        }
    }

    @Test
    void aClientThatLeavesExecutesNothing() {
        for (String end : List.of("QUIT", "close", "reset", "half")) {
            try (RespClient client = proxy.connect("three")) {
                client.pipeline(List.of(words("MULTI"), words("SET a " + end)));
                switch (end) {
                    case "QUIT" -> assertThat(client.call("QUIT")).isEqualTo("+OK\r\n");
                    case "reset" -> client.reset();
                    case "half" -> client.shutdownOutput().untilClosed();
                    default -> {}
                }
            }
            nothingIsLent();
            assertThat(three.size()).as(end).isZero();
        }
        try (RespClient client = proxy.connect("three")) {
            assertThat(client.pipeline(List.of(words("MULTI"), words("SET a 1"), words("RESET"), words("EXEC"), words("GET a"))))
                    .containsExactly("+OK\r\n", "+QUEUED\r\n", "+RESET\r\n", "-ERR EXEC without MULTI\r\n", "$-1\r\n");
        }
    }

    @Test
    void aServerThatRefusesMultiIsNotGivenWhatFollows() {
        try (RedisServer server = RedisServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.with(server.yaml("pool"));
                RespClient client = proxy.connect("pool")) {
            server.call("ACL", "SETUSER", "default", "-multi");

            List<String> replies =
                    client.pipeline(List.of(words("MULTI"), words("SET a 1"), words("SET b 1"), words("EXEC"), words("GET a")));

            assertThat(replies.get(1)).startsWith("-ERR server refuses MULTI");
            assertThat(replies.subList(2, 5)).containsExactly("+QUEUED\r\n", ABORTED, "$-1\r\n");
            assertThat(server.size()).isZero();
        }
    }

    @Test
    void aServerThatIsLostInTheMiddleExecutesNothing() {
        try (RedisServer server = RedisServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.with(server.yaml("pool"));
                RespClient client = proxy.connect("pool")) {
            client.pipeline(List.of(words("MULTI"), words("SET a 1")));
            server.kill();
            server.restart();
            assertThat(client.call("EXEC")).startsWith("-EXECABORT Transaction discarded because of: ");

            client.call("WATCH", "a");
            server.kill();
            server.restart();
            await().until(() -> client.call("GET", "a").equals("$-1\r\n"));
            client.call("MULTI");
            client.call("SET", "a", "1");
            assertThat(client.call("EXEC")).startsWith("-EXECABORT ");
            assertThat(client.pipeline(List.of(words("MULTI"), words("SET a 1"), words("EXEC"))))
                    .containsExactly("+OK\r\n", "+QUEUED\r\n", "*1\r\n+OK\r\n");
        }
    }

    @Test
    void anAnswerThatIsLostIsSaidToBeUncertain() {
        try (RedisServer server = RedisServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.with(server.yaml("pool"));
                RespClient client = proxy.connect("pool")) {
            client.pipeline(List.of(words("MULTI"), words("SET a 1")));
            server.pause();
            client.command("EXEC");
            await().until(() -> proxy.pool("pool").pending(proxy.pool("pool").servers().getFirst()) > 0);
            server.kill();
            assertThat(client.reply())
                    .isEqualTo("-ERR server connection was lost before EXEC was answered; "
                            + "the transaction may have been executed\r\n");
        }
    }

    @Test
    void asManyAsAllowedMayHoldConnections() {
        try (ProxyUnderTest proxy = ProxyUnderTest.with(three.yaml("few"), LimitsOf.written("private-connections", 1));
                RespClient one = proxy.connect("few");
                RespClient two = proxy.connect("few")) {
            one.pipeline(List.of(words("MULTI"), words("SET a 1")));
            assertThat(two.pipeline(List.of(words("MULTI"), words("SET a 2"), words("EXEC"), words("BLPOP q 1"), words("WATCH a"))))
                    .containsExactly(
                            "+OK\r\n",
                            "-ERR too many clients of this pool wait for data or are in a transaction\r\n",
                            ABORTED,
                            "-ERR too many clients of this pool wait for data or are in a transaction\r\n",
                            "-ERR too many clients of this pool wait for data or are in a transaction\r\n");
            assertThat(one.call("EXEC")).isEqualTo("*1\r\n+OK\r\n");
            assertThat(two.call("WATCH", "a")).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void connectionsAreUsedAgain() {
        try (RedisServer server = RedisServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.with(server.yaml("pool"));
                RespClient client = proxy.connect("pool")) {
            for (int i = 1; i <= 50; i++) {
                assertThat(client.pipeline(List.of(words("WATCH a"), words("MULTI"), words("INCR a"), words("EXEC"))).get(3))
                        .isEqualTo("*1\r\n:" + i + "\r\n");
            }
            // Those of our own are short.
            assertThat(proxy.pool("pool").counters(proxy.pool("pool").servers().getFirst()).connections).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void sequencesGetWhatOneServerAnswers(long seed) {
        var random = new SplittableRandom(seed);
        var commands = new ArrayList<String[]>();
        if (seed % 2 == 0) {
            commands.add(words("HELLO 3"));
        }
        for (int i = 0; i < 150; i++) {
            commands.add(command(random));
        }

        assertAnswersAreThoseOfOneServer(commands, random);
    }

    private static String[] command(SplittableRandom random) {
        String key = List.of("a{t}", "b{t}", "c{t}").get(random.nextInt(3));
        return words(switch (random.nextInt(24)) {
            case 0, 1, 2 -> "MULTI";
            case 3, 4, 5 -> "EXEC";
            case 6 -> "DISCARD";
            case 7, 8 -> "WATCH " + key;
            case 9 -> "UNWATCH";
            case 10 -> "GET";
            case 11 -> "NOSUCH x";
            case 12 -> "EXEC x";
            case 13 -> "MGET a{t} b{t} c{t}";
            case 14 -> "DEL a{t} b{t}";
            case 15 -> "PING";
            case 16 -> "RPUSH l{t} x";
            case 17 -> "BLPOP l{t} 0.001";
            case 18 -> "EVAL return{1,2} 0";
            case 19 -> "HSET h{t} f " + random.nextInt(5);
            case 20 -> "HGETALL h{t}";
            case 21 -> "APPEND " + key + " x";
            case 22 -> "INCR n{t}";
            default -> "GET " + key;
        });
    }

    private long lent(String pool) {
        var running = proxy.pool(pool);
        return running.servers().stream().mapToLong(server -> running.counters(server).lent).sum();
    }

    private static String[] words(String line) {
        return line.split(" ");
    }
}
