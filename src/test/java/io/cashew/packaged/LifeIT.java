package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the system tells the process while clients are there: to reload, to end, and to end for another that takes its place.
@Timeout(180)
class LifeIT {
    private static final Pattern MANAGEMENT = Pattern.compile("Management interface listening on http://[^:]+:(\\d+)");

    @TempDir
    Path directory;

    private final int port = FreePorts.next();

    private Path file(String options, RedisServer... servers) throws IOException {
        var yaml = new StringBuilder("alpha:\n  listen: 127.0.0.1:" + port + "\n  redis: true\n" + options + "  servers:\n");
        for (int i = 0; i < servers.length; i++) {
            yaml.append("   - 127.0.0.1:%d:1 %c\n".formatted(servers[i].port(), 'a' + i));
        }
        return Files.writeString(directory.resolve("nutcracker.yml"), yaml);
    }

    private PackagedCashew start(List<String> flags, Path file) {
        return PackagedCashew.startWith(flags, directory, "-c", file.toString()).awaitReady();
    }

    private static void signal(PackagedCashew cashew, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(cashew.pid())).start().waitFor()).isZero();
    }

    @Test
    void aHangUpIsAReload() throws Exception {
        try (var a = RedisServer.start();
                var b = RedisServer.start();
                var cashew = start(List.of("-Dcashew.reload.interval=0"), file("", a));
                var client = RespClient.connect(port)) {
            client.call("SET", "k", "a");
            b.call("SET", "k", "b");
            Path file = file("", b);

            signal(cashew, "HUP");

            Awaitility.await().untilAsserted(() -> assertThat(client.call("GET", "k")).isEqualTo("$1\r\nb\r\n"));
            Awaitility.await().untilAsserted(() -> assertThat(cashew.output())
                    .contains("configuration 2 is in force")
                    .contains("100.00 % of the keys move"));
            Files.writeString(file, "alpha:\n  hash: sha1\n");
            signal(cashew, "HUP");
            Awaitility.await().until(() -> cashew.output().contains("configuration 2 stays in force"));
            assertThat(client.call("GET", "k")).isEqualTo("$1\r\nb\r\n");
        }
    }

    @Test
    void readinessGoesFirstThenTheDoorThenTheClientsAndTheProcessEndsWell() throws Exception {
        try (var redis = RedisServer.start();
                var cashew = start(List.of("-Dcashew.shutdown.delay=3s", "-Dcashew.shutdown.spread=200ms"), file("", redis));
                var idle = RespClient.connect(port);
                var asking = RespClient.connect(port)) {
            idle.call("PING");
            assertThat(ready(cashew)).isEqualTo(200);

            cashew.terminate();

            Awaitility.await().untilAsserted(() -> assertThat(ready(cashew)).isEqualTo(503));
            try (var late = RespClient.connect(port)) {
                assertThat(late.call("SET", "late", "1")).isEqualTo("+OK\r\n");
            }
            redis.call("CLIENT", "PAUSE", "4000", "WRITE");
            asking.command("SET", "under", "way");
            Awaitility.await().untilAsserted(
                    () -> assertThatThrownBy(() -> RespClient.connect(port)).isInstanceOf(Throwable.class));
            assertThat(idle.untilClosed()).isEmpty();
            assertThat(asking.untilClosed()).isEqualTo("+OK\r\n");
            assertThat(cashew.exitCode()).as(cashew.output()).isZero();
            assertThat(redis.call("GET", "under")).isEqualTo("$3\r\nway\r\n");
        }
    }

    private static int ready(PackagedCashew cashew) {
        var management = MANAGEMENT.matcher(cashew.output());
        assertThat(management.find()).as(cashew.output()).isTrue();
        return RestAssured.get("http://127.0.0.1:" + management.group(1) + "/q/health/ready").statusCode();
    }

    @Test
    void whoIsToldAgainEndsNow() throws Exception {
        try (var redis = RedisServer.start();
                var cashew = start(List.of("-Dcashew.shutdown.delay=1h"), file("", redis));
                var client = RespClient.connect(port)) {
            client.call("PING");
            cashew.terminate();
            Awaitility.await().until(() -> cashew.output().contains("told to end"));

            signal(cashew, "TERM");

            assertThat(cashew.exitCode()).as(cashew.output()).isZero();
        }
    }

    /// Two processes have the port together; each is replaced in turn while clients ask and, when their connection ends, connect
    /// again.
    @Test
    void aRollingRestartFailsNoCommand() throws Exception {
        try (var redis = RedisServer.start(); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Path file = file("  reuseport: true\n", redis);
            var flags = List.of("-Dcashew.shutdown.spread=500ms");
            var over = new AtomicBoolean();
            var commands = new AtomicLong();
            var first = start(flags, file, "1");
            var second = start(flags, file, "2");
            var loads = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> ask("key" + i, over, commands)))
                    .toList();
            try {
                assertThat(first.terminate().exitCode()).as(first.output()).isZero();
                try (var third = start(flags, file, "3")) {
                    assertThat(second.terminate().exitCode()).as(second.output()).isZero();
                    over.set(true);
                    for (var load : loads) {
                        load.get();
                    }
                    assertThat(commands.get()).isGreaterThan(1000);
                    third.terminate();
                }
            } finally {
                over.set(true);
                first.close();
                second.close();
            }
        }
    }

    private PackagedCashew start(List<String> flags, Path file, String number) throws IOException {
        Path own = Files.createDirectory(directory.resolve(number));
        return PackagedCashew.startWith(flags, own, "-c", file.toString()).awaitReady();
    }

    private Void ask(String key, AtomicBoolean over, AtomicLong commands) {
        RespClient client = RespClient.connect(port);
        for (int i = 0; !over.get(); i++) {
            String value = "v" + i;
            client = call(client, "+OK\r\n", "SET", key, value);
            client = call(client, "$" + value.length() + "\r\n" + value + "\r\n", "GET", key);
            commands.addAndGet(2);
        }
        client.close();
        return null;
    }

    /// As libraries do it: once more on a new connection when the old one has ended. A new one may be lost, too, if it has not been
    /// taken when a door is closed.
    private RespClient call(RespClient client, String expected, String... command) {
        RespClient connected = client;
        for (int attempt = 0; ; attempt++) {
            try {
                assertThat(connected.call(command)).isEqualTo(expected);
                return connected;
            } catch (RuntimeException | AssertionError ended) {
                if (attempt == 3) {
                    throw ended;
                }
                connected.close();
                connected = RespClient.connect(port);
            }
        }
    }
}
