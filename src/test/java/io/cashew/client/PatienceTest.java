package io.cashew.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.transport.KeepAlive;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Clients that may be silent for ten seconds, and take two for the rest of a request.
class PatienceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Patience patience = patience(10 * SECOND, 2 * SECOND);

    private static Patience patience(long idle, long unfinished) {
        return new Patience(new ClientSettings(1, 1, 0, KeepAlive.NONE, idle, unfinished), 0);
    }

    @Test
    void silenceCountsFromWhatWasHeardLast() {
        assertThat(patience.isOverForSilence(10 * SECOND)).isFalse();
        assertThat(patience.isOverForSilence(10 * SECOND + 1)).isTrue();

        patience.heard(5 * SECOND);

        assertThat(patience.isOverForSilence(15 * SECOND)).isFalse();
        assertThat(patience.isOverForSilence(15 * SECOND + 1)).isTrue();
        assertThat(patience.silentNanos(7 * SECOND)).isEqualTo(2 * SECOND);
        assertThat(patience.connectedNanos(7 * SECOND)).isEqualTo(7 * SECOND);
    }

    @Test
    void howeverOftenSomethingComesARequestTakesTheTimeSinceItsBeginning() {
        for (int second = 1; second < 3; second++) {
            patience.heard(second * SECOND);
            patience.read(true);
        }

        assertThat(patience.unfinished()).isTrue();
        assertThat(patience.isOverForRest(3 * SECOND, 10)).isFalse();
        assertThat(patience.isOverForRest(3 * SECOND + 1, 10)).isTrue();
    }

    @Test
    void aRequestBehindOneThatIsCompleteHasAllTheTime() {
        patience.heard(SECOND);
        patience.read(true);

        patience.heard(3 * SECOND);
        patience.requestTaken();
        patience.read(true);

        assertThat(patience.isOverForRest(5 * SECOND, 10)).isFalse();
    }

    @Test
    void whatIsLongMayTakeLonger() {
        patience.heard(SECOND);
        patience.read(true);

        assertThat(patience.isOverForRest(8 * SECOND, 5 * 16 * 1024)).isFalse();
        assertThat(patience.isOverForRest(8 * SECOND + 1, 5 * 16 * 1024)).isTrue();
    }

    @Test
    void aPatienceOfZeroNeverEnds() {
        var endless = patience(0, 0);
        endless.read(true);

        assertThat(endless.isOverForSilence(Long.MAX_VALUE)).isFalse();
        assertThat(endless.isOverForRest(Long.MAX_VALUE, 10)).isFalse();
        assertThat(endless.isOverForLeaving(Long.MAX_VALUE)).isFalse();
    }
}
