package io.cashew.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs the benchmarks of parts; no test of the build. `src/bench/bench.py jmh` runs it and puts the results into
/// docs/benchmarks.md, `./mvnw test-compile surefire:test -Dtest=Microbenchmarks` just writes them to
/// `target/bench/jmh-results.json`. `-Djmh.include=Decoder` chooses by a part of the name, `-Djmh.millis=1000` takes longer.
class Microbenchmarks {
    private static final Path RESULTS = Path.of("target/bench/jmh-results.json");

    @Test
    void measure() throws Exception {
        var iteration = TimeValue.milliseconds(Integer.getInteger("jmh.millis", 500));
        Files.createDirectories(RESULTS.getParent());
        var options = new OptionsBuilder()
                .include(System.getProperty("jmh.include", "io.cashew"))
                // Not those of this JVM, where Netty looks for leaks
                .jvmArgs(System.getProperty("benchmark.flags").split(" "))
                .forks(1)
                .warmupIterations(3)
                .warmupTime(iteration)
                .measurementIterations(5)
                .measurementTime(iteration)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .resultFormat(ResultFormatType.JSON)
                .result(RESULTS.toString())
                .build();

        assertThat(new Runner(options).run()).isNotEmpty();
    }
}
