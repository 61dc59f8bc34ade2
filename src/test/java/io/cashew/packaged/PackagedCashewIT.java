package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.Signal;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
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
            assertThat(cashew.log()).contains("\"hash\"").contains("\"timeout\"").contains("\"backlog\"");
        }
    }

    @Test
    void whyThereIsNothingToRunIsInTheLogFileAndBeforeWhoeverWaits() throws IOException {
        Path log = directory.resolve("cashew.log");
        try (var cashew = PackagedCashew.start(directory, "-c", bad().toString(), "-o", log.toString())) {
            assertThat(cashew.exitCode()).isEqualTo(1);
            assertThat(cashew.output()).contains("pool 'alpha': directive \"hash\" is not a valid hash").doesNotContain("{");
            assertThat(log).content().contains("pool 'alpha': directive \\\"hash\\\" is not a valid hash");
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
    void statisticsAreWhereTheOptionSays() throws IOException {
        int statistics = FreePorts.next();
        try (var cashew = PackagedCashew.start(
                        directory, "-c", good(FreePorts.next(), 6379).toString(), "-s", String.valueOf(statistics), "-a",
                        "127.0.0.1")
                .awaitReady();
                var collector = new Socket(InetAddress.getLoopbackAddress(), statistics)) {
            var document = new String(collector.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(document).startsWith("{\"service\":\"nutcracker\", ").contains("\"alpha\": {", "\"one\": {").endsWith("}\n");
            assertThat(cashew.output()).contains("statistics are at 127.0.0.1:" + statistics);
        }
    }

    @Test
    void aBusyStatisticsPortIsNamedWithTheWayOut() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var cashew = PackagedCashew.start(directory, "-c", good(FreePorts.next(), 6379).toString(), "-a", "127.0.0.1",
                        "-s", String.valueOf(taken.getLocalPort()))) {
            assertThat(cashew.exitCode()).isEqualTo(1);
            assertThat(cashew.output())
                    .contains("statistics cannot be had at 127.0.0.1:" + taken.getLocalPort())
                    .contains("Address already in use")
                    .contains("-s PORT");
        }
    }

    @Test
    void signalsMakeTheLogSayMoreOrLess() throws IOException {
        try (var cashew = PackagedCashew.start(directory, "-c", good(FreePorts.next(), 6379).toString()).awaitReady()) {
            Signal.TTIN.sendTo(cashew.pid());
            Awaitility.await().until(() -> cashew.output().contains("SIGTTIN: log level is 6 (INFO) now"));
            Signal.TTOU.sendTo(cashew.pid());
            Awaitility.await().until(() -> cashew.output().contains("SIGTTOU: log level is 5 (as configured) now"));
            Signal.TTOU.sendTo(cashew.pid());
            Awaitility.await().until(() -> cashew.output().contains("SIGTTOU: log level is 4 (WARN) now"));

            assertThat(cashew.terminate().exitCode()).as(cashew.output()).isZero();
            assertThat(cashew.output()).doesNotContain("WARNING: ");
        }
    }

    @Test
    void theLogIsForPrograms() throws IOException {
        try (var cashew = PackagedCashew.startAsShipped(directory, "-c", good(FreePorts.next(), 6379).toString()).awaitReady()) {
            assertThat(cashew.output().lines()).allSatisfy(line -> assertThat(new JsonPath(line).getMap("$"))
                    .containsOnlyKeys("time", "level", "logger", "message", "thread", "fields")
                    .hasEntrySatisfying("time", time -> assertThat(OffsetDateTime.parse((String) time)).isNotNull())
                    .containsEntry("level", "INFO"));
            assertThat(cashew.output().lines()).anySatisfy(line -> assertThat(new JsonPath(line).getMap("$"))
                    .containsEntry("logger", "io.cashew.pool.Pool")
                    .containsEntry("fields", Map.of("pool", "alpha"))
                    .hasEntrySatisfying("message", message -> assertThat((String) message).startsWith("pool 'alpha' listens on ")));
        }
    }

    @Test
    void whatALineIsAboutIsInFieldsOfItsOwn() throws IOException {
        int port = FreePorts.next();
        int nobody = FreePorts.next();
        try (var cashew = PackagedCashew.start(directory, "-c", good(port, nobody).toString()).awaitReady();
                var client = RespClient.connect(port)) {
            client.call("GET", "k");

            Awaitility.await().untilAsserted(() -> assertThat(cashew.output().lines())
                    .anySatisfy(line -> assertThat(new JsonPath(line).getMap("fields")).isEqualTo(Map.of(
                            "pool", "alpha", "server", "one", "address", "127.0.0.1:" + nobody, "event", "server-failed",
                            "cause", "server_refused"))));
        }
    }

    @Test
    void oneSettingMakesItOneForPeople() throws IOException {
        try (var cashew = PackagedCashew.startWith(
                        List.of("-Dcashew.log.json=false"), directory, "-c", good(FreePorts.next(), 6379).toString())
                .awaitReady()) {
            assertThat(cashew.output()).containsPattern("(?m)^\\d{4}-.* INFO .*pool 'alpha' listens on ").doesNotContain("{\"");
        }
    }

    @Test
    void theLogFileOfTheOptionIsAsTheLogWouldBe() throws IOException {
        for (boolean json : new boolean[] {true, false}) {
            Path log = directory.resolve("cashew-%s.log".formatted(json));
            String line = json ? "\\{\"time\":.*\"pool 'alpha' listens on .*" : "\\d{4}-.* INFO .*pool 'alpha' listens on .*";
            try (var _ = PackagedCashew.startWith(
                    List.of("-Dcashew.log.json=" + json), directory,
                    "-c", good(FreePorts.next(), 6379).toString(), "-o", log.toString())) {
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(log)
                        && Files.readString(log).lines().anyMatch(each -> each.matches(line)));
            }
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
