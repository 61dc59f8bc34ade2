package io.cashew.protocol;

/// How much a peer may claim. Whoever claims more is told so and cut off; nothing is ever allocated by a claim.
///
/// @param words arguments of one request, the command's name included
/// @param bulk bytes of one argument, or of one value in a reply
/// @param line bytes of an inline request, or of a header line
/// @param message bytes of one whole request or reply; for memcache, of one line with many keys
public record Limits(int words, int bulk, int line, int message) {
    /// Redis's own: 1,048,576 arguments, `proto-max-bulk-len` 512 MB, `PROTO_INLINE_MAX_SIZE` 64 KB, a query buffer of 1 GB.
    public static final Limits REDIS = new Limits(1024 * 1024, 512 * 1024 * 1024, 64 * 1024, 1024 * 1024 * 1024);

    /// What a client may claim before it has shown who it is, as in Redis: 10 arguments of 16 KB; 1 MB in all.
    public static final Limits STRANGER = new Limits(10, 16 * 1024, 64 * 1024, 1024 * 1024);

    /// The smaller of each.
    public Limits and(Limits other) {
        return new Limits(
                Math.min(words, other.words),
                Math.min(bulk, other.bulk),
                Math.min(line, other.line),
                Math.min(message, other.message));
    }

    /// memcached's: it closes a connection whose line is longer than 2048 bytes, unless it is a `get` of many keys. That one
    /// may have 262,144 keys and 16 MB here. Values may be as long as `itemSize`.
    public static Limits memcache(int itemSize) {
        return new Limits(256 * 1024, itemSize, 2048, 16 * 1024 * 1024);
    }
}
