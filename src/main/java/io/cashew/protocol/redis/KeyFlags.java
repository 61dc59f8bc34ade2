package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a command does with each of its keys, in the words of Redis's key specifications: facts of Redis 7.0, which a test
/// compares with a running one, and for commands that came later what is alike.
final class KeyFlags {
    private static final List<String> READS = List.of("RO", "access");
    private static final List<String> REPLACES = List.of("OW", "update");
    private static final List<String> CHANGES = List.of("RW", "access", "update");

    /// The flags of the first key, or of it and then, behind a semicolon, those of all others. What is in no row reads.
    private static final String TABLE = """
            RW insert: append linsert lpush lpushx rpush rpushx hsetnx sadd pfadd xgroup|create xgroup|createconsumer
            RW access update: decr decrby getex getset incr incrby incrbyfloat setbit hincrby hincrbyfloat zincrby eval evalsha \
                    fcall hgetex
            RW access delete: getdel blmpop blpop brpop lmpop lpop rpop spop bzmpop bzpopmax bzpopmin zmpop zpopmax zpopmin \
                    hgetdel delex delifeq
            OW update: mset psetex setex restore msetex
            OW insert: msetnx setnx
            RW access update variable_flags: set bitfield
            RW update: setrange expire expireat persist pexpire pexpireat lset hmset hset zadd geoadd xack xadd xclaim xgroup|setid \
                    xsetid hsetex hexpire hexpireat hpersist hpexpire hpexpireat
            RO: strlen exists object|encoding object|freq object|idletime object|refcount touch type llen hexists hlen hstrlen \
                    scard sismember zcard xlen watch memory|usage
            RM delete: del unlink
            RW delete: lrem ltrim hdel srem zrem zremrangebylex zremrangebyrank zremrangebyscore xautoclaim xdel \
                    xgroup|delconsumer xgroup|destroy xtrim xdelex xackdel
            RW access: pfcount
            OW update; RO access: bitop sdiffstore sunionstore zdiffstore zinterstore zrangestore zunionstore geosearchstore
            RW update; RO access: sinterstore
            RW access insert; RO access: pfmerge
            RO access; OW update: copy sort georadius georadiusbymember
            RW access delete; OW update: rename
            RW access delete; OW insert: renamenx
            RW access delete; RW insert: blmove brpoplpush lmove rpoplpush smove
            """;

    private static final Map<String, List<List<String>>> OF_COMMAND = read(TABLE);

    private KeyFlags() {}

    /// Of the keys that the command's specification number `spec` finds.
    static List<String> of(RedisCommand command, int spec) {
        List<List<String>> flags = OF_COMMAND.getOrDefault(command.label(), List.of(READS));
        return flags.get(Math.min(spec, flags.size() - 1));
    }

    /// Of key number `key` of `request`, where the words of the request may make a difference.
    static List<String> of(RedisCommand command, Request request, int key) {
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

    private static Map<String, List<List<String>>> read(String table) {
        Map<String, List<List<String>>> rows = new HashMap<>();
        table.lines().forEach(line -> {
            String[] sides = line.split(": ");
            List<List<String>> flags = List.of(sides[0].split("; ")).stream().map(words -> List.of(words.split(" "))).toList();
            for (String command : sides[1].split(" +")) {
                rows.put(command, flags);
            }
        });
        return rows;
    }
}
