package io.cashew.sharding;

import static io.cashew.sharding.ShardLists.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.sharding.Placement.Drawn;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomDistributionTest {
    @Test
    void everyLiveShardIsDrawnAboutEquallyOftenAndNoOther() {
        var draws = withoutTheSecond();
        var drawn = new int[4];

        IntStream.range(0, 30_000).forEach(_ -> drawn[draws.server(7)]++);

        assertThat(drawn[1]).isZero();
        // 10,000 each with a deviation of 82; 12 deviations do not happen
        assertThat(List.of(drawn[0], drawn[2], drawn[3])).allSatisfy(times -> assertThat(times).isBetween(9_000, 11_000));
    }

    @Test
    void anExplanationIsADrawAmongTheLive() {
        var explained = (Drawn) withoutTheSecond().explain(-1);

        assertThat(explained.server()).isIn(0, 2, 3);
        assertThat(explained.hash()).isEqualTo(0xffffffffL);
        assertThat(explained.candidates()).isEqualTo(3);
    }

    @Test
    void weightsDoNotCount() {
        var draws = withoutTheSecond();

        assertThat(IntStream.range(0, 4).map(draws::points)).containsExactly(1, 0, 1, 1);
        assertThat(IntStream.range(0, 4).mapToLong(draws::hashesOwned))
                .containsExactly(1431655766L, 0L, 1431655765L, 1431655765L);
    }

    private static Distribution withoutTheSecond() {
        var ejected = new BitSet();
        ejected.set(1);
        return DistributionKind.RANDOM.build(weighted(1, 1, 1, 1000), ejected);
    }
}
