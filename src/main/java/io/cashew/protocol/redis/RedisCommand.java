package io.cashew.protocol.redis;

import static io.cashew.protocol.Command.Spread.ANY_SERVER;
import static io.cashew.protocol.Command.Spread.CHOSEN_SERVER;
import static io.cashew.protocol.Command.Spread.EVERY_HOLDER;
import static io.cashew.protocol.Command.Spread.EVERY_LIVE_SERVER;
import static io.cashew.protocol.Command.Spread.EVERY_SERVER;
import static io.cashew.protocol.Command.Spread.LOCAL;
import static io.cashew.protocol.Command.Spread.SUBSCRIPTION;
import static io.cashew.protocol.Command.Spread.TRANSACTION;
import static io.cashew.protocol.Command.Spread.WAITING_EVERYWHERE;
import static io.cashew.protocol.redis.KeySpec.channel;
import static io.cashew.protocol.redis.KeySpec.counted;
import static io.cashew.protocol.redis.KeySpec.countedPairs;
import static io.cashew.protocol.redis.KeySpec.key;
import static io.cashew.protocol.redis.KeySpec.keys;
import static io.cashew.protocol.redis.KeySpec.stored;
import static io.cashew.protocol.redis.KeySpec.streams;
import static io.cashew.protocol.redis.Refusal.refused;
import static io.cashew.protocol.redis.RedisCommand.Access.READ;
import static io.cashew.protocol.redis.RedisCommand.Access.WRITE;

import io.cashew.protocol.Command;
import io.cashew.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Every command of Redis and Valkey, one row each: what it is called, how many words it takes, where its keys are,
/// whether it may change data, and how it travels. What users' rules ask about commands is common to many of them and stands where
/// those share a row: [Category] and [KeyFlags]. Nothing about a command stands anywhere else.
///
/// - The number of words is given as Redis gives it, with the name: exactly so many, or if negative at least so many.
/// - A row with keys goes to the server that has them all; with a [Join] it is split by server instead.
/// - A row that is about the pool and not about keys says to which servers it goes, and how their answers are joined.
/// - A row with a [Refusal] is answered with an error that says why.
/// - A row whose name has a bar is a variant of the row before the bar: a subcommand, or an option that changes how the
///   command travels. Only a request that has been seen whole shows which it is, see [#locateKeys(Request)].
///
/// `SORT … BY` and `GET` patterns, and what a script touches besides its keys, are looked up by the one server that has
/// the keys; hash tags keep them together.
///
/// Rows are derived from what servers answer to `COMMAND`, and a test compares them with a running one. Those of modules say
/// where the keys are; how many words a command of a module takes beside its keys, the module says.
public enum RedisCommand implements Command {
    // Strings
    APPEND("append", 3, key(1), WRITE),
    DECR("decr", 2, key(1), WRITE),
    DECRBY("decrby", 3, key(1), WRITE),
    DELEX("delex", -2, key(1), WRITE),
    DELIFEQ("delifeq", 3, key(1), WRITE),
    DIGEST("digest", 2, key(1), READ),
    GET("get", 2, key(1), READ),
    GETDEL("getdel", 2, key(1), WRITE),
    GETEX("getex", -2, key(1), WRITE),
    GETRANGE("getrange", 4, key(1), READ),
    GETSET("getset", 3, key(1), WRITE),
    INCR("incr", 2, key(1), WRITE),
    INCRBY("incrby", 3, key(1), WRITE),
    INCRBYFLOAT("incrbyfloat", 3, key(1), WRITE),
    INCREX("increx", -2, key(1), WRITE),
    LCS("lcs", -3, keys(1, 2, 1), READ),
    MGET("mget", -2, keys(1, -1, 1), READ, Join.IN_KEY_ORDER),
    MSET("mset", -3, keys(1, -1, 2), WRITE, Join.OK),
    MSETEX("msetex", -4, countedPairs(1), WRITE),
    MSETNX("msetnx", -3, keys(1, -1, 2), WRITE),
    PSETEX("psetex", 4, key(1), WRITE),
    SET("set", -3, key(1), WRITE),
    SETEX("setex", 4, key(1), WRITE),
    SETNX("setnx", 3, key(1), WRITE),
    SETRANGE("setrange", 4, key(1), WRITE),
    STRLEN("strlen", 2, key(1), READ),
    SUBSTR("substr", 4, key(1), READ),

    // Bits
    BITCOUNT("bitcount", -2, key(1), READ),
    BITFIELD("bitfield", -2, key(1), WRITE),
    BITFIELD_RO("bitfield_ro", -2, key(1), READ),
    BITOP("bitop", -4, keys(2, -1, 1), WRITE),
    BITPOS("bitpos", -3, key(1), READ),
    GETBIT("getbit", 3, key(1), READ),
    SETBIT("setbit", 4, key(1), WRITE),

    // Keys of any type
    COPY("copy", -3, keys(1, 2, 1), WRITE),
    DEL("del", -2, keys(1, -1, 1), WRITE, Join.SUM),
    DUMP("dump", 2, key(1), READ),
    EXISTS("exists", -2, keys(1, -1, 1), READ, Join.SUM),
    EXPIRE("expire", -3, key(1), WRITE),
    EXPIREAT("expireat", -3, key(1), WRITE),
    EXPIRETIME("expiretime", 2, key(1), READ),
    KEYS("keys", 2, EVERY_HOLDER, READ, Join.ONE_AFTER_THE_OTHER),
    MIGRATE("migrate", -6, WRITE, Refusal.PLACEMENT),
    MOVE("move", 3, key(1), WRITE),
    OBJECT("object", -2, LOCAL),
    OBJECT_ENCODING("object|encoding", 3, key(2), READ),
    OBJECT_FREQ("object|freq", 3, key(2), READ),
    OBJECT_HELP("object|help", 2, LOCAL),
    OBJECT_IDLETIME("object|idletime", 3, key(2), READ),
    OBJECT_REFCOUNT("object|refcount", 3, key(2), READ),
    PERSIST("persist", 2, key(1), WRITE),
    PEXPIRE("pexpire", -3, key(1), WRITE),
    PEXPIREAT("pexpireat", -3, key(1), WRITE),
    PEXPIRETIME("pexpiretime", 2, key(1), READ),
    PTTL("pttl", 2, key(1), READ),
    RANDOMKEY("randomkey", 1, EVERY_HOLDER, READ, Join.ONE_OF_ALL_KEYS),
    RENAME("rename", 3, keys(1, 2, 1), WRITE),
    RENAMENX("renamenx", 3, keys(1, 2, 1), WRITE),
    RESTORE("restore", -4, key(1), WRITE),
    RESTORE_ASKING("restore-asking", -4, key(1), WRITE, Refusal.PLACEMENT),
    SCAN("scan", -2, CHOSEN_SERVER, READ, Join.PAGE),
    SORT("sort", -2, key(1).and(stored(2)), WRITE),
    SORT_RO("sort_ro", -2, key(1), READ),
    TOUCH("touch", -2, keys(1, -1, 1), READ, Join.SUM),
    TTL("ttl", 2, key(1), READ),
    TYPE("type", 2, key(1), READ),
    UNLINK("unlink", -2, keys(1, -1, 1), WRITE, Join.SUM),
    WAIT("wait", 3, WAITING_EVERYWHERE, READ, Join.LEAST, Waiting.LAST_WORD_MILLIS),
    WAITAOF("waitaof", 4, READ, refused("it is not served yet; WAIT tells of replicas, and"
            + " appendfsync always on the servers has every write on disk")),

