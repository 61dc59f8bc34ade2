package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import java.util.Arrays;
import java.util.HashMap;

/// What a command does with the value of a key, as far as a user's patterns tell it apart: `%R~` allows reading what is there,
/// `%W~` changing it. Facts are those of Redis's key specifications, where `ACCESS` reads and `INSERT`, `UPDATE`, `DELETE` write.
enum KeyUse {
    /// Neither, but the answer says something about the key: any pattern will do.
    SEE,
    READ,
    WRITE,
    BOTH;

    /// The use of the first key and that of the others, for commands where that is not reading for those that read and writing for
    /// those that write.
    private static final String TABLE = """
            SEE SEE: strlen exists object|encoding object|freq object|idletime object|refcount touch type llen hexists hlen \
                    hstrlen scard sismember zcard xlen watch memory|usage
            BOTH BOTH: decr decrby getdel getex getset incr incrby incrbyfloat setbit migrate move blmpop blpop brpop lmpop \
                    lpop rpop hincrby hincrbyfloat spop bzmpop bzpopmax bzpopmin zincrby zmpop zpopmax zpopmin eval evalsha \
                    fcall delex delifeq hgetdel hgetex
            READ READ: xreadgroup xreadgroup|block pfdebug
            WRITE READ: bitop sdiffstore sinterstore sunionstore zdiffstore zinterstore zrangestore zunionstore geosearchstore
            READ WRITE: copy georadius georadiusbymember sort
            BOTH WRITE: rename renamenx blmove brpoplpush lmove rpoplpush smove
            BOTH READ: pfmerge
            """;

    private static final KeyUse[][] OF_COMMAND = read(TABLE);

    private final boolean reads;
    private final boolean writes;

    KeyUse() {
        reads = ordinal() % 2 == 1;
        writes = ordinal() > 1;
    }

    boolean reads() {
        return reads;
    }

    boolean writes() {
        return writes;
    }

    /// How `request` uses its key number `key`.
    static KeyUse of(RedisCommand command, Request request, int key) {
        return switch (command) {
            case SET -> has(request, 3, "get") ? BOTH : WRITE;
            case BITFIELD -> has(request, 2, "set") || has(request, 2, "incrby") ? BOTH : READ;
            default -> OF_COMMAND[command.ordinal()][Math.min(key, 1)];
        };
    }

    private static boolean has(Request request, int from, String option) {
        for (int word = from; word < request.wordCount(); word++) {
            if (request.wordIs(word, option)) {
                return true;
            }
        }
        return false;
    }

    private static KeyUse[][] read(String table) {
        var rows = new HashMap<String, KeyUse[]>();
        table.lines().forEach(line -> {
            var sides = line.split(": ");
            var uses = sides[0].split(" ");
            for (String command : sides[1].split(" +")) {
                rows.put(command, new KeyUse[] {valueOf(uses[0]), valueOf(uses[1])});
            }
        });
        return Arrays.stream(RedisCommand.values())
                .map(row -> {
                    var usual = row.writes() ? WRITE : READ;
                    return rows.getOrDefault(row.label(), new KeyUse[] {usual, usual});
                })
                .toArray(KeyUse[][]::new);
    }
}
