package io.cashew.protocol;

/// What a client has told us about itself, and what it has begun, as far as its [Session] knows.
///
/// @param name what it calls itself, or empty; text is one byte per character
/// @param libraryName the library it uses, as that says itself, or empty
/// @param libraryVersion the version of that, or empty
/// @param user who it has shown to be, or empty where nobody has to
/// @param dialect the version of the protocol it has chosen; 0 where there is only one
/// @param database the database it means
/// @param queued commands queued for its transaction; -1 if it is in none
/// @param channels how many channels it is subscribed to
/// @param patterns to how many patterns
/// @param shardChannels to how many channels of shards
public record Introduction(
        String name,
        String libraryName,
        String libraryVersion,
        String user,
        int dialect,
        int database,
        int queued,
        int channels,
        int patterns,
        int shardChannels) {
    /// Of a client that has said nothing.
    public static final Introduction NONE = new Introduction("", "", "", "", 0, 0, -1, 0, 0, 0);

    public boolean subscribed() {
        return channels + patterns + shardChannels > 0;
    }
}
