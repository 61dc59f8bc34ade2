package io.cashew.clients;

import static org.assertj.core.api.Assertions.assertThat;

import glide.api.GlideClient;
import io.vertx.redis.client.Redis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.rubyeye.xmemcached.XMemcachedClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;
import org.springframework.data.redis.core.RedisTemplate;

/// `docs/clients.md` says which versions are tested, and what with them.
class ClientsDocumentTest {
    private static final String EVERYTHING = "| 2, 3 ".repeat(8) + "|\n";

    private final String document = Files.readString(Path.of("docs/clients.md"));

    ClientsDocumentTest() throws IOException {}

    @Test
    void versionsAreThoseOnTheClassPath() {
        assertThat(document)
                .contains("| Jedis | " + version(redis.clients.jedis.RedisClient.class, "jedis-") + " | `JedisTest` " + EVERYTHING)
                .contains("| Lettuce | " + version(io.lettuce.core.RedisClient.class, "lettuce-core-") + " | `LettuceTest` "
                        + EVERYTHING)
                .contains("| Redisson | " + version(Redisson.class, "redisson-") + " | `RedissonTest` [^redisson] " + EVERYTHING)
                .contains("| Spring Data Redis | " + version(RedisTemplate.class, "spring-data-redis-")
                        + " | `SpringDataTest` [^spring] " + EVERYTHING)
                .contains("| Vert.x, and so Quarkus | " + version(Redis.class, "vertx-redis-client-") + " | `VertxTest` "
                        + EVERYTHING)
                .contains("| Valkey GLIDE (Rust) | " + version(GlideClient.class, "valkey-glide-") + " | `GlideTest` "
                        + EVERYTHING.replaceFirst("((?:\\| 2, 3 ){3})\\| 2, 3", "$1| 3 [^glide]"))
                .contains("| spymemcached | " + version(net.spy.memcached.MemcachedClient.class, "spymemcached-")
                        + " | `SpymemcachedTest` |")
                .contains("| XMemcached | " + version(XMemcachedClient.class, "xmemcached-") + " | `XmemcachedTest` |");
    }

    @Test
    void columnsAreTags() {
        String head = document.lines().filter(line -> line.contains("| connect |")).findFirst().orElseThrow();
        List<String> columns = Arrays.asList(head.split(" *\\| *")).subList(4, 12);

        assertThat(tags(ClientSuite.class)).containsExactlyInAnyOrderElementsOf(columns);
        assertThat(tags(RedisCliTest.class)).containsExactlyInAnyOrderElementsOf(columns);
    }

    private static List<String> tags(Class<?> tests) {
        return Arrays.stream(tests.getDeclaredMethods())
                .flatMap(test -> Arrays.stream(test.getAnnotationsByType(Tag.class)))
                .map(Tag::value)
                .toList();
    }

    /// The version in the name of the archive `library` comes from.
    private static String version(Class<?> library, String artifact) {
        String archive = Path.of(library.getProtectionDomain().getCodeSource().getLocation().getPath())
                .getFileName()
                .toString();
        assertThat(archive).startsWith(artifact).endsWith(".jar");
        return archive.substring(artifact.length()).replaceFirst("(\\.RELEASE|-linux-.*)?\\.jar$", "");
    }
}
