package io.cashew.protocol.redis;

/// What a pool's sessions have in common.
///
/// @param password what clients must say first, or [Password#NONE]
/// @param wrongPasswords what slows down those who guess it
/// @param database the number of the database the pool uses on its servers
/// @param version the version of Cashew, as `HELLO` and `INFO` tell it
public record RedisSessionSettings(Password password, WrongPasswords wrongPasswords, int database, String version) {
    public RedisSessionSettings {
        if (database < 0) {
            throw new IllegalArgumentException("a database has a number from 0, not " + database);
        }
        if (!version.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("a version is one printable word");
        }
    }
}
