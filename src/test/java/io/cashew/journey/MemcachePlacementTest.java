package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.NutcrackerProxy;
import io.cashew.fixture.ProxyUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Not one key of a memcached pool has moved: what nutcracker wrote Cashew finds, and the other way round.
@Timeout(60)
class MemcachePlacementTest {
    private static final int KEYS = 20_000;
    private static final int PIPELINE = 500;

    private MemcachedServers servers;

    @BeforeEach
    void start() {
        servers = MemcachedServers.start(3);
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
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
                """
            })
    void keysLiveWhereTheyDidWithNutcracker(String settings) {
        String yaml = "pool:\n  listen: free\n"
                + settings.formatted(servers.get(0).port(), servers.get(1).port(), servers.get(2).port());
        var keys = keys();
        try (var nutcracker = NutcrackerProxy.with(yaml);
                var cashew = ProxyUnderTest.with(yaml);
                var old = MemcacheClient.connect(nutcracker.port("pool"));
                var successor = MemcacheClient.connect(cashew.port("pool"))) {
            write(old, keys, "by nutcracker ");
            assertThat(misplaced(successor, keys, "by nutcracker ")).isEmpty();
            assertThat(servers.size()).isEqualTo(keys.size());

            write(successor, keys, "by Cashew ");
            assertThat(misplaced(old, keys, "by Cashew ")).isEmpty();
            assertThat(servers.size()).as("no key exists twice").isEqualTo(keys.size());
        }
    }

    /// Keys as people use them, of every length a key can have, with and without tags, and of any bytes it can have.
    private static List<String> keys() {
        var random = new Random(7);
        var keys = new ArrayList<String>();
        for (int i = 0; i < KEYS; i++) {
            keys.add(switch (i % 5) {
                case 0 -> "user:" + i + ":profile";
                case 1 -> "order{" + i % 97 + "}line" + i;
                case 2 -> i + "{}" + i % 89;
                case 3 -> i + "x".repeat(random.nextInt(240));
                default -> bytes(random) + i;
            });
        }
        return keys;
    }

    private static String bytes(Random random) {
        var bytes = new StringBuilder();
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
            int b = random.nextInt('!', 256);
            bytes.append((char) (b == 127 ? '?' : b));
        }
        return bytes.toString();
    }

    private static void write(MemcacheClient client, List<String> keys, String value) {
        for (int from = 0; from < keys.size(); from += PIPELINE) {
            var requests = new StringBuilder();
            var batch = keys.subList(from, Math.min(from + PIPELINE, keys.size()));
            for (String key : batch) {
                String stored = value + key.hashCode();
                requests.append("set %s 0 0 %d\r\n%s\r\n".formatted(key, stored.length(), stored));
            }
            client.send(requests.toString());
            batch.forEach(key -> assertThat(client.reply()).as(key).isEqualTo("STORED\r\n"));
        }
    }

    /// The keys that do not have the value they were written with, asked one by one and many at once.
    private static List<String> misplaced(MemcacheClient client, List<String> keys, String value) {
        var misplaced = new ArrayList<String>();
        for (int from = 0; from < keys.size(); from += PIPELINE) {
            var batch = keys.subList(from, Math.min(from + PIPELINE, keys.size()));
            var all = new StringBuilder();
            client.send("get " + String.join("\r\nget ", batch) + "\r\nget " + String.join(" ", batch) + "\r\n");
            for (String key : batch) {
                String stored = value + key.hashCode();
                String expected = "VALUE %s 0 %d\r\n%s\r\n".formatted(key, stored.length(), stored);
                all.append(expected);
                if (!client.reply().equals(expected + "END\r\n")) {
                    misplaced.add(key);
                }
            }
            if (!client.reply().equals(all + "END\r\n")) {
                misplaced.add("one of " + batch.size() + " from number " + from);
            }
        }
        return misplaced;
    }
}
