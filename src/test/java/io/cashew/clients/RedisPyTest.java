package io.cashew.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// redis-py as the distribution packages it. What it does is in `src/test/resources/clients/redis_py.py`.
@Timeout(60)
class RedisPyTest {
    private static ClientStage stage;

    @BeforeAll
    static void start() {
        assertThat(python("-c", "import redis").exitCode())
                .as("This test needs redis-py, which is not installed. On Debian and Ubuntu: apt-get install python3-redis")
                .isZero();
        stage = new ClientStage();
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @BeforeEach
    void flush() {
        stage.flush();
    }

    @Test
    void everythingWorksWithoutAWarning() {
        assertEverythingWorks(String.valueOf(stage.open()), String.valueOf(stage.locked()), ClientStage.PASSWORD);
    }

    @Test
    void everythingWorksOverTls() {
        assertEverythingWorks(
                String.valueOf(stage.tlsPort(stage.open())),
                String.valueOf(stage.tlsPort(stage.locked())),
                ClientStage.PASSWORD,
                stage.authority().file().toString());
    }

    private static void assertEverythingWorks(String... arguments) {
        // Warnings are errors in the library, too.
        var words = new ArrayList<>(List.of("-W", "error", Path.of("src/test/resources/clients/redis_py.py").toString()));
        words.addAll(List.of(arguments));

        var run = python(words.toArray(String[]::new));

        assertThat(run.output()).endsWith("\nOK\n").contains("Ran 21 tests").doesNotContainIgnoringCase("warn");
        assertThat(run.exitCode()).isZero();
    }

    /// The distribution's own interpreter, which finds the distribution's own packages, whatever is first in the PATH.
    private static Tool python(String... arguments) {
        var words = new ArrayList<>(List.of("/usr/bin/python3"));
        words.addAll(List.of(arguments));
        return Tool.run("env", "coreutils", new byte[0], words.toArray(String[]::new));
    }
}