    // Lists
    BLMOVE("blmove", 6, keys(1, 2, 1), WRITE, Waiting.LAST_WORD),
    BLMPOP("blmpop", -5, counted(2), WRITE, Waiting.FIRST_WORD),
    BLPOP("blpop", -3, keys(1, -2, 1), WRITE, Waiting.LAST_WORD),
    BRPOP("brpop", -3, keys(1, -2, 1), WRITE, Waiting.LAST_WORD),
    BRPOPLPUSH("brpoplpush", 4, keys(1, 2, 1), WRITE, Waiting.LAST_WORD),
    LINDEX("lindex", 3, key(1), READ),
    LINSERT("linsert", 5, key(1), WRITE),
    LLEN("llen", 2, key(1), READ),
    LMOVE("lmove", 5, keys(1, 2, 1), WRITE),
    LMPOP("lmpop", -4, counted(1), WRITE),
    LPOP("lpop", -2, key(1), WRITE),
    LPOS("lpos", -3, key(1), READ),
    LPUSH("lpush", -3, key(1), WRITE),
    LPUSHX("lpushx", -3, key(1), WRITE),
    LRANGE("lrange", 4, key(1), READ),
    LREM("lrem", 4, key(1), WRITE),
    LSET("lset", 4, key(1), WRITE),
    LTRIM("ltrim", 4, key(1), WRITE),
    RPOP("rpop", -2, key(1), WRITE),
    RPOPLPUSH("rpoplpush", 3, keys(1, 2, 1), WRITE),
    RPUSH("rpush", -3, key(1), WRITE),
    RPUSHX("rpushx", -3, key(1), WRITE),

    // Hashes
    HDEL("hdel", -3, key(1), WRITE),
    HEXISTS("hexists", 3, key(1), READ),
    HEXPIRE("hexpire", -6, key(1), WRITE),
    HEXPIREAT("hexpireat", -6, key(1), WRITE),
    HEXPIRETIME("hexpiretime", -5, key(1), READ),
    HGET("hget", 3, key(1), READ),
    HGETALL("hgetall", 2, key(1), READ),
    HGETDEL("hgetdel", -5, key(1), WRITE),
    HGETEX("hgetex", -5, key(1), WRITE),
    HINCRBY("hincrby", 4, key(1), WRITE),
    HINCRBYFLOAT("hincrbyfloat", 4, key(1), WRITE),
    HKEYS("hkeys", 2, key(1), READ),
    HLEN("hlen", 2, key(1), READ),
    HMGET("hmget", -3, key(1), READ),
    HMSET("hmset", -4, key(1), WRITE),
    HPERSIST("hpersist", -5, key(1), WRITE),
    HPEXPIRE("hpexpire", -6, key(1), WRITE),
    HPEXPIREAT("hpexpireat", -6, key(1), WRITE),
    HPEXPIRETIME("hpexpiretime", -5, key(1), READ),
    HPTTL("hpttl", -5, key(1), READ),
    HRANDFIELD("hrandfield", -2, key(1), READ),
    HSCAN("hscan", -3, key(1), READ),
    HSET("hset", -4, key(1), WRITE),
    HSETEX("hsetex", -6, key(1), WRITE),
    HSETNX("hsetnx", 4, key(1), WRITE),
    HSTRLEN("hstrlen", 3, key(1), READ),
    HTTL("httl", -5, key(1), READ),
    HVALS("hvals", 2, key(1), READ),

    // Sets
    SADD("sadd", -3, key(1), WRITE),
    SCARD("scard", 2, key(1), READ),
    SDIFF("sdiff", -2, keys(1, -1, 1), READ, Join.COMPUTED),
    SDIFFSTORE("sdiffstore", -3, keys(1, -1, 1), WRITE),
    SINTER("sinter", -2, keys(1, -1, 1), READ, Join.COMPUTED),
    SINTERCARD("sintercard", -3, counted(1), READ, Join.COMPUTED),
    SINTERSTORE("sinterstore", -3, keys(1, -1, 1), WRITE),
    SISMEMBER("sismember", 3, key(1), READ),
    SMEMBERS("smembers", 2, key(1), READ),
    SMISMEMBER("smismember", -3, key(1), READ),
    SMOVE("smove", 4, keys(1, 2, 1), WRITE),
    SPOP("spop", -2, key(1), WRITE),
    SRANDMEMBER("srandmember", -2, key(1), READ),
    SREM("srem", -3, key(1), WRITE),
    SSCAN("sscan", -3, key(1), READ),
    SUNION("sunion", -2, keys(1, -1, 1), READ, Join.COMPUTED),
    SUNIONSTORE("sunionstore", -3, keys(1, -1, 1), WRITE),

