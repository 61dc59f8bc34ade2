package io.cashew.sharding;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Two bytes that mark the part of a key that is hashed, so that related keys share a server: with `{}`, the keys
/// `{user1000}.name` and `{user1000}.mail` are both hashed as `user1000`. Both bytes may be the same, as in `$$`.
///
/// Only the first `open` of a key counts, and the first `close` after it. A key without that pair, or with nothing in
/// between, is hashed whole: `{}{a}` too, since its first pair is empty.
public record HashTag(byte open, byte close) {
    /// The tag written as these two *bytes* of UTF-8, or empty if there are more or fewer; one character of two bytes is
    /// a tag, as in twemproxy.
    public static Optional<HashTag> of(String twoBytes) {
        var bytes = twoBytes.getBytes(StandardCharsets.UTF_8);
        return bytes.length == 2 ? Optional.of(new HashTag(bytes[0], bytes[1])) : Optional.empty();
    }

    /// Where the part to hash lies within `length` bytes of `key` from `offset`. A `long` instead of an object, as this
    /// runs for every request: take it apart with [#offset(long)] and [#length(long)].
    public long slice(byte[] key, int offset, int length) {
        int end = offset + length;
        int opened = find(open, key, offset, end);
        int closed = find(close, key, opened + 1, end);
        int between = closed - opened - 1;
        return closed < end && between > 0 ? packed(opened + 1, between) : packed(offset, length);
    }

    /// Where a slice begins, in the same array as the key it was cut from.
    public static int offset(long slice) {
        return (int) (slice >>> 32);
    }

    /// How many bytes a slice has.
    public static int length(long slice) {
        return (int) slice;
    }

    /// The position of the first `wanted` byte, or one that is not before `end`.
    private static int find(byte wanted, byte[] key, int from, int end) {
        int at = from;
        while (at < end && key[at] != wanted) {
            at++;
        }
        return at;
    }

    private static long packed(int offset, int length) {
        return ((long) offset << 32) | length;
    }
}
