package io.cashew.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestWordsTest {
    private final RequestWords words = new RequestWords();

    private static Request request(List<String> words) {
        var request = new Request();
        byte[] bytes = ("?" + String.join(" ", words)).getBytes(ISO_8859_1);
        int at = 0;
        for (String word : words) {
            request.addWord(at, word.length());
            at += word.length() + 1;
        }
        request.place(MemorySegment.ofArray(bytes), 1, at - 1);
        return request;
    }

    private List<String> shown(String... of) {
        words.copy(request(List.of(of)), Integer.MAX_VALUE);
        return words.shown();
    }

    @Test
    void shortRequestsAreKeptAsTheyAre() {
        assertThat(shown("SET", "k\u00ff", "")).containsExactly("SET", "k\u00ff", "");
    }

    @Test
    void longWordsAreShortened() {
        assertThat(shown("SET", "k".repeat(128), "v".repeat(200)))
                .containsExactly("SET", "k".repeat(128), "v".repeat(128) + "... (72 more bytes)");
    }

    @Test
    void manyWordsAreShortened() {
        assertThat(shown(Collections.nCopies(32, "w").toArray(String[]::new))).hasSize(32).containsOnly("w");
        assertThat(shown(Collections.nCopies(33, "w").toArray(String[]::new)))
                .hasSize(32)
                .endsWith("w", "... (2 more arguments)");
    }

    @Test
    void itGrowsOnlyAsFarAsThereIsRoom() {
        var request = request(List.of("SET", "k".repeat(100), "v".repeat(100)));

        assertThat(words.copy(request, 127)).isZero();
        assertThat(words.shown())
                .containsExactly("SET", "k".repeat(100), "v".repeat(25) + "... (75 more bytes)");

        assertThat(words.copy(request, 128)).isEqualTo(128).isEqualTo(words.grown());
        assertThat(words.shown()).containsExactly("SET", "k".repeat(100), "v".repeat(100));
        assertThat(words.copy(request, 0)).isZero();
        assertThat(words.shown()).containsExactly("SET", "k".repeat(100), "v".repeat(100));
    }

    /// Its bytes lie elsewhere: what is there is what follows.
    @Test
    void aValueThatHasBeenCutOutIsMissing() {
        var request = new Request();
        request.addWord(0, 3);
        request.addWord(4, 1);
        request.addWord(6, 20_000);
        request.addWord(7, 2);
        request.place(MemorySegment.ofArray("SET k  EX".getBytes(ISO_8859_1)), 0, 9);

        words.copy(request, Integer.MAX_VALUE);

        assertThat(words.shown()).containsExactly("SET", "k", "... (20000 more bytes)", "EX");
    }
}
