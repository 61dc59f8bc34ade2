package io.cashew.clients;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The latest redis-py. It comes from PyPI and not from a distribution, so this is only run when it is named:
/// `python3 -m venv target/python && target/python/bin/pip install redis && ./mvnw test -Dtest=PythonClients`
class PythonClients extends ProgramSuite {
    @ParameterizedTest
    @EnumSource
    void everythingWorksWithoutAWarning(Way way) {
        RedisPyTest.assertRedisPyWorks(way, "target/python/bin/python");
    }
}
