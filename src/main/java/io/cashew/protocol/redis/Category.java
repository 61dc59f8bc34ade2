package io.cashew.protocol.redis;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The kinds of commands that a user can be allowed or denied as a whole, `+@read`, as Redis has them; and which command is of
/// which kind. Facts are those of Redis 7.2 (`COMMAND INFO`), and for commands that came later, those of modules too, those of the
/// server that brought them ([Redis 8](https://redis.io/docs/latest/commands/)). A test compares them with a running one.
enum Category {
    KEYSPACE,
    READ,
    WRITE,
    SET,
    SORTEDSET,
    LIST,
    HASH,
    STRING,
    BITMAP,
    HYPERLOGLOG,
    GEO,
    STREAM,
    PUBSUB,
    ADMIN,
    FAST,
    SLOW,
    BLOCKING,
    DANGEROUS,
    CONNECTION,
    TRANSACTION,
    SCRIPTING,
    ARRAY,
    JSON,
    SEARCH,
    TDIGEST,
    CMS,
    BLOOM,
    CUCKOO,
    TOPK,
    TIMESERIES;

    /// Commands that are of the same kinds stand in one row, behind them.
    private static final String TABLE = """
            keyspace read fast: exists expiretime pexpiretime pttl touch ttl type dbsize
            keyspace read slow: dump object|encoding object|freq object|idletime object|refcount randomkey scan \
                    clusterscan
            keyspace read slow dangerous: keys
            keyspace write fast: expire expireat move persist pexpire pexpireat renamenx unlink
            keyspace write fast dangerous: swapdb
            keyspace write slow: copy del rename
            keyspace write slow dangerous: migrate restore restore-asking flushall flushdb sflush
            keyspace slow: object|help
            read set sortedset list slow dangerous: sort_ro
            read set fast: scard sismember smismember
            read set slow: sdiff sinter sintercard smembers srandmember sscan sunion
            read sortedset fast: zcard zcount zlexcount zmscore zrank zrevrank zscore
            read sortedset slow: zdiff zinter zintercard zrandmember zrange zrangebylex zrangebyscore zrevrange zrevrangebylex \
                    zrevrangebyscore zscan zunion
            read list fast: llen
            read list slow: lindex lpos lrange
            read hash fast: hexists hexpiretime hget hlen hmget hpexpiretime hpttl hstrlen httl
            read hash slow: hgetall hkeys hrandfield hscan hvals
            read string fast: digest get mget strlen
            read string slow: getrange lcs substr
            read bitmap fast: bitfield_ro getbit
            read bitmap slow: bitcount bitpos
            read hyperloglog slow: pfcount
            read geo slow: geodist geohash geopos georadiusbymember_ro georadius_ro geosearch
            read stream fast: xlen
            read stream slow: xinfo|consumers xinfo|groups xinfo|stream xpending xrange xrevrange
            read stream slow blocking: xread xread|block
            read array fast: arcount arget arlen armget arnext
            read array slow: argetrange argrep arinfo arlastitems arop arscan
            read fast: lolwut vcard vdim vemb vgetattr vinfo vlinks
            read slow: memory|usage vismember vrandmember vrange vsim
            write set sortedset list slow dangerous: sort
            write set fast: sadd smove spop srem
            write set slow: sdiffstore sinterstore sunionstore
            write sortedset fast: zadd zincrby zpopmax zpopmin zrem
            write sortedset fast blocking: bzpopmax bzpopmin
            write sortedset slow: zdiffstore zinterstore zmpop zrangestore zremrangebylex zremrangebyrank zremrangebyscore \
                    zunionstore
            write sortedset slow blocking: bzmpop
            write list fast: lpop lpush lpushx rpop rpush rpushx
            write list slow: linsert lmove lmpop lrem lset ltrim rpoplpush
            write list slow blocking: blmove blmpop blpop brpop brpoplpush
            write hash fast: hdel hexpire hexpireat hgetdel hgetex hincrby hincrbyfloat hmset hpersist hpexpire hpexpireat \
                    hset hsetex hsetnx
            write string fast: append decr decrby delex delifeq getdel getex getset incr incrby incrbyfloat increx setnx
            write string slow: mset msetex msetnx psetex set setex setrange
            write bitmap slow: bitfield bitop setbit
            write hyperloglog admin slow dangerous: pfdebug
            write hyperloglog fast: pfadd
            write hyperloglog slow: pfmerge
            write geo slow: geoadd georadius georadiusbymember geosearchstore
            write stream fast: xack xackdel xadd xautoclaim xcfgset xclaim xdel xdelex xnack xsetid
            write array fast: ardel arinsert armset arseek arset
            write array slow: ardelrange arring
            write fast: vsetattr
            write slow: vadd vrem
            write stream slow: xgroup|create xgroup|createconsumer xgroup|delconsumer xgroup|destroy xgroup|setid xtrim
            write stream slow blocking: xreadgroup xreadgroup|block
            write slow scripting: function|delete function|flush function|load function|restore
            read json slow: json.arrindex json.arrlen json.debug json.get json.mget json.objkeys json.objlen json.resp json.strlen \
                    json.type
            write json slow: json.arrappend json.arrinsert json.arrpop json.arrtrim json.clear json.del json.forget json.merge \
                    json.mset json.numincrby json.nummultby json.numpowby json.set json.strappend json.toggle
            read search fast: ft.aggregate
            read search slow: ft.cursor ft.hybrid ft.profile ft.search
            read search slow dangerous: ft.tagvals
            write search slow: ft.sugadd ft.sugdel
            write search slow dangerous: ft.dropindex
            search admin slow: ft._list
            search slow: ft.aliasadd ft.aliasdel ft.aliasupdate ft.alter ft.config ft.create ft.dictadd ft.dictdel ft.dictdump \
                    ft.explain ft.explaincli ft.info ft.spellcheck ft.sugget ft.suglen ft.syndump ft.synupdate
            read tdigest fast: tdigest.max tdigest.min
            read tdigest slow: tdigest.byrank tdigest.byrevrank tdigest.cdf tdigest.info tdigest.quantile tdigest.rank \
                    tdigest.revrank tdigest.trimmed_mean
            write tdigest fast: tdigest.reset
            write tdigest slow: tdigest.add tdigest.create tdigest.merge
            read cms fast: cms.info
            read cms slow: cms.query
            write cms fast: cms.initbydim cms.initbyprob
            write cms slow: cms.incrby cms.merge
            read bloom fast: bf.card bf.info
            read bloom slow: bf.exists bf.mexists
            write bloom fast: bf.reserve
            write bloom slow: bf.add bf.insert bf.loadchunk bf.madd bf.scandump
            read cuckoo fast: cf.info
            read cuckoo slow: cf.count cf.exists cf.mexists
            write cuckoo fast: cf.reserve
            write cuckoo slow: cf.add cf.addnx cf.compact cf.del cf.insert cf.insertnx cf.loadchunk cf.scandump
            read topk fast: topk.info
            read topk slow: topk.count topk.list topk.query
            write topk fast: topk.reserve
            write topk slow: topk.add topk.incrby
            read timeseries fast: ts.get ts.info
            read timeseries slow: ts.mget ts.mrange ts.mrevrange ts.queryindex ts.range ts.revrange
            write timeseries fast: ts.create ts.createrule ts.deleterule
            write timeseries slow: ts.add ts.alter ts.decrby ts.del ts.incrby ts.madd
            hyperloglog admin slow dangerous: pfselftest
            stream slow: xgroup|help xinfo|help
            pubsub fast: publish spublish
            pubsub slow: psubscribe pubsub|channels pubsub|numpat pubsub|numsub pubsub|shardchannels pubsub|shardnumsub \
                    punsubscribe ssubscribe subscribe sunsubscribe unsubscribe
            admin fast dangerous: lastsave role
            admin slow dangerous: acl|deluser acl|dryrun acl|getuser acl|list acl|load acl|log acl|save acl|setuser acl|users \
                    bgrewriteaof bgsave commandlog config|get config|resetstat config|rewrite config|set debug failover \
                    latency|doctor latency|graph latency|histogram latency|history latency|latest latency|reset monitor psync \
                    replconf replicaof save shutdown slaveof slowlog|get slowlog|len slowlog|reset sync
            admin slow dangerous connection: client|kill client|list client|no-evict client|pause client|unblock \
                    client|unpause
            fast: time
            fast connection: asking auth echo hello ping quit readonly readwrite reset select
            fast transaction: discard multi unwatch watch
            slow: object xgroup xinfo function script pubsub pubsub|help hotkeys client acl acl|cat acl|genpass acl|help \
                    acl|whoami cluster config config|help latency latency|help memory memory|doctor memory|help \
                    memory|malloc-stats memory|purge memory|stats module slowlog slowlog|help
            slow blocking connection: wait waitaof
            slow dangerous: info
            slow connection: client|caching client|capa client|getname client|getredir client|help client|id client|info \
                    client|no-touch client|reply client|setinfo client|setname client|tracking client|trackinginfo command \
                    command|count command|docs command|getkeys command|getkeysandflags command|help command|info command|list
            slow transaction: exec
            slow scripting: eval evalsha evalsha_ro eval_ro fcall fcall_ro function|dump function|help function|kill \
                    function|list function|stats script|debug script|exists script|flush script|help script|kill script|load \
                    script|show
            """;

    private static final Map<String, Set<Category>> OF_COMMAND = read(TABLE);

    /// As rules write it, behind the `@`.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Category> named(String label) {
        return Arrays.stream(values()).filter(category -> category.label().equals(label)).findFirst();
    }

    /// The kinds `command` is of; never none.
    static Set<Category> of(RedisCommand command) {
        return OF_COMMAND.getOrDefault(command.label(), Set.of());
    }

    boolean contains(RedisCommand command) {
        return of(command).contains(this);
    }

    private static Map<String, Set<Category>> read(String table) {
        var rows = new HashMap<String, Set<Category>>();
        table.lines().forEach(line -> {
            var sides = line.split(": ");
            var categories = EnumSet.noneOf(Category.class);
            for (String label : sides[0].split(" ")) {
                categories.add(named(label).orElseThrow());
            }
            for (String command : sides[1].split(" +")) {
                rows.put(command, categories);
            }
        });
        return rows;
    }
}
