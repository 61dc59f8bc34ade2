package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Language;
import io.cashew.fixture.NutcrackerProxy;
import io.cashew.fixture.ProtocolClient;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RealServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Not one key has moved: what nutcracker wrote Cashew finds, and the other way round.
@Timeout(60)
abstract class PlacementSuite {
    private static final int KEYS = 20_000;
    private static final int PIPELINE = 500;

    final Language language;
    private RealServers<?> servers;

    PlacementSuite(Language language) {
        this.language = language;
    }

    /// A key as people use them, or of any bytes and any length the protocol allows; another one for every `number`, which
    /// counts from 0.
    abstract String key(int number, Random random);

    @BeforeEach
    void start() {
        servers = language.servers(3);
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
    void keysAreWhereNutcrackerPutThem(String settings) {
        String yaml = "pool:\n  listen: free\n" + language.setting()
                + settings.formatted(servers.get(0).port(), servers.get(1).port(), servers.get(2).port());
        var random = new Random(7);
        List<String> keys = IntStream.range(0, KEYS).mapToObj(number -> key(number, random)).toList();

        try (var nutcracker = NutcrackerProxy.with(yaml);
                var cashew = ProxyUnderTest.with(yaml);
                var old = language.connect(nutcracker.port("pool"));
                var successor = language.connect(cashew.port("pool"))) {
            write(old, keys, "by nutcracker ");
            assertThat(misplaced(successor, keys, "by nutcracker ")).isEmpty();
            assertThat(servers.size()).isEqualTo(keys.size());

            write(successor, keys, "by Cashew ");
            assertThat(misplaced(old, keys, "by Cashew ")).isEmpty();
            assertThat(servers.size()).as("no key exists twice").isEqualTo(keys.size());
        }
    }

    private void write(ProtocolClient client, List<String> keys, String value) {
        for (int from = 0; from < keys.size(); from += PIPELINE) {
            var requests = keys.subList(from, Math.min(from + PIPELINE, keys.size())).stream()
                    .map(key -> language.set(key, value + key.hashCode()))
                    .toList();
            assertThat(client.askAtOnce(requests)).containsOnly(language.stored());
        }
    }

    /// The keys that do not have the value they were written with, asked one by one and many at once.
    private List<String> misplaced(ProtocolClient client, List<String> keys, String value) {
        var misplaced = new ArrayList<String>();
        for (int from = 0; from < keys.size(); from += PIPELINE) {
            var batch = keys.subList(from, Math.min(from + PIPELINE, keys.size()));
            var values = batch.stream().map(key -> value + key.hashCode()).toList();
            var replies = client.askAtOnce(batch.stream().map(language::get).toList());
            for (int i = 0; i < batch.size(); i++) {
                if (!replies.get(i).equals(language.found(batch.get(i), values.get(i)))) {
                    misplaced.add(batch.get(i));
                }
            }
            if (!client.ask(language.get(batch.toArray(String[]::new))).equals(language.allFound(batch, values))) {
                misplaced.add("one of " + batch.size() + " from number " + from);
            }
        }
        return misplaced;
    }
}
