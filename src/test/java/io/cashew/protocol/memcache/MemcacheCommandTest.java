package io.cashew.protocol.memcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Command.Spread;
import io.cashew.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemcacheCommandTest {
    @Test
    void everyCommandOfTwemproxyIsServed() {
        assertThat(Arrays.stream(MemcacheCommand.values())
                        .filter(row -> row.refusal() == null)
                        .map(MemcacheCommand::label))
                .containsAll(List.of(
                        "get", "gets", "set", "add", "replace", "append", "prepend", "cas", "incr", "decr", "touch",
                        "delete", "version", "quit"));
    }

    @ParameterizedTest
    @EnumSource
    void everyRowSaysWhatItsWayOfTravellingNeeds(MemcacheCommand row) {
        switch (row.spread()) {
            case REFUSED -> assertThat(row.refusal().reason()).isNotBlank().doesNotEndWith(".");
            case SPLIT -> assertThat(row.form().hasManyKeys()).isTrue();
            case ONE_SERVER -> assertThat(row.form().firstKey()).isPositive();
            case LOCAL, ANY_SERVER, EVERY_SERVER -> assertThat(row.form().firstKey()).isZero();
        }
        assertThat(row.spread() == Spread.REFUSED).isEqualTo(row.refusal() != null);
        assertThat(row.name().toLowerCase(Locale.ROOT)).isEqualTo(row.label());
    }

    @ParameterizedTest
    @EnumSource
    void aNameIsKnownLetterByLetter(MemcacheCommand row) {
        assertThat(MemcacheCommand.of(named(row.label()))).isSameAs(row);
        assertThat(MemcacheCommand.of(named(row.label().toUpperCase(Locale.ROOT)))).isNull();
        assertThat(MemcacheCommand.of(named(row.label() + "_that_nobody_knows"))).isNull();
        assertThat(MemcacheCommand.of(named(row.label() + "\0"))).isNull();
    }

    private static Request named(String name) {
        var request = new Request();
        request.addWord(0, name.length());
        request.place(MemorySegment.ofArray(name.getBytes(StandardCharsets.US_ASCII)), 0, name.length());
        return request;
    }
}
