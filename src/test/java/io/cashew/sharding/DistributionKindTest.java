package io.cashew.sharding;

import static io.cashew.sharding.ShardLists.equal;
import static io.cashew.sharding.ShardLists.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class DistributionKindTest {
    @ParameterizedTest
    @EnumSource
    void whenAllAreEjectedNoShardIsAnswered(DistributionKind kind) {
        var ejected = new BitSet();
        ejected.set(0, 3);

        var distribution = kind.build(equal(3), ejected);

        assertThat(distribution.server(12345)).isEqualTo(Distribution.NONE).isEqualTo(-1);
        assertThat(distribution.explain(-2)).isEqualTo(new Placement.Nowhere(0xfffffffeL));
        assertThat(distribution.explain(-2).server()).isEqualTo(-1);
        assertThat(distribution.points(2)).isZero();
        assertThat(distribution.hashesOwned(2)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aSingleShardGetsEverything(DistributionKind kind) {
        var distribution = kind.build(List.of(new Shard("only", 7)), new BitSet());

        assertThat(IntStream.of(0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE).map(distribution::server)).containsOnly(0);
        assertThat(distribution.hashesOwned(0)).isEqualTo(1L << 32);
    }

    @ParameterizedTest
    @EnumSource
    void theLiveShardsOwnAllHashesTogether(DistributionKind kind) {
        var weights = new Random(20).ints(50, 1, 100).toArray();
        var ejected = new BitSet();
        ejected.set(3);
        ejected.set(41, 44);

        for (int count = 1; count <= weights.length; count++) {
            var distribution = kind.build(weighted(IntStream.of(weights).limit(count).toArray()), ejected);
            assertThat(IntStream.range(0, count).mapToLong(distribution::hashesOwned).sum()).isEqualTo(1L << 32);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "RANDOM")
    void theExplanationNamesTheServerOfTheLookup(DistributionKind kind) {
        var distribution = kind.build(weighted(5, 1, 9, 2, 2, 30), new BitSet());

        new Random(4).ints(10_000).forEach(hash -> {
            var placement = distribution.explain(hash);
            assertThat(placement.server()).isEqualTo(distribution.server(hash));
            assertThat(placement.hash()).isEqualTo(Integer.toUnsignedLong(hash));
        });
    }

    @Test
    void labelsAreThoseOfTheConfigurationAndInLowerCaseOnly() {
        assertThat(DistributionKind.values())
                .extracting(DistributionKind::label)
                .containsExactly("ketama", "modula", "random");
        assertThat(DistributionKind.named("modula")).contains(DistributionKind.MODULA);
        assertThat(DistributionKind.named("Ketama")).isEmpty();
    }
}
