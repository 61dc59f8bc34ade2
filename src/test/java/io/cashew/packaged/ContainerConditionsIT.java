package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the manifests in `deploy/` ask of a container, all at once and without one: a user nobody knows, of group 0; no
/// capability and none to gain; a root file system that cannot be written, with `/tmp` in memory, where nothing can be run from;
/// 256 MB and one processor; a ConfigMap as the kubelet mounts it.
@Timeout(180)
class ContainerConditionsIT {
    private static final int MEGABYTE = 1 << 20;
    private static final String USER = "1000730000";

    /// As the kernel sees it, `$1` are the packaged application, `$2` the Java runtime, `$3` our directory, `$4` the user.
    private static final String CONTAINER = """
            set -e
            mount --bind "$1" "$3/app"
            mount --bind "$2" "$3/java"
            mount --rbind "$3" /mnt
            mount -t tmpfs -o mode=1777,size=64m,noexec tmpfs /tmp
            mount -o remount,bind,ro /mnt
            mount -o remount,bind,ro /
            cd /tmp
            user="$4"
            shift 4
            exec setpriv --reuid "$user" --regid 0 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \\
              --ambient-caps=-all "$@"
            """;

    @TempDir
    Path directory;

    private final int port = FreePorts.next();
    private final int added = FreePorts.next();
    private final int management = FreePorts.next();
    private ControlGroup group;
    private RedisServer redis;
    private PackagedCashew cashew;

