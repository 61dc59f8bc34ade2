package io.cashew.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisAccessControlException;

/// Libraries that say a user and its password are that user.
class UsersTest {
    private static final String RULES = "user app on >sekret ~app:* +@read +@write -@dangerous +@connection +acl|whoami";

    @TempDir
    private static Path directory;

    private static RedisServers servers;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start() throws IOException {
        Path users = Files.writeString(directory.resolve("users.acl"), RULES);
        servers = RedisServers.start(3);
        proxy = ProxyUnderTest.with(servers.yaml("open") + "  users_file: " + users + "\n");
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
    }

    @Test
    void jedisIsItsUser() {
        try (var jedis = jedis("sekret")) {
            assertThat(jedis.set("app:1", "v")).isEqualTo("OK");
            assertThat(jedis.mget("app:1", "app:2")).containsExactly("v", null);
            assertThatThrownBy(() -> jedis.get("other")).isInstanceOf(JedisAccessControlException.class);
            assertThatThrownBy(jedis::flushAll)
                    .hasMessageContaining("NOPERM User app has no permissions to run the 'flushall' command");
        }
        assertThatThrownBy(() -> {
                    try (var jedis = jedis("wrong")) {
                        jedis.get("app:1");
                    }
                })
                .isInstanceOf(JedisAccessControlException.class)
                .hasMessageContaining("WRONGPASS");
    }

    private static RedisClient jedis(String password) {
        var settings = DefaultJedisClientConfig.builder().user("app").password(password).build();
        return RedisClient.builder().hostAndPort("127.0.0.1", proxy.port("open")).clientConfig(settings).build();
    }

    @Test
    void lettuceIsItsUser() {
        var uri = RedisURI.builder().withHost("127.0.0.1").withPort(proxy.port("open")).withAuthentication("app", "sekret").build();
        var lettuce = io.lettuce.core.RedisClient.create(uri);
        try (var connection = lettuce.connect()) {
            assertThat(connection.sync().aclWhoami()).isEqualTo("app");
            assertThat(connection.sync().set("app:3", "v")).isEqualTo("OK");
            assertThatThrownBy(() -> connection.sync().get("other"))
                    .isInstanceOf(RedisCommandExecutionException.class)
                    .hasMessage("NOPERM No permissions to access a key");
        } finally {
            lettuce.shutdown();
        }
    }
}
