package io.cashew.protocol.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortLineTest {
    private static int number(String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return ShortLine.number(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    @Test
    void oneDigitAndTwoAreANumberAndTheLineHasALength() {
        for (int number = 1; number <= 99; number++) {
            String line = "$" + number + "\r\n";

            assertThat(number(line + "behind it")).isEqualTo(number);
            assertThat(ShortLine.length(number)).isEqualTo(line.length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "$0\r\nabcd", "$07\r\nabcd", "$100\r\nabcd", "$-1\r\nabcd", "$+5\r\nabcd", "$5\r\rabcd", "$5\nabcdef", "$55\n\rabcd",
        "$5a\r\nabcd", "$\r\nabcdef"
    })
    void anythingElseIsLeftToOthers(String text) {
        assertThat(number(text)).isEqualTo(ShortLine.NONE);
    }

    @Test
    void aLineAtTheEndOfWhatHasComeIsLeftToOthers() {
        assertThat(number("$5\r\nabc")).isEqualTo(ShortLine.NONE);
        assertThat(number("$5\r\nabcd")).isEqualTo(5);
    }
}
