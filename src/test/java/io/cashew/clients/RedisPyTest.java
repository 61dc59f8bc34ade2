package io.cashew.clients;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// redis-py as the distribution packages it, which knows RESP2 only.
class RedisPyTest extends ProgramSuite {
    /// The distribution's own interpreter, which finds the distribution's own packages, whatever is first in the PATH.
    private static final String PYTHON = "/usr/bin/python3";

    @BeforeAll
    static void find() {
        assertThat(run(PYTHON, "-c", "import redis").exitCode())
                .as("This test needs redis-py, which is not installed. On Debian and Ubuntu: apt-get install python3-redis")
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"RESP2", "RESP2_TLS"})
    void everythingWorksWithoutAWarning(Way way) {
        assertRedisPyWorks(way, PYTHON);
    }

    static void assertRedisPyWorks(Way way, String interpreter) {
        // Warnings are errors in the library, too.
        assertEverythingWorks(way, "22 tests passed\n", interpreter, "-W", "error", "src/test/resources/clients/redis_py.py");
    }
}
