package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a command does with one of its keys, in the words of Redis's key specifications: facts of Redis 7.0, which a test
/// compares with a running one, and for commands that came later what is alike.
///
/// @param words as `COMMAND` shows them
/// @param reads whether what is there is read, for which a user needs a pattern that allows it, `%R~`
/// @param writes whether what is there is changed, which needs `%W~`; for what does neither, but says something about the key, any
///     pattern will do
record KeyFlags(List<String> words, boolean reads, boolean writes) {
    private static final KeyFlags READS = named("RO access");
    private static final KeyFlags REPLACES = named("OW update");
    private static final KeyFlags CHANGES = named("RW access update");

    /// The flags of the first key, or of it and then, behind a semicolon, those of all others. What is in no row reads, or if it
    /// writes does everything, which is what Redis takes for granted of modules.
    private static final String TABLE = """
            RW insert: append linsert lpush lpushx rpush rpushx hsetnx sadd pfadd xgroup|create xgroup|createconsumer
            RW access update: decr decrby getex getset incr incrby incrbyfloat setbit hincrby hincrbyfloat zincrby eval evalsha \
                    fcall hgetex increx
            RW access delete: getdel move blmpop blpop brpop lmpop lpop rpop spop bzmpop bzpopmax bzpopmin zmpop zpopmax zpopmin \
                    hgetdel delex delifeq
            RW access: pfcount pfdebug
            RO access: xreadgroup xreadgroup|block
            OW update: mset psetex setex restore restore-asking msetex
            OW insert: msetnx setnx
            RW access update variable_flags: set bitfield
            RW update: setrange expire expireat persist pexpire pexpireat lset hmset hset zadd geoadd xack xadd xcfgset xclaim \
                    xgroup|setid xnack xsetid hsetex hexpire hexpireat hpersist hpexpire hpexpireat
            RO: strlen exists object|encoding object|freq object|idletime object|refcount touch type llen hexists hlen hstrlen \
                    scard sismember zcard xlen watch memory|usage
            RM delete: del unlink
            RW delete: lrem ltrim hdel srem zrem zremrangebylex zremrangebyrank zremrangebyscore xautoclaim xdel \
                    xgroup|delconsumer xgroup|destroy xtrim xdelex xackdel
            OW update; RO access: bitop sdiffstore sunionstore zdiffstore zinterstore zrangestore zunionstore geosearchstore
            RW update; RO access: sinterstore
            RW access insert; RO access: pfmerge
            RO access; OW update: copy sort georadius georadiusbymember
            RW access delete; OW update: rename
            RW access delete; OW insert: renamenx
            RW access delete; RW insert: blmove brpoplpush lmove rpoplpush smove
            """;

    private static final KeyFlags[][] OF_COMMAND = read(TABLE);

    private static KeyFlags named(String flags) {
        var words = List.of(flags.split(" "));
        return new KeyFlags(
                words, words.contains("access"), words.contains("insert") || words.contains("delete") || words.contains("update"));
    }

    /// Of the keys that the command's specification number `spec` finds.
    static KeyFlags of(RedisCommand command, int spec) {
        KeyFlags[] flags = OF_COMMAND[command.ordinal()];
        return flags[Math.min(spec, flags.length - 1)];
    }

    /// Of key number `key` of `request`, where the words of the request may make a difference.
    static KeyFlags of(RedisCommand command, Request request, int key) {
        return switch (command) {
            case SET -> has(request, 3, "get") ? CHANGES : REPLACES;
            case BITFIELD -> has(request, 2, "set") || has(request, 2, "incrby") ? CHANGES : READS;
            default -> of(command, key);
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

    private static KeyFlags[][] read(String table) {
        Map<String, KeyFlags[]> rows = new HashMap<>();
        table.lines().forEach(line -> {
            String[] sides = line.split(": ");
            KeyFlags[] flags = Arrays.stream(sides[0].split("; ")).map(KeyFlags::named).toArray(KeyFlags[]::new);
            for (String command : sides[1].split(" +")) {
                rows.put(command, flags);
            }
        });
        return Arrays.stream(RedisCommand.values())
                .map(row -> rows.getOrDefault(row.label(), new KeyFlags[] {row.writes() ? CHANGES : READS}))
                .toArray(KeyFlags[][]::new);
    }
}
