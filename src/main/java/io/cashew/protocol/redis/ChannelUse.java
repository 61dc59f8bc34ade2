package io.cashew.protocol.redis;

/// Which words of a command are channels, that a user may use or not.
enum ChannelUse {
    /// None; its keys are what counts.
    NONE,
    FIRST_WORD,
    ALL_WORDS,
    /// All are patterns of channels, and have to be the very ones the user has.
    PATTERNS,
    /// Leaving a channel is allowed to everybody.
    ANY;

    static ChannelUse of(RedisCommand command) {
        return switch (command) {
            case PUBLISH, SPUBLISH -> FIRST_WORD;
            case SUBSCRIBE, SSUBSCRIBE -> ALL_WORDS;
            case PSUBSCRIBE -> PATTERNS;
            case UNSUBSCRIBE, SUNSUBSCRIBE, PUNSUBSCRIBE -> ANY;
            default -> NONE;
        };
    }
}
