package io.cashew.server;

import static io.cashew.protocol.Failure.OUT_OF_DESCRIPTORS;
import static io.cashew.protocol.Failure.SERVER_CLOSED;
import static io.cashew.protocol.Failure.SERVER_REFUSED;
import static io.cashew.protocol.Failure.SERVER_TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Failure;
import io.cashew.server.HealthEvent.Ejected;
import io.cashew.server.HealthEvent.Failed;
import io.cashew.server.HealthEvent.ProbeFailed;
import io.cashew.server.HealthEvent.Readmitted;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// When a server goes, when it comes back, and what counts. The clock is a number, in nanoseconds; it starts just before
/// [System#nanoTime()] might overflow, which must not matter.
class HealthTest {
    private static final int SERVER = 1;
    private static final long RETRY = 1_000;
    private static final long RETRY_MAX = 8_000;
    private static final long FLAP_WINDOW = 500;

    private final List<HealthEvent> events = new ArrayList<>();
    private final List<BitSet> changes = new ArrayList<>();
    private long now = Long.MAX_VALUE - 700;
    private double chance;

    private static HealthSettings twemproxy(int failureLimit) {
        return new HealthSettings(true, failureLimit, 1, RETRY, RETRY, 0, FLAP_WINDOW, false, 0, 3, 1);
    }

    private static HealthSettings probing() {
        return new HealthSettings(true, 1, 1, RETRY, RETRY, 0, FLAP_WINDOW, true, 0, 3, 1);
    }

    private static HealthSettings backingOff(double jitter) {
        return new HealthSettings(true, 1, 1, RETRY, RETRY_MAX, jitter, FLAP_WINDOW, true, 0, 3, 1);
    }

    private static HealthSettings checking(int failures, int successes) {
        return new HealthSettings(true, 1, 1, RETRY, RETRY, 0, FLAP_WINDOW, true, 100, failures, successes);
    }

    private Health health(HealthSettings settings) {
        return new Health(3, settings, new Health.Observer() {
            @Override
            public void changed(BitSet ejected) {
                changes.add(ejected);
            }

            @Override
            public void happened(HealthEvent event) {
                events.add(event);
            }
        }, () -> chance);
    }

    /// A connection made and lost.
    private void fail(Health health) {
        health.failed(SERVER, 0, health.opened(SERVER, 0), SERVER_REFUSED, now);
    }

    private static BitSet ejected(int... servers) {
        var set = new BitSet();
        for (int server : servers) {
            set.set(server);
        }
        return set;
    }

    // What counts.

