package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything in docs/benchmarks.md can be measured again: every kind of measurement is tried, with so few requests that it
/// says nothing about speed. An answer that is not what it has to be fails the trial.
class BenchIT {
    private static final long PATIENCE_MINUTES = 5;

    @TempDir
    Path directory;

    @Test
    void everyTableCanBeMeasuredAndWritten() throws Exception {
        Path output = directory.resolve("output.log");
        var builder = new ProcessBuilder("python3", "src/bench/bench.py", "run", "--quick")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process bench = builder.start();
        try {
            assertThat(bench.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).as("ends").isTrue();
        } finally {
            // Told to end, it ends what it has started; killed, it could not.
            bench.destroy();
        }

        assertThat(bench.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(Path.of("target/bench-quick/benchmarks.md")))
                .contains("## Against nutcracker", "| 64 B, 50 clients |", "| memcached, 64 B |", "| 20,000 a second |",
                        "## More pools", "## Start and memory");
        assertThat(Path.of("target/bench-quick/benchmarks/target.svg")).content().contains("<svg").endsWith("</svg>\n");
    }
}
