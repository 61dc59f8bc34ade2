package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The training of `deploy/`, with little traffic, on a copy of the package, so that no such cache is left where users take
/// theirs from.
@Timeout(180)
class AotCacheIT {
    private static final Path DEPLOY = PackagedCashew.deploy();
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    Path directory;

    private Path application;

    @BeforeEach
    void copy() throws IOException {
        application = directory.resolve("app");
        Path original = PackagedCashew.jar().getParent();
        try (var files = Files.walk(original)) {
            files.filter(file -> !file.toString().endsWith(".aot"))
                    .forEach(file -> copy(file, application.resolve(original.relativize(file))));
        }
    }

    @Test
    void theTrainedApplicationTakesItsClassesFromTheCacheAndAnswers() throws Exception {
        train();

        Path classes = directory.resolve("classes.log");
        answersWith("-XX:AOTCache=" + cache(), "-XX:AOTMode=on", "-Xlog:class+load:file=" + classes);

        assertThat(classes).content().contains("io.cashew.forwarding.Forwarder source: shared objects file");
    }

    @Test
    void withoutTheCacheItStartsAndSaysSo() throws IOException {
        String output = answersWith("-XX:AOTCache=" + cache());

        assertThat(output).contains("Unable to map shared spaces");
    }

    private void train() throws Exception {
        Path output = directory.resolve("training.log");
        var training = new ProcessBuilder(
                        JAVA, DEPLOY.resolve("Training.java").toString(), application.toString(), options(), "3000")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(training.waitFor(150, TimeUnit.SECONDS)).isTrue();
            assertThat(training.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            training.destroyForcibly();
        }
    }

    /// Starts the application with `flags`, and returns what it printed.
    private String answersWith(String... flags) throws IOException {
        int port = FreePorts.next();
        try (var redis = RedisServer.start()) {
            Path file = Files.writeString(
                    directory.resolve("nutcracker.yml"),
                    """
                    alpha:
                      listen: 127.0.0.1:%d
                      redis: true
                      servers:
                       - 127.0.0.1:%d:1 one
                    """
                            .formatted(port, redis.port()));
            try (var cashew = PackagedCashew.startFrom(
                            application.resolve("quarkus-run.jar"), flags(flags), directory, "-c", file.toString())
                    .awaitReady()) {
                try (var client = RespClient.connect(port)) {
                    assertThat(client.call("SET", "hello", "world")).isEqualTo("+OK\r\n");
                    assertThat(client.call("GET", "hello")).isEqualTo("$5\r\nworld\r\n");
                }
                assertThat(cashew.terminate().exitCode()).as(cashew.output()).isZero();
                return cashew.output();
            }
        }
    }

    private static List<String> flags(String... more) {
        return Stream.concat(Stream.of("@" + options()), Stream.of(more)).toList();
    }

    private static String options() {
        return DEPLOY.resolve("jvm.options").toString();
    }

    private Path cache() {
        return application.resolve("cashew.aot");
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
