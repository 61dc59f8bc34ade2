package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.Language;
import io.cashew.fixture.ProtocolClient;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RealServer;
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
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// When a server fails, every request gets exactly one answer, in its turn, in twemproxy's words, and requests for other
/// servers get theirs.
///
/// With crc16 and modula the keys a0, c0 and miss0 belong to server a, b0 and d0 to server b.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
abstract class FailureSuite {
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    final Language language;
    RealServer sound;
    ScriptedServer failing;
    ProxyUnderTest proxy;
    ProtocolClient client;

    FailureSuite(Language language) {
        this.language = language;
    }

    /// The beginning of a reply, without its end.
    abstract String halfAReply();

    /// First lines, without their ends, that no reply can have.
    abstract List<String> nonsense();

    /// A request the failing server has no part in, with a reply that is no other request's. A mark is a short word.
    abstract String marked(String mark);

    abstract String replyToMarked(String mark);

    @BeforeEach
    void start() {
        sound = language.server();
        failing = ScriptedServer.that(Behaviour.keepsSilent());
        proxy = ProxyUnderTest.with(
                pool("mixed", "127.0.0.1:" + failing.port() + ":1 b")
                        + pool("dead", "127.0.0.1:" + FreePorts.next() + ":1 b")
                        + pool("nameless", "nosuch.invalid:6379:1 b")
                        + pool("pathless", "/tmp/cashew-no-such.sock:1 b"));
        client = connect("mixed");
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        failing.close();
        sound.close();
    }

    ProtocolClient connect(String pool) {
        return language.connect(proxy.port(pool));
    }

    private String pool(String name, String serverB) {
        return """
                %s:
                  listen: free
                %s  timeout: %d
                  hash: crc16
                  distribution: modula
                  servers:
                   - 127.0.0.1:%d:1 a
                   - %s
                """.formatted(name, language.setting(), TIMEOUT.toMillis(), sound.port(), serverB);
    }

    @ParameterizedTest
    @CsvSource({
        "dead, Connection refused",
        "nameless, Host is down",
        "pathless, No such file or directory",
    })
    void requestsForAnUnreachableServerAreAnsweredWithTheReason(String pool, String reason) {
        try (var client = connect(pool)) {
            var replies = client.askAtOnce(List.of(
                    language.set("a0", "v"), language.get("b0"), language.get("a0"), language.get("a0", "b0", "a0"),
                    language.get("b0"), language.ping(), language.get("a0"), language.get("miss0")));

            String error = language.error(reason);
            assertThat(replies)
                    .containsExactly(
                            language.stored(), error, language.found("a0", "v"), error,
                            error, language.pong(), language.found("a0", "v"), language.missing());
        }
    }

    @Test
    void aServerThatClosesFailsWhatItOwes() {
        failing.now(Behaviour.closes());

        assertThat(aroundTheFailing()).containsExactly(expected(language.error("unknown")));
    }

    @Test
    void aServerThatClosesInTheMiddleOfAReplyFailsWhatItOwes() {
        failing.now(Behaviour.repliesAndCloses(halfAReply()));

        assertThat(aroundTheFailing()).containsExactly(expected(language.error("unknown")));
    }

