package io.cashew.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShardTest {
    @Test
    void shorterNamesComeFirstThenTheLesserBytes() {
        var names = Stream.of("redis-b", "zz", "redis-a", "é", "b", "a", "Z", "zzz");

        // é has two bytes, both above those of ASCII
        assertThat(names.sorted(Shard.RING_NAME_ORDER)).containsExactly("Z", "a", "b", "zz", "é", "zzz", "redis-a", "redis-b");
    }

    @Test
    void orderIsThatOfUtf8AndNotOfUtf16() {
        // U+10000 needs surrogates, which are below U+FFFF as UTF-16 but above it as UTF-8; both names have four bytes
        assertThat(Stream.of("\ud800\udc00", "\uffffa").sorted(Shard.RING_NAME_ORDER))
                .containsExactly("\uffffa", "\ud800\udc00");
    }

    @Test
    void aShardWeighsSomething() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Shard("a", 0)).withMessageContaining("weight of a is 0");
    }
}