    // Sorted sets
    BZMPOP("bzmpop", -5, counted(2), WRITE, Waiting.FIRST_WORD),
    BZPOPMAX("bzpopmax", -3, keys(1, -2, 1), WRITE, Waiting.LAST_WORD),
    BZPOPMIN("bzpopmin", -3, keys(1, -2, 1), WRITE, Waiting.LAST_WORD),
    ZADD("zadd", -4, key(1), WRITE),
    ZCARD("zcard", 2, key(1), READ),
    ZCOUNT("zcount", 4, key(1), READ),
    ZDIFF("zdiff", -3, counted(1), READ, Join.COMPUTED_OF_KEYS),
    ZDIFFSTORE("zdiffstore", -4, key(1).and(counted(2)), WRITE),
    ZINCRBY("zincrby", 4, key(1), WRITE),
    ZINTER("zinter", -3, counted(1), READ, Join.COMPUTED_OF_KEYS),
    ZINTERCARD("zintercard", -3, counted(1), READ, Join.COMPUTED_OF_KEYS),
    ZINTERSTORE("zinterstore", -4, key(1).and(counted(2)), WRITE),
    ZLEXCOUNT("zlexcount", 4, key(1), READ),
    ZMPOP("zmpop", -4, counted(1), WRITE),
    ZMSCORE("zmscore", -3, key(1), READ),
    ZPOPMAX("zpopmax", -2, key(1), WRITE),
    ZPOPMIN("zpopmin", -2, key(1), WRITE),
    ZRANDMEMBER("zrandmember", -2, key(1), READ),
    ZRANGE("zrange", -4, key(1), READ),
    ZRANGEBYLEX("zrangebylex", -4, key(1), READ),
    ZRANGEBYSCORE("zrangebyscore", -4, key(1), READ),
    ZRANGESTORE("zrangestore", -5, keys(1, 2, 1), WRITE),
    ZRANK("zrank", -3, key(1), READ),
    ZREM("zrem", -3, key(1), WRITE),
    ZREMRANGEBYLEX("zremrangebylex", 4, key(1), WRITE),
    ZREMRANGEBYRANK("zremrangebyrank", 4, key(1), WRITE),
    ZREMRANGEBYSCORE("zremrangebyscore", 4, key(1), WRITE),
    ZREVRANGE("zrevrange", -4, key(1), READ),
    ZREVRANGEBYLEX("zrevrangebylex", -4, key(1), READ),
    ZREVRANGEBYSCORE("zrevrangebyscore", -4, key(1), READ),
    ZREVRANK("zrevrank", -3, key(1), READ),
    ZSCAN("zscan", -3, key(1), READ),
    ZSCORE("zscore", 3, key(1), READ),
    ZUNION("zunion", -3, counted(1), READ, Join.COMPUTED_OF_KEYS),
    ZUNIONSTORE("zunionstore", -4, key(1).and(counted(2)), WRITE),

    // HyperLogLogs
    PFADD("pfadd", -2, key(1), WRITE),
    PFCOUNT("pfcount", -2, keys(1, -1, 1), READ, Join.COMPUTED_OF_KEYS),
    PFDEBUG("pfdebug", 3, key(2), WRITE, Refusal.ADMINISTRATION),
    PFMERGE("pfmerge", -2, keys(1, -1, 1), WRITE),
    PFSELFTEST("pfselftest", 1, READ, Refusal.ADMINISTRATION),

    // Places
    GEOADD("geoadd", -5, key(1), WRITE),
    GEODIST("geodist", -4, key(1), READ),
    GEOHASH("geohash", -2, key(1), READ),
    GEOPOS("geopos", -2, key(1), READ),
    GEORADIUS("georadius", -6, key(1).and(stored(6)), WRITE),
    GEORADIUSBYMEMBER("georadiusbymember", -5, key(1).and(stored(5)), WRITE),
    GEORADIUSBYMEMBER_RO("georadiusbymember_ro", -5, key(1), READ),
    GEORADIUS_RO("georadius_ro", -6, key(1), READ),
    GEOSEARCH("geosearch", -7, key(1), READ),
    GEOSEARCHSTORE("geosearchstore", -8, keys(1, 2, 1), WRITE),

    // Streams
    XACK("xack", -4, key(1), WRITE),
    XACKDEL("xackdel", -6, key(1), WRITE),
    XADD("xadd", -5, key(1), WRITE),
    XAUTOCLAIM("xautoclaim", -6, key(1), WRITE),
    XCFGSET("xcfgset", -2, key(1), WRITE),
    XCLAIM("xclaim", -6, key(1), WRITE),
    XDEL("xdel", -3, key(1), WRITE),
    XDELEX("xdelex", -5, key(1), WRITE),
    XGROUP("xgroup", -2, LOCAL),
    XGROUP_CREATE("xgroup|create", -5, key(2), WRITE),
    XGROUP_CREATECONSUMER("xgroup|createconsumer", 5, key(2), WRITE),
    XGROUP_DELCONSUMER("xgroup|delconsumer", 5, key(2), WRITE),
    XGROUP_DESTROY("xgroup|destroy", 4, key(2), WRITE),
    XGROUP_HELP("xgroup|help", 2, LOCAL),
    XGROUP_SETID("xgroup|setid", -5, key(2), WRITE),
    XINFO("xinfo", -2, LOCAL),
    XINFO_CONSUMERS("xinfo|consumers", 4, key(2), READ),
    XINFO_GROUPS("xinfo|groups", 3, key(2), READ),
    XINFO_HELP("xinfo|help", 2, LOCAL),
    XINFO_STREAM("xinfo|stream", -3, key(2), READ),
    XLEN("xlen", 2, key(1), READ),
    XNACK("xnack", -4, key(1), WRITE),
    XPENDING("xpending", -3, key(1), READ),
    XRANGE("xrange", -4, key(1), READ),
    XREAD("xread", -4, streams(), READ, Join.STREAM_BY_STREAM),
    XREAD_BLOCK("xread|block", -4, streams(), READ, Waiting.BLOCK_OPTION),
    XREADGROUP("xreadgroup", -7, streams(), WRITE, Join.STREAM_BY_STREAM),
    XREADGROUP_BLOCK("xreadgroup|block", -7, streams(), WRITE, Waiting.BLOCK_OPTION),
    XREVRANGE("xrevrange", -4, key(1), READ),
    XSETID("xsetid", -3, key(1), WRITE),
    XTRIM("xtrim", -4, key(1), WRITE),

    // Arrays
    ARCOUNT("arcount", 2, key(1), READ),
    ARDEL("ardel", -3, key(1), WRITE),
    ARDELRANGE("ardelrange", -4, key(1), WRITE),
    ARGET("arget", 3, key(1), READ),
    ARGETRANGE("argetrange", 4, key(1), READ),
    ARGREP("argrep", -6, key(1), READ),
    ARINFO("arinfo", -2, key(1), READ),
    ARINSERT("arinsert", -3, key(1), WRITE),
    ARLASTITEMS("arlastitems", -3, key(1), READ),
    ARLEN("arlen", 2, key(1), READ),
    ARMGET("armget", -3, key(1), READ),
    ARMSET("armset", -4, key(1), WRITE),
    ARNEXT("arnext", 2, key(1), READ),
    AROP("arop", -5, key(1), READ),
    ARRING("arring", -4, key(1), WRITE),
    ARSCAN("arscan", -4, key(1), READ),
    ARSEEK("arseek", 3, key(1), WRITE),
    ARSET("arset", -4, key(1), WRITE),