    @Test
    void aServerThatResetsFailsWhatItOwes() {
        failing.now(Behaviour.resets());

        assertThat(aroundTheFailing()).containsExactly(expected(language.error("Connection reset by peer")));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void aServerThatTalksNonsenseFailsWhatItOwes(String nonsense) {
        failing.now(Behaviour.replies(nonsense + "\r\n"));

        assertThat(client.askAtOnce(List.of(language.get("b0"), language.get("d0"), language.ping())))
                .containsExactly(language.error("Invalid argument"), language.error("Invalid argument"), language.pong());

        failing.now(Behaviour.replies(language.found("b0", "fine")));
        assertThat(client.ask(language.get("b0"))).isEqualTo(language.found("b0", "fine"));
    }

    @Test
    void aServerThatIsSilentFailsWhatItOwesInTime() {
        long start = System.nanoTime();

        assertThat(aroundTheFailing()).containsExactly(expected(language.error("Connection timed out")));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(TIMEOUT.minusMillis(20), TIMEOUT.plusMillis(500));
    }

    @Test
    void aSilentServerHoldsUpNobodyElse() {
        client.send(language.get("b0"));

        try (var other = connect("mixed")) {
            long start = System.nanoTime();
            for (int i = 0; i < 50; i++) {
                assertThat(other.ask(language.set("a0", "v" + i))).isEqualTo(language.stored());
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
        }
        assertThat(client.reply()).isEqualTo(language.error("Connection timed out"));
    }

    @Test
    void anAnswerThatComesTooLateIsNobodysAnswer() {
        failing.now(Behaviour.delays(TIMEOUT.toMillis() + 150, language.found("b0", "too late")));
        assertThat(client.ask(language.get("b0"))).isEqualTo(language.error("Connection timed out"));

        failing.now(Behaviour.delays(200, language.found("b0", "in time")));
        assertThat(client.ask(language.get("b0"))).isEqualTo(language.found("b0", "in time"));
    }

    @Test
    void aSecondReplyNobodyAskedForIsNobodysAnswer() {
        failing.now(Behaviour.replies(language.found("b0", "first") + language.found("b0", "second")));
        assertThat(client.ask(language.get("b0"))).isEqualTo(language.found("b0", "first"));
        failing.now(repliesWithItsKey());
        Awaitility.await().until(() -> failing.connected() == 0);

        assertThat(client.ask(language.get("b0"))).isEqualTo(language.found("b0", "b0"));
    }

    @Test
    void bytesFromAnIdleServerAreNobodysAnswer() {
        failing.now(repliesWithItsKey());
        assertThat(client.ask(language.get("b0"))).isEqualTo(language.found("b0", "b0"));

        failing.sayUnasked(language.found("d0", "surprise"));
        Awaitility.await().until(() -> failing.connected() == 0);

        assertThat(client.ask(language.get("d0"))).isEqualTo(language.found("d0", "d0"));
    }

    @Test
    void aPartThatFailsFailsTheWholeAndLeavesTheConnection() {
        failing.now(Behaviour.closes());

        assertThat(client.askAtOnce(List.of(
                        language.set("a0", "1"), language.get("b0", "a0"), language.get("a0"), language.ping())))
                .containsExactly(
                        language.stored(), language.error("unknown"), language.found("a0", "1"), language.pong());
    }

    @Test
    void aClientThatLeavesTakesOnlyItsOwnAnswersAlong() {
        failing.now((request, connection) -> {
            Behaviour.delays(50, "").on(request, connection);
            repliesWithItsKey().on(request, connection);
        });
        try (var leaving = connect("mixed")) {
            leaving.send(language.get("d0") + language.get("d0"));
            Awaitility.await().until(() -> failing.takeReceived().contains("d0"));
            client.send(language.get("b0"));
        }

        assertThat(client.reply()).isEqualTo(language.found("b0", "b0"));
        assertThat(client.ask(language.get("b0"))).isEqualTo(language.found("b0", "b0"));
    }

    @Test
    void aServerThatComesBackServesAgain() {
        assertThat(client.ask(language.set("a0", "before"))).isEqualTo(language.stored());

        sound.kill();
        Awaitility.await().until(() -> client.ask(language.get("a0")).equals(language.error("Connection refused")));
        sound.restart();

        Awaitility.await().until(() -> client.ask(language.set("a0", "after")).equals(language.stored()));
        assertThat(client.ask(language.get("a0"))).isEqualTo(language.found("a0", "after"));
    }

    @Test
    void aServerThatWasStoppedForAWhileMixesUpNothing() {
        client.ask(language.set("a0", "old"));
        sound.pause();
        assertThat(client.ask(language.get("a0"))).isEqualTo(language.error("Connection timed out"));
        assertThat(client.ask(language.get("c0"))).isEqualTo(language.error("Connection timed out"));

        sound.resume();

        assertThat(client.ask(language.set("c0", "new"))).isEqualTo(language.stored());
        assertThat(client.ask(language.get("a0"))).isEqualTo(language.found("a0", "old"));
        assertThat(client.ask(language.get("c0"))).isEqualTo(language.found("c0", "new"));
    }

    /// A server that does something else with every request, and many clients asking both servers through it all.
    @Test
    void everyRequestGetsExactlyOneAnswerWhateverAServerDoes() throws Exception {
        long seed = RandomGenerator.getDefault().nextLong();
        var whims = new Random(seed);
        List<Behaviour> moods = List.of(
                Behaviour.closes(), Behaviour.resets(), Behaviour.repliesAndCloses(halfAReply()),
                Behaviour.replies(nonsense().getFirst() + "\r\n"));
        failing.now((request, connection) -> {
            int mood;
            synchronized (whims) {
                // One failure takes everything along that is under way on its connection.
                mood = whims.nextInt(1_000);
            }
            (mood < moods.size() ? moods.get(mood) : repliesWithItsKey()).on(request, connection);
        });

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 20; i++) {
                int number = i;
                String name = "client " + i + ", seed " + seed;
                clients.add(() -> askBothServers(number, name));
            }
            int answered = 0;
            for (Future<Integer> answers : threads.invokeAll(clients)) {
                answered += answers.get();
            }
            assertThat(answered).as("answers of the failing server itself, seed %d", seed).isBetween(1_000, 5_999);
        }
    }

