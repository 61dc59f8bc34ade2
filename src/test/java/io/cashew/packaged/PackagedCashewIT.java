package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagedCashewIT {
    @TempDir
    Path directory;

    @Test
    void servesTheFileOfNutcrackerAndEndsWellWhenTold() throws IOException {
        int port = FreePorts.next();
        Path pidFile = directory.resolve("cashew.pid");
        try (var redis = RedisServer.start();
                var cashew = PackagedCashew.start(
                                directory, "-c", good(port, redis.port()).toString(), "-s", statsPort(), "-p", pidFile.toString())
                        .awaitReady()) {
            try (var client = RespClient.connect(port)) {
                assertThat(client.call("SET", "hello", "world")).isEqualTo("+OK\r\n");
                assertThat(client.call("GET", "hello")).isEqualTo("$5\r\nworld\r\n");
            }
            assertThat(redis.call("GET", "hello")).isEqualTo("$5\r\nworld\r\n");
            assertThat(pidFile).exists();

            assertThat(cashew.terminate().exitCode()).as(cashew.output()).isZero();

            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void aGoodFilePassesTheTest() throws IOException {
        Path file = good(22121, 6379);
        try (var cashew = PackagedCashew.start(directory, "-t", "-c", file.toString())) {
            assertThat(cashew.exitCode()).isZero();
            assertThat(cashew.lastLine()).isEqualTo("nutcracker: configuration file '" + file + "' syntax is ok");
        }
    }

    @Test
    void aBadFileFailsTheTest() throws IOException {
        Path file = bad();
        try (var cashew = PackagedCashew.start(directory, "-t", "-c", file.toString())) {
            assertThat(cashew.exitCode()).isEqualTo(1);
            assertThat(cashew.lastLine()).isEqualTo("nutcracker: configuration file '" + file + "' syntax is invalid");
        }
    }

    @Test
    void theVersionIsTold() {
        try (var cashew = PackagedCashew.start(directory, "-V")) {
            assertThat(cashew.exitCode()).isZero();
            assertThat(cashew.output()).startsWith("This is cashew-").doesNotContain("${");
        }
    }

    @Test
    void theBackgroundIsLeftToOthers() throws IOException {
        try (var cashew = PackagedCashew.start(directory, "-d", "-c", good(22121, 6379).toString())) {
            assertThat(cashew.exitCode()).isEqualTo(1);
            assertThat(cashew.output()).contains("option -d is not supported").contains("systemd").contains("container");
        }
    }

    @Test
    void everythingThatIsWrongWithAFileIsSaidAtOnce() throws IOException {
        try (var cashew = PackagedCashew.start(directory, "-c", bad().toString())) {
            assertThat(cashew.exitCode()).isEqualTo(1);
            assertThat(cashew.output()).contains("\"hash\"").contains("\"timeout\"").contains("\"backlog\"");
        }
    }

    @Test
    void aBusyPortIsNamedWithItsPool() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var cashew = PackagedCashew.start(directory, "-c", good(taken.getLocalPort(), 6379).toString())) {
            assertThat(cashew.exitCode()).isEqualTo(1);
            assertThat(cashew.output())
                    .contains("pool 'alpha'")
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .contains("Address already in use");
        }
    }

    @Test
    void withoutAnyPoolThereIsNothingToRun() {
        try (var cashew = PackagedCashew.start(directory)) {
            assertThat(cashew.exitCode()).isEqualTo(1);
            assertThat(cashew.output()).contains("no pools").contains("-c FILE");
        }
    }

    @Test
    void whatOnlyDevelopmentNeedsIsNotPackaged() throws IOException {
        try (var libraries = Files.walk(Path.of(System.getProperty("cashew.jar")).resolveSibling("lib"))) {
            assertThat(libraries).isNotEmpty().noneMatch(file -> file.getFileName().toString().contains("embedded-redis"));
        }
    }

    private static String statsPort() {
        return String.valueOf(FreePorts.next());
    }

    private Path good(int listen, int server) throws IOException {
        return file("""
                alpha:
                  listen: 127.0.0.1:%d
                  hash: fnv1a_64
                  distribution: ketama
                  redis: true
                  servers:
                    - 127.0.0.1:%d:1 one
                """.formatted(listen, server));
    }

    private Path bad() throws IOException {
        return file("""
                alpha:
                  listen: 127.0.0.1:22121
                  hash: sha1
                  timeout: soon
                  backlog: many
                  redis: true
                  servers:
                    - 127.0.0.1:6379:1
                """);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("nutcracker.yml"), text);
    }
}
