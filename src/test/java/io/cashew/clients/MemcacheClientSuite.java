package io.cashew.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What an application does with a client library of memcached, over a pool of three servers. The library must not warn of
/// anything while it does.
@Timeout(60)
abstract class MemcacheClientSuite {
    private static final int MEBIBYTE = 1024 * 1024;

    private static MemcacheStage stage;

    private final Warnings warnings;

    /// @param loggers the package under which the library logs
    MemcacheClientSuite(String loggers) {
        warnings = new Warnings(loggers);
    }

    /// Connects with the library's default settings.
    abstract MemcacheLibraryClient connect(int port);

    @BeforeAll
    static void start() {
        stage = new MemcacheStage();
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @BeforeEach
    void flush() {
        stage.flush();
    }

    @AfterEach
    void stopListening() {
        warnings.close();
    }

    static MemcacheStage stage() {
        return stage;
    }

    @Test
    void storesUnderEveryCondition() {
        try (var client = connect(stage.port())) {
            assertThat(client.get("k")).isNull();
            assertThat(client.replace("k", bytes("x"))).isFalse();
            assertThat(client.append("k", bytes("x"))).isFalse();
            assertThat(client.prepend("k", bytes("x"))).isFalse();
            assertThat(client.add("k", bytes("b"))).isTrue();
            assertThat(client.add("k", bytes("x"))).isFalse();
            assertThat(client.append("k", bytes("c"))).isTrue();
            assertThat(client.prepend("k", bytes("a"))).isTrue();
            assertThat(client.get("k")).isEqualTo(bytes("abc"));
            assertThat(client.replace("k", bytes("new"))).isTrue();
            assertThat(client.get("k")).isEqualTo(bytes("new"));
            assertThat(client.set("k", 0, bytes("set"))).isTrue();
            assertThat(client.get("k")).isEqualTo(bytes("set"));
            assertThat(client.delete("k")).isTrue();
            assertThat(client.delete("k")).isFalse();
            assertThat(client.get("k")).isNull();
        }
        assertThat(warnings.texts()).isEmpty();
    }

    @Test
    void replacesOnlyWhatItHasSeen() {
        try (var client = connect(stage.port())) {
            client.set("k", 0, bytes("old"));
            long unique = client.unique("k");

            assertThat(client.cas("k", unique, bytes("new"))).isTrue();
            assertThat(client.cas("k", unique, bytes("late"))).isFalse();

            assertThat(client.get("k")).isEqualTo(bytes("new"));
        }
    }

    @Test
    void counts() {
        try (var client = connect(stage.port())) {
            client.set("n", 0, bytes("10"));

            assertThat(client.incr("n", 5)).isEqualTo(15);
            assertThat(client.decr("n", 4)).isEqualTo(11);
            assertThat(client.decr("n", 100)).isZero();
        }
    }

    @Test
    void whatExpiresIsGone() {
        try (var client = connect(stage.port())) {
            client.set("stays", 100, bytes("v"));
            client.set("short", 1, bytes("v"));
            client.set("touched", 100, bytes("v"));
            assertThat(client.touch("touched", 1)).isTrue();
            assertThat(client.touch("missing", 1)).isFalse();

            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                assertThat(client.get("short")).isNull();
                assertThat(client.get("touched")).isNull();
            });

            assertThat(client.get("stays")).isEqualTo(bytes("v"));
        }
    }

    @Test
    void readsAHundredKeysOfSeveralServersAtOnce() {
        var values = values(100);
        try (var client = connect(stage.port())) {
            values.forEach((key, value) -> client.set(key, 0, value));
            assertThat(stage.sizes()).doesNotContain(0);
            List<String> keys = new ArrayList<>(values.keySet());
            for (int i = 0; i <= 100; i += 10) {
                keys.add(i + i / 10, "missing:" + i);
            }

            assertThat(client.getMany(keys)).containsExactlyInAnyOrderEntriesOf(values);
            assertThat(client.getMany(List.of("missing:1", "missing:2", "missing:3"))).isEmpty();
        }
        assertThat(warnings.texts()).isEmpty();
    }

    @Test
    void keepsBytesAsTheyAre() {
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }
        try (var client = connect(stage.port())) {
            for (byte[] value : List.of(everyByte, bytes("\r\n"), bytes("a\r\nEND\r\nVALUE k 0 1\r\nb"), new byte[0])) {
                client.set("k", 0, value);

                assertThat(client.get("k")).isEqualTo(value);
            }
        }
    }

    @Test
    void aValueOfTheGreatestSizeIsKeptAndALargerOneRefused() {
        byte[] largest = random(MEBIBYTE);
        try (var client = connect(stage.port())) {
            assertThat(client.set("big", 0, largest)).isTrue();
            assertThat(client.get("big")).isEqualTo(largest);

            assertThatThrownBy(() -> client.set("big", 0, random(MEBIBYTE + 1)))
                    .hasStackTraceContaining("object too large for cache");

            Awaitility.await().ignoreExceptions().untilAsserted(() -> assertThat(client.get("big")).isNull());
        }
    }

    @Test
    void anErrorOfAServerIsThrownAndTheNextRequestIsAnswered() {
        try (var client = connect(stage.port())) {
            client.set("word", 0, bytes("word"));

            assertThatThrownBy(() -> client.incr("word", 1)).hasStackTraceContaining("non-numeric");

            Awaitility.await()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(client.get("word")).isEqualTo(bytes("word")));
        }
    }

    @Test
    void flushesAllServers() {
        var values = values(30);
        try (var client = connect(stage.port())) {
            values.forEach((key, value) -> client.set(key, 0, value));

            client.flushAll();

            assertThat(client.getMany(values.keySet())).isEmpty();
        }
    }

    @Test
    void isToldTheVersionAndTheStatisticsOfThePool() {
        try (var client = connect(stage.port())) {
            client.set("k", 0, bytes("v"));

            assertThat(client.version()).isNotEmpty();
            assertThat(client.statistics())
                    .containsKeys("pid", "uptime", "version")
                    .hasEntrySatisfying("curr_connections", count -> assertThat(Integer.parseInt(count)).isPositive());
        }
        assertThat(warnings.texts()).isEmpty();
    }

    @Test
    void comesBackWhenThePoolDoes() {
        try (var client = connect(stage.port())) {
            client.set("k", 0, bytes("kept"));

            stage.restart();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(client.get("k")).isEqualTo(bytes("kept")));
        }
    }

    /// Keys and values in order. A key begins with what makes it different, which spreads them over the servers.
    private static Map<String, byte[]> values(int count) {
        var values = new LinkedHashMap<String, byte[]>();
        IntStream.range(0, count).forEach(i -> values.put(i + ":key", bytes("value " + i)));
        return values;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        // Nothing that a library could compress.
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
