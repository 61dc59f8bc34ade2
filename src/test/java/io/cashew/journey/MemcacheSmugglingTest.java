package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServer;
import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.ProxyUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A value is never run as a command, whatever is wrong with the line in front of it, and a second client on the same server
/// connections gets its own answers.
///
/// The value is a command that would be seen: it stores something. memcached itself runs it behind most of these lines.
@Timeout(60)
class MemcacheSmugglingTest {
    private static final String VALUE = "set injected 0 0 1\r\nx";
    private static final int LENGTH = VALUE.length();
    private static final String LONG_KEY = "k".repeat(251);

    private static MemcachedServers servers;
    private static ProxyUnderTest proxy;
    private MemcacheClient neighbour;

    @BeforeAll
    static void start() {
        servers = MemcachedServers.start(2);
        // Everybody shares one connection to each server.
        proxy = ProxyUnderTest.with(servers.yaml("two"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
    }

    @BeforeEach
    void connect() {
        servers.flush();
        neighbour = MemcacheClient.connect(proxy.port("two"));
    }

    @AfterEach
    void disconnect() {
        neighbour.close();
    }

    /// A server would keep silent about these, and answers on the shared connection would move up by one.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete k noreply noreply",
                "delete k noreply noreply noreply",
                "incr k noreply noreply",
                "decr k 1 noreply noreply",
                "touch k noreply noreply",
                "flush_all noreply noreply",
                "flush_all 0 noreply noreply",
                "verbosity noreply noreply",
                "verbosity 0 noreply noreply"
            })
    void aSecondNoreplyCostsNobodyTheirAnswer(String line) {
        for (int key = 0; key < 20; key++) {
            assertThat(neighbour.ask("set n%d 0 0 2\r\n%02d\r\n".formatted(key, key))).isEqualTo("STORED\r\n");
        }
        try (var attacker = MemcacheClient.connect(proxy.port("two"))) {
            attacker.send((line + "\r\n").repeat(3) + "get mine\r\n");

            for (int key = 0; key < 20; key++) {
                assertThat(neighbour.ask("get n%d\r\n".formatted(key)))
                        .isEqualTo("VALUE n%d 0 2\r\n%02d\r\nEND\r\n".formatted(key, key));
            }
            assertThat(attacker.reply()).isEqualTo("END\r\n");
        }
    }

    /// Lines of which at least the length is right.
    static Stream<String> linesWithALength() {
        return Stream.of("\r\n", " noreply\r\n", "\n", " noreply\n")
                .flatMap(end -> Stream.of(
                        "set " + LONG_KEY + " 0 0 " + LENGTH + end,
                        "set k x 0 " + LENGTH + end,
                        "set k -1 0 " + LENGTH + end,
                        "set k 4294967296 0 " + LENGTH + end,
                        "set k 99999999999999999999 0 " + LENGTH + end,
                        "set k 0 x " + LENGTH + end,
                        "set k 0 99999999999999999999 " + LENGTH + end,
                        "set k\0 0 0 " + LENGTH + end,
                        "set k\t 0 0 " + LENGTH + end,
                        "set k\r 0 0 " + LENGTH + end,
                        "set k 0 0\0 " + LENGTH + end,
                        "set k 0 0 " + LENGTH + " junk" + end,
                        "set k 0 0 " + LENGTH + " noreply junk" + end,
                        "cas k 0 0 " + LENGTH + end,
                        "cas k 0 0 " + LENGTH + " x" + end,
                        "cas k 0 0 " + LENGTH + " 18446744073709551616" + end,
                        "cas k 0 0 " + LENGTH + " 1 2 3" + end,
                        "ms " + LONG_KEY + " " + LENGTH + end,
                        "ms k\0 " + LENGTH + end,
                        "ms k " + LENGTH + " O1".repeat(17) + end,
                        "ms k " + LENGTH + " O1".repeat(200) + end,
                        "ms k " + LENGTH + " q q" + end,
                        "ms !!! " + LENGTH + " b" + end,
                        "ms k " + LENGTH + " S" + LENGTH + end,
                        "ms k " + LENGTH + " MZ" + end,
                        "ms k " + LENGTH + " \u0080" + end));
    }