    @Test
    void asManyFailuresInARowAsTheLimitEject() {
        var health = health(twemproxy(3));

        fail(health);
        fail(health);
        assertThat(health.ejected(SERVER)).isFalse();
        assertThat(changes).isEmpty();
        fail(health);

        assertThat(health.ejected(SERVER)).isTrue();
        assertThat(changes).containsExactly(ejected(SERVER));
        assertThat(events).containsExactly(
                new Failed(SERVER, SERVER_REFUSED), new Failed(SERVER, SERVER_REFUSED),
                new Ejected(SERVER, SERVER_REFUSED, RETRY, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aLimitOfZeroIsLikeOne(int limit) {
        var health = health(twemproxy(limit));

        fail(health);

        assertThat(health.ejected(SERVER)).isTrue();
    }

    @Test
    void aReplyForgivesWhatWasBefore() {
        var health = health(twemproxy(2));

        for (int i = 0; i < 5; i++) {
            fail(health);
            health.succeeded(SERVER);
        }

        assertThat(health.ejected(SERVER)).isFalse();
    }

    @Test
    void failuresOfOneServerAreNotThoseOfAnother() {
        var health = health(twemproxy(2));

        fail(health);
        health.failed(2, 0, health.opened(2, 0), SERVER_REFUSED, now);

        assertThat(health.ejected(SERVER)).isFalse();
        assertThat(health.ejected(2)).isFalse();
    }

    @Test
    void connectionsOfSeveralWorkersThatEndTogetherAreOneFailure() {
        var health = health(twemproxy(2));
        int first = health.opened(SERVER, 0);
        int second = health.opened(SERVER, 0);
        int third = health.opened(SERVER, 0);

        health.failed(SERVER, 0, first, SERVER_CLOSED, now);
        health.failed(SERVER, 0, second, SERVER_CLOSED, now);
        health.failed(SERVER, 0, third, SERVER_CLOSED, now);
        assertThat(health.ejected(SERVER)).isFalse();

        fail(health);
        assertThat(health.ejected(SERVER)).isTrue();
    }

    @Test
    void aConnectionThatEndsAfterAReplyIsANewFailureHoweverOldItIs() {
        var health = health(twemproxy(2));
        int old = health.opened(SERVER, 0);

        fail(health);
        health.succeeded(SERVER);
        health.failed(SERVER, 0, old, SERVER_CLOSED, now);
        assertThat(health.ejected(SERVER)).isFalse();
        fail(health);

        assertThat(health.ejected(SERVER)).isTrue();
    }

    @Test
    void connectionsOfOneWorkerCountApartAsInTwemproxy() {
        var settings = new HealthSettings(true, 2, 2, RETRY, RETRY, 0, FLAP_WINDOW, false, 0, 3, 1);
        var health = health(settings);
        int first = health.opened(SERVER, 0);
        int second = health.opened(SERVER, 1);

        health.failed(SERVER, 0, first, SERVER_CLOSED, now);
        health.failed(SERVER, 1, second, SERVER_CLOSED, now);

        assertThat(health.ejected(SERVER)).isTrue();
    }

    @Test
    void connectionsOfOneWorkerCountAsOneWhereThatIsWanted() {
        var health = health(twemproxy(2));
        int first = health.opened(SERVER, 0);
        int second = health.opened(SERVER, 1);

        health.failed(SERVER, 0, first, SERVER_CLOSED, now);
        health.failed(SERVER, 1, second, SERVER_CLOSED, now);

        assertThat(health.ejected(SERVER)).isFalse();
    }

    @Test
    void whatIsNotTheServersFaultDoesNotCount() {
        var health = health(twemproxy(1));

        health.failed(SERVER, 0, health.opened(SERVER, 0), OUT_OF_DESCRIPTORS, now);

        assertThat(health.ejected(SERVER)).isFalse();
        assertThat(events).containsExactly(new Failed(SERVER, OUT_OF_DESCRIPTORS));
    }

    @Test
    void withoutEjectionFailuresAreToldAndChangeNothing() {
        var health = health(HealthSettings.NEVER_EJECTS);

        fail(health);
        fail(health);

        assertThat(health.ejected(SERVER)).isFalse();
        assertThat(events).containsExactly(new Failed(SERVER, SERVER_REFUSED), new Failed(SERVER, SERVER_REFUSED));
    }

    @Test
    void whatEndsWhileTheServerIsOutChangesNothing() {
        var health = health(twemproxy(1));
        fail(health);
        now += RETRY - 1;
        fail(health);
        now += 1;

        assertThat(health.readmissionDue(now)).isTrue();
        assertThat(health.ejections(SERVER)).isEqualTo(1);
    }

    // How it comes back, as with twemproxy.

    @Test
    void withoutProbesTheFirstRequestAfterItsTimeBringsItBack() {
        var health = health(twemproxy(1));
        fail(health);

        now += RETRY - 1;
        assertThat(health.readmissionDue(now)).isFalse();
        health.readmit(now);
        assertThat(health.ejected(SERVER)).isTrue();

        now += 1;
        assertThat(health.readmissionDue(now)).isTrue();
        health.readmit(now);
        assertThat(health.ejected(SERVER)).isFalse();
        assertThat(health.readmissionDue(now)).isFalse();
        assertThat(changes).containsExactly(ejected(SERVER), ejected());
        assertThat(events).last().isEqualTo(new Readmitted(SERVER));
        assertThat(health.untilProbe(SERVER, now)).isEqualTo(Health.NEVER);
    }

    @Test
    void ofSeveralOnlyThoseWhoseTimeIsUpComeBack() {
        var health = health(twemproxy(1));
        fail(health);
        now += 10;
        health.failed(2, 0, health.opened(2, 0), SERVER_REFUSED, now);

        now += RETRY - 10;
        health.readmit(now);

        assertThat(changes).last().isEqualTo(ejected(2));
        assertThat(health.readmissionDue(now + 9)).isFalse();
        assertThat(health.readmissionDue(now + 10)).isTrue();
    }

    @Test
    void withoutTimeOutThereIsNoProbeEither() {
        var health = health(new HealthSettings(true, 1, 1, 0, 0, 0, FLAP_WINDOW, true, 0, 3, 1));
        fail(health);

        assertThat(health.untilProbe(SERVER, now)).isEqualTo(Health.NEVER);
        assertThat(health.readmissionDue(now)).isTrue();
    }

    /// The clock of the virtual machine may be negative, and may wrap around.
    @ParameterizedTest
    @ValueSource(longs = {0, -5, -RETRY, -RETRY - 1, Long.MIN_VALUE, Long.MAX_VALUE - 10, Long.MAX_VALUE - RETRY - 1, 12345})
    void whateverTheClockSaysItsTimeIsTheSame(long start) {
        var lazy = health(twemproxy(1));
        var probed = health(probing());
        now = start;

        fail(lazy);
        fail(probed);

        assertThat(lazy.readmissionDue(now)).isFalse();
        assertThat(lazy.readmissionDue(now + RETRY - 1)).isFalse();
        assertThat(lazy.readmissionDue(now + RETRY)).isTrue();
        assertThat(probed.untilProbe(SERVER, now + RETRY - 1)).isEqualTo(1);
        assertThat(probed.untilProbe(SERVER, now + RETRY)).isZero();
    }

    @Test
    void allServersWhoseTimeIsUpReturnTogether() {
        var health = health(twemproxy(1));
        fail(health);
        health.failed(2, 0, health.opened(2, 0), SERVER_REFUSED, now);
        changes.clear();

        health.readmit(now + RETRY);

        assertThat(changes).containsExactly(ejected());
    }

    @Test
    void aServerThatHasReturnedStartsFromZero() {
        var health = health(twemproxy(2));
        fail(health);
        fail(health);
        health.readmit(now + RETRY);

        fail(health);

        assertThat(health.ejected(SERVER)).isFalse();
    }

    @Test
    void whatIsToldDoesNotChangeLater() {
        var health = health(twemproxy(1));
        fail(health);
        health.failed(2, 0, health.opened(2, 0), SERVER_REFUSED, now);

        assertThat(changes).containsExactly(ejected(SERVER), ejected(SERVER, 2));
    }

    // How it comes back, with a probe.

    @Test
    void aReturningServerIsProbedWhenItsTimeIsUpAndNotBefore() {
        var health = health(probing());
        assertThat(health.untilProbe(SERVER, now)).isEqualTo(Health.NEVER);

        fail(health);

        assertThat(health.untilProbe(SERVER, now)).isEqualTo(RETRY);
        assertThat(health.untilProbe(SERVER, now + RETRY)).isZero();
        assertThat(health.untilProbe(SERVER, now + 2 * RETRY)).isZero();
        assertThat(health.untilProbe(0, now)).isEqualTo(Health.NEVER);
        assertThat(health.readmissionDue(now + 2 * RETRY)).isFalse();
    }

    @Test
    void aGoodAnswerBringsItBack() {
        var health = health(probing());
        fail(health);
        now += RETRY;

        health.probeAnswered(SERVER, now);

        assertThat(health.ejected(SERVER)).isFalse();
        assertThat(changes).containsExactly(ejected(SERVER), ejected());
        assertThat(events).last().isEqualTo(new Readmitted(SERVER));
        assertThat(health.counters(SERVER).probes).isEqualTo(1);
        assertThat(health.counters(SERVER).readmissions).isEqualTo(1);
    }

    @Test
    void withoutAGoodAnswerItStaysOutAsLongAgain() {
        var health = health(probing());
        fail(health);
        for (int i = 1; i < 5; i++) {
            now += RETRY;
            health.probeFailed(SERVER, SERVER_TIMED_OUT, now);

            assertThat(events).last().isEqualTo(new ProbeFailed(SERVER, SERVER_TIMED_OUT, RETRY));
            assertThat(health.untilProbe(SERVER, now)).isEqualTo(RETRY);
            assertThat(health.counters(SERVER).probeFailures).isEqualTo(i);
        }

        assertThat(health.ejected(SERVER)).isTrue();
        assertThat(health.ejections(SERVER)).isEqualTo(1);
        assertThat(changes).hasSize(1);
    }

    @Test
    void itMayHaveToAnswerSeveralInARow() {
        var health = health(checking(3, 2));
        fail(health);
        now += RETRY;

        health.probeAnswered(SERVER, now);
        assertThat(health.ejected(SERVER)).isTrue();
        assertThat(health.untilProbe(SERVER, now)).isEqualTo(100);
        now += 100;
        health.probeFailed(SERVER, SERVER_REFUSED, now);
        now += RETRY;
        health.probeAnswered(SERVER, now);
        assertThat(health.ejected(SERVER)).isTrue();
        now += 100;
        health.probeAnswered(SERVER, now);

        assertThat(health.ejected(SERVER)).isFalse();
    }

    // Probes of servers that take part.

    @Test
    void serversThatTakePartAreProbedAtTheStartAndThenNowAndThen() {
        var health = health(checking(3, 1));
        assertThat(health.untilProbe(SERVER, now)).isZero();

        health.probeAnswered(SERVER, now);

        assertThat(health.untilProbe(SERVER, now)).isEqualTo(100);
        assertThat(health.untilProbe(SERVER, now + 130)).isZero();
        assertThat(events).isEmpty();
    }

    @Test
    void failedProbesInARowEject() {
        var health = health(checking(3, 1));

        health.probeFailed(SERVER, SERVER_REFUSED, now);
        health.probeFailed(SERVER, SERVER_REFUSED, now);
        health.probeAnswered(SERVER, now);
        health.probeFailed(SERVER, SERVER_REFUSED, now);
        health.probeFailed(SERVER, SERVER_REFUSED, now);
        assertThat(health.ejected(SERVER)).isFalse();
        health.probeFailed(SERVER, SERVER_REFUSED, now);

        assertThat(events).last().isEqualTo(new Ejected(SERVER, SERVER_REFUSED, RETRY, false));
        assertThat(health.untilProbe(SERVER, now)).isEqualTo(RETRY);
    }

    @Test
    void aGoodAnswerToAProbeForgivesNoFailedRequests() {
        var health = health(new HealthSettings(true, 2, 1, RETRY, RETRY, 0, FLAP_WINDOW, true, 100, 3, 1));

        fail(health);
        health.probeAnswered(SERVER, now);
        fail(health);

        assertThat(health.ejected(SERVER)).isTrue();
    }

    @Test
    void anAnswerThatWasAskedForBeforeTheEjectionBringsNobodyBack() {
        var health = health(checking(3, 1));
        fail(health);
        now += 1;

        health.probeAnswered(SERVER, now);

        assertThat(health.ejected(SERVER)).isTrue();
        health.probeFailed(SERVER, SERVER_REFUSED, now);
        assertThat(health.untilProbe(SERVER, now)).isEqualTo(RETRY - 1);
    }

    @Test
    void nobodyIsProbedWhereNobodyIsEjected() {
        var settings = new HealthSettings(false, 1, 1, RETRY, RETRY, 0, FLAP_WINDOW, true, 100, 3, 1);

        assertThat(settings.probes()).isFalse();
        assertThat(health(settings).untilProbe(SERVER, now)).isEqualTo(Health.NEVER);
    }

    // For how long.

    @ParameterizedTest
    @CsvSource({"0, 1000", "1, 2000", "2, 4000", "3, 8000", "4, 8000", "1000, 8000"})
    void everyOffenceDoublesTheTimeOutUpToTheMaximum(int offences, long nanos) {
        assertThat(backingOff(0).outNanos(offences, 0.5)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1000", "0, 0.5, 1100", "3, 0.5, 8800"})
    void jitterOnlyAdds(int offences, double chance, long nanos) {
        assertThat(backingOff(0.2).outNanos(offences, chance)).isEqualTo(nanos);
    }

    @Test
    void withTheLongestTimesAUserCanWriteNothingOverflows() {
        long longest = Integer.MAX_VALUE * 1_000_000L;
        var settings = new HealthSettings(true, 1, 1, longest, longest, 1, FLAP_WINDOW, true, 0, 3, 1);
        var shortest = new HealthSettings(true, 1, 1, 1_000_000, longest, 1, FLAP_WINDOW, true, 0, 3, 1);

        assertThat(settings.outNanos(1_000_000, 0.999)).isBetween(longest, 2 * longest);
        assertThat(shortest.outNanos(1_000_000, 0.999)).isBetween(longest, 2 * longest);
    }

    @Test
    void aServerThatFailsItsProbesIsAskedEverMoreSeldom() {
        var health = health(backingOff(0));
        fail(health);
        var waits = new ArrayList<Long>();
        for (int i = 0; i < 5; i++) {
            long wait = health.untilProbe(SERVER, now);
            waits.add(wait);
            now += wait;
            health.probeFailed(SERVER, SERVER_REFUSED, now);
        }

        assertThat(waits).containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 8_000L);
    }

    @Test
    void aServerThatFailsSoonAfterItsReturnStaysOutForLonger() {
        var health = health(backingOff(0));
        var waits = new ArrayList<Long>();
        for (int i = 0; i < 5; i++) {
            fail(health);
            long wait = health.untilProbe(SERVER, now);
            waits.add(wait);
            now += wait;
            health.probeAnswered(SERVER, now);
            now += FLAP_WINDOW - 1;
        }

        assertThat(waits).containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 8_000L);
        assertThat(health.counters(SERVER).flaps).isEqualTo(4);
        assertThat(events).contains(new Ejected(SERVER, SERVER_REFUSED, 2_000, true));
    }

    @Test
    void aCalmTimeForgivesFlapping() {
        var health = health(backingOff(0));
        for (int i = 0; i < 3; i++) {
            fail(health);
            now += health.untilProbe(SERVER, now);
            health.probeAnswered(SERVER, now);
        }
        now += FLAP_WINDOW;

        fail(health);

        assertThat(health.untilProbe(SERVER, now)).isEqualTo(RETRY);
        assertThat(health.counters(SERVER).flaps).isEqualTo(2);
    }

    @Test
    void jitterIsDrawnForEachTimeOut() {
        var health = health(backingOff(0.5));
        chance = 0.9;
        fail(health);
        assertThat(health.untilProbe(SERVER, now)).isEqualTo(1_450);

        chance = 0.1;
        now += 1_450;
        health.probeFailed(SERVER, Failure.SERVER_REFUSED, now);
        assertThat(health.untilProbe(SERVER, now)).isEqualTo(2_100);
    }

    // What the operator says, and what a reload keeps.

    @Test
    void whoIsTakenOutByAnOperatorGetsNothingAndIsNotEjected() {
        var health = health(twemproxy(1));

        health.withdraw(SERVER, Withdrawal.DRAINED, now);

        assertThat(health.ejected(SERVER)).isFalse();
        assertThat(health.withdrawal(SERVER)).isEqualTo(Withdrawal.DRAINED);
        assertThat(changes).containsExactly(ejected(SERVER));
        health.withdraw(SERVER, null, now);
        assertThat(changes).containsExactly(ejected(SERVER), ejected());
        assertThat(events).isEmpty();
    }

    @Test
    void whoIsTakenOutStaysOutWhenTheTimeOfAnEjectionIsUp() {
        var health = health(twemproxy(1));
        fail(health);
        health.withdraw(SERVER, Withdrawal.EJECTED, now);
        now += RETRY;

        health.readmit(now);

        assertThat(health.ejected(SERVER)).isFalse();
        assertThat(health.out()).isEqualTo(ejected(SERVER));
    }

    @Test
    void theOperatorLetsInWhoFailed() {
        var health = health(twemproxy(1));
        fail(health);

        health.withdraw(SERVER, null, now);

        assertThat(health.ejected(SERVER)).isFalse();
        assertThat(events.getLast()).isEqualTo(new Readmitted(SERVER));
        assertThat(changes.getLast()).isEqualTo(ejected());
    }

    @Test
    void whatIsKnownOfAServerGoesOnUnderAnotherNumber() {
        var before = health(twemproxy(1));
        fail(before);
        before.withdraw(0, Withdrawal.DRAINED, now);
        var health = health(twemproxy(1));

        health.goOnFrom(before, SERVER, 2);
        health.goOnFrom(before, 0, 1);

        assertThat(health.out()).isEqualTo(ejected(1, 2));
        assertThat(health.ejected(2)).isTrue();
        assertThat(health.ejections(2)).isEqualTo(1);
        assertThat(health.withdrawal(1)).isEqualTo(Withdrawal.DRAINED);
        assertThat(health.readmissionDue(now)).isFalse();
        assertThat(health.readmissionDue(now + RETRY)).isTrue();
    }

    @Test
    void whereNobodyIsEjectedAnyMoreWhoWasIsBack() {
        var before = health(twemproxy(1));
        fail(before);
        var health = health(new HealthSettings(false, 1, RETRY));

        health.goOnFrom(before, SERVER, SERVER);

        assertThat(health.out()).isEqualTo(ejected());
        assertThat(health.ejections(SERVER)).isEqualTo(1);
    }
}
