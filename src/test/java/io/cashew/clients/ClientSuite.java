package io.cashew.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashew.fixture.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What an application does with a client library, in every [Way], over a pool of three servers and over one with a password.
/// The library must not warn of anything while it does. Tests with a tag are the columns of the table in `docs/clients.md`.
@ParameterizedClass
@EnumSource
@Timeout(60)
abstract class ClientSuite extends StageSuite {
    private final Warnings warnings;

    @Parameter
    Way way;

    /// The report of a failed test does not say which way it went.
    @RegisterExtension
    final TestExecutionExceptionHandler direction = (context, failure) -> {
        failure.addSuppressed(new AssertionError("by way of " + way));
        throw failure;
    };

    /// @param loggers the package under which the library logs
    ClientSuite(String loggers) {
        warnings = new Warnings(loggers);
    }

    /// Connects with the library's default settings, but for what is needed to go this [#way]. `password` and `name` are null for a
    /// connection that has none.
    abstract LibraryClient connect(int port, String password, String name);

    /// What the library makes of `error` when it is not let in.
    String refusal(String error) {
        return error;
    }

    @AfterEach
    void stopListening() {
        warnings.close();
    }

    @Test
    @Tag("connect")
    void connectsAndPingsWithoutAWarning() {
        try (var client = connect()) {
            assertThat(client.ping()).isEqualTo("PONG");
        }

        assertThat(warnings.texts()).isEmpty();
    }

    @Test
    void speaksItsDialect() {
        try (var client = connect()) {
            assertThat(client.description()).contains(" resp=" + way.dialect());
        }
    }

    @Test
    void saysThePasswordWithoutAWarning() {
        try (var client = connect(port(stage().locked()), ClientStage.PASSWORD, null)) {
            client.set(bytes("k"), bytes("v"));

            assertThat(client.get(bytes("k"))).isEqualTo(bytes("v"));
        }

        assertThat(warnings.texts()).isEmpty();
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertThatThrownBy(() -> {
                    try (var client = connect(port(stage().locked()), "wrong", null)) {
                        client.get(bytes("k"));
                    }
                })
                .hasStackTraceContaining(refusal("invalid"));
    }

    @Test
    void noPasswordIsRefused() {
        assertThatThrownBy(() -> {
                    try (var client = connect(port(stage().locked()), null, null)) {
                        client.get(bytes("k"));
                    }
                })
                .hasStackTraceContaining(refusal("NOAUTH"));
    }

    @Test
    void hasTheNameItGivesItself() {
        try (var client = connect(port(stage().open()), null, "billing")) {
            assertThat(client.name()).isEqualTo("billing");
        }
        try (var client = connect(port(stage().locked()), ClientStage.PASSWORD, "billing")) {
            assertThat(client.name()).isEqualTo("billing");
        }

        assertThat(warnings.texts()).isEmpty();
    }

    @Test
    void keepsBytesAsTheyAre() {
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }

