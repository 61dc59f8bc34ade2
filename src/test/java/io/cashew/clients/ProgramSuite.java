package io.cashew.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Tool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/// Client libraries of other languages, each with a program in `src/test/resources/clients` that does with it what
/// [ClientSuite] does with those of Java.
@Timeout(60)
abstract class ProgramSuite extends StageSuite {
    /// Runs `program`, which has to say `end` at last.
    static void assertEverythingWorks(Way way, String end, String... program) {
        var words = new ArrayList<>(List.of(program));
        words.addAll(stage().arguments(way));

        var run = run(words.toArray(String[]::new));

        assertThat(run.output()).endsWith(end).doesNotContainIgnoringCase("warn");
        assertThat(run.exitCode()).isZero();
    }

    static Tool run(String... words) {
        return Tool.run("env", "coreutils", new byte[0], words);
    }
}
