package io.cashew.protocol.redis;

/// The two versions of Redis's protocol. Requests are the same in both; RESP3 has more types of replies. A connection begins
/// in RESP2 and changes with `HELLO`.
enum Dialect {
    RESP2(2),
    RESP3(3);

    private final int version;

    Dialect(int version) {
        this.version = version;
    }

    /// As `HELLO` calls it.
    int version() {
        return version;
    }

    /// The dialect of this version, or null.
    static Dialect ofVersion(long version) {
        if (version == RESP2.version) {
            return RESP2;
        }
        return version == RESP3.version ? RESP3 : null;
    }
}
