package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// A pattern for keys and channels, as Redis has it: `*` is any bytes, `?` any one, `[a-c]` and `[^a-c]` one of several or none of
/// them, and a backslash takes the meaning from what follows.
///
/// Of several stars only the last one is ever reconsidered, which finds every match there is; so the time is bounded by the length
/// of the text times that of the pattern, whatever both are. Immutable.
final class Glob {
    private final byte[] pattern;

    private Glob(byte[] pattern) {
        this.pattern = pattern;
    }

    /// `pattern` is one byte per character.
    static Glob of(String pattern) {
        return new Glob(pattern.getBytes(ISO_8859_1));
    }

    boolean matches(Request request, int word) {
        return matches(request.bytes(), request.wordStart(word), request.wordLength(word));
    }

    /// Whether word `word` is this pattern, letter by letter.
    boolean isWrittenAs(Request request, int word) {
        return request.wordLength(word) == pattern.length && Arrays.equals(request.word(word), pattern);
    }

    boolean matches(MemorySegment bytes, long start, long length) {
        long end = start + length;
        long at = start;
        int next = 0;
        int behindStar = -1;
        long resumed = 0;
        while (at < end) {
            if (next < pattern.length && pattern[next] == '*') {
                next = skipStars(next);
                if (next == pattern.length) {
                    return true;
                }
                behindStar = next;
                resumed = at;
                continue;
            }
            int behind = next == pattern.length ? -1 : behindIfOne(next, bytes.get(ValueLayout.JAVA_BYTE, at) & 0xff);
            if (behind >= 0) {
                next = behind;
                at++;
            } else if (behindStar >= 0) {
                next = behindStar;
                at = ++resumed;
            } else {
                return false;
            }
        }
        return skipStars(next) == pattern.length;
    }

    private int skipStars(int from) {
        int at = from;
        while (at < pattern.length && pattern[at] == '*') {
            at++;
        }
        return at;
    }

    /// Where the pattern goes on if what stands at `at` is for one byte, and this one; otherwise -1.
    private int behindIfOne(int at, int one) {
        if (pattern[at] == '?') {
            return at + 1;
        }
        if (pattern[at] == '[') {
            return behindIfAmong(at + 1, one);
        }
        int literal = pattern[at] == '\\' && at + 1 < pattern.length ? at + 1 : at;
        return (pattern[literal] & 0xff) == one ? literal + 1 : -1;
    }

    /// A set that is not closed ends with the pattern.
    private int behindIfAmong(int from, int one) {
        int at = from;
        boolean not = at < pattern.length && pattern[at] == '^';
        if (not) {
            at++;
        }
        boolean among = false;
        while (at < pattern.length && pattern[at] != ']') {
            if (pattern[at] == '\\' && at + 1 < pattern.length) {
                among |= (pattern[at + 1] & 0xff) == one;
                at += 2;
            } else if (at + 2 < pattern.length && pattern[at + 1] == '-') {
                int low = Math.min(pattern[at] & 0xff, pattern[at + 2] & 0xff);
                int high = Math.max(pattern[at] & 0xff, pattern[at + 2] & 0xff);
                among |= one >= low && one <= high;
                at += 3;
            } else {
                among |= (pattern[at] & 0xff) == one;
                at++;
            }
        }
        return among == not ? -1 : Math.min(at + 1, pattern.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && Arrays.equals(pattern, glob.pattern);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pattern);
    }

    /// As it was written.
    @Override
    public String toString() {
        return new String(pattern, ISO_8859_1);
    }
}
