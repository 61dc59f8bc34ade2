package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A name moves while the application runs, and the JVM, which remembers names for 30 seconds, is not in the way.
class MovedNameIT {
    @TempDir
    Path directory;

    @Test
    void aMoveIsFollowedAndAFailureKeepsTheAddress() throws IOException {
        int port = FreePorts.next();
        try (var first = RedisServer.start();
                var second = RedisServer.builder().host("127.0.0.2").port(first.port()).start()) {
            first.call("SET", "where", "1");
            second.call("SET", "where", "2");
            Path hosts = hosts("127.0.0.1 moving.test\n");
            Path file = Files.writeString(directory.resolve("nutcracker.yml"), """
                    alpha:
                      listen: 127.0.0.1:%d
                      redis: true
                      server_resolve_interval: 100
                      servers:
                        - moving.test:%d:1 one
                    """.formatted(port, first.port()));
            try (var cashew = PackagedCashew.startWith(
                                    List.of("-Djdk.net.hosts.file=" + hosts), directory, "-c", file.toString())
                            .awaitReady();
                    var client = RespClient.connect(port)) {
                assertThat(client.call("GET", "where")).isEqualTo("$1\r\n1\r\n");

                hosts("127.0.0.2 moving.test\n");
                Awaitility.await().untilAsserted(() -> assertThat(client.call("GET", "where")).isEqualTo("$1\r\n2\r\n"));
                assertThat(cashew.output()).contains("pool 'alpha': server 'one' (moving.test:" + first.port()
                        + ") has moved from 127.0.0.1 to 127.0.0.2");

                hosts("127.0.0.1 somebody.else\n");
                Awaitility.await().until(() -> cashew.output().contains("cannot be found by its name"));
                assertThat(client.call("GET", "where")).isEqualTo("$1\r\n2\r\n");
            }
        }
    }

    private Path hosts(String text) throws IOException {
        return Files.writeString(directory.resolve("hosts"), text);
    }
}
