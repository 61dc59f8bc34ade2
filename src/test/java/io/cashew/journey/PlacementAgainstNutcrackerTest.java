package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.NutcrackerProxy;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Not one key has moved: what nutcracker wrote Cashew finds, and the other way round.
@Timeout(60)
class PlacementAgainstNutcrackerTest {
    private static final int KEYS = 4_000;
    private static final int PIPELINE = 500;

    private static RedisServers servers;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(3);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @BeforeEach
    void flush() {
        servers.flush();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                  hash: fnv1a_64
                  distribution: ketama
                  servers:
                   - 127.0.0.1:%1$d:1
                   - 127.0.0.1:%2$d:1
                   - 127.0.0.1:%3$d:1
                """,
                """
                  hash: murmur
                  distribution: modula
                  servers:
                   - 127.0.0.1:%1$d:3 gamma
                   - 127.0.0.1:%2$d:1 be
                   - 127.0.0.1:%3$d:2 alpha
                """,
                """
                  hash: md5
                  hash_tag: "{}"
                  servers:
                   - 127.0.0.1:%1$d:1 one
                   - 127.0.0.1:%2$d:10 two
                   - 127.0.0.1:%3$d:4 three
                """,
                """
                  hash: crc16
                  hash_tag: "$$"
                  distribution: ketama
                  servers:
                   - 127.0.0.1:%1$d:1 a
                   - 127.0.0.1:%2$d:2 b
                   - localhost:%3$d:1
                """,
                """
                  hash: hsieh
                  distribution: modula
                  servers:
                   - 127.0.0.1:%1$d:1
                   - 127.0.0.1:%2$d:1 z
                   - 127.0.0.1:%3$d:7 yy
                """
            })
    void keysAreWhereNutcrackerPutThem(String pool) {
        String yaml = "pool:\n  listen: free\n  redis: true\n"
                + pool.formatted(servers.get(0).port(), servers.get(1).port(), servers.get(2).port());
        List<String> keys = keys();

        try (var nutcracker = NutcrackerProxy.with(yaml);
                var cashew = ProxyUnderTest.with(yaml);
                var old = nutcracker.connect("pool");
                var successor = cashew.connect("pool")) {
            write(old, keys, "by nutcracker ");
            assertThat(misplaced(successor, keys, "by nutcracker ")).isEmpty();
            assertThat(servers.size()).isEqualTo(keys.size());

            write(successor, keys, "by Cashew ");
            assertThat(misplaced(old, keys, "by Cashew ")).isEmpty();
            assertThat(servers.size()).as("no key exists twice").isEqualTo(keys.size());
        }
    }

    /// Keys as people use them, of every length, with and without tags, and of arbitrary bytes.
    private static List<String> keys() {
        var random = new Random(7);
        var keys = new ArrayList<String>();
        keys.add("");
        for (int i = keys.size(); i < KEYS; i++) {
            keys.add(switch (i % 5) {
                case 0 -> "user:" + i + ":profile";
                case 1 -> "order {" + i % 97 + "} line " + i;
                case 2 -> i + "$" + i % 89 + "$";
                case 3 -> i + "x".repeat(random.nextInt(300));
                default -> bytes(random) + i;
            });
        }
        return keys;
    }

    private static String bytes(Random random) {
        var bytes = new byte[1 + random.nextInt(40)];
        random.nextBytes(bytes);
        return RespClient.text(bytes);
    }

    private static void write(RespClient client, List<String> keys, String value) {
        for (int from = 0; from < keys.size(); from += PIPELINE) {
            var commands = keys.subList(from, Math.min(from + PIPELINE, keys.size())).stream()
                    .map(key -> new String[] {"SET", key, value + key.hashCode()})
                    .toList();
            assertThat(client.pipeline(commands)).containsOnly("+OK\r\n");
        }
    }

    /// The keys that do not have the value they were written with.
    private static List<String> misplaced(RespClient client, List<String> keys, String value) {
        var misplaced = new ArrayList<String>();
        for (int from = 0; from < keys.size(); from += PIPELINE) {
            var batch = keys.subList(from, Math.min(from + PIPELINE, keys.size()));
            var replies = client.pipeline(
                    batch.stream().map(key -> new String[] {"GET", key}).toList());
            for (int i = 0; i < batch.size(); i++) {
                String expected = value + batch.get(i).hashCode();
                if (!replies.get(i).equals("$" + expected.length() + "\r\n" + expected + "\r\n")) {
                    misplaced.add(batch.get(i));
                }
            }
        }
        return misplaced;
    }
}