        try (var client = connect()) {
            client.set(everyByte, everyByte);

            assertThat(client.get(everyByte)).isEqualTo(everyByte);
            assertThat(client.get(bytes("missing"))).isNull();
        }
    }

    @Test
    void keepsABigValue() {
        byte[] megabyte = new byte[1024 * 1024];
        new Random(1).nextBytes(megabyte);

        try (var client = connect()) {
            client.set(bytes("big"), megabyte);

            assertThat(client.get(bytes("big"))).isEqualTo(megabyte);
        }
    }

    @Test
    void readsAndWritesManyKeysOfSeveralServersAtOnce() {
        Map<String, String> values = values(30);
        List<String> keys = new ArrayList<>(values.keySet());
        keys.add(7, "missing");
        List<String> expected = new ArrayList<>(values.values());
        expected.add(7, null);

        try (var client = connect()) {
            client.mset(values);

            assertThat(stage().sizes()).doesNotContain(0);
            assertThat(client.mget(keys)).isEqualTo(expected);
            assertThat(client.del(keys)).isEqualTo(30);
            assertThat(stage().sizes()).containsOnly(0);
        }
    }

    @Test
    void countsAndCollects() {
        var fields = Map.of("one", "1", "two", "2");
        var elements = List.of("a", "b", "a");
        var members = Map.of("low", 1.5, "high", 20.0);

        try (var client = connect()) {
            assertThat(client.incr("counter")).isEqualTo(1);
            assertThat(client.incr("counter")).isEqualTo(2);
            assertThat(client.hash("hash", fields)).isEqualTo(fields);
            assertThat(client.list("list", elements)).isEqualTo(elements);
            assertThat(client.sortedSet("sorted set", members)).isEqualTo(members);
        }
    }

    @Test
    @Tag("pipeline")
    void pipelinesTwoThousandRequests() {
        Map<String, String> values = values(1000);

        try (var client = connect()) {
            assertThat(client.pipeline(values)).containsExactlyElementsOf(values.values());
        }
        assertThat(stage().sizes()).doesNotContain(0);
        assertThat(warnings.texts()).isEmpty();
    }

    @Test
    @Tag("transaction")
    void countsTwiceInOneTransaction() {
        try (var client = connect()) {
            assertThat(client.transaction("counter")).hasToString("[1, 2]");
            assertThat(client.incr("counter")).isEqualTo(3);
            assertThat(client.transaction("counter")).hasToString("[4, 5]");
        }
        assertThat(warnings.texts()).isEmpty();
    }

    @Test
    @Tag("script")
    void runsALoadedScriptOnWhateverServerItsKeyLives() {
        try (var client = connect()) {
            for (String key : values(30).keySet()) {
                assertThat(client.script("return redis.call('INCRBY', KEYS[1], ARGV[1])", key, "7")).isEqualTo(7);
            }
        }
        assertThat(stage().sizes()).doesNotContain(0);
    }

    @Test
    @Tag("scan")
    void goesThroughTheKeysOfAllServers() {
        Map<String, String> values = values(1000);

        try (var client = connect()) {
            client.mset(values);

            assertThat(client.scan()).isEqualTo(values.keySet());
        }
    }

    @Test
    @Tag("blocking")
    void waitsForWhatAnotherPushes() throws Exception {
        try (var client = connect();
                var other = connect();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var popped = threads.submit(() -> client.pop("queue"));
            other.list("queue", List.of("element"));

            assertThat(popped.get()).isEqualTo("element");
            assertThat(client.ping()).isEqualTo("PONG");
        }
    }

    @Test
    @Tag("pub/sub")
    void hearsWhatIsPublished() throws Exception {
        var heard = new ConcurrentLinkedQueue<String>();
        try (var client = connect(); var other = connect()) {
            try (var subscription = client.subscribe("news", "weather*", heard::add)) {
                assertThat(subscription).isNotNull();
                other.publish("news", "first");
                other.publish("weather.today", "rain");
                other.publish("sports", "nobody hears this");
                other.publish("news", "last");

                Awaitility.await().untilAsserted(() ->
                        assertThat(heard).containsExactlyInAnyOrder("news=first", "weather.today=rain", "news=last"));
            }
            assertThat(client.ping()).isEqualTo("PONG");
        }
        assertThat(warnings.texts()).isEmpty();
    }

    @Test
    void anErrorOfAServerIsThrownAndTheConnectionLives() {
        try (var client = connect()) {
            client.list("list", List.of("element"));

            assertThatThrownBy(() -> client.get(bytes("list"))).hasStackTraceContaining("WRONGTYPE");
            assertThat(client.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void anErrorOfThePoolIsThrownAndTheConnectionLives() {
        try (var client = connect()) {
            assertThatThrownBy(() -> client.msetnx(values(30))).hasStackTraceContaining("common hash tag");
            assertThat(client.ping()).isEqualTo("PONG");
        }
        assertThat(stage().sizes()).containsOnly(0);
    }

    @Test
    @Tag("reconnect")
    void comesBackWhenThePoolClosesItsConnections() {
        try (var client = connect(); var operator = RespClient.connect(stage().open())) {
            client.set(bytes("k"), bytes("kept"));

            assertThat(operator.call("CLIENT", "KILL", "TYPE", "normal")).startsWith(":").isNotEqualTo(":0\r\n");

            assertComesBack(client);
        }
    }

    @Test
    void comesBackWhenThePoolDoes() {
        try (var client = connect()) {
            client.set(bytes("k"), bytes("kept"));

            stage().restart();

            assertComesBack(client);
        }
    }

    private static void assertComesBack(LibraryClient client) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(client.get(bytes("k"))).isEqualTo(bytes("kept")));
    }

    private LibraryClient connect() {
        return connect(port(stage().open()), null, null);
    }

    private int port(int plain) {
        return way.tls() ? stage().tlsPort(plain) : plain;
    }

    /// Keys and values in order. A key begins with what makes it different, which spreads them over the servers.
    private static Map<String, String> values(int count) {
        var values = new LinkedHashMap<String, String>();
        IntStream.range(0, count).forEach(i -> values.put(i + ":key", "value " + i));
        return values;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
