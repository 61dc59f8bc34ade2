package io.cashew.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cashew.config.NutcrackerFile;
import io.cashew.config.PoolConfig;
import io.cashew.config.Reading;
import io.cashew.fixture.LimitsOf;
import io.cashew.routing.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which keys move is compared with where the router sends a hundred thousand of them.
class KeyMovesTest {
    private static final int KEYS = 100_000;
    private static final String ABC = "10.0.0.1:6379:1 a,10.0.0.2:6379:1 b,10.0.0.3:6379:1 c";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "md5 | ketama | COUNTED | 10.0.0.1:6379:1 a,10.0.0.2:6379:1 b,10.0.0.3:6379:1 c,10.0.0.4:6379:1 d",
        "md5 | ketama | COUNTED | 10.0.0.1:6379:1 a,10.0.0.3:6379:1 c",
        "md5 | ketama | COUNTED | 10.0.0.1:6379:3 a,10.0.0.2:6379:1 b,10.0.0.3:6379:1 c",
        "md5 | ketama | COUNTED | 10.0.0.9:6379:1 a,10.0.0.2:6379:1 b,10.0.0.3:6379:1 c",
        "md5 | ketama | COUNTED | 10.0.0.1:6379:1 longer,10.0.0.2:6379:1 b,10.0.0.3:6379:1 c",
        "md5 | modula | COUNTED | 10.0.0.1:6379:1 a,10.0.0.2:6379:1 b,10.0.0.3:6379:1 c",
        "murmur | ketama | EXPECTED | 10.0.0.1:6379:1 a,10.0.0.2:6379:1 b,10.0.0.3:6379:1 c",
    })
    void whatIsSaidIsWhatHappens(String hash, String distribution, KeyMoves.Basis basis, String servers) {
        PoolConfig running = pool("md5", "ketama", ABC);
        PoolConfig wished = pool(hash, distribution, servers);

        KeyMoves keys = KeyMoves.of(running, wished);

        Map<List<String>, Integer> found = new HashMap<>();
        Router before = router(running);
        Router after = router(wished);
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            byte[] key = ("key:" + i).getBytes(StandardCharsets.US_ASCII);
            var from = running.servers().get(before.explain(key).server());
            var to = wished.servers().get(after.explain(key).server());
            if (!from.name().equals(to.name()) || !from.address().equals(to.address())) {
                found.merge(List.of(from.name(), to.name()), 1, Integer::sum);
                moved++;
            }
        }
        assertThat(keys.basis()).isEqualTo(basis);
        assertThat(keys.moved()).isCloseTo((double) moved / KEYS, within(0.015)).isPositive();
        assertThat(keys.moves().stream().map(move -> List.of(move.from(), move.to()))).containsExactlyInAnyOrderElementsOf(
                found.keySet());
        assertThat(keys.moves()).allSatisfy(move -> assertThat(move.share())
                .isCloseTo((double) found.get(List.of(move.from(), move.to())) / KEYS, within(0.015)));
    }

    @Test
    void whereServersAreDrawnAllOrNothingMoves() {
        PoolConfig drawing = pool("md5", "random", ABC);

        assertThat(KeyMoves.of(drawing, drawing)).isEqualTo(new KeyMoves(KeyMoves.Basis.DRAWN, 0, List.of()));
        assertThat(KeyMoves.of(drawing, pool("md5", "random", "10.0.0.1:6379:1 a")).moved()).isEqualTo(1);
        assertThat(KeyMoves.of(drawing, pool("md5", "ketama", ABC)).moved()).isEqualTo(1);
    }

    @Test
    void aPoolThatTakesAnothersAddressHasToWait() {
        PoolConfig pool = pool("md5", "ketama", ABC);

        ReloadPlan plan = ReloadPlan.of(List.of(pool), List.of(named("other")));

        assertThat(plan.pools().stream().map(ReloadPlan.PoolPlan::fate))
                .containsExactly(ReloadPlan.Fate.ADDED, ReloadPlan.Fate.REMOVED);
        assertThat(plan.obstacles()).singleElement().asString().contains("'other'").contains("'pool'").contains("127.0.0.1:22121");
    }

    private static Router router(PoolConfig pool) {
        PoolAssembly assembly = new PoolAssembly(pool, LimitsOf.nothing());
        return assembly.router(assembly.servers(), new BitSet());
    }

    private PoolConfig named(String name) {
        return read("%s:\n  listen: 127.0.0.1:22121\n  servers:\n   - 10.0.0.1:6379:1\n".formatted(name));
    }

    private PoolConfig pool(String hash, String distribution, String servers) {
        return read("pool:\n  listen: 127.0.0.1:22121\n  hash: %s\n  distribution: %s\n  servers:\n   - %s\n"
                .formatted(hash, distribution, String.join("\n   - ", servers.split(","))));
    }

    private PoolConfig read(String yaml) {
        try {
            return switch (NutcrackerFile.read(Files.writeString(directory.resolve("nutcracker.yml"), yaml))) {
                case Reading.Accepted accepted -> accepted.pools().getFirst();
                case Reading.Refused refused -> throw new AssertionError(refused.problems().toString());
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
