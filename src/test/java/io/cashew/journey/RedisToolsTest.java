package io.cashew.journey;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.Tool;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Redis's own tools do not notice that there is a proxy.
@Timeout(60)
class RedisToolsTest {
    private static RedisServers servers;
    private static RedisServer locked;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(3);
        locked = RedisServer.builder().password("sekret").start();
        proxy = ProxyUnderTest.with(servers.yaml("open") + """
                locked:
                  listen: free
                  redis: true
                  redis_auth: sekret
                  servers:
                   - 127.0.0.1:%d:1
                """.formatted(locked.port()));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
        locked.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void redisBenchmarkRunsAllItsTestsWithoutComplaint(int pipeline) {
        var benchmark = Tool.run(
                "redis-benchmark", "redis-tools", new byte[0],
                "-p", port("open"), "-n", "20000", "-c", "50", "-P", String.valueOf(pipeline), "-q");

        List<String> results = benchmark.output().lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.contains("rps="))
                .toList();
        assertThat(benchmark.output()).doesNotContainIgnoringCase("warn", "error", "-ERR");
        assertThat(results).hasSizeGreaterThanOrEqualTo(20).allMatch(line -> line.contains("requests per second"));
        assertThat(results).anyMatch(line -> line.startsWith("LRANGE_600"));
        assertThat(results).anyMatch(line -> line.startsWith("MSET"));
        assertThat(benchmark.exitCode()).isZero();
    }

    @Test
    void redisCliAsksAndShowsAnswers() {
        assertThat(cli("-p", port("open"), "PING")).isEqualTo("PONG\n");
        assertThat(cli("-p", port("open"), "SET", "from cli", "v")).isEqualTo("OK\n");
        assertThat(cli("-p", port("open"), "GET", "from cli")).isEqualTo("v\n");
        assertThat(cli("-p", port("open"), "-n", "0", "GET", "from cli")).isEqualTo("v\n");
    }

    @Test
    void redisCliFindsHelpAboutCommands() {
        var help = Tool.run(
                "redis-cli", "redis-tools", "help hget\nhelp @string\nhelp client kill\n".getBytes(US_ASCII), "-p", port("open"));

        assertThat(help.output()).contains("HGET", "group:", "hash", "MSET", "CLIENT KILL", "Answered by Cashew")
                .contains("Sent to the server that has its keys").doesNotContain("(null)");
        assertThat(help.exitCode()).isZero();
    }

    @Test
    void redisCliAuthenticates() {
        assertThat(cli("-p", port("locked"), "--no-auth-warning", "-a", "sekret", "SET", "k", "v"))
                .isEqualTo("OK\n");
        assertThat(cli("-p", port("locked"), "-n", "0", "--no-auth-warning", "-a", "sekret", "GET", "k"))
                .isEqualTo("v\n");
        assertThat(cli("-p", port("locked"), "GET", "k")).startsWith("NOAUTH");
        assertThat(locked.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
    }

    @Test
    void redisCliReadsCommandsFromItsInput() {
        var cli = Tool.run(
                "redis-cli", "redis-tools", RespClient.bytes("SET typed 1\nINCR typed\nGET typed\nPING hello\n"),
                "-p", port("open"));

        assertThat(cli.output()).isEqualTo("OK\n2\n2\nhello\n");
        assertThat(cli.exitCode()).isZero();
    }

    @Test
    void redisCliInsertsInMass() {
        var input = new ByteArrayOutputStream();
        for (int i = 0; i < 10_000; i++) {
            input.writeBytes(RespClient.encode("SET", "mass:" + i, "value " + i));
        }

        var cli = Tool.run("redis-cli", "redis-tools", input.toByteArray(), "-p", port("open"), "--pipe");

        assertThat(cli.output()).contains("errors: 0, replies: 10000");
        assertThat(cli.exitCode()).isZero();
        try (var client = proxy.connect("open")) {
            var gets = new ArrayList<String[]>();
            gets.add(new String[] {"GET", "mass:0"});
            gets.add(new String[] {"GET", "mass:9999"});
            assertThat(client.pipeline(gets)).containsExactly("$7\r\nvalue 0\r\n", "$10\r\nvalue 9999\r\n");
        }
    }

    private static String port(String pool) {
        return String.valueOf(proxy.port(pool));
    }

    private static String cli(String... arguments) {
        return Tool.run("redis-cli", "redis-tools", new byte[0], arguments).output();
    }
}
