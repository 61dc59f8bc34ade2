package io.cashew.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The client libraries of Node.js, in `src/test/resources/clients`. They come from npm and not from a distribution, so this is
/// only run when it is named: `npm install --prefix target/node redis ioredis && ./mvnw test -Dtest=NodeClients`
@Timeout(60)
class NodeClients {
    private static ClientStage stage;

    @BeforeAll
    static void start() {
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

    @ParameterizedTest
    @CsvSource({
        "node_redis, default, plain", "node_redis, default, tls", "node_redis, 2, plain", "node_redis, 2, tls",
        "ioredis, default, plain", "ioredis, default, tls", "ioredis, 2, plain", "ioredis, 3, tls"
    })
    void everythingWorksWithoutAWarning(String library, String dialect, String transport) {
        var words = new ArrayList<String>(List.of("--chdir=target/node", "node"));
        words.add(Path.of("src/test/resources/clients", library + ".mjs").toAbsolutePath().toString());
        if (transport.equals("tls")) {
            words.add(String.valueOf(stage.tlsPort(stage.open())));
            words.add(String.valueOf(stage.tlsPort(stage.locked())));
        } else {
            words.add(String.valueOf(stage.open()));
            words.add(String.valueOf(stage.locked()));
        }
        words.addAll(List.of(ClientStage.PASSWORD, dialect));
        if (transport.equals("tls")) {
            words.add(stage.authority().file().toString());
        }

        var run = Tool.run("env", "coreutils", new byte[0], words.toArray(String[]::new));

        assertThat(run.output()).endsWith("OK, 15 tests\n").doesNotContainIgnoringCase("warn");
        assertThat(run.exitCode()).isZero();
    }
}
