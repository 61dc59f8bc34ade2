package io.cashew.sharding;

import static io.cashew.sharding.ShardLists.equal;
import static io.cashew.sharding.ShardLists.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.cashew.sharding.Placement.OnRing;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContinuumTest {
    private static final BitSet NONE_EJECTED = new BitSet();

    @Test
    void singlePrecisionCostsSomeNumbersOfEqualServersFourPointsEach() {
        var short156 = IntStream.rangeClosed(1, 200)
                .filter(count -> ketama(equal(count)).points(0) != 160)
                .boxed()
                .toList();

        assertThat(short156)
                .containsExactly(25, 47, 50, 55, 61, 71, 94, 100, 107, 109, 110, 115, 122, 142, 159, 163, 188, 193, 200);
        assertThat(IntStream.range(0, 25).map(ketama(equal(25))::points)).containsOnly(156);
    }

    @Test
    void shardsOfLittleWeightMayHaveNoPointAndNoKey() {
        var ring = ketama(weighted(1000, 1, 10, 200));

        assertThat(IntStream.range(0, 4).map(ring::points)).containsExactly(528, 0, 4, 104);
        assertThat(ring.hashesOwned(1)).isZero();
        assertThat(ring.hashesOwned(2)).isPositive();
    }

    @Test
    void weightsCountInProportionAndGiantOnesDoNotOverflow() {
        var ring = ketama(weighted(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 1));

        assertThat(IntStream.range(0, 4).map(ring::points)).containsExactly(212, 212, 212, 0);
    }

    @Test
    void aHashOnAPointBelongsToThatPointAndTheNextHashToTheNext() {
        var ring = ketama(equal(3));
        var point = (OnRing) ring.explain(0);

        for (int position = 0; position < point.points(); position++) {
            var on = (OnRing) ring.explain((int) point.point());
            assertThat(on.position()).isEqualTo(position);
            assertThat(on.point()).isEqualTo(on.hash());
            point = (OnRing) ring.explain((int) on.point() + 1);
        }

        assertThat(point.position()).isZero();
        assertThat(point.wrapped()).isTrue();
    }

    @Test
    void explanationAndOwnershipAgreeWithTheLookup() {
        var ring = ketama(weighted(1, 2, 3));
        var owned = new long[3];
        long previous = -1;

        for (var arc = (OnRing) ring.explain(0); !arc.wrapped(); arc = (OnRing) ring.explain((int) arc.point() + 1)) {
            assertThat(arc.server()).isEqualTo(ring.server((int) arc.point())).isEqualTo(ring.server((int) previous + 1));
            owned[arc.server()] += arc.point() - previous;
            previous = arc.point();
        }
        owned[ring.server(-1)] += 0xffffffffL - previous;

        assertThat(IntStream.range(0, 3).mapToLong(ring::hashesOwned)).containsExactly(owned[0], owned[1], owned[2]);
        assertThat(owned[0] + owned[1] + owned[2]).isEqualTo(1L << 32);
    }

    @Test
    void ejectionMovesOnlyTheKeysOfTheEjectedAmongEqualServers() {
        var shards = equal(5);
        var ejected = new BitSet();
        ejected.set(2);

        var before = ketama(shards);
        var after = DistributionKind.KETAMA.build(shards, ejected);

        Set<Integer> tookOver = new TreeSet<>();
        for (long hash = 0; hash < 1L << 32; hash += 99_991) {
            int home = before.server((int) hash);
            int now = after.server((int) hash);
            if (home == 2) {
                tookOver.add(now);
            } else {
                assertThat(now).isEqualTo(home);
            }
        }
        assertThat(tookOver).containsExactly(0, 1, 3, 4);
        assertThat(after.points(2)).isZero();
        assertThat(after.hashesOwned(2)).isZero();
    }

    @Test
    void ofEqualPointsTheEarlierShardWins() {
        // Two shards of one name share every point, so the ring is decided by their order alone
        var ring = ketama(List.of(new Shard("twin", 1), new Shard("twin", 1)));

        assertThat(ring.points(1)).isEqualTo(160);
        assertThat(ring.hashesOwned(0)).isEqualTo(1L << 32);
        assertThat(ring.hashesOwned(1)).isZero();
    }

    @Test
    void onlyTheFirst272BytesOfAPointsTextCount() {
        var long271 = "n".repeat(271);
        var long272 = "n".repeat(272);

        // 271 + "-" is the limit: the point's number is cut off, all digests are one
        var cut = (OnRing) ketama(List.of(new Shard(long271, 1))).explain(0);
        assertThat(distinctPoints(ketama(List.of(new Shard("n".repeat(268), 1))))).isEqualTo(160);
        assertThat(distinctPoints(ketama(List.of(new Shard(long271, 1))))).isEqualTo(4);
        assertThat(cut.points()).isEqualTo(160);
        assertThat(ketama(List.of(new Shard(long272, 1))).explain(0))
                .isEqualTo(ketama(List.of(new Shard(long272 + "and more", 1))).explain(0))
                .isNotEqualTo(cut);
        assertThatNoException().isThrownBy(() -> ketama(List.of(new Shard("é".repeat(300), 1))));
    }

    private static Distribution ketama(List<Shard> shards) {
        return DistributionKind.KETAMA.build(shards, NONE_EJECTED);
    }

    private static int distinctPoints(Distribution ring) {
        int count = 0;
        for (var at = (OnRing) ring.explain(0); !at.wrapped(); at = (OnRing) ring.explain((int) at.point() + 1)) {
            count++;
        }
        return count;
    }
}
