package io.cashew.clients;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The client libraries of Node.js. They come from npm and not from a distribution, so this is only run when it is named:
/// `npm install --prefix target/node redis ioredis && ./mvnw test -Dtest=NodeClients`
class NodeClients extends ProgramSuite {
    @ParameterizedTest
    @EnumSource
    void everythingWorksWithNodeRedis(Way way) {
        assertEverythingWorks(way, "node_redis.mjs");
    }

    @ParameterizedTest
    @EnumSource
    void everythingWorksWithIoredis(Way way) {
        assertEverythingWorks(way, "ioredis.mjs");
    }

    private static void assertEverythingWorks(Way way, String script) {
        String path = Path.of("src/test/resources/clients", script).toAbsolutePath().toString();
        assertEverythingWorks(way, "OK, 15 tests\n", "--chdir=target/node", "node", path);
    }
}
