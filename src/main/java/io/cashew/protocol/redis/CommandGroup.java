package io.cashew.protocol.redis;

import java.util.Locale;

/// What commands are about, as `COMMAND DOCS` groups them. Rows of the table are in the order of their groups.
enum CommandGroup {
    STRING(RedisCommand.APPEND),
    BITMAP(RedisCommand.BITCOUNT),
    GENERIC(RedisCommand.COPY),
    LIST(RedisCommand.BLMOVE),
    HASH(RedisCommand.HDEL),
    SET(RedisCommand.SADD),
    SORTED_SET(RedisCommand.BZMPOP),
    HYPERLOGLOG(RedisCommand.PFADD),
    GEO(RedisCommand.GEOADD),
    STREAM(RedisCommand.XACK),
    ARRAY(RedisCommand.ARCOUNT),
    SCRIPTING(RedisCommand.EVAL),
    TRANSACTIONS(RedisCommand.DISCARD),
    PUBSUB(RedisCommand.PSUBSCRIBE),
    CONNECTION(RedisCommand.ASKING),
    SERVER(RedisCommand.ACL);

    private final RedisCommand first;

    CommandGroup(RedisCommand first) {
        this.first = first;
    }

    static CommandGroup of(RedisCommand command) {
        CommandGroup found = STRING;
        for (CommandGroup group : values()) {
            found = group.first.compareTo(command) <= 0 ? group : found;
        }
        return found;
    }

    /// As Redis writes it.
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