    // Vector sets
    VADD("vadd", -2, key(1), WRITE),
    VCARD("vcard", -2, key(1), READ),
    VDIM("vdim", -2, key(1), READ),
    VEMB("vemb", -2, key(1), READ),
    VGETATTR("vgetattr", -2, key(1), READ),
    VINFO("vinfo", -2, key(1), READ),
    VISMEMBER("vismember", -2, key(1), READ),
    VLINKS("vlinks", -2, key(1), READ),
    VRANDMEMBER("vrandmember", -2, key(1), READ),
    VRANGE("vrange", -2, key(1), READ),
    VREM("vrem", -2, key(1), WRITE),
    VSETATTR("vsetattr", -2, key(1), WRITE),
    VSIM("vsim", -2, key(1), READ),

    // JSON documents, as modules serve them
    JSON_ARRAPPEND("json.arrappend", -2, key(1), WRITE),
    JSON_ARRINDEX("json.arrindex", -2, key(1), READ),
    JSON_ARRINSERT("json.arrinsert", -2, key(1), WRITE),
    JSON_ARRLEN("json.arrlen", -2, key(1), READ),
    JSON_ARRPOP("json.arrpop", -2, key(1), WRITE),
    JSON_ARRTRIM("json.arrtrim", -2, key(1), WRITE),
    JSON_CLEAR("json.clear", -2, key(1), WRITE),
    JSON_DEBUG("json.debug", -2, READ, Refusal.ADMINISTRATION),
    JSON_DEL("json.del", -2, key(1), WRITE),
    JSON_FORGET("json.forget", -2, key(1), WRITE),
    JSON_GET("json.get", -2, key(1), READ),
    JSON_MERGE("json.merge", -2, key(1), WRITE),
    JSON_MGET("json.mget", -3, keys(1, -2, 1), READ),
    JSON_MSET("json.mset", -4, keys(1, -1, 3), WRITE),
    JSON_NUMINCRBY("json.numincrby", -2, key(1), WRITE),
    JSON_NUMMULTBY("json.nummultby", -2, key(1), WRITE),
    JSON_NUMPOWBY("json.numpowby", -2, key(1), WRITE),
    JSON_OBJKEYS("json.objkeys", -2, key(1), READ),
    JSON_OBJLEN("json.objlen", -2, key(1), READ),
    JSON_RESP("json.resp", -2, key(1), READ),
    JSON_SET("json.set", -2, key(1), WRITE),
    JSON_STRAPPEND("json.strappend", -2, key(1), WRITE),
    JSON_STRLEN("json.strlen", -2, key(1), READ),
    JSON_TOGGLE("json.toggle", -2, key(1), WRITE),
    JSON_TYPE("json.type", -2, key(1), READ),

    // Filters and sketches, as modules serve them
    BF_ADD("bf.add", -2, key(1), WRITE),
    BF_CARD("bf.card", -2, key(1), READ),
    BF_EXISTS("bf.exists", -2, key(1), READ),
    BF_INFO("bf.info", -2, key(1), READ),
    BF_INSERT("bf.insert", -2, key(1), WRITE),
    BF_LOADCHUNK("bf.loadchunk", -2, key(1), WRITE),
    BF_MADD("bf.madd", -2, key(1), WRITE),
    BF_MEXISTS("bf.mexists", -2, key(1), READ),
    BF_RESERVE("bf.reserve", -2, key(1), WRITE),
    BF_SCANDUMP("bf.scandump", -2, key(1), READ),
    CF_ADD("cf.add", -2, key(1), WRITE),
    CF_ADDNX("cf.addnx", -2, key(1), WRITE),
    CF_COMPACT("cf.compact", -2, key(1), WRITE),
    CF_COUNT("cf.count", -2, key(1), READ),
    CF_DEL("cf.del", -2, key(1), WRITE),
    CF_EXISTS("cf.exists", -2, key(1), READ),
    CF_INFO("cf.info", -2, key(1), READ),
    CF_INSERT("cf.insert", -2, key(1), WRITE),
    CF_INSERTNX("cf.insertnx", -2, key(1), WRITE),
    CF_LOADCHUNK("cf.loadchunk", -2, key(1), WRITE),
    CF_MEXISTS("cf.mexists", -2, key(1), READ),
    CF_RESERVE("cf.reserve", -2, key(1), WRITE),
    CF_SCANDUMP("cf.scandump", -2, key(1), READ),
    CMS_INCRBY("cms.incrby", -2, key(1), WRITE),
    CMS_INFO("cms.info", -2, key(1), READ),
    CMS_INITBYDIM("cms.initbydim", -2, key(1), WRITE),
    CMS_INITBYPROB("cms.initbyprob", -2, key(1), WRITE),
    CMS_MERGE("cms.merge", -4, key(1).and(counted(2)), WRITE),
    CMS_QUERY("cms.query", -2, key(1), READ),
    TDIGEST_ADD("tdigest.add", -2, key(1), WRITE),
    TDIGEST_BYRANK("tdigest.byrank", -2, key(1), READ),
    TDIGEST_BYREVRANK("tdigest.byrevrank", -2, key(1), READ),
    TDIGEST_CDF("tdigest.cdf", -2, key(1), READ),
    TDIGEST_CREATE("tdigest.create", -2, key(1), WRITE),
    TDIGEST_INFO("tdigest.info", -2, key(1), READ),
    TDIGEST_MAX("tdigest.max", -2, key(1), READ),
    TDIGEST_MERGE("tdigest.merge", -4, key(1).and(counted(2)), WRITE),
    TDIGEST_MIN("tdigest.min", -2, key(1), READ),
    TDIGEST_QUANTILE("tdigest.quantile", -2, key(1), READ),
    TDIGEST_RANK("tdigest.rank", -2, key(1), READ),
    TDIGEST_RESET("tdigest.reset", -2, key(1), WRITE),
    TDIGEST_REVRANK("tdigest.revrank", -2, key(1), READ),
    TDIGEST_TRIMMED_MEAN("tdigest.trimmed_mean", -2, key(1), READ),
    TOPK_ADD("topk.add", -2, key(1), WRITE),
    TOPK_COUNT("topk.count", -2, key(1), READ),
    TOPK_INCRBY("topk.incrby", -2, key(1), WRITE),
    TOPK_INFO("topk.info", -2, key(1), READ),
    TOPK_LIST("topk.list", -2, key(1), READ),
    TOPK_QUERY("topk.query", -2, key(1), READ),
    TOPK_RESERVE("topk.reserve", -2, key(1), WRITE),