    @BeforeEach
    void start() throws IOException {
        try {
            group = ControlGroup.of(256L * MEGABYTE, 1);
        } catch (IOException notAllowed) {
            abort("control groups take root: " + notAllowed);
        }
        redis = RedisServer.start();
        // As it would lie in an image: for everybody to read.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String place : List.of("app", "java", "config")) {
            Files.createDirectory(directory.resolve(place));
        }
        Files.copy(PackagedCashew.deploy().resolve("jvm.options"), directory.resolve("jvm.options"));
        configMap("..1", pool("alpha", port));
        Files.createSymbolicLink(directory.resolve("config/nutcracker.yml"), Path.of("..data/nutcracker.yml"));
        var command = new ArrayList<String>(
                List.of("sh", "-c", enter() + "exec unshare --mount --propagation private sh -c \"$@\"", "enter"));
        command.addAll(List.of(CONTAINER, "container", PackagedCashew.jar().toAbsolutePath().getParent().toString(),
                System.getProperty("java.home"), directory.toString(), USER));
        command.addAll(List.of("/mnt/java/bin/java", "@/mnt/jvm.options", "-Dquarkus.management.port=" + management,
                "-Dcashew.shutdown.delay=5s",
                "-Djava.library.path=/mnt/app/native", "-jar", "/mnt/app/quarkus-run.jar", "-c", "/mnt/config/nutcracker.yml"));
        cashew = PackagedCashew.run(command, directory).awaitReady();
    }

    @AfterEach
    void stop() throws IOException {
        if (cashew != null) {
            cashew.close();
            cashew.exitCode();
        }
        if (redis != null) {
            redis.close();
        }
        if (group != null) {
            group.close();
        }
    }

    @Test
    void servesReloadsAndEndsWellUnderAllConditionsOfAContainerAtOnce() throws Exception {
        theConditionsAreThoseOfAContainer();
        try (var client = RespClient.connect(port)) {
            assertThat(client.call("SET", "hello", "world")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "hello")).isEqualTo("$5\r\nworld\r\n");

            configMap("..2", pool("alpha", port) + pool("beta", added));
            Awaitility.await("the new ConfigMap").ignoreExceptionsInstanceOf(UncheckedIOException.class)
                    .untilAsserted(() -> assertThat(answer(added)).isEqualTo("$5\r\nworld\r\n"));

            aThousandClientsAreServed();

            cashew.terminate();
            Awaitility.await("readiness to say no").until(() -> health("ready") == 503);
            assertThat(answer(port)).as("who comes while the news spreads").isEqualTo("$5\r\nworld\r\n");
            assertThat(client.call("GET", "hello")).isEqualTo("$5\r\nworld\r\n");
            assertThat(client.untilClosed()).isEmpty();
        }
        assertThat(cashew.exitCode()).as(cashew.output()).isZero();
        assertThat(group.killed()).isZero();
        assertThat(cashew.output()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
    }

    private void theConditionsAreThoseOfAContainer() throws IOException {
        String status = Files.readString(Path.of("/proc", String.valueOf(cashew.pid()), "status"));
        assertThat(status)
                .containsPattern("(?m)^Uid:\\t" + USER)
                .containsPattern("(?m)^Gid:\\t0\\t")
                .containsPattern("(?m)^NoNewPrivs:\\t1$")
                .containsPattern("(?m)^CapEff:\\t0+$")
                .containsPattern("(?m)^CapBnd:\\t0+$");
        String mounts = Files.readString(Path.of("/proc", String.valueOf(cashew.pid()), "mounts"));
        assertThat(mounts.lines().filter(line -> line.split(" ")[1].equals("/")).toList().getLast().split(" ")[3]).startsWith("ro");
        // The native transport is used where it lies; a copy in /tmp could not be loaded.
        assertThat(Files.readString(Path.of("/proc", String.valueOf(cashew.pid()), "maps")))
                .contains("/mnt/app/native/libnetty_transport_native_epoll");
        // The limits are known to the JVM: one processor, and a quarter of the memory for the heap.
        assertThat(metric("system_cpu_count")).isEqualTo(1);
        assertThat(metric("jvm_memory_max_bytes\\{area=\"heap\",id=\"Tenured Gen\"\\}")).isLessThanOrEqualTo(64 * MEGABYTE);
        assertThat(health("live")).isEqualTo(200);
        assertThat(health("started")).isEqualTo(200);
        assertThat(health("ready")).isEqualTo(200);
    }

    private void aThousandClientsAreServed() {
        var clients = new ArrayList<RespClient>();
        try {
            for (int i = 0; i < 1000; i++) {
                clients.add(RespClient.connect(port));
            }
            for (int round = 0; round < 3; round++) {
                for (RespClient client : clients) {
                    client.command("SET", "value", "v".repeat(10_000));
                    client.command("GET", "value");
                }
                for (RespClient client : clients) {
                    assertThat(client.reply()).isEqualTo("+OK\r\n");
                    assertThat(client.reply()).hasSize(10_010);
                }
            }
        } finally {
            clients.forEach(RespClient::close);
        }
    }

    /// Puts a version of the ConfigMap in place as the kubelet does it: a directory of its own, then one rename.
    private void configMap(String version, String pools) throws IOException {
        Path mount = directory.resolve("config");
        Files.writeString(Files.createDirectory(mount.resolve(version)).resolve("nutcracker.yml"), pools);
        Path next = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(version));
        Files.move(next, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String pool(String name, int listen) {
        return """
                %s:
                  listen: 127.0.0.1:%d
                  redis: true
                  servers:
                   - 127.0.0.1:%d:1 one
                """.formatted(name, listen, redis.port());
    }

    private String enter() {
        return group.processes().stream().map(file -> "echo $$ > " + file + "\n").collect(Collectors.joining("", "set -e\n", ""));
    }

    private static String answer(int port) {
        try (var client = RespClient.connect(port)) {
            return client.call("GET", "hello");
        }
    }

    private int health(String question) {
        return RestAssured.get("http://127.0.0.1:" + management + "/q/health/" + question).statusCode();
    }

    private double metric(String name) {
        String metrics = RestAssured.get("http://127.0.0.1:" + management + "/q/metrics").asString();
        var found = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(metrics);
        assertThat(found.find()).as("%s in%n%s", name, metrics).isTrue();
        return Double.parseDouble(found.group(1));
    }
}
