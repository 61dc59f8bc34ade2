package io.cashew.protocol.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The flags of each command in the answer to `COMMAND`: facts of Redis 7.0, which a test compares with a running one, and for
/// commands that came later what is alike. What this pool refuses has none, because it is not in that answer.
final class CommandFlags {
    /// Commands with the same flags stand in one row, behind them.
    private static final String TABLE = """
            write denyoom fast: arinsert armset arset append decr decrby getset incr incrby incrbyfloat setnx lpush lpushx \
                    rpush rpushx hincrby hincrbyfloat hmset hset hsetnx hsetex hexpire hexpireat hpexpire hpexpireat sadd zadd \
                    zincrby pfadd xadd xsetid
            readonly fast: arcount arget arlen armget arnext get mget strlen digest bitfield_ro getbit exists expiretime \
                    pexpiretime pttl touch ttl type llen hexists hget hlen hmget hstrlen hexpiretime hpexpiretime hpttl httl \
                    scard sismember smismember zcard zcount zlexcount zmscore zrank zrevrank zscore xlen dbsize lolwut
            write fast: ardel arseek getdel getex delex delifeq expire expireat persist pexpire pexpireat renamenx unlink lpop \
                    rpop hdel hgetdel hgetex hpersist move smove spop srem zpopmax zpopmin zrem xack xackdel xautoclaim xclaim \
                    xdel xdelex
            readonly: argetrange argrep arinfo arlastitems arop arscan getrange lcs substr bitcount bitpos dump keys \
                    object|encoding object|freq object|idletime object|refcount randomkey scan lindex lpos lrange hgetall \
                    hkeys hrandfield hscan hvals sdiff sinter smembers srandmember sscan sunion zrandmember zrange zrangebylex \
                    zrangebyscore zrevrange zrevrangebylex zrevrangebyscore zscan pfcount geodist geohash geopos \
                    georadiusbymember_ro georadius_ro geosearch xinfo|consumers xinfo|groups xinfo|stream xpending xrange \
                    xrevrange memory|usage
            write denyoom: arring mset msetnx psetex set setex setrange bitfield bitop setbit copy restore linsert lmove lset \
                    rpoplpush sdiffstore sinterstore sunionstore zrangestore pfmerge geoadd geosearchstore xgroup|create \
                    xgroup|createconsumer
            write: ardelrange del rename lrem ltrim zremrangebylex zremrangebyrank zremrangebyscore xgroup|delconsumer \
                    xgroup|destroy xgroup|setid xtrim flushall flushdb
            write movablekeys: lmpop zmpop
            write denyoom movablekeys: msetex sort zdiffstore zinterstore zunionstore georadius georadiusbymember
            readonly movablekeys: sort_ro sintercard zdiff zinter zintercard zunion
            write denyoom noscript blocking: blmove brpoplpush
            write blocking movablekeys: blmpop bzmpop xreadgroup
            write noscript blocking: blpop brpop
            write noscript blocking fast: bzpopmax bzpopmin
            readonly blocking movablekeys: xread
            noscript stale skip_monitor no_mandatory_keys movablekeys: eval evalsha fcall
            readonly noscript stale skip_monitor no_mandatory_keys movablekeys: evalsha_ro eval_ro fcall_ro
            write noscript: function|delete function|flush
            write denyoom noscript: function|load function|restore
            noscript: function|dump function|list script|exists script|flush script|show wait waitaof
            noscript allow_busy: function|stats
            noscript stale: script|load
            noscript loading stale fast allow_busy: discard multi unwatch watch
            noscript loading stale skip_slowlog: exec
            noscript loading stale fast no_auth allow_busy: auth hello quit reset
            noscript loading stale: client|caching client|getname client|getredir client|id client|info client|no-touch \
                    client|reply client|setinfo client|setname client|tracking client|trackinginfo acl|cat acl|genpass acl|whoami
            admin noscript loading stale: client|kill client|list client|no-evict client|pause client|unblock client|unpause \
                    acl|dryrun acl|getuser acl|list acl|users config|get latency|histogram latency|history latency|latest \
                    latency|reset
            admin loading stale: slowlog|get slowlog|len slowlog|reset
            pubsub noscript loading stale: psubscribe punsubscribe ssubscribe subscribe sunsubscribe unsubscribe
            pubsub loading stale fast: publish spublish
            pubsub loading stale: pubsub|channels pubsub|numpat pubsub|numsub pubsub|shardchannels pubsub|shardnumsub
            fast: asking ping
            loading stale fast: echo readonly readwrite select lastsave time
            loading stale: object|help xgroup|help xinfo|help function|help script|help client|help acl|help pubsub|help command \
                    command|count command|docs command|getkeys command|getkeysandflags command|help command|info command|list \
                    config|help info latency|help memory|help slowlog|help
            """;

    private static final Map<String, List<String>> OF_COMMAND = read(TABLE);

    private CommandFlags() {}

    /// As Redis calls them; none for a command that only has subcommands.
    static List<String> of(RedisCommand command) {
        return OF_COMMAND.getOrDefault(command.label(), command.keySpec() == KeySpec.NONE ? List.of() : ofKeys(command));
    }

    /// Of commands with keys that are in no row, such as those of modules.
    private static List<String> ofKeys(RedisCommand command) {
        return command.writes() ? List.of("write", "denyoom") : List.of("readonly");
    }

    private static Map<String, List<String>> read(String table) {
        Map<String, List<String>> rows = new HashMap<>();
        table.lines().forEach(line -> {
            String[] sides = line.split(": ");
            List<String> flags = List.of(sides[0].split(" "));
            for (String command : sides[1].split(" +")) {
                rows.put(command, flags);
            }
        });
        return rows;
    }
}
