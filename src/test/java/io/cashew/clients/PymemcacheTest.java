package io.cashew.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// pymemcache as the distribution packages it. What it does is in `src/test/resources/clients/pymemcache_pool.py`.
@Timeout(60)
class PymemcacheTest {
    @Test
    void everythingWorksWithoutAWarning() {
        assertThat(python("-c", "import pymemcache").exitCode())
                .as("This test needs pymemcache, which is not installed. "
                        + "On Debian and Ubuntu: apt-get install python3-pymemcache")
                .isZero();

        try (var stage = new MemcacheStage()) {
            var run = python(
                    // Warnings are errors in the library, too.
                    "-W", "error",
                    Path.of("src/test/resources/clients/pymemcache_pool.py").toString(),
                    String.valueOf(stage.port()));

            assertThat(run.output()).endsWith("\nOK\n").contains("Ran 16 tests").doesNotContainIgnoringCase("warn");
            assertThat(run.exitCode()).isZero();
        }
    }

    /// The distribution's own interpreter, which finds the distribution's own packages, whatever is first in the PATH.
    private static Tool python(String... arguments) {
        var words = new ArrayList<>(List.of("/usr/bin/python3"));
        words.addAll(List.of(arguments));
        return Tool.run("env", "coreutils", new byte[0], words.toArray(String[]::new));
    }
}
