package io.cashew.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Client;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every line says which pool and client, what happened, and what can be done.
class ClientLogTest {
    private final Events events = new Events(10, 0);
    private final ClientLog log = new ClientLog("alpha", events);
    private final Client client = new Client(7, new InetSocketAddress("10.0.0.9", 4711), new InetSocketAddress("10.0.0.1", 22121));

    @Test
    void aCloseNamesPoolClientCauseAndRemedy() {
        assertThat(log.line(client, CloseCause.TLS, 0, 0))
                .isEqualTo("pool 'alpha': client 10.0.0.9:4711 is sent away: it speaks TLS; turn TLS off in it, or give the "
                        + "pool a port with TLS (tls, listen_tls)");
    }

    @Test
    void whatWasKeptForTheClientIsSaidWithoutItsBytes() {
        assertThat(log.line(client, CloseCause.MEMORY, 1024, 0))
                .contains("made Cashew hold the most when memory was short (1024 bytes were kept for it); raise");
    }

    @Test
    void aRefusalNamesPoolClientCauseAndRemedy() {
        assertThat(log.line(client, Failure.SERVER_EJECTED, ClientLog.remedy(Failure.SERVER_EJECTED), 3))
                .isEqualTo("pool 'alpha': a request of client 10.0.0.9:4711 is refused: server is ejected; its keys are served "
                        + "again when it is back; start the server, and look above why it failed (and 3 times more since the last "
                        + "such line)");
    }

    @Test
    void whatSomebodyShouldLookAtIsAnEventOnceForEachCause() {
        for (int i = 0; i < 3; i++) {
            log.failed(client, Failure.WRONG_PASSWORD);
            log.closed(client, CloseCause.STRANGER, 0);
            log.closed(client, CloseCause.TOO_MANY_CLIENTS, 0);
        }

        assertThat(events.after(0)).extracting(Events.Event::kind).containsExactly(
                Events.Kind.REQUEST_REFUSED, Events.Kind.CLIENT_SENT_AWAY, Events.Kind.CLIENT_SENT_AWAY);
        assertThat(events.after(0)).extracting(Events.Event::text).first()
                .isEqualTo(log.line(client, Failure.WRONG_PASSWORD, ClientLog.remedy(Failure.WRONG_PASSWORD), 0));
        assertThat(events.after(0)).allSatisfy(event -> assertThat(event.pool()).isEqualTo("alpha"));
    }

    @Test
    void whatClientsDoEveryDayIsNoEvent() {
        log.closed(client, CloseCause.IDLE, 0);
        log.closed(client, CloseCause.LOST, 0);
        log.failed(client, Failure.REQUEST_INVALID);
        log.failed(client, Failure.SERVER_REFUSED);

        assertThat(events.after(0)).isEmpty();
    }

    @Test
    void clientsAreNamedByWhereTheyComeFrom() {
        assertThat(new Client(7, new InetSocketAddress("::1", 4711), null)).hasToString("[0:0:0:0:0:0:0:1]:4711");
        assertThat(new Client(7, null, null)).hasToString("7 of the unix socket");
    }

    @ParameterizedTest
    @EnumSource
    void everyCloseHasARemedy(CloseCause cause) {
        assertThat(log.line(client, cause, 0, 0)).matches(".* is sent away: it [a-z][^;]+; [a-z]+ [^;]+");
    }
}
