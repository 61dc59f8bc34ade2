package io.cashew.protocol.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Command.Spread;
import io.cashew.protocol.Request;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RedisCommandTest {
    /// What twemproxy 0.5.0 serves: its commands by the number of words it wants, 0 for any number from two.
    private static final Map<Integer, String> TWEMPROXY = Map.of(
            1,
            "PING QUIT COMMAND LOLWUT",
            2,
            "AUTH DECR DUMP GET GETDEL HGETALL HKEYS HLEN HVALS INCR LLEN PERSIST PTTL SCARD SMEMBERS STRLEN TTL TYPE"
                    + " ZCARD",
            3,
            "APPEND DECRBY EXPIRE EXPIREAT GETBIT GETSET HEXISTS HGET HSTRLEN INCRBY INCRBYFLOAT LINDEX PEXPIRE"
                    + " PEXPIREAT RPOPLPUSH SETNX SISMEMBER ZRANK ZREVRANK ZSCORE MSET MOVE",
            4,
            "GETRANGE HINCRBY HINCRBYFLOAT HSETNX LRANGE LREM LSET LTRIM PSETEX SETBIT SETEX SETRANGE SMOVE ZCOUNT"
                    + " ZINCRBY ZLEXCOUNT ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE EVAL EVALSHA",
            5,
            "LINSERT LMOVE",
            0,
            "BITCOUNT BITFIELD BITPOS COPY EXISTS GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUSBYMEMBER GEOSEARCH"
                    + " GEOSEARCHSTORE GETEX HDEL HMGET HMSET HRANDFIELD HSCAN HSET LPOP LPOS LPUSH LPUSHX PFADD"
                    + " PFCOUNT PFMERGE RESTORE RPOP RPUSH RPUSHX SADD SDIFF SDIFFSTORE SET SINTER SINTERSTORE"
                    + " SMISMEMBER SORT SPOP SRANDMEMBER SREM SSCAN SUNION SUNIONSTORE ZADD ZDIFF ZDIFFSTORE ZINTER"
                    + " ZINTERSTORE ZMSCORE ZPOPMAX ZPOPMIN ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANGESTORE"
                    + " ZREM ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZSCAN ZUNION ZUNIONSTORE DEL MGET TOUCH UNLINK");

    @Test
    void everyCommandOfTwemproxyIsServed() {
        var names = TWEMPROXY.values().stream().flatMap(line -> Stream.of(line.split(" "))).toList();

        assertThat(names).hasSize(137).doesNotHaveDuplicates().allSatisfy(name -> assertThat(RedisCommand.named(name))
                .matches(row -> row.refusal() == null));
    }

    @Test
    void whatTwemproxyTakesIsTaken() {
        TWEMPROXY.forEach((words, line) -> assertThat(line.split(" "))
                .allSatisfy(name -> assertThat(RedisCommand.named(name))
                        .matches(row -> words == 0 ? row.arity() < 0 : row.accepts(words))));
    }

    @ParameterizedTest
    @EnumSource
    void everyRowSaysWhatItsWayOfTravellingNeeds(RedisCommand row) {
        switch (row.spread()) {
            case REFUSED -> assertThat(row.refusal().reason()).isNotBlank().doesNotEndWith(".");
            case SPLIT -> assertThat(row.join()).isNotNull();
            case ONE_SERVER, WAITING -> assertThat(row.keySpec()).isNotEqualTo(KeySpec.NONE);
            case TRANSACTION -> assertThat(row.keySpec() == KeySpec.NONE).isNotEqualTo(row == RedisCommand.WATCH);
            case LOCAL, ANY_SERVER, EVERY_SERVER, EVERY_HOLDER, EVERY_LIVE_SERVER, CHOSEN_SERVER, WAITING_EVERYWHERE ->
                assertThat(row.keySpec()).isEqualTo(KeySpec.NONE);
            case SUBSCRIPTION -> assertThat(row.label()).endsWith("subscribe");
        }
        assertThat(row.spread() == Spread.REFUSED).isEqualTo(row.refusal() != null);
        assertThat(row.spread() == Spread.SPLIT || row.spread().isWholePool()).isEqualTo(row.join() != null);
        assertThat(row.spread() == Spread.WAITING || row.spread() == Spread.WAITING_EVERYWHERE).isEqualTo(row.waiting() != null);
        assertThat(row.name().toLowerCase(Locale.ROOT)).isEqualTo(row.label().replaceAll("[|.-]", "_"));
        assertThat(row.arity()).isNotZero();
    }

    @Test
    void splitCommandsAreJoinedAsOneServerWouldHaveAnswered() {
        var split = Arrays.stream(RedisCommand.values())
                .filter(row -> row.spread() == Spread.SPLIT)
                .collect(Collectors.groupingBy(RedisCommand::join, Collectors.toSet()));

        assertThat(split)
                .isEqualTo(Map.of(
                        Join.IN_KEY_ORDER, Set.of(RedisCommand.MGET),
                        Join.OK, Set.of(RedisCommand.MSET),
                        Join.COMPUTED,
                                EnumSet.of(RedisCommand.SDIFF, RedisCommand.SINTER, RedisCommand.SINTERCARD, RedisCommand.SUNION),
                        Join.COMPUTED_OF_KEYS,
                                EnumSet.of(
                                        RedisCommand.PFCOUNT, RedisCommand.ZDIFF, RedisCommand.ZINTER, RedisCommand.ZINTERCARD,
                                        RedisCommand.ZUNION),
                        Join.STREAM_BY_STREAM, EnumSet.of(RedisCommand.XREAD, RedisCommand.XREADGROUP),
                        Join.SUM,
                                EnumSet.of(RedisCommand.DEL, RedisCommand.UNLINK, RedisCommand.TOUCH, RedisCommand.EXISTS)));
        assertThat(RedisCommand.MSET.keyStep()).isEqualTo(2);
        assertThat(RedisCommand.MGET.keyStep()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "object encoding k, OBJECT_ENCODING",
        "OBJECT Help, OBJECT_HELP",
        "object nope k, OBJECT",
        "object, OBJECT",
        "memory doctor, MEMORY_DOCTOR",
        "config set a b, CONFIG_SET",
        "client no-evict on, CLIENT_NO_EVICT",
        "xread STREAMS k 0, XREAD",
        "xread STREAMS block 0, XREAD",
        "xread COUNT 1 BLOCK 0 STREAMS k 0, XREAD_BLOCK",
        "xread block, XREAD_BLOCK",
        "xreadgroup GROUP block c STREAMS k >, XREADGROUP",
        "xreadgroup BLOCK 0 GROUP g c STREAMS k >, XREADGROUP_BLOCK",
        "xreadgroup GROUP g c STREAMS k >, XREADGROUP"
    })
    void aRequestTurnsOutToBeAVariant(String line, RedisCommand row) {
        assertThat(RequestFixture.line(line).command()).isSameAs(row);
    }

    /// What redis-server 7.0 does not know, or sees otherwise than it does it.
    @ParameterizedTest
    @CsvSource({
        "hexpire h 10 FIELDS 1 f, h",
        "hgetex h EX 10 FIELDS 1 f, h",
        "hsetex h FIELDS 1 f v, h",
        "hgetdel h FIELDS 1 f, h",
        "xackdel s g IDS 1 1-1, s",
        "delex k IFEQ v, k",
        "delifeq k v, k",
        "msetex 2 a 1 b 2 EX 10, a b",
        "msetex 1 a 1 NX, a",
        "pfmerge d, d",
        "vsim v ELE a COUNT 3, v",
        "armset k 0 a 5 b, k",
        "increx k, k",
        "json.set d $ 1, d",
        "json.mget a b $, a b",
        "json.mset a $ 1 b $.x 2, a b",
        "bf.add f x, f",
        "cms.merge d 2 a b WEIGHTS 1 2, d a b",
        "tdigest.merge d 1 a COMPRESSION 5, d a",
        "ts.add t * 1 LABELS a b, t",
        "ts.madd a * 1 b * 2, a b",
        "ts.createrule a b AGGREGATION avg 60000, a b",
        "ft.sugget s x, s",
        "georadius k 1 2 3 km STORE d STOREDIST e, k e",
        "xreadgroup GROUP g c CLAIM 5 STREAMS k >, k",
        "xreadgroup NEWFLAG GROUP g c STREAMS k >, k"
    })
    void keysOfNewerCommandsAreFound(String line, String keys) {
        assertThat(RequestFixture.keys(RequestFixture.line(line))).containsExactly(keys.split(" "));
    }

    @ParameterizedTest
    @CsvSource({"msetex 3 a 1 b 2", "msetex 2 a 1 b", "msetex 4611686018427387905 a 1", "eval s 0", "eval s 0 a"})
    void keysThatAreNotThereAreNotFound(String line) {
        assertThat(RequestFixture.keys(RequestFixture.line(line))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatIsTooShortIsNoTrouble(RedisCommand row) {
        for (int words = 1; words <= Math.abs(row.arity()); words++) {
            var line = new String[words];
            Arrays.fill(line, "9");
            line[0] = row.isVariant() ? row.label().substring(0, row.label().indexOf('|')) : row.label();
            if (row.isVariant() && words > 1) {
                line[1] = row.label().substring(row.label().indexOf('|') + 1);
            }
            Request request = RequestFixture.words(line);

            for (int key = 0; key < request.keyCount(); key++) {
                assertThat(request.keyWord(key)).isBetween(1, words - 1);
            }
        }
    }

    @Test
    void aKeyOfEveryPairNeedsItsValue() {
        assertThat(List.of(3, 5, 7)).allMatch(RedisCommand.MSET::accepts);
        assertThat(List.of(1, 2, 4, 6)).noneMatch(RedisCommand.MSET::accepts);
    }
}
