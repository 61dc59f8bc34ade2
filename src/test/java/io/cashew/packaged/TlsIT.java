package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Authority;
import io.cashew.fixture.Certificate;
import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.TlsEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// TLS at both doors of the packaged application, with entries of Quarkus's own registry.
@Timeout(120)
class TlsIT {
    @TempDir
    Path directory;

    private final int plain = FreePorts.next();
    private final int encrypted = FreePorts.next();
    private Authority authority;
    private SSLContext client;

    @BeforeEach
    void issue() {
        authority = Authority.create();
        client = TlsEntry.empty().trusts(authority).shows(authority.issue("dns:client")).context();
    }

    @AfterEach
    void forget() {
        authority.close();
    }

    @Test
    void bothDoorsAreEncryptedAndANewCertificateEndsNoConnection() throws IOException {
        Certificate first = authority.issue("dns:localhost", "ip:127.0.0.1");
        Certificate second = authority.issue("dns:localhost");
        Path shown = directory.resolve("shown.crt");
        Path key = directory.resolve("shown.key");
        show(first, shown, key);
        configure("""
                quarkus:
                  tls:
                    edge:
                      key-store:
                        pem:
                          "1":
                            cert: %1$s
                            key: %2$s
                      trust-store:
                        pem:
                          certs: %3$s
                      reload-period: 1s
                    inside:
                      key-store:
                        pem:
                          "1":
                            cert: %1$s
                            key: %2$s
                      trust-store:
                        pem:
                          certs: %3$s
                """.formatted(shown, key, authority.file()));
        try (var redis = RedisServer.builder().tls(first, authority).start();
                var cashew = PackagedCashew.start(directory, "-c", pools("edge", redis.tlsPort()).toString()).awaitReady();
                var old = RespClient.connectTls(encrypted, client, "localhost")) {
            assertThat(cashew.output())
                    .contains("pool 'alpha' listens on 127.0.0.1:" + plain + " and 127.0.0.1:" + encrypted + " (TLS)");
            assertThat(old.call("SET", "k", "v")).isEqualTo("+OK\r\n");
            try (var other = RespClient.connect(plain)) {
                assertThat(other.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
            }

            show(second, shown, key);

            Awaitility.await().untilAsserted(() -> {
                try (var next = RespClient.connectTls(encrypted, client, "localhost")) {
                    assertThat(next.tls().getPeerCertificates()[0]).isEqualTo(second.read());
                }
            });
            assertThat(old.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
            assertThat(cashew.output()).doesNotContain("Exception");
        }
    }

    @Test
    void anEntryThatIsNotThereIsSaidWithItsPoolAndTheRemedy() throws IOException {
        try (var cashew = PackagedCashew.start(directory, "-c", pools("edge", 6379).toString())) {
            assertThat(cashew.exitCode()).isEqualTo(1);
            assertThat(cashew.log())
                    .contains("pool 'alpha': tls is \"edge\"")
                    .contains("set quarkus.tls.\"edge\".key-store");
        }
    }

    private static void show(Certificate certificate, Path chain, Path key) throws IOException {
        Files.copy(certificate.key(), key, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificate.chain(), chain, StandardCopyOption.REPLACE_EXISTING);
    }

    private void configure(String yaml) throws IOException {
        Files.writeString(Files.createDirectories(directory.resolve("config")).resolve("application.yaml"), yaml);
    }

    private Path pools(String entry, int server) throws IOException {
        return Files.writeString(directory.resolve("nutcracker.yml"), """
                alpha:
                  listen: 127.0.0.1:%d
                  listen_tls: 127.0.0.1:%d
                  redis: true
                  tls: %s
                  tls_client_auth: required
                  server_tls: inside
                  servers:
                    - 127.0.0.1:%d:1 one
                """.formatted(plain, encrypted, entry, server));
    }
}
