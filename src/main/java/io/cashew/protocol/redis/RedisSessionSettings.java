package io.cashew.protocol.redis;

/// What a pool's sessions have in common.
///
/// @param password what clients must say first, or [Password#NONE]
/// @param wrongPasswords what slows down those who guess it
/// @param lanes which databases there are
/// @param oldServers what has been found out about servers that do not speak RESP3
/// @param version the version of Cashew, as `HELLO` and `INFO` tell it
/// @param pool what commands about the whole pool need to know
public record RedisSessionSettings(
        Password password,
        WrongPasswords wrongPasswords,
        Lanes lanes,
        OldServers oldServers,
        String version,
        WholePool pool) {
    public RedisSessionSettings {
        if (!version.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("a version is one printable word");
        }
    }

    /// The same for a pool with one server that is always there.
    public RedisSessionSettings(
            Password password, WrongPasswords wrongPasswords, Lanes lanes, OldServers oldServers, String version) {
        this(password, wrongPasswords, lanes, oldServers, version, WholePool.OF_ONE);
    }
}
