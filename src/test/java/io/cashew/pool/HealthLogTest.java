package io.cashew.pool;

import static io.cashew.fixture.ScriptedResolver.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Failure;
import io.cashew.server.AddressEvent;
import io.cashew.server.Endpoint;
import io.cashew.server.HealthEvent;
import io.cashew.server.Server;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every line says which pool and server, what happened, and what can be done.
class HealthLogTest {
    private final HealthLog log = new HealthLog(
            "alpha",
            List.of(new Server(0, "a", new Endpoint.UnixSocket("/run/a"), 1), new Server(1, "b", new Endpoint.Tcp("h", 1), 1)));

    @Test
    void anEjectionNamesPoolServerTimeCauseAndRemedy() {
        assertThat(log.line(new HealthEvent.Ejected(1, Failure.SERVER_REFUSED, 30_000_000_000L, false), 0))
                .isEqualTo("pool 'alpha': server 'b' (h:1) is ejected for 30000 ms: it refuses connections; start it, or "
                        + "correct its address");
    }

    @Test
    void aFlapIsCalledOne() {
        assertThat(log.line(new HealthEvent.Ejected(1, Failure.SERVER_REFUSED, 1, true), 0)).contains("again soon");
    }

    @Test
    void whatIsTooMuchForAServerIsNamedWithItsLimit() {
        assertThat(log.line(new HealthEvent.Overrun(0, Failure.SERVER_OVERLOADED), 0)).contains("refused")
                .endsWith("cashew.limits.pending");
        assertThat(log.line(new HealthEvent.Overrun(0, Failure.SERVER_CONGESTED), 0)).contains("refused")
                .endsWith("cashew.limits.unsent");
    }

    @Test
    void aReturnNeedsNoRemedy() {
        assertThat(log.line(new HealthEvent.Readmitted(0), 0)).isEqualTo("pool 'alpha': server 'a' (/run/a) takes part again");
    }

    @Test
    void aMoveNamesBothAddresses() {
        assertThat(log.line(new AddressEvent.Moved(1, address("10.0.0.1"), address("10.0.0.2")), 0))
                .isEqualTo("pool 'alpha': server 'b' (h:1) has moved from 10.0.0.1 to 10.0.0.2");
    }

    @Test
    void aNameThatCannotBeResolvedSaysWhatIsUsedInsteadAndTheRemedy() {
        assertThat(log.line(new AddressEvent.Unresolved(1, "h: no", Optional.of(address("10.0.0.1"))), 0))
                .isEqualTo("pool 'alpha': server 'b' (h:1) cannot be found by its name (h: no), so 10.0.0.1 stays in use; look "
                        + "at the name service, or correct the name");
        assertThat(log.line(new AddressEvent.Unresolved(1, "h: no", Optional.empty()), 2))
                .contains("and never could").contains("name service").endsWith("(and 2 times more since the last such line)");
    }

    @Test
    void linesThatWereNotWrittenAreCounted() {
        assertThat(log.line(new HealthEvent.Readmitted(0), 41)).endsWith("(and 41 times more since the last such line)");
    }

    @ParameterizedTest
    @EnumSource(
            names = {"NO_LIVE_SERVER", "SERVER_EJECTED", "TOO_MANY_CLIENTS", "POOL_STOPPED",
                "KEY_TOO_LONG", "REPLY_TOO_LARGE", "KEYS_ON_SEVERAL_SERVERS", "CROSS_SERVER_OFF", "NOT_AUTHENTICATED",
                "WRONG_PASSWORD",
                "PASSWORD_NOT_TRIED", "COMMAND_REFUSED", "REQUEST_INVALID", "TOO_MANY_PRIVATE", "TRANSACTION_LOST",
                "TRANSACTION_REFUSED", "TRANSACTION_UNCERTAIN", "SERVERS_CHANGED", "NOT_PERMITTED", "TOO_MANY_OF_USER",
                "TOO_MANY_SUBSCRIPTIONS", "REPLICAS_UNCERTAIN"},
            mode = EnumSource.Mode.EXCLUDE)
    void everyWayToFailHasARemedy(Failure cause) {
        assertThat(log.line(new HealthEvent.Failed(0, cause), 0)).matches(".* failed: [a-z', ]+; [a-z]+ [a-z].*");
    }
}
