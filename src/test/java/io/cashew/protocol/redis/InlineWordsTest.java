package io.cashew.protocol.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InlineWordsTest {
    /// Bytes as transcripts write them, so that a backslash is two; words separated by a bar.
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = ';', value = {
        "a; a",
        "  a \\t b\\x0b\\x0cc \\r; a|b|c",
        "\"a b\"; a b",
        "'a b'; a b",
        "\"\"; ``",
        "'' ''; |",
        "a\"b c\"; ab c",
        "a'b c' d; ab c|d",
        "\"\\\\n\\\\r\\\\t\\\\b\\\\a\"; \\n\\r\\t\\x08\\x07",
        "\"\\\\x41\\\\x6a\\\\xFf\"; Aj\\xff",
        "\"\\\\x4\"; x4",
        "\"\\\\x4g\"; x4g",
        "\"\\\\q\\\\\"\\\\\\\\\"; q\"\\\\",
        "'\\\\''; '",
        "'\\\\n'; \\\\n",
        "a\\\\n; a\\\\n",
        "\"'\" '\"'; '|\"",
        "\\xff\\x80; \\xff\\x80",
        "a\\x00b; a|b",
        "\"a\\x00\"; a\\x00"
    })
    void wordsAreSplitAsRedisSplitsThem(String line, String words) {
        var expected = words.isEmpty() ? List.of("") : List.of(words.split("\\|", -1)).stream().map(Escapes::decode).toList();

        assertThat(split(line)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"\"a", "'a", "\"a\"b", "'a'b", "'a'\"b\"", "\"a\\\\\"", "\"\\\\"})
    void openQuotesAreRefused(String line) {
        assertThat(split(line)).isNull();
    }

    @Test
    void aLineOfBlanksHasNoWords() {
        assertThat(split(" \\t\\r ")).isEmpty();
        assertThat(split("")).isEmpty();
    }

    /// The words are copies: the memory they are placed in is used again for the next request.
    @Test
    void memoryIsUsedAgainUnlessItIsLarge() {
        var request = new Request();

        MemorySegment first = InlineWords.split("GET key".getBytes()).placeInto(request, MemorySegment.NULL);
        request.clear();
        MemorySegment second = InlineWords.split("GET other".getBytes()).placeInto(request, first);
        request.clear();
        MemorySegment large = InlineWords.split("x".repeat(10_000).getBytes()).placeInto(request, second);

        assertThat(second.address()).isEqualTo(first.address());
        assertThat(large).isEqualTo(MemorySegment.NULL);
        assertThat(request.wordLength(0)).isEqualTo(10_000);
    }

    @Test
    void theLongestLineOfBlanksAndWordsIsSplit() {
        String line = "a ".repeat(Limits.REDIS.line() / 2);

        assertThat(InlineWords.split(line.getBytes()).count()).isEqualTo(Limits.REDIS.line() / 2);
    }

    private static List<String> split(String line) {
        var words = InlineWords.split(RespBytes.bytes(Escapes.decode(line)));
        if (words == null) {
            return null;
        }
        var request = new Request();
        words.placeInto(request, MemorySegment.NULL);
        var split = new ArrayList<String>();
        for (int word = 0; word < request.wordCount(); word++) {
            split.add(RespBytes.text(request.word(word)));
        }
        return split;
    }
}
