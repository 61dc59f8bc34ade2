package io.cashew.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.rubyeye.xmemcached.XMemcachedClient;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;

/// `docs/clients.md` names the versions that are tested.
class ClientsDocumentTest {
    @Test
    void versionsAreThoseOnTheClassPath() throws IOException {
        String document = Files.readString(Path.of("docs/clients.md"));

        assertThat(document)
                .contains("| Jedis | " + version(redis.clients.jedis.RedisClient.class, "jedis-") + " | `JedisTest` |")
                .contains("| Lettuce | " + version(io.lettuce.core.RedisClient.class, "lettuce-core-") + " | `LettuceTest` |")
                .contains("| Redisson | " + version(Redisson.class, "redisson-") + " | `RedissonTest` |")
                .contains("| spymemcached | " + version(net.spy.memcached.MemcachedClient.class, "spymemcached-")
                        + " | `SpymemcachedTest` |")
                .contains("| XMemcached | " + version(XMemcachedClient.class, "xmemcached-") + " | `XmemcachedTest` |");
    }

    /// The version in the name of the archive `library` comes from.
    private static String version(Class<?> library, String artifact) {
        String archive = Path.of(library.getProtectionDomain().getCodeSource().getLocation().getPath())
                .getFileName()
                .toString();
        assertThat(archive).startsWith(artifact).endsWith(".jar");
        return archive.substring(artifact.length(), archive.length() - ".jar".length()).replace(".RELEASE", "");
    }
}
