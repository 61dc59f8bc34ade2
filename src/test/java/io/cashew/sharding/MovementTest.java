package io.cashew.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is counted is compared with what is found by trying.
class MovementTest {
    private static final int TRIES = 400_000;

    /// Weights of the shards before and after; shards of the same place have the same name.
    @ParameterizedTest
    @CsvSource({
        "KETAMA, 1 1 1, KETAMA, 1 1 1 1",
        "KETAMA, 1 1 1, KETAMA, 1 1",
        "KETAMA, 1 1 1, KETAMA, 3 1 1",
        "KETAMA, 1, KETAMA, 1 1",
        "KETAMA, 1 1 1, MODULA, 1 1 1",
        "MODULA, 1 2 3, KETAMA, 1 1",
        "MODULA, 1 1 1, MODULA, 1 1 1 1",
        "MODULA, 5 3, MODULA, 1 1 1",
        "MODULA, 70000 1, MODULA, 69999 1 1",
        "MODULA, 1 1 1, MODULA, 1000000000 1 1000000",
        "MODULA, 2147483647 2147483647, MODULA, 1 1 1",
        "MODULA, 2147483647 2147483647, MODULA, 2147483647 2147483646",
    })
    void whatIsCountedIsWhatIsFound(DistributionKind kind, String weights, DistributionKind next, String nextWeights) {
        List<Shard> shards = shards(weights);
        List<Shard> others = shards(nextWeights);
        Distribution before = kind.build(shards, new BitSet());
        Distribution after = next.build(others, new BitSet());

        Movement movement = Movement.between(before, shards.size(), after, others.size());

        var random = RandomGenerator.of("L64X128MixRandom");
        long[][] found = new long[shards.size()][others.size()];
        for (int i = 0; i < TRIES; i++) {
            int hash = random.nextInt();
            found[before.server(hash)][after.server(hash)]++;
        }
        for (int shard = 0; shard < shards.size(); shard++) {
            long sum = 0;
            for (int other = 0; other < others.size(); other++) {
                sum += movement.hashes(shard, other);
                // Eight standard deviations at most.
                assertThat((double) movement.hashes(shard, other) / Distribution.HASHES)
                        .isCloseTo((double) found[shard][other] / TRIES, within(0.007));
            }
            assertThat(sum).as("all hashes of shard %d", shard).isEqualTo(before.hashesOwned(shard));
        }
        for (int other = 0; other < others.size(); other++) {
            long sum = 0;
            for (int shard = 0; shard < shards.size(); shard++) {
                sum += movement.hashes(shard, other);
            }
            assertThat(sum).as("all hashes of the new shard %d", other).isEqualTo(after.hashesOwned(other));
        }
    }

    /// Every hash of a small part of them, one by one, tells the places where shards change.
    @ParameterizedTest
    @CsvSource({"KETAMA, 1 1 1", "MODULA, 5 3 1", "MODULA, 70000 1"})
    void aShardChangesWhereItIsSaid(DistributionKind kind, String weights) {
        Distribution distribution = kind.build(shards(weights), new BitSet());
        long end = 0;

        for (long hash = 0; hash < 5_000_000; hash++) {
            if (hash == end) {
                end = distribution.nextChange(hash);
                assertThat(end).isGreaterThan(hash);
            }
            if (hash + 1 < end && distribution.server((int) hash) != distribution.server((int) hash + 1)) {
                throw new AssertionError("unannounced change behind " + hash);
            }
        }
    }

    private static List<Shard> shards(String weights) {
        List<Shard> shards = new ArrayList<>();
        for (String weight : weights.split(" ")) {
            shards.add(new Shard("shard-" + shards.size(), Integer.parseInt(weight)));
        }
        return shards;
    }
}
