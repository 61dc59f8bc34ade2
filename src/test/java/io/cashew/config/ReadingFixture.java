package io.cashew.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.HashTag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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

    /// One in which no key has its default.
    static PoolConfig poolWithEveryKey(String name, ServerConfig... servers) throws UnknownHostException {
        return new PoolConfig(
                name, new ListenAddress.UnixSocket("/tmp/alpha.sock", OptionalInt.of(0660)), HashFunction.MURMUR,
                HashTag.of("{}"), DistributionKind.MODULA, Optional.of(Duration.ofMillis(400)), 1024, 100,
                ProtocolName.REDIS, Optional.of(new Secret("sesame")), 3, 4, true, true, 4, Duration.ofSeconds(2), 5, true,
                true, 2097152, Duration.ofMillis(1500), true, 16777216,
                new HealthConfig(EjectMode.FAIL_FAST, true, false,
                        Optional.of(Duration.ofMillis(250)), Optional.of(Duration.ofSeconds(5)), 4, 2,
                        Optional.of(Duration.ofMinutes(1)), 20, Duration.ofMinutes(2)),
                new TlsConfig(Optional.of("edge"), Optional.of(new ListenAddress.Tcp(
                        "127.0.0.1", 22122, InetAddress.getByName("127.0.0.1"))), ClientAuth.REQUIRED,
                        Optional.of("inside"), Optional.of("redis.internal")),
                new AccessConfig(Optional.empty(), Optional.of(Path.of("/etc/cashew/users.acl")), Optional.of("cashew"),
                        Optional.empty(), Optional.of(Path.of("/run/secrets/server"))),
                new RequestLogConfig(Duration.ofMillis(25), 64, 1000, false),
                List.of(servers));
    }
}
