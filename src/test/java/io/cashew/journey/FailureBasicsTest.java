package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.ScriptedServer.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When a server fails, every request gets exactly one answer, in its turn, in twemproxy's words, and requests for other
/// servers get theirs.
///
/// With crc16 and modula the keys a0, c0 and miss0 belong to server a, b0 and d0 to server b.
@Timeout(60)
class FailureBasicsTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private RedisServer sound;
    private ScriptedServer failing;
    private ProxyUnderTest proxy;
    private RespClient client;

    @BeforeEach
    void start() {
        sound = RedisServer.start();
        failing = ScriptedServer.that(Behaviour.keepsSilent());
        proxy = ProxyUnderTest.with(
                pool("mixed", "127.0.0.1:" + failing.port() + ":1 b")
                        + pool("dead", "127.0.0.1:" + FreePorts.next() + ":1 b")
                        + pool("nameless", "nosuch.invalid:6379:1 b")
                        + pool("pathless", "/tmp/cashew-no-such.sock:1 b"));
        client = proxy.connect("mixed");
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        failing.close();
        sound.close();
    }

    private String pool(String name, String serverB) {
        return """
                %s:
                  listen: free
                  redis: true
                  timeout: %d
                  hash: crc16
                  distribution: modula
                  servers:
                   - 127.0.0.1:%d:1 a
                   - %s
                """.formatted(name, TIMEOUT.toMillis(), sound.port(), serverB);
    }

    @ParameterizedTest
    @CsvSource({
        "dead, Connection refused",
        "nameless, Host is down",
        "pathless, No such file or directory",
    })
    void requestsForAnUnreachableServerAreAnsweredWithTheReason(String pool, String reason) {
        try (var client = proxy.connect(pool)) {
            var replies = client.pipeline(List.of(
                    words("SET a0 v"), words("GET b0"), words("GET a0"), words("MGET a0 b0 a0"), words("GET b0"),
                    words("DEL b0 a0"), words("PING"), words("GET a0"), words("MSET a0 w b0 x"), words("GET a0")));

            String error = "-ERR " + reason + "\r\n";
            assertThat(replies)
                    .containsExactly(
                            "+OK\r\n", error, "$1\r\nv\r\n", error, error,
                            error, "+PONG\r\n", "$-1\r\n", error, "$1\r\nw\r\n");
        }
    }

    @Test
    void aServerThatClosesFailsWhatItOwes() {
        failing.now(Behaviour.closes());

        assertThat(aroundTheFailing(client)).containsExactly(expected("-ERR unknown\r\n"));
    }

    @Test
    void aServerThatClosesInTheMiddleOfAReplyFailsWhatItOwes() {
        failing.now(Behaviour.repliesAndCloses("$10\r\nabc"));

        assertThat(aroundTheFailing(client)).containsExactly(expected("-ERR unknown\r\n"));
    }

    @Test
    void aServerThatResetsFailsWhatItOwes() {
        failing.now(Behaviour.resets());

        assertThat(aroundTheFailing(client)).containsExactly(expected("-ERR Connection reset by peer\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"hello", "%1", "_", "$x", "$1x", "*y"})
    void aServerThatTalksNonsenseFailsWhatItOwes(String nonsense) {
        failing.now(Behaviour.replies(nonsense + "\r\n"));

        assertThat(client.pipeline(List.of(words("GET b0"), words("GET d0"), words("PING"))))
                .containsExactly("-ERR Invalid argument\r\n", "-ERR Invalid argument\r\n", "+PONG\r\n");

        failing.now(Behaviour.replies("+fine\r\n"));
        assertThat(client.call("GET", "b0")).isEqualTo("+fine\r\n");
    }

    @Test
    void aServerThatIsSilentFailsWhatItOwesInTime() {
        long start = System.nanoTime();

        assertThat(aroundTheFailing(client)).containsExactly(expected("-ERR Connection timed out\r\n"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(TIMEOUT.minusMillis(20), TIMEOUT.plusMillis(500));
    }

    @Test
    void aSilentServerHoldsUpNobodyElse() {
        client.command("GET", "b0");

        try (var other = proxy.connect("mixed")) {
            long start = System.nanoTime();
            for (int i = 0; i < 50; i++) {
                assertThat(other.call("SET", "a0", "v" + i)).isEqualTo("+OK\r\n");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
        }
        assertThat(client.reply()).isEqualTo("-ERR Connection timed out\r\n");
    }

    @Test
    void anAnswerThatComesTooLateIsNobodysAnswer() {
        failing.now(Behaviour.delays(TIMEOUT.toMillis() + 150, "+too late\r\n"));
        assertThat(client.call("GET", "b0")).isEqualTo("-ERR Connection timed out\r\n");

        failing.now(Behaviour.delays(200, "+in time\r\n"));
        assertThat(client.call("GET", "b0")).isEqualTo("+in time\r\n");
    }

    @Test
    void aSecondReplyNobodyAskedForIsNobodysAnswer() {
        failing.now(Behaviour.replies("+first\r\n+second\r\n"));
        assertThat(client.call("GET", "b0")).isEqualTo("+first\r\n");
        failing.now(Behaviour.repliesWithItsKey());
        Awaitility.await().until(() -> failing.connected() == 0);

        assertThat(client.call("GET", "b0")).isEqualTo("$2\r\nb0\r\n");
    }

    @Test
    void bytesFromAnIdleServerAreNobodysAnswer() {
        failing.now(Behaviour.repliesWithItsKey());
        assertThat(client.call("GET", "b0")).isEqualTo("$2\r\nb0\r\n");

        failing.sayUnasked("+surprise\r\n");
        Awaitility.await().until(() -> failing.connected() == 0);

        assertThat(client.call("GET", "d0")).isEqualTo("$2\r\nd0\r\n");
    }

    @Test
    void aPartThatFailsFailsTheWholeAndLeavesTheConnection() {
        failing.now(Behaviour.closes());

        assertThat(client.pipeline(List.of(words("MSET a0 1 b0 2"), words("MGET b0 a0"), words("GET a0"))))
                .containsExactly("-ERR unknown\r\n", "-ERR unknown\r\n", "$1\r\n1\r\n");
        assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
    }

    @Test
    void aClientThatLeavesTakesOnlyItsOwnAnswersAlong() {
        failing.now((request, connection) -> {
            Behaviour.delays(50, "").on(request, connection);
            Behaviour.repliesWithItsKey().on(request, connection);
        });
        try (var leaving = proxy.connect("mixed")) {
            leaving.command("GET", "d0").command("GET", "d0");
            Awaitility.await().until(() -> failing.takeReceived().contains("d0"));
            client.command("GET", "b0");
        }

        assertThat(client.reply()).isEqualTo("$2\r\nb0\r\n");
        assertThat(client.call("GET", "b0")).isEqualTo("$2\r\nb0\r\n");
    }

    @Test
    void aServerThatComesBackServesAgain() {
        assertThat(client.call("SET", "a0", "before")).isEqualTo("+OK\r\n");

        sound.kill();
        Awaitility.await().until(() -> client.call("GET", "a0").equals("-ERR Connection refused\r\n"));
        sound.restart();

        Awaitility.await().until(() -> client.call("SET", "a0", "after").equals("+OK\r\n"));
        assertThat(client.call("GET", "a0")).isEqualTo("$5\r\nafter\r\n");
    }

    @Test
    void aServerThatWasStoppedForAWhileMixesUpNothing() {
        client.call("SET", "a0", "old");
        sound.pause();
        assertThat(client.call("GET", "a0")).isEqualTo("-ERR Connection timed out\r\n");
        assertThat(client.call("GET", "c0")).isEqualTo("-ERR Connection timed out\r\n");

        sound.resume();

        assertThat(client.call("SET", "c0", "new")).isEqualTo("+OK\r\n");
        assertThat(client.call("GET", "a0")).isEqualTo("$3\r\nold\r\n");
        assertThat(client.call("GET", "c0")).isEqualTo("$3\r\nnew\r\n");
    }

    /// A server that does something else with every request, and many clients asking both servers through it all.
    @Test
    void everyRequestGetsExactlyOneAnswerWhateverAServerDoes() throws Exception {
        long seed = RandomGenerator.getDefault().nextLong();
        var whims = new Random(seed);
        List<Behaviour> moods = List.of(
                Behaviour.closes(), Behaviour.resets(), Behaviour.repliesAndCloses("$10\r\nabc"),
                Behaviour.replies("nonsense\r\n"));
        failing.now((request, connection) -> {
            int mood;
            synchronized (whims) {
                // One failure takes everything along that is under way on its connection.
                mood = whims.nextInt(1_000);
            }
            (mood < moods.size() ? moods.get(mood) : Behaviour.repliesWithItsKey()).on(request, connection);
        });

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 20; i++) {
                String name = "client " + i + ", seed " + seed;
                clients.add(() -> askBothServers(name));
            }
            int answered = 0;
            for (Future<Integer> answers : threads.invokeAll(clients)) {
                answered += answers.get();
            }
            assertThat(answered).as("answers of the failing server itself, seed %d", seed).isBetween(1_000, 5_999);
        }
    }

    /// Returns how many requests the failing server answered itself.
    private int askBothServers(String name) {
        int answered = 0;
        try (var asking = proxy.connect("mixed")) {
            for (int round = 0; round < 30; round++) {
                var commands = new ArrayList<String[]>();
                for (int i = 0; i < 20; i++) {
                    commands.add(i % 2 == 0 ? new String[] {"GET", i % 4 == 0 ? "b0" : "d0"} : new String[] {"ECHO", name + i});
                }
                commands.add(words("GET miss0"));
                List<String> replies = asking.pipeline(commands);
                for (int i = 0; i < 20; i++) {
                    String word = commands.get(i)[1];
                    String own = "$" + word.length() + "\r\n" + word + "\r\n";
                    if (i % 2 == 0 && replies.get(i).startsWith("-")) {
                        assertThat(replies.get(i))
                                .as(name)
                                .isIn(
                                        "-ERR unknown\r\n", "-ERR Connection reset by peer\r\n",
                                        "-ERR Broken pipe\r\n", "-ERR Invalid argument\r\n");
                    } else {
                        assertThat(replies.get(i)).as(name).isEqualTo(own);
                        answered += i % 2 == 0 ? 1 : 0;
                    }
                }
                assertThat(replies.get(20)).as(name).isEqualTo("$-1\r\n");
            }
            assertThat(asking.untilQuiet(Duration.ofMillis(20))).as(name).isEmpty();
        }
        return answered;
    }

    /// Replies to requests for the sound server, for the failing one, and for the proxy itself, in one pipeline.
    private static List<String> aroundTheFailing(RespClient client) {
        return client.pipeline(List.of(
                words("SET a0 v"), words("GET b0"), words("GET a0"), words("GET d0"), words("PING"), words("GET a0")));
    }

    private static String[] expected(String failure) {
        return new String[] {"+OK\r\n", failure, "$1\r\nv\r\n", failure, "+PONG\r\n", "$1\r\nv\r\n"};
    }

    private static String[] words(String command) {
        return command.split(" ");
    }
}
