package io.cashew.pool;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashew.config.ClientAuth;
import io.cashew.fixture.Authority;
import io.cashew.fixture.TlsEntry;
import io.quarkus.tls.TlsConfiguration;
import io.vertx.core.Vertx;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// An entry of the TLS registry that cannot be used as a pool wants to is refused with a remedy.
class TlsEntriesTest {
    private static Vertx vertx;
    private static Authority authority;
    private static TlsEntries entries;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        authority = Authority.create();
        Map<String, TlsConfiguration> registry = Map.of(
                "good", good(),
                "empty", TlsEntry.empty(),
                "careless", TlsEntry.empty().shows(authority.issue("dns:localhost")),
                "old", good().versions("TLSv1.1", "TLSv1.3"),
                "revoking", good().revokes());
        entries = new TlsEntries(vertx, name -> Optional.ofNullable(registry.get(name)));
    }

    private static TlsEntry good() {
        return TlsEntry.empty().shows(authority.issue("dns:localhost")).trusts(authority);
    }

    @AfterAll
    static void stop() throws Exception {
        entries.close();
        authority.close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void aGoodEntryServesBothSides() {
        assertThatCode(() -> {
                    entries.forClients("good", ClientAuth.REQUIRED);
                    entries.forServers("good");
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aNameThatIsNotThereIsRefusedWithTheProperty() {
        assertThatThrownBy(() -> entries.forClients("egde", ClientAuth.NONE))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("tls is \"egde\"")
                .hasMessageContaining("quarkus.tls.\"egde\".key-store");
        assertThatThrownBy(() -> entries.forServers("egde")).hasMessageContaining("server_tls is \"egde\"");
    }

    @Test
    void withoutACertificateThereIsNothingToShow() {
        assertThatThrownBy(() -> entries.forClients("empty", ClientAuth.NONE))
                .hasMessageContaining("quarkus.tls.\"empty\".key-store");
        assertThatCode(() -> entries.forServers("empty")).doesNotThrowAnyException();
    }

    @Test
    void whoseCertificatesClientsMayShowHasToBeSaid() {
        assertThatThrownBy(() -> entries.forClients("careless", ClientAuth.REQUEST))
                .hasMessageContaining("tls_client_auth")
                .hasMessageContaining("quarkus.tls.\"careless\".trust-store");
        assertThatCode(() -> entries.forClients("careless", ClientAuth.NONE)).doesNotThrowAnyException();
    }

    @Test
    void oldVersionsAreRefused() {
        assertThatThrownBy(() -> entries.forClients("old", ClientAuth.NONE))
                .hasMessageContaining("older than TLS 1.2")
                .hasMessageContaining("quarkus.tls.\"old\".protocols");
        assertThatThrownBy(() -> entries.forServers("old")).hasMessageContaining("older than TLS 1.2");
    }

    @Test
    void aListOfRevokedCertificatesIsNotPassedOverInSilence() {
        assertThatThrownBy(() -> entries.forClients("revoking", ClientAuth.REQUIRED))
                .hasMessageContaining("quarkus.tls.\"revoking\".certificate-revocation-list");
    }
}
