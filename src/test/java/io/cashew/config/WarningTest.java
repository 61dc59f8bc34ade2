package io.cashew.config;

import static io.cashew.config.ReadingFixture.accepted;
import static io.cashew.config.ReadingFixture.alpha;
import static io.cashew.config.ReadingFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is allowed and probably not wanted.
class WarningTest {
    @TempDir
    Path directory;

    @Test
    void crc32SendsNearlyEverythingToOneServerOfARing() {
        String second = "   - 127.0.0.1:6380:1\n";

        assertThat(warnings(alpha("hash: crc32") + second)).singleElement().asString().contains("crc32 has only 32768");
        assertThat(warnings(alpha("hash: crc32", "distribution: modula") + second)).isEmpty();
        assertThat(warnings(alpha("hash: crc32"))).isEmpty();
    }

    @Test
    void aServerWithoutPointsOnTheRingGetsNoKeys() {
        assertThat(warnings(alpha() + "   - 127.0.0.1:6380:1000\n")).singleElement().asString()
                .contains("server '127.0.0.1:6379' gets no keys");
        assertThat(warnings(alpha() + "   - 127.0.0.1:6380:79\n")).isEmpty();
    }

    @Test
    void dataWrittenWithPasswordAndDatabaseMayBeInDatabaseZero() {
        assertThat(warnings(alpha("redis: true", "redis_auth: sesame", "redis_db: 3"))).singleElement().asString()
                .contains("may be in database 0").doesNotContain("sesame");
        assertThat(warnings(alpha("redis: true", "redis_db: 3"))).isEmpty();
    }

    @Test
    void aDatabaseMeansNothingToMemcached() {
        assertThat(warnings(alpha("redis_db: 3"))).singleElement().asString().contains("is ignored");
    }

    @Test
    void aLimitOfClientsIsKeptFromNowOn() {
        assertThat(warnings(alpha("client_connections: 10"))).singleElement().asString().contains("at most 10 clients");
    }

    @Test
    void permissionsThatAreNotANumberAreIgnored() {
        assertThat(warnings(alpha().replace("127.0.0.1:22121", "/tmp/alpha.sock rw"))).singleElement().asString()
                .contains("not an octal number");
    }

    @Test
    void withoutEjectionNothingIsProbed() {
        assertThat(warnings(alpha("server_probe_interval: 1000"))).singleElement().asString()
                .contains("without auto_eject_hosts");
        assertThat(warnings(alpha("server_probe_interval: 1000", "auto_eject_hosts: true"))).isEmpty();
    }

    @Test
    void randomHasNoKeysToKeep() {
        assertThat(warnings(alpha("eject_mode: fail-fast", "auto_eject_hosts: true", "distribution: random")))
                .singleElement().asString().contains("with distribution random");
        assertThat(warnings(alpha("eject_mode: fail-fast", "auto_eject_hosts: true"))).isEmpty();
    }

    private List<ConfigWarning> warnings(String yaml) {
        return accepted(read(directory, yaml)).warnings();
    }
}