    /// Lines behind which nobody knows where the next command begins.
    static Stream<String> linesWithoutALength() {
        return Stream.of(
                "set k\r\n",
                "set k 0 0\r\n",
                "set k 0 0 x\r\n",
                "set k 0 0 noreply\r\n",
                "set k 0 0 -1\r\n",
                "set k 0 0 +" + LENGTH + "\r\n",
                "set k 0 0 " + LENGTH + "x\r\n",
                "set k 0 0 " + (4294967296L + LENGTH) + "\r\n",
                "set k 0 0 9223372036854775807\r\n",
                "set k 0 0 1\r\n",
                "set k 0 0 " + (LENGTH - 1) + "\r\n",
                "set k 0 0 0\r\n",
                "cas k 0 0 x 1\r\n",
                "ms k\r\n",
                "ms k S" + LENGTH + "\r\n",
                "ms k q\r\n",
                "ms k 0\r\n",
                "set " + "k".repeat(3000) + " 0 0 " + LENGTH + "\r\n",
                "set k 0 0 " + LENGTH + " ".repeat(3000) + "\r\n",
                "gat 0" + " k".repeat(1500) + "\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    /// So the attacks are real.
    @Test
    void aServerAloneRunsTheValue() {
        try (var server = MemcachedServer.start();
                var attacker = server.connect()) {
            attacker.askAll("set " + LONG_KEY + " 0 0 " + LENGTH + "\r\n" + VALUE + "\r\n");

            assertThat(attacker.ask("get injected\r\n")).isEqualTo("VALUE injected 0 1\r\nx\r\nEND\r\n");
        }
    }

    @ParameterizedTest
    @MethodSource("linesWithALength")
    void aValueBehindABadLineIsNotRun(String line) {
        try (var attacker = MemcacheClient.connect(proxy.port("two"))) {
            attacker.askAll(line + VALUE + "\r\n");

            assertNothingWasInjected(line);
            assertThat(attacker.ask("get canary\r\n")).isEqualTo("VALUE canary 0 4\r\nsafe\r\nEND\r\n");
        }
    }

    @ParameterizedTest
    @MethodSource("linesWithoutALength")
    void theConnectionEndsWhereNobodyKnowsWhereTheValueDoes(String line) {
        try (var attacker = proxy.connect("two")) {
            String answer = attacker.sendIfOpen((line + VALUE + "\r\nset injected 0 0 1\r\nx\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                    .untilClosed();

            assertThat(answer).matches("(CLIENT_ERROR [^\r\n]+|ERROR)\r\n");
            assertNothingWasInjected(line);
        }
    }

    /// Values of good requests, whose bytes look like anything.
    @ParameterizedTest
    @MethodSource("linesWithALength")
    void whatIsStoredMayLookLikeAnything(String line) {
        String value = line + VALUE + "\r\nEND\r\n";

        assertThat(neighbour.ask("set k 0 0 " + value.length() + "\r\n" + value + "\r\n")).isEqualTo("STORED\r\n");

        assertThat(neighbour.ask("get k\r\n"))
                .isEqualTo("VALUE k 0 " + value.length() + "\r\n" + value + "\r\nEND\r\n");
        assertNothingWasInjected(line);
    }

    private void assertNothingWasInjected(String line) {
        List<String> keys = new ArrayList<>(List.of("injected", "canary"));
        for (int i = 0; i < 20; i++) {
            keys.add("n" + i);
        }
        assertThat(neighbour.ask("set canary 0 0 4\r\nsafe\r\n")).isEqualTo("STORED\r\n");

        assertThat(neighbour.ask("get " + String.join(" ", keys) + "\r\n"))
                .as(Escapes.encode(line))
                .isEqualTo("VALUE canary 0 4\r\nsafe\r\nEND\r\n");
        for (int i = 0; i < 20; i++) {
            assertThat(neighbour.ask("mg n" + i + " k\r\n")).isEqualTo("EN kn" + i + "\r\n");
        }
    }
}
