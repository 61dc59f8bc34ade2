package io.cashew.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
    private final Split split = new Split(3);

    @Test
    void everyKeyCanBeAPartOfItsOwn() {
        split.byKey(new int[] {2, 0, 2}, 3);

        assertThat(split.parts()).isEqualTo(3);
        for (int part = 0; part < 3; part++) {
            assertThat(split.server(part)).isEqualTo(part == 1 ? 0 : 2);
            assertThat(split.firstSlot(part)).isEqualTo(part);
            assertThat(split.endSlot(part)).isEqualTo(part + 1);
            assertThat(split.key(part)).isEqualTo(part);
            assertThat(split.part(part)).isEqualTo(part);
        }
    }

    @Test
    void thereMayBeMorePartsThanServersAndThenFewerAgain() {
        int[] servers = IntStream.range(0, 100).map(key -> key % 3).toArray();
        split.byKey(servers, 100);
        assertThat(IntStream.range(0, 100).map(split::server).toArray()).containsExactly(servers);

        split.byServer(servers, 4);

        assertThat(split.parts()).isEqualTo(3);
        assertThat(IntStream.range(0, 4).map(split::key).toArray()).containsExactly(0, 3, 1, 2);
        assertThat(IntStream.range(0, 3).map(split::endSlot).toArray()).containsExactly(2, 3, 4);
    }
}
