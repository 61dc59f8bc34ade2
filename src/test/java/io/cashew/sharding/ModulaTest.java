package io.cashew.sharding;

import static io.cashew.sharding.ShardLists.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.sharding.Placement.InSlot;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModulaTest {
    @Test
    void everyShardHasAsManyConsecutiveSlotsAsItsWeight() {
        var slots = modula(2, 1, 3);

        assertThat(IntStream.range(0, 8).map(slots::server)).containsExactly(0, 0, 1, 2, 2, 2, 0, 0);
        assertThat(IntStream.range(0, 3).map(slots::points)).containsExactly(2, 1, 3);
    }

    @Test
    void hashesAreUnsigned() {
        // 2^32 - 1 = 3 modulo 6
        assertThat(modula(2, 1, 3).explain(-1)).isEqualTo(new InSlot(2, 0xffffffffL, 3, 6));
    }

    @Test
    void ejectedShardsHaveNoSlotAndTheOthersCloseUp() {
        var ejected = new BitSet();
        ejected.set(0);
        var slots = DistributionKind.MODULA.build(weighted(2, 1, 3), ejected);

        assertThat(IntStream.range(0, 5).map(slots::server)).containsExactly(1, 2, 2, 2, 1);
        assertThat(slots.points(0)).isZero();
        assertThat(slots.hashesOwned(0)).isZero();
    }

    @Test
    void theFirstSlotsOwnTheHashesThatDoNotDivide() {
        // 2^32 = 6 * 715827882 + 4
        var slots = modula(2, 1, 3);

        assertThat(IntStream.range(0, 3).mapToLong(slots::hashesOwned))
                .containsExactly(2 * 715827883L, 715827883L, 3 * 715827882L + 1);
    }

    @Test
    void slotsBeyondTheLastHashOwnNothing() {
        var slots = modula(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

        assertThat(IntStream.range(0, 3).mapToLong(slots::hashesOwned))
                .containsExactly((1L << 31) - 1, (1L << 31) - 1, 2L);
        assertThat(slots.server(-1)).isEqualTo(2);
        assertThat(slots.server(-3)).isEqualTo(1);
    }

    private static Distribution modula(int... weights) {
        return DistributionKind.MODULA.build(weighted(weights), new BitSet());
    }
}
