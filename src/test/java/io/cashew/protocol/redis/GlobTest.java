package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "app:*, app:", "app:*, app:1", "*, x", "**, x", "a*b*c, abc", "a*b*c, axxbxxbxc", "h?llo, hello", "h[ae]llo, hallo",
        "h[^e]llo, hxllo", "h[a-c]llo, hbllo", "h[c-a]llo, hbllo", "\\*, *", "[\\]], ]", "a[bc, ac", "a\\, a\\", "*a, aaab a",
        "*ab, aab", "[a-, -"
    })
    void whatFitsMatches(String pattern, String text) {
        assertThat(matches(pattern, text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "app:*, ap", "app:*, xapp:1", "?, ab", "a*b*c, acb", "h[ae]llo, hillo", "h[^e]llo, hello", "\\*, x", "a, A", "a*, ba",
        "*b, ba", "[], x", "a?, a"
    })
    void whatDoesNotFitDoesNotMatch(String pattern, String text) {
        assertThat(matches(pattern, text)).isFalse();
    }

    @Test
    void anEmptyTextMatchesOnlyStars() {
        assertThat(matches("*", "")).isTrue();
        assertThat(matches("", "")).isTrue();
        assertThat(matches("?", "")).isFalse();
    }

    /// Trying every way to share the text among the stars would take longer than anybody lives.
    @Test
    @Timeout(30)
    void manyStarsDoNotMultiply() {
        String text = "a".repeat(100_000);

        assertThat(matches("*a".repeat(40) + "*b", text)).isFalse();
        assertThat(matches("*[^b]".repeat(40) + "*", text)).isTrue();
    }

    @Test
    void patternsAreShownAsTheyWereWritten() {
        assertThat(Glob.of("a\\*[x]").toString()).isEqualTo("a\\*[x]");
        assertThat(Glob.of("a*")).isEqualTo(Glob.of("a*")).hasSameHashCodeAs(Glob.of("a*")).isNotEqualTo(Glob.of("a"));
    }

    private static boolean matches(String pattern, String text) {
        var bytes = MemorySegment.ofArray(("x" + text + "x").getBytes(ISO_8859_1));
        return Glob.of(pattern).matches(bytes, 1, text.length());
    }
}
