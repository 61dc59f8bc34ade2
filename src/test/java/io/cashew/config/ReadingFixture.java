package io.cashew.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes a nutcracker.yml, reads it, and takes the outcome apart.
final class ReadingFixture {
    private ReadingFixture() {}

    /// A pool `alpha` with these lines before its listen and servers.
    static String alpha(String... lines) {
        StringBuilder yaml = new StringBuilder("alpha:\n  listen: 127.0.0.1:22121\n");
        for (String line : lines) {
            yaml.append("  ").append(line).append('\n');
        }
        return yaml.append("  servers:\n   - 127.0.0.1:6379:1\n").toString();
    }

    static Reading read(Path directory, String yaml) {
        return NutcrackerFile.read(write(directory, yaml.getBytes(StandardCharsets.UTF_8)));
    }

    static Path write(Path directory, byte[] yaml) {
        try {
            return Files.write(directory.resolve("nutcracker.yml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Reading.Accepted accepted(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Accepted.class);
        return (Reading.Accepted) reading;
    }

    static PoolConfig onlyPool(Reading reading) {
        assertThat(accepted(reading).pools()).hasSize(1);
        return accepted(reading).pools().getFirst();
    }

    static List<ConfigProblem> problems(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Refused.class);
        return ((Reading.Refused) reading).problems();
    }
}
