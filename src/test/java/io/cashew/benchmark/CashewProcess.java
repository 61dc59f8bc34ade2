package io.cashew.benchmark;

import io.cashew.fixture.PoolsFile;
import io.cashew.fixture.RespClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/// The packaged Cashew as a process of its own, started as the README says.
final class CashewProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Path OPTIONS = Path.of("deploy/jvm.options");

    private final PoolsFile pools;
    private final Process process;

    private CashewProcess(PoolsFile pools, Map<String, String> environment) throws IOException {
        this.pools = pools;
        if (!Files.exists(JAR)) {
            throw new AssertionError("package it first: ./mvnw package -DskipTests");
        }
        Path directory = Files.createTempDirectory("cashew-process-");
        Path file = Files.writeString(directory.resolve("nutcracker.yml"), pools.yaml());
        var builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + OPTIONS.toAbsolutePath(), "-jar", JAR.toAbsolutePath().toString(), "-c", file.toString()))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile());
        builder.environment().put("QUARKUS_HTTP_PORT", "0");
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", "0");
        builder.environment().putAll(environment);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /// Starts it with the pools of `yaml`, where `listen: free` stands for a free port; returns when they answer.
    static CashewProcess with(String yaml, Map<String, String> environment) {
        try {
            var cashew = new CashewProcess(PoolsFile.of(yaml), environment);
            Awaitility.await("start of Cashew")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> cashew.process.isAlive()
                            && cashew.pools.ports().values().stream().allMatch(CashewProcess::answers));
            return cashew;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean answers(int port) {
        try (var client = RespClient.connect(port)) {
            return client.call("PING").equals("+PONG\r\n");
        } catch (AssertionError | UncheckedIOException notYet) {
            return false;
        }
    }

    int port(String pool) {
        return pools.port(pool);
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
