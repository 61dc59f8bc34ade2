package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The modules of Java in `deploy/modules.txt`, of which the distroless image makes its runtime, are enough for everything
/// that is asked of the packaged application.
@Timeout(180)
class RuntimeImageIT {
    @TempDir
    Path directory;

    @Test
    void theModulesOfTheListAreEnough() throws Exception {
        Path runtime = linked();
        int port = FreePorts.next();
        int http = FreePorts.next();
        int management = FreePorts.next();
        try (var redis = RedisServer.start();
                var cashew = PackagedCashew.run(
                                List.of(
                                        runtime.resolve("bin/java").toString(),
                                        "@" + PackagedCashew.deploy().resolve("jvm.options"),
                                        "-Dquarkus.http.port=" + http,
                                        "-Dquarkus.management.port=" + management,
                                        "-jar", PackagedCashew.jar().toString(),
                                        "-c", file(port, redis.port()).toString()),
                                directory)
                        .awaitReady()) {
            try (var client = RespClient.connect(port)) {
                assertThat(client.call("SET", "hello", "world")).isEqualTo("+OK\r\n");
                assertThat(client.call("GET", "hello")).isEqualTo("$5\r\nworld\r\n");
            }
            for (String path : List.of("/pools/alpha/servers", "/q/openapi", "/pools/alpha/route?key=hello")) {
                assertThat(status(http, path)).as(path).isEqualTo(200);
            }
            for (String path : List.of("/q/health", "/q/metrics")) {
                assertThat(status(management, path)).as(path).isEqualTo(200);
            }
            assertThat(cashew.terminate().exitCode()).as(cashew.output()).isZero();
            assertThat(cashew.output()).doesNotContain("NoClassDefFoundError").doesNotContain("ERROR");
        }
    }

    private Path linked() throws Exception {
        String modules = Files.readAllLines(PackagedCashew.deploy().resolve("modules.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining(","));
        Path runtime = directory.resolve("runtime");
        Process link = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                        "--add-modules", modules, "--strip-debug", "--no-header-files", "--no-man-pages",
                        "--output", runtime.toString())
                .inheritIO()
                .start();
        assertThat(link.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(link.exitValue()).isZero();
        return runtime;
    }

    private Path file(int listen, int server) throws IOException {
        return Files.writeString(directory.resolve("nutcracker.yml"), """
                alpha:
                  listen: 127.0.0.1:%d
                  redis: true
                  servers:
                   - 127.0.0.1:%d:1 one
                """.formatted(listen, server));
    }

    private static int status(int port, String path) {
        return RestAssured.get("http://127.0.0.1:" + port + path).statusCode();
    }
}