    // Time series, as modules serve them
    TS_ADD("ts.add", -2, key(1), WRITE),
    TS_ALTER("ts.alter", -2, key(1), WRITE),
    TS_CREATE("ts.create", -2, key(1), WRITE),
    TS_CREATERULE("ts.createrule", -3, keys(1, 2, 1), WRITE),
    TS_DECRBY("ts.decrby", -2, key(1), WRITE),
    TS_DEL("ts.del", -2, key(1), WRITE),
    TS_DELETERULE("ts.deleterule", 3, keys(1, 2, 1), WRITE),
    TS_GET("ts.get", -2, key(1), READ),
    TS_INCRBY("ts.incrby", -2, key(1), WRITE),
    TS_INFO("ts.info", -2, key(1), READ),
    TS_MADD("ts.madd", -4, keys(1, -1, 3), WRITE),
    TS_MGET("ts.mget", -2, READ, Refusal.INDEX),
    TS_MRANGE("ts.mrange", -2, READ, Refusal.INDEX),
    TS_MREVRANGE("ts.mrevrange", -2, READ, Refusal.INDEX),
    TS_QUERYINDEX("ts.queryindex", -2, READ, Refusal.INDEX),
    TS_RANGE("ts.range", -2, key(1), READ),
    TS_REVRANGE("ts.revrange", -2, key(1), READ),

    // Searches, as modules serve them
    FT__LIST("ft._list", -1, READ, Refusal.INDEX),
    FT_AGGREGATE("ft.aggregate", -2, READ, Refusal.INDEX),
    FT_ALIASADD("ft.aliasadd", -2, WRITE, Refusal.INDEX),
    FT_ALIASDEL("ft.aliasdel", -2, WRITE, Refusal.INDEX),
    FT_ALIASUPDATE("ft.aliasupdate", -2, WRITE, Refusal.INDEX),
    FT_ALTER("ft.alter", -2, WRITE, Refusal.INDEX),
    FT_CONFIG("ft.config", -2, READ, Refusal.INDEX),
    FT_CREATE("ft.create", -2, WRITE, Refusal.INDEX),
    FT_CURSOR("ft.cursor", -2, READ, Refusal.INDEX),
    FT_DICTADD("ft.dictadd", -2, WRITE, Refusal.INDEX),
    FT_DICTDEL("ft.dictdel", -2, WRITE, Refusal.INDEX),
    FT_DICTDUMP("ft.dictdump", -2, READ, Refusal.INDEX),
    FT_DROPINDEX("ft.dropindex", -2, WRITE, Refusal.INDEX),
    FT_EXPLAIN("ft.explain", -2, READ, Refusal.INDEX),
    FT_EXPLAINCLI("ft.explaincli", -2, READ, Refusal.INDEX),
    FT_HYBRID("ft.hybrid", -2, READ, Refusal.INDEX),
    FT_INFO("ft.info", -2, READ, Refusal.INDEX),
    FT_PROFILE("ft.profile", -2, READ, Refusal.INDEX),
    FT_SEARCH("ft.search", -2, READ, Refusal.INDEX),
    FT_SPELLCHECK("ft.spellcheck", -2, READ, Refusal.INDEX),
    FT_SUGADD("ft.sugadd", -2, key(1), WRITE),
    FT_SUGDEL("ft.sugdel", -2, key(1), WRITE),
    FT_SUGGET("ft.sugget", -2, key(1), READ),
    FT_SUGLEN("ft.suglen", -2, key(1), READ),
    FT_SYNDUMP("ft.syndump", -2, READ, Refusal.INDEX),
    FT_SYNUPDATE("ft.synupdate", -2, WRITE, Refusal.INDEX),
    FT_TAGVALS("ft.tagvals", -2, READ, Refusal.INDEX),

    // Scripts and functions: what they touch besides their keys is theirs to answer for
    EVAL("eval", -3, counted(2), WRITE),
    EVALSHA("evalsha", -3, counted(2), WRITE),
    EVALSHA_RO("evalsha_ro", -3, counted(2), READ),
    EVAL_RO("eval_ro", -3, counted(2), READ),
    FCALL("fcall", -3, counted(2), WRITE),
    FCALL_RO("fcall_ro", -3, counted(2), READ),
    FUNCTION("function", -2, LOCAL),
    FUNCTION_DELETE("function|delete", 3, EVERY_SERVER, WRITE, Join.OK),
    FUNCTION_DUMP("function|dump", 2, ANY_SERVER),
    FUNCTION_FLUSH("function|flush", -2, EVERY_SERVER, WRITE, Join.OK),
    FUNCTION_HELP("function|help", 2, LOCAL),
    FUNCTION_KILL("function|kill", 2, READ, Refusal.RUNNING),
    FUNCTION_LIST("function|list", -2, ANY_SERVER),
    FUNCTION_LOAD("function|load", -3, EVERY_SERVER, WRITE, Join.SAME),
    FUNCTION_RESTORE("function|restore", -3, EVERY_SERVER, WRITE, Join.OK),
    FUNCTION_STATS("function|stats", 2, ANY_SERVER),
    SCRIPT("script", -2, LOCAL),
    SCRIPT_DEBUG("script|debug", 3, READ, Refusal.ADMINISTRATION),
    SCRIPT_EXISTS("script|exists", -3, EVERY_LIVE_SERVER, READ, Join.LEAST_OF_EACH),
    SCRIPT_FLUSH("script|flush", -2, EVERY_LIVE_SERVER, READ, Join.OK),
    SCRIPT_HELP("script|help", 2, LOCAL),
    SCRIPT_KILL("script|kill", 2, READ, Refusal.RUNNING),
    SCRIPT_LOAD("script|load", 3, EVERY_LIVE_SERVER, READ, Join.SAME),
    SCRIPT_SHOW("script|show", 3, ANY_SERVER),

    // Transactions
    DISCARD("discard", 1, TRANSACTION),
    EXEC("exec", 1, TRANSACTION),
    MULTI("multi", 1, TRANSACTION),
    UNWATCH("unwatch", 1, TRANSACTION),
    WATCH("watch", -2, keys(1, -1, 1), READ, TRANSACTION),

