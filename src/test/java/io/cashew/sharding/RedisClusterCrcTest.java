package io.cashew.sharding;

import static io.cashew.sharding.ShardLists.equal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.util.JedisClusterCRC16;

/// twemproxy's `crc16` is not cut to 16 bits, so it is another function than that of Redis Cluster. But the low bits are the
/// same, and only they count modulo a power of two: a pool can take over from a proxy that uses the latter.
class RedisClusterCrcTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void moduloAPowerOfTwoKeysAreWhereTheCrcOfRedisClusterPutsThem(int servers) {
        Distribution modula = DistributionKind.MODULA.build(equal(servers), new BitSet());
        var random = new Random(20);

        for (int i = 0; i < 1000; i++) {
            var key = new byte[random.nextInt(64)];
            random.nextBytes(key);

            assertThat(modula.server(HashFunction.CRC16.hash(key, 0, key.length)))
                    .isEqualTo(JedisClusterCRC16.getCRC16(key) % servers);
        }
    }
}
