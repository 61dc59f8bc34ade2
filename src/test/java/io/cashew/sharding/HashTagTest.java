package io.cashew.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashTagTest {
    @ParameterizedTest
    @CsvSource({
        "{user}.name, user",
        "name.{user}, user",
        "a{b}c{d}e, b",
        "{{a}}, {a",
        "}{a}, a",
        "{a}}, a",
    })
    void theTextBetweenTheFirstPairIsHashed(String key, String hashed) {
        assertThat(hashed("{}", key)).isEqualTo(hashed);
    }

    @ParameterizedTest
    @CsvSource({"plain", "{open", "close}", "}reversed{", "{}", "{}{a}", "a{}b", "{", "}", "''"})
    void keysWithoutATagAreHashedWhole(String key) {
        assertThat(hashed("{}", key)).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({"$a$b, a", "x$a$b$, a", "$$a$, $$a$", "$a, $a", "$$, $$"})
    void bothEndsMayBeTheSameByte(String key, String hashed) {
        assertThat(hashed("$$", key)).isEqualTo(hashed);
    }

    @Test
    void bytesAroundTheKeyAreNotLookedAt() {
        var tag = HashTag.of("{}").orElseThrow();
        var bytes = "{x}{ab}}".getBytes(StandardCharsets.US_ASCII);

        long open = tag.slice(bytes, 3, 3);
        long closed = tag.slice(bytes, 3, 4);

        assertThat(HashTag.offset(open)).isEqualTo(3);
        assertThat(HashTag.length(open)).isEqualTo(3);
        assertThat(HashTag.offset(closed)).isEqualTo(4);
        assertThat(HashTag.length(closed)).isEqualTo(2);
    }

    @Test
    void aTagIsTwoBytesOfUtf8() {
        assertThat(HashTag.of("{}")).contains(new HashTag((byte) '{', (byte) '}'));
        assertThat(HashTag.of("é")).contains(new HashTag((byte) 0xc3, (byte) 0xa9));
        assertThat(HashTag.of("")).isEmpty();
        assertThat(HashTag.of("{")).isEmpty();
        assertThat(HashTag.of("{}}")).isEmpty();
        assertThat(HashTag.of("é}")).isEmpty();
    }

    private static String hashed(String tag, String key) {
        var bytes = key.getBytes(StandardCharsets.UTF_8);
        long slice = HashTag.of(tag).orElseThrow().slice(bytes, 0, bytes.length);
        return new String(bytes, HashTag.offset(slice), HashTag.length(slice), StandardCharsets.UTF_8);
    }
}