    // Messages
    PSUBSCRIBE("psubscribe", -2, SUBSCRIPTION),
    PUBLISH("publish", 3, channel(1), READ),
    PUBSUB("pubsub", -2, LOCAL),
    PUBSUB_CHANNELS("pubsub|channels", -2, EVERY_LIVE_SERVER, READ, Join.EACH_ONCE),
    PUBSUB_HELP("pubsub|help", 2, LOCAL),
    PUBSUB_NUMPAT("pubsub|numpat", 2, EVERY_LIVE_SERVER, READ, Join.MOST_OF_EACH),
    PUBSUB_NUMSUB("pubsub|numsub", -2, EVERY_LIVE_SERVER, READ, Join.MOST_OF_EACH),
    PUBSUB_SHARDCHANNELS("pubsub|shardchannels", -2, EVERY_LIVE_SERVER, READ, Join.EACH_ONCE),
    PUBSUB_SHARDNUMSUB("pubsub|shardnumsub", -2, EVERY_LIVE_SERVER, READ, Join.MOST_OF_EACH),
    PUNSUBSCRIBE("punsubscribe", -1, SUBSCRIPTION),
    SPUBLISH("spublish", 3, key(1), READ),
    SSUBSCRIBE("ssubscribe", -2, keys(1, -1, 1), READ, SUBSCRIPTION),
    SUBSCRIBE("subscribe", -2, SUBSCRIPTION),
    SUNSUBSCRIBE("sunsubscribe", -1, keys(1, -1, 1), READ, SUBSCRIPTION),
    UNSUBSCRIBE("unsubscribe", -1, SUBSCRIPTION),

    // The connection
    ASKING("asking", 1, LOCAL),
    AUTH("auth", -2, LOCAL),
    CLIENT("client", -2, LOCAL),
    CLIENT_CACHING("client|caching", 3, LOCAL),
    CLIENT_CAPA("client|capa", -3, READ, refused("it has no extra capabilities to offer")),
    CLIENT_GETNAME("client|getname", 2, LOCAL),
    CLIENT_GETREDIR("client|getredir", 2, LOCAL),
    CLIENT_HELP("client|help", 2, LOCAL),
    CLIENT_ID("client|id", 2, LOCAL),
    CLIENT_INFO("client|info", 2, LOCAL),
    CLIENT_KILL("client|kill", -3, LOCAL),
    CLIENT_LIST("client|list", -2, LOCAL),
    CLIENT_NO_EVICT("client|no-evict", 3, LOCAL),
    CLIENT_NO_TOUCH("client|no-touch", 3, LOCAL),
    CLIENT_PAUSE("client|pause", -3, LOCAL),
    CLIENT_REPLY("client|reply", 3, LOCAL),
    CLIENT_SETINFO("client|setinfo", 4, LOCAL),
    CLIENT_SETNAME("client|setname", 3, LOCAL),
    CLIENT_TRACKING("client|tracking", -3, LOCAL),
    CLIENT_TRACKINGINFO("client|trackinginfo", 2, LOCAL),
    CLIENT_UNBLOCK("client|unblock", -3, LOCAL),
    CLIENT_UNPAUSE("client|unpause", 2, LOCAL),
    ECHO("echo", 2, LOCAL),
    HELLO("hello", -1, LOCAL),
    PING("ping", -1, LOCAL),
    QUIT("quit", -1, LOCAL),
    READONLY("readonly", 1, LOCAL),
    READWRITE("readwrite", 1, LOCAL),
    RESET("reset", 1, LOCAL),
    SELECT("select", 2, LOCAL),
    SWAPDB("swapdb", 3, WRITE, Refusal.DATABASES),

