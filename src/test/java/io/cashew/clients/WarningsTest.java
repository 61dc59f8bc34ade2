package io.cashew.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.netty.util.internal.logging.InternalLoggerFactory;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;

class WarningsTest {
    @Test
    void whatJedisWarnsOfIsSeen() {
        try (var warnings = new Warnings("redis.clients")) {
            LoggerFactory.getLogger(Jedis.class).warn("beware of {}", "the dog");
            LoggerFactory.getLogger(Jedis.class).info("a dog");

            assertThat(warnings.texts()).containsExactly("beware of the dog");
        }
    }

    @Test
    void whatLettuceWarnsOfIsSeen() {
        try (var warnings = new Warnings("io.lettuce")) {
            InternalLoggerFactory.getInstance(RedisClient.class).warn("beware of the dog");
            InternalLoggerFactory.getInstance(RedisClient.class).info("a dog");

            assertThat(warnings.texts()).containsExactly("beware of the dog");
        }
    }
}
