package io.cashew.packaged;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/// One run of the packaged application. Its HTTP ports are free ones.
final class PackagedCashew implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final Path output;

    private PackagedCashew(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /// Starts it in `directory`, an empty one, with `options`.
    static PackagedCashew start(Path directory, String... options) {
        return startWith(List.of(), directory, options);
    }

    /// Starts it with the flags for its JVM that the README and the container image give it.
    static PackagedCashew startAsShipped(Path directory, String... options) {
        return startWith(List.of("@" + deploy().resolve("jvm.options")), directory, options);
    }

    /// Starts it with `flags` for its JVM.
    static PackagedCashew startWith(List<String> flags, Path directory, String... options) {
        return startFrom(jar(), flags, directory, options);
    }

    /// Starts the copy of it whose `quarkus-run.jar` is `jar`.
    static PackagedCashew startFrom(Path jar, List<String> flags, Path directory, String... options) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(options));
        return run(command, directory);
    }

    /// Starts it in `directory` by a command that becomes the process of its JVM.
    static PackagedCashew run(List<String> command, Path directory) {
        Path output = directory.resolve("output.log");
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("QUARKUS_HTTP_PORT", "0");
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", "0");
        builder.environment().put("CASHEW_STATISTICS_PORT", "0");
        try {
            return new PackagedCashew(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path jar() {
        return fromBuild("cashew.jar");
    }

    /// What is shipped beside the application.
    static Path deploy() {
        return fromBuild("cashew.deploy");
    }

    private static Path fromBuild(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw new AssertionError("run by ./mvnw verify, which packages the application and sets " + property);
        }
        return Path.of(value);
    }

    PackagedCashew awaitReady() {
        Awaitility.await("start of Cashew")
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("ended with " + process.exitValue() + ":\n" + output());
                    }
                })
                .until(() -> output().contains("Listening on"));
        return this;
    }

    /// Everything it has printed, standard output and standard error mixed.
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The messages of its log, one in a line, where that is JSON.
    String log() {
        return output().lines()
                .filter(line -> line.startsWith("{") && line.endsWith("}"))
                .map(line -> new JsonPath(line).getString("message"))
                .collect(Collectors.joining("\n"));
    }

    /// The last line that is not empty.
    String lastLine() {
        return output().lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line);
    }

    long pid() {
        return process.pid();
    }

    /// Sends SIGTERM.
    PackagedCashew terminate() {
        process.destroy();
        return this;
    }

    /// Waits for the end.
    int exitCode() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