    // The server
    ACL("acl", -2, LOCAL),
    ACL_CAT("acl|cat", -2, LOCAL),
    ACL_DELUSER("acl|deluser", -3, READ, Refusal.USERS),
    ACL_DRYRUN("acl|dryrun", -4, LOCAL),
    ACL_GENPASS("acl|genpass", -2, LOCAL),
    ACL_GETUSER("acl|getuser", 3, LOCAL),
    ACL_HELP("acl|help", 2, LOCAL),
    ACL_LIST("acl|list", 2, LOCAL),
    ACL_LOAD("acl|load", 2, READ, Refusal.USERS),
    ACL_LOG("acl|log", -2, READ, refused("what users were refused is in its log and metrics")),
    ACL_SAVE("acl|save", 2, READ, Refusal.USERS),
    ACL_SETUSER("acl|setuser", -3, READ, Refusal.USERS),
    ACL_USERS("acl|users", 2, LOCAL),
    ACL_WHOAMI("acl|whoami", 2, LOCAL),
    BGREWRITEAOF("bgrewriteaof", 1, READ, Refusal.ADMINISTRATION),
    BGSAVE("bgsave", -1, READ, Refusal.ADMINISTRATION),
    CLUSTER("cluster", -2, LOCAL),
    CLUSTERSCAN("clusterscan", -2, READ, Refusal.PLACEMENT),
    COMMAND("command", -1, LOCAL),
    COMMAND_COUNT("command|count", 2, LOCAL),
    COMMAND_DOCS("command|docs", -2, LOCAL),
    COMMAND_GETKEYS("command|getkeys", -3, LOCAL),
    COMMAND_GETKEYSANDFLAGS("command|getkeysandflags", -3, LOCAL),
    COMMAND_HELP("command|help", 2, LOCAL),
    COMMAND_INFO("command|info", -2, LOCAL),
    COMMAND_LIST("command|list", -2, LOCAL),
    COMMANDLOG("commandlog", -2, READ, Refusal.ADMINISTRATION),
    CONFIG("config", -2, LOCAL),
    CONFIG_GET("config|get", -3, LOCAL),
    CONFIG_HELP("config|help", 2, LOCAL),
    CONFIG_RESETSTAT("config|resetstat", 2, READ, Refusal.ADMINISTRATION),
    CONFIG_REWRITE("config|rewrite", 2, READ, Refusal.SETTINGS),
    CONFIG_SET("config|set", -4, READ, Refusal.SETTINGS),
    DBSIZE("dbsize", 1, EVERY_HOLDER, READ, Join.SUM),
    DEBUG("debug", -2, READ, Refusal.ADMINISTRATION),
    FAILOVER("failover", -1, READ, Refusal.ADMINISTRATION),
    FLUSHALL("flushall", -1, EVERY_SERVER, WRITE, Join.OK),
    FLUSHDB("flushdb", -1, EVERY_SERVER, WRITE, Join.OK),
    HOTKEYS("hotkeys", -2, READ, Refusal.ADMINISTRATION),
    INFO("info", -1, LOCAL),
    LASTSAVE("lastsave", 1, EVERY_HOLDER, READ, Join.LEAST),
    LATENCY("latency", -2, LOCAL),
    LATENCY_DOCTOR("latency|doctor", 2, READ, Refusal.ADMINISTRATION),
    LATENCY_GRAPH("latency|graph", 3, READ, Refusal.ADMINISTRATION),
    LATENCY_HELP("latency|help", 2, LOCAL),
    LATENCY_HISTOGRAM("latency|histogram", -2, EVERY_LIVE_SERVER, READ, Join.HISTOGRAMS),
    LATENCY_HISTORY("latency|history", 3, EVERY_LIVE_SERVER, READ, Join.ONE_AFTER_THE_OTHER),
    LATENCY_LATEST("latency|latest", 2, EVERY_LIVE_SERVER, READ, Join.EVENTS),
    LATENCY_RESET("latency|reset", -2, EVERY_LIVE_SERVER, READ, Join.SUM),
    LOLWUT("lolwut", -1, ANY_SERVER),
    MEMORY("memory", -2, LOCAL),
    MEMORY_DOCTOR("memory|doctor", 2, READ, Refusal.ADMINISTRATION),
    MEMORY_HELP("memory|help", 2, LOCAL),
    MEMORY_MALLOC_STATS("memory|malloc-stats", 2, READ, Refusal.ADMINISTRATION),
    MEMORY_PURGE("memory|purge", 2, READ, Refusal.ADMINISTRATION),
    MEMORY_STATS("memory|stats", 2, READ, Refusal.ADMINISTRATION),
    MEMORY_USAGE("memory|usage", -3, key(2), READ),
    MODULE("module", -2, READ, Refusal.ADMINISTRATION),
    MONITOR("monitor", 1, READ, Refusal.ADMINISTRATION),
    PSYNC("psync", -3, READ, Refusal.REPLICATION),
    REPLCONF("replconf", -1, READ, Refusal.REPLICATION),
    REPLICAOF("replicaof", 3, READ, Refusal.ADMINISTRATION),
    ROLE("role", 1, READ, Refusal.REPLICATION),
    SAVE("save", 1, READ, Refusal.ADMINISTRATION),
    SFLUSH("sflush", -3, WRITE, Refusal.PLACEMENT),
    SHUTDOWN("shutdown", -1, READ, Refusal.ADMINISTRATION),
    SLAVEOF("slaveof", 3, READ, Refusal.ADMINISTRATION),
    SLOWLOG("slowlog", -2, LOCAL),
    SLOWLOG_GET("slowlog|get", -2, LOCAL),
    SLOWLOG_HELP("slowlog|help", 2, LOCAL),
    SLOWLOG_LEN("slowlog|len", 2, LOCAL),
    SLOWLOG_RESET("slowlog|reset", 2, LOCAL),
    SYNC("sync", 1, READ, Refusal.REPLICATION),
    TIME("time", 1, LOCAL);

    enum Access { READ, WRITE }

    private static final CommandNames NAMES;

    static {
        Map<String, List<RedisCommand>> variants = Arrays.stream(values())
                .filter(RedisCommand::isVariant)
                .collect(Collectors.groupingBy(row -> row.label.substring(0, row.label.indexOf('|'))));
        var commands = new ArrayList<RedisCommand>();
        for (var row : values()) {
            if (!row.isVariant()) {
                commands.add(row);
                row.variants = variants.getOrDefault(row.label, List.of());
            }
        }
        NAMES = new CommandNames(commands);
    }

    private final String label;
    private final String word;
    private final byte[] nameWord;
    private final int arity;
    private final int fewestWords;
    private final int mostWords;
    private final int keyStep;
    private final KeySpec keys;
    private final Access access;
    private final Spread spread;
    private final Join join;
    private final Refusal refusal;
    private final Waiting waiting;
    private final boolean vetted;
    private final boolean routed;
    private final boolean apart;
    private List<RedisCommand> variants = List.of();

    RedisCommand(String label, int arity, Spread spread) {
        this(label, arity, KeySpec.NONE, READ, spread);
    }

    RedisCommand(String label, int arity, KeySpec keys, Access access, Spread spread) {
        this(label, arity, keys, access, spread, null, null, null);
    }

    RedisCommand(String label, int arity, KeySpec keys, Access access, Waiting waiting) {
        this(label, arity, keys, access, Spread.WAITING, null, null, waiting);
    }

    RedisCommand(String label, int arity, KeySpec keys, Access access) {
        this(label, arity, keys, access, Spread.ONE_SERVER);
    }

    RedisCommand(String label, int arity, KeySpec keys, Access access, Join join) {
        this(label, arity, keys, access, Spread.SPLIT, join, null, null);
    }

    RedisCommand(String label, int arity, Spread spread, Access access, Join join) {
        this(label, arity, KeySpec.NONE, access, spread, join, null, null);
    }

    RedisCommand(String label, int arity, Spread spread, Access access, Join join, Waiting waiting) {
        this(label, arity, KeySpec.NONE, access, spread, join, null, waiting);
    }

    RedisCommand(String label, int arity, Access access, Refusal refusal) {
        this(label, arity, KeySpec.NONE, access, refusal);
    }

    RedisCommand(String label, int arity, KeySpec keys, Access access, Refusal refusal) {
        this(label, arity, keys, access, Spread.REFUSED, null, refusal, null);
    }

    RedisCommand(
            String label, int arity, KeySpec keys, Access access, Spread spread, Join join, Refusal refusal, Waiting waiting) {
        this.label = label;
        this.word = label.substring(label.indexOf('|') + 1);
        this.nameWord = ("$" + label.length() + "\r\n" + label + "\r\n").getBytes(StandardCharsets.US_ASCII);
        this.arity = arity;
        this.fewestWords = Math.abs(arity);
        this.mostWords = arity < 0 ? Integer.MAX_VALUE : arity;
        this.keys = keys;
        this.keyStep = keys instanceof KeySpec.Range range ? range.step() : 1;
        this.access = access;
        this.spread = spread;
        this.join = join;
        this.refusal = refusal;
        this.waiting = waiting;
        this.apart = waiting != null || spread == Spread.TRANSACTION || spread == Spread.SUBSCRIPTION;
        this.vetted = label.startsWith("evalsha") || label.startsWith("fcall") || label.equals("copy") || label.equals("move");
        this.routed = !vetted && switch (spread) {
            case ONE_SERVER, SPLIT, ANY_SERVER, EVERY_HOLDER, EVERY_LIVE_SERVER -> true;
            case EVERY_SERVER, CHOSEN_SERVER, WAITING, WAITING_EVERYWHERE, TRANSACTION, SUBSCRIPTION, LOCAL, REFUSED -> false;
        };
    }

