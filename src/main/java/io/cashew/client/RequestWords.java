package io.cashew.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A copy of the words of a request, for as long as it is under way, shortened as Redis's slow log shortens them: at most 32
/// words, of each at most 128 bytes, and how much is missing. Used again for other requests.
final class RequestWords {
    /// Room that every copy has, in bytes: most requests need no more.
    static final int FEW = 128;

    private static final int MOST_WORDS = 32;
    private static final int MOST_BYTES = 128;

    private byte[] bytes = new byte[FEW];
    /// Of each word that is kept, how long it was, and how much of it is here.
    private final int[] lengths = new int[MOST_WORDS];
    private final int[] present = new int[MOST_WORDS];
    private int kept;
    private int words;

    /// Copies the words of `request`, growing by at most `room` bytes; what does not fit then is missing. Says by how much it
    /// has grown.
    int copy(Request request, int room) {
        words = request.wordCount();
        kept = words > MOST_WORDS ? MOST_WORDS - 1 : words;
        int needed = 0;
        for (int word = 0; word < kept; word++) {
            lengths[word] = request.wordLength(word);
            present[word] = isHere(request, word) ? Math.min(lengths[word], MOST_BYTES) : 0;
            needed += present[word];
        }
        int grown = needed > bytes.length ? grow(needed, room) : 0;
        int at = 0;
        for (int word = 0; word < kept; word++) {
            present[word] = Math.min(present[word], bytes.length - at);
            MemorySegment.copy(request.bytes(), ValueLayout.JAVA_BYTE, request.wordStart(word), bytes, at, present[word]);
            at += present[word];
        }
        return grown;
    }

    private int grow(int needed, int room) {
        int more = Integer.highestOneBit(needed - 1) * 2 - bytes.length;
        if (more > room) {
            return 0;
        }
        bytes = Arrays.copyOf(bytes, bytes.length + more);
        return more;
    }

    /// A large value may have been cut out of its request: then the next word begins, or the request ends, where it would lie.
    private static boolean isHere(Request request, int word) {
        int end = word + 1 < request.wordCount() ? request.wordOffset(word + 1) : request.length();
        return request.wordOffset(word) + request.wordLength(word) <= end;
    }

    /// How many bytes beyond [#FEW] it occupies.
    int grown() {
        return bytes.length - FEW;
    }

    /// The words as they are shown, one character per byte.
    List<String> shown() {
        List<String> shown = new ArrayList<>(kept + 1);
        int at = 0;
        for (int word = 0; word < kept; word++) {
            String text = new String(bytes, at, present[word], ISO_8859_1);
            int missing = lengths[word] - present[word];
            shown.add(missing == 0 ? text : text + "... (" + missing + " more bytes)");
            at += present[word];
        }
        if (words > kept) {
            shown.add("... (" + (words - kept) + " more arguments)");
        }
        return shown;
    }
}
