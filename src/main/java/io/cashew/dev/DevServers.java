package io.cashew.dev;

import io.cashew.config.NutcrackerFile;
import io.cashew.config.PoolConfig;
import io.cashew.config.Reading;
import io.cashew.pool.RunningPools;
import io.cashew.pool.StandInPools;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Three redis-servers and one pool over them, for a first look and for working on Cashew.
///
/// They live from the start of the application to its end; every reload of the code begins with three empty ones. The
/// pool is written to a nutcracker.yml and read from there like anybody's.
@ApplicationScoped
@IfBuildProfile("dev")
class DevServers implements StandInPools {
    private static final Logger LOG = Logger.getLogger(DevServers.class);
    private static final List<String> NAMES = List.of("one", "two", "three");
    private static final int PORT = 22121;
    /// Behind [RunningPools], which opens the listeners in an observer of the usual priority.
    private static final int WHEN_POOLS_RUN = Interceptor.Priority.APPLICATION + 1000;

    private final List<RedisProcess> servers = new ArrayList<>();
    private Path directory;

    @Override
    public List<PoolConfig> pools() {
        try {
            directory = Files.createTempDirectory("cashew-dev-");
            Path binary = RedisBinary.find(directory);
            for (String name : NAMES) {
                servers.add(RedisProcess.start(binary, Files.createDirectory(directory.resolve(name))));
            }
            return read(Files.writeString(directory.resolve("nutcracker.yml"), nutcrackerFile()));
        } catch (IOException cause) {
            stop();
            throw new UncheckedIOException(
                    "the Redis servers of development mode do not start: " + cause.getMessage()
                            + " (install redis-server, or configure pools of your own)",
                    cause);
        }
    }

    /// Servers have names: their ports change with every start, and keys are placed by name.
    private String nutcrackerFile() {
        StringBuilder file = new StringBuilder("""
                alpha:
                  listen: 127.0.0.1:%d
                  hash: fnv1a_64
                  distribution: ketama
                  redis: true
                  servers:
                """.formatted(PORT));
        for (int i = 0; i < servers.size(); i++) {
            file.append("    - 127.0.0.1:").append(servers.get(i).port()).append(":1 ").append(NAMES.get(i)).append('\n');
        }
        return file.toString();
    }

    private static List<PoolConfig> read(Path file) {
        return switch (NutcrackerFile.read(file)) {
            case Reading.Accepted(var pools, var ignored) -> pools;
            case Reading.Refused refused -> throw new IllegalStateException(refused.problems().toString());
        };
    }

    void sayWhatToTypeNext(
            @Observes @Priority(WHEN_POOLS_RUN) StartupEvent event,
            RunningPools pools,
            @ConfigProperty(name = "quarkus.http.port") int httpPort) {
        if (servers.isEmpty() || pools.problem().isPresent()) {
            return;
        }
        LOG.infof("""
                No pools are configured, so here is one over three redis-servers on ports %2$s:

                  redis-cli -p %1$d set hello world
                  redis-cli -p %1$d get hello
                  curl http://localhost:%3$d/pools
                  curl 'http://localhost:%3$d/pools/alpha/route?key=hello'

                The same pool as a file: %4$s
                With a file of your own: ./mvnw quarkus:dev -Dquarkus.args='-c nutcracker.yml'
                """,
                PORT,
                String.join(", ", servers.stream().map(server -> Integer.toString(server.port())).toList()),
                httpPort,
                directory.resolve("nutcracker.yml"));
    }

    @PreDestroy
    void stop() {
        servers.forEach(RedisProcess::stop);
        servers.clear();
        if (directory != null) {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException cause) {
            LOG.warnf("%s cannot be deleted: %s", directory, cause.getMessage());
        }
    }
}
