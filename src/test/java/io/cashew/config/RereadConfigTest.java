package io.cashew.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RereadConfigTest {
    @TempDir
    Path directory;

    private Path file;
    private SmallRyeConfig running;

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("application.yaml");
        write(2, "10.0.0.1:6379:1");
        running = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(CashewConfig.class)
                .withMappingIgnore(CashewConfig.POOLS + ".**")
                .withSources(
                        new YamlConfigSource(file.toUri().toURL(), 260),
                        new PropertiesConfigSource(Map.of("cashew.limits.idle", "5s"), "somewhere else", 100))
                .build();
    }

    private void write(int workers, String server) throws IOException {
        Files.writeString(file, """
                cashew:
                  workers: %d
                  pools:
                    alpha:
                      listen: 127.0.0.1:22121
                      servers:
                        - %s
                """.formatted(workers, server));
    }

    @Test
    void filesAreReadAnewAndEverythingElseStays() throws IOException {
        write(2, "10.0.0.2:6379:1");

        SmallRyeConfig next = RereadConfig.of(running);

        assertThat(ReadingFixture.onlyPool(ConfiguredPools.read(next, Optional.empty())).servers())
                .singleElement()
                .satisfies(server -> assertThat(server.name()).isEqualTo("10.0.0.2:6379"));
        assertThat(next.getConfigMapping(CashewConfig.class).limits().idle()).hasValueSatisfying(
                idle -> assertThat(idle).hasSeconds(5));
        assertThat(RereadConfig.notLive(running, next)).isEmpty();
        assertThat(ConfiguredPools.files(running)).containsExactly(file);
    }

    @Test
    void whatIsNoPoolCannotChange() throws IOException {
        write(3, "10.0.0.1:6379:1");

        assertThat(RereadConfig.notLive(running, RereadConfig.of(running)))
                .singleElement()
                .asString()
                .contains("property cashew.workers cannot change while Cashew runs")
                .contains("restart");
    }

    @Test
    void aFileThatIsGoneIsAnError() throws IOException {
        Files.delete(file);

        assertThatThrownBy(() -> RereadConfig.of(running)).isInstanceOf(IOException.class);
    }
}