    /// The command with this name in any case of letters, or null. The name is packed eight bytes to a number, the first
    /// byte lowest, each byte with bit 0x20 set, and zero where the name has ended; names of more than 24 bytes are
    /// unknown and must not be asked for.
    static RedisCommand named(long a, long b, long c) {
        return NAMES.named(a, b, c);
    }

    /// The command with this name in any case of letters, or null; variants are not found by name.
    static RedisCommand named(String name) {
        return name.length() > CommandNames.LONGEST ? null : named(pack(name, 0), pack(name, 1), pack(name, 2));
    }

    /// The row with this label, which may be a variant's, or null.
    static RedisCommand labelled(String label) {
        int bar = label.indexOf('|');
        var row = named(bar < 0 ? label : label.substring(0, bar));
        return bar < 0 || row == null
                ? row
                : row.variants.stream().filter(variant -> variant.label.equals(label)).findFirst().orElse(null);
    }

    /// Part 0, 1 or 2 of `name`, packed as [#named(long, long, long)] wants it.
    static long pack(String name, int part) {
        return CommandNames.pack(name, part);
    }

    /// Completes a request that has been placed and whose command is this row: adds its keys, and exchanges its command
    /// for the variant it turns out to be.
    ///
    /// A request that is too short, or that claims a number of keys it does not have, may end up with fewer keys than its
    /// command needs or with none. It is either answered by the session, or harmless wherever it is sent: every server
    /// finds the same fault before it does anything, and says so.
    public void locateKeys(Request request) {
        if (keys == KeySpec.FIRST_WORD) {
            if (request.wordCount() > 1) {
                request.addKey(1);
            }
        } else {
            var row = variants.isEmpty() ? this : variant(request);
            if (row != this) {
                request.command(row);
            }
            row.keys.locate(request);
        }
    }

    private RedisCommand variant(Request request) {
        if (keys instanceof KeySpec.Streams) {
            return KeySpec.Streams.block(request) > 0 ? variants.getFirst() : this;
        }
        if (request.wordCount() > 1) {
            for (var variant : variants) {
                if (request.wordIs(1, variant.word)) {
                    return variant;
                }
            }
        }
        return this;
    }

    /// The name in lower case; a variant's has a bar, as in `object|encoding`.
    @Override
    public String label() {
        return label;
    }

    @Override
    public Spread spread() {
        return spread;
    }

    @Override
    public boolean writes() {
        return access == WRITE;
    }

    @Override
    public boolean mayBeReplicated() {
        return writes() || this == EXEC || this == PFCOUNT || this == PUBLISH || this == SPUBLISH;
    }

    @Override
    public int calls() {
        return join == Join.ONE_OF_ALL_KEYS ? 2 : 1;
    }

    @Override
    public boolean splitsByKey() {
        return join != null && join.isByKey();
    }

    /// Whether this command is for servers to answer, whatever the session thinks of it.
    boolean isRouted() {
        return routed;
    }

    /// Whether word `word`, whatever stands there, has no say in where a request goes: all keys lie before it.
    boolean isOpaque(int word) {
        return spread == Spread.ONE_SERVER && keys instanceof KeySpec.Range range && range.last() >= 0 && word > range.last();
    }

    /// Whether this is heard from everybody, because it is how one becomes somebody, or leaves.
    boolean isForStrangers() {
        return this == AUTH || this == HELLO || this == QUIT || this == RESET;
    }

    /// Whether this is a command of subcommands, and `request` names none that there is.
    boolean lacksVariant(Request request) {
        return !variants.isEmpty() && spread == Spread.LOCAL && request.wordCount() > 1;
    }

    /// Whether Redis does not tell this variant from its command: it only travels another way.
    boolean isWayOfAnother() {
        return isVariant() && keys instanceof KeySpec.Streams;
    }

    /// As rules for users call it, and errors about them.
    String nameForUsers() {
        return isWayOfAnother() ? label.substring(0, label.indexOf('|')) : label;
    }

    /// Whether this is for a server connection that the client has for itself, or changes what it hears besides answers.
    boolean isApart() {
        return apart;
    }

    /// Whether this says what the client hears besides answers.
    boolean isSubscription() {
        return spread == Spread.SUBSCRIPTION;
    }

    /// Whether what decides where this goes are names of channels, which are no keys.
    boolean namesChannels() {
        return isSubscription() || this == PUBLISH || this == SPUBLISH;
    }

    /// Whether a server is to answer this within a transaction. What Cashew answers in the name of a server cannot be part of one,
    /// unless any server would say the same.
    boolean isQueueable() {
        return (routed || vetted) && !spread.isWholePool()
                || spread == Spread.WAITING
                || this == PING
                || this == ECHO
                || this == TIME
                || this == UNWATCH;
    }

    /// Whether this begins or ends what a server remembers about a connection.
    boolean isTransactional() {
        return spread == Spread.TRANSACTION;
    }

    /// How long this waits; null if it does not.
    Waiting waiting() {
        return waiting;
    }

    /// Whether Redis would take this number of words, the name included.
    boolean accepts(int words) {
        return words >= fewestWords && words <= mostWords && (keyStep == 1 || words % keyStep == 1);
    }

    /// How many words this takes, in Redis's way of saying it.
    int arity() {
        return arity;
    }

    KeySpec keySpec() {
        return keys;
    }

    /// The name as the first word of a request: `$4 CRLF mget CRLF`. Shared, not to be changed.
    byte[] nameWord() {
        return nameWord;
    }

    /// From one key to the next: 2 if a value follows each key, else 1.
    int keyStep() {
        return keyStep;
    }

    /// How the answers to the parts are joined; null if only one server answers, and it as the client is to hear it.
    Join join() {
        return join;
    }

    /// Why this is refused; null unless it is.
    Refusal refusal() {
        return refusal;
    }

    boolean isVariant() {
        return label.indexOf('|') >= 0;
    }

    List<RedisCommand> variants() {
        return variants;
    }
}
