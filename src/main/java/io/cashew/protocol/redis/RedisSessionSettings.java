package io.cashew.protocol.redis;

import io.cashew.protocol.WrongPasswords;

/// What a pool's sessions have in common.
///
/// @param users who clients can be, what they must say to be it, and what they may do then
/// @param wrongPasswords what slows down those who guess it
/// @param lanes which databases there are
/// @param oldServers what has been found out about servers that do not speak RESP3
/// @param version the version of Cashew, as `INFO` tells it
/// @param pool what commands about the whole pool need to know
public record RedisSessionSettings(
        Users users,
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

    /// The same for a pool with one server that is always there, where who says `password` may do everything.
    public RedisSessionSettings(
            Password password, WrongPasswords wrongPasswords, Lanes lanes, OldServers oldServers, String version) {
        this(Users.withPassword(password), wrongPasswords, lanes, oldServers, version, WholePool.OF_ONE);
    }
}
