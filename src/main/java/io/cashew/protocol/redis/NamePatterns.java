package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Words of a request that are patterns for names of our own, which are in lower case: of settings, of commands. The case of
/// letters makes no difference.
record NamePatterns(List<Glob> patterns) {
    private static final int LONGEST = 128;

    /// The words of `request` from number `from` on; what is longer than any name matches none.
    static NamePatterns of(Request request, int from) {
        return new NamePatterns(IntStream.range(from, request.wordCount())
                .filter(word -> request.wordLength(word) <= LONGEST)
                .mapToObj(word -> Glob.of(new String(request.word(word), ISO_8859_1).toLowerCase(Locale.ROOT)))
                .toList());
    }

    /// Whether one of them matches.
    boolean match(String name) {
        var bytes = MemorySegment.ofArray(name.getBytes(ISO_8859_1));
        return patterns.stream().anyMatch(pattern -> pattern.matches(bytes, 0, bytes.byteSize()));
    }
}
