package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// libmemcached's tools do not notice that there is a proxy. (Debian calls `memcp` `memccp`, and so on.)
@Timeout(120)
class MemcacheToolsTest {
    private static final String PACKAGE = "libmemcached-tools";

    private static MemcachedServers servers;
    private static ProxyUnderTest proxy;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        servers = MemcachedServers.start(3);
        proxy = ProxyUnderTest.with(servers.yaml("pool"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
    }

    @Test
    void memcapableFindsTheTextProtocolComplete() {
        var tool = Tool.run("memccapable", PACKAGE, new byte[0], "-a", "-h", "127.0.0.1", "-p", port());

        assertThat(tool.output()).contains("ascii quit", "ascii mget", "ascii stat", "All tests passed")
                .doesNotContain("FAIL");
        assertThat(tool.exitCode()).isZero();
    }

    @Test
    void filesAreCopiedInAndOut() throws IOException {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path file = directory.resolve("copied");
        Files.write(file, content);

        assertThat(run("memccp", file.toString()).exitCode()).isZero();

        var out = directory.resolve("out");
        assertThat(run("memccat", "--file=" + out, "copied").exitCode()).isZero();
        assertThat(Files.readAllBytes(out)).isEqualTo(content);
    }

    @Test
    void itemsAreLookedForTouchedAndRemoved() {
        try (var client = MemcacheClient.connect(proxy.port("pool"))) {
            client.ask("set item 0 0 1\r\nx\r\n");

            assertThat(run("memcexist", "item").exitCode()).isZero();
            assertThat(run("memctouch", "item").exitCode()).isZero();
            assertThat(run("memcrm", "item").exitCode()).isZero();
            assertThat(client.ask("get item\r\n")).isEqualTo("END\r\n");
            assertThat(run("memcexist", "item").exitCode()).isNotZero();
        }
    }

    @Test
    void thePoolIsPingedAndFlushedAndAskedForItsFigures() {
        try (var client = MemcacheClient.connect(proxy.port("pool"))) {
            client.ask("set a 0 0 1\r\nx\r\n");

            assertThat(run("memcping").exitCode()).isZero();
            assertThat(run("memcstat").output()).contains("pid", "curr_connections");
            assertThat(run("memcflush").exitCode()).isZero();
            assertThat(client.ask("get a\r\n")).isEqualTo("END\r\n");
        }
    }

    private static Tool run(String name, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "--servers=127.0.0.1:" + port();
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Tool.run(name, PACKAGE, new byte[0], all);
    }

    private static String port() {
        return String.valueOf(proxy.port("pool"));
    }
}
