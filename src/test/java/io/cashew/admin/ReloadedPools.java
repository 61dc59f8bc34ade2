package io.cashew.admin;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Pools of a nutcracker.yml that is mounted as Kubernetes mounts it: the file is a link into a directory, which is a link that is
/// replaced. `steady` has server a and stays as it is; `moving` is what a test makes of it.
public final class ReloadedPools implements QuarkusTestResourceLifecycleManager {
    static final int STEADY = FreePorts.next();
    static final int MOVING = FreePorts.next();
    private static final List<RedisServer> SERVERS = new ArrayList<>();
    private static Path directory;
    private static int revisions;

    @Override
    public Map<String, String> start() {
        try {
            for (int i = 0; i < 3; i++) {
                SERVERS.add(RedisServer.start());
            }
            directory = Files.createTempDirectory("configmap");
            Files.createSymbolicLink(file(), Path.of("..data", "nutcracker.yml"));
            moving("", server(0), server(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "cashew.config-file", file().toString(),
                "cashew.rest.users.root.password", SeenPools.ADMIN_PASSWORD,
                "cashew.rest.users.root.role", "admin",
                "cashew.statistics.port", "0",
                "cashew.reload.interval", "20ms",
                "cashew.reload.drain", "2s",
                "cashew.workers", "2",
                "quarkus.http.test-port", "0",
                "quarkus.management.test-port", "0");
    }

    /// What applications read.
    static Path file() {
        return directory.resolve("nutcracker.yml");
    }

    static RedisServer redis(int index) {
        return SERVERS.get(index);
    }

    /// Servers a, b and c.
    static String server(int index) {
        return "127.0.0.1:" + SERVERS.get(index).port() + ":1 " + (char) ('a' + index);
    }

    /// Writes `moving` with these options and servers.
    static void moving(String options, String... servers) {
        StringBuilder yaml = new StringBuilder("""
                steady:
                  listen: 127.0.0.1:%d
                  redis: true
                  servers:
                   - %s
                moving:
                  listen: 127.0.0.1:%d
                  redis: true
                """.formatted(STEADY, server(0), MOVING));
        yaml.append(options.isEmpty() ? "" : "  " + options + "\n").append("  servers:\n");
        for (String server : servers) {
            yaml.append("   - ").append(server).append('\n');
        }
        write(yaml.toString());
    }

    static void write(String yaml) {
        try {
            Path revision = Files.createDirectory(directory.resolve(".." + ++revisions));
            Files.writeString(revision.resolve("nutcracker.yml"), yaml + "# revision " + revisions + "\n");
            Path link = directory.resolve("..data_tmp");
            Files.createSymbolicLink(link, revision.getFileName());
            Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        SERVERS.forEach(RedisServer::close);
        SERVERS.clear();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