    /// Returns how many requests the failing server answered itself.
    private int askBothServers(int number, String name) {
        int answered = 0;
        try (var asking = connect("mixed")) {
            for (int round = 0; round < 30; round++) {
                var requests = new ArrayList<String>();
                for (int i = 0; i < 20; i++) {
                    requests.add(i % 2 == 0 ? language.get(askedOfFailing(i)) : marked(mark(number, round, i)));
                }
                requests.add(language.get("miss0"));
                List<String> replies = asking.askAtOnce(requests);
                for (int i = 0; i < 20; i++) {
                    if (i % 2 == 0 && replies.get(i).startsWith(language.error("").strip())) {
                        assertThat(replies.get(i))
                                .as(name)
                                .isIn(
                                        language.error("unknown"), language.error("Connection reset by peer"),
                                        language.error("Broken pipe"), language.error("Invalid argument"));
                    } else if (i % 2 == 0) {
                        assertThat(replies.get(i)).as(name).isEqualTo(language.found(askedOfFailing(i), askedOfFailing(i)));
                        answered++;
                    } else {
                        assertThat(replies.get(i)).as(name).isEqualTo(replyToMarked(mark(number, round, i)));
                    }
                }
                assertThat(replies.get(20)).as(name).isEqualTo(language.missing());
            }
            assertThat(asking.untilQuiet(Duration.ofMillis(20))).as(name).isEmpty();
        }
        return answered;
    }

    private static String mark(int client, int round, int request) {
        return client + "-" + round + "-" + request;
    }

    private static String askedOfFailing(int number) {
        return number % 4 == 0 ? "b0" : "d0";
    }

    /// Answers a request for one key with the key as its value, so that a reply tells which request it is for.
    private Behaviour repliesWithItsKey() {
        return (request, connection) -> {
            String text = RespClient.text(request);
            String key = Stream.of("b0", "d0").filter(text::contains).findFirst().orElseThrow();
            Behaviour.replies(language.found(key, key)).on(request, connection);
        };
    }

    /// Replies to requests for the sound server, for the failing one, and for the proxy itself, in one pipeline.
    private List<String> aroundTheFailing() {
        return client.askAtOnce(List.of(
                language.set("a0", "v"), language.get("b0"), language.get("a0"), language.get("d0"), language.ping(),
                language.get("a0")));
    }

    private String[] expected(String failure) {
        return new String[] {
            language.stored(), failure, language.found("a0", "v"), failure, language.pong(), language.found("a0", "v")
        };
    }
}
