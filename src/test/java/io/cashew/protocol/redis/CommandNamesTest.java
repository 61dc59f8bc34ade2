package io.cashew.protocol.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class CommandNamesTest {
    @Test
    void everyCommandIsFoundByItsNameInAnyCase() {
        for (var row : RedisCommand.values()) {
            if (!row.isVariant()) {
                assertThat(RedisCommand.named(row.label())).isSameAs(row);
                assertThat(RedisCommand.named(row.label().toUpperCase(Locale.ROOT))).isSameAs(row);
            }
        }
    }

    @Test
    void namesThatAreNotQuiteRightAreUnknown() {
        for (var row : RedisCommand.values()) {
            if (!row.isVariant()) {
                assertThat(RedisCommand.named(row.label() + "~")).isNull();
                assertThat(RedisCommand.named(row.label() + "\0")).isNull();
                assertThat(RedisCommand.named("~" + row.label())).isNull();
            }
        }
        assertThat(RedisCommand.named("")).isNull();
        assertThat(RedisCommand.named("g")).isNull();
        assertThat(RedisCommand.named("georadiusbymember_ro_and_more")).isNull();
    }

    @Test
    void variantsAreNotCommands() {
        assertThat(RedisCommand.named("object|encoding")).isNull();
        assertThat(RedisCommand.named("xread|block")).isNull();
    }

    @Test
    void namesArePackedWithTheFirstByteLowest() {
        assertThat(RedisCommand.pack("GET", 0)).isEqualTo('g' | 'e' << 8 | 't' << 16);
        assertThat(RedisCommand.pack("GET", 1)).isZero();
        assertThat(RedisCommand.pack("SUNSUBSCRIBE", 1)).isEqualTo('r' | 'i' << 8 | 'b' << 16 | 'e' << 24);
        assertThat(RedisCommand.pack("12345678", 0)).isEqualTo(0x3837363534333231L);
    }

    @Test
    void twoRowsOfOneNameAreRefused() {
        assertThatThrownBy(() -> new CommandNames(List.of(RedisCommand.GET, RedisCommand.SET, RedisCommand.GET)))
                .hasMessageContaining("get");
    }
}
