package io.cashew.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthTest {
    private static final long RETRY = 30_000;

    private final List<BitSet> changes = new ArrayList<>();

    @Test
    void enoughFailuresInARowEject() {
        var health = health(true, 3);

        health.failed(1, 0);
        health.failed(1, 0);
        assertThat(health.ejected(1)).isFalse();
        health.failed(1, 0);

        assertThat(health.ejected(1)).isTrue();
        assertThat(health.ejected(0)).isFalse();
        assertThat(health.ejections(1)).isEqualTo(1);
        assertThat(health.ejectedAtMicros(1)).isPositive();
        assertThat(changes).containsExactly(BitSet.valueOf(new long[] {0b10}));
    }

    @Test
    void aReplyForgetsTheFailuresBeforeIt() {
        var health = health(true, 2);

        health.failed(0, 0);
        health.succeeded(0);
        health.failed(0, 0);

        assertThat(health.ejected(0)).isFalse();
    }

    @Test
    void aServersFailuresAreItsOwn() {
        var health = health(true, 2);

        health.failed(0, 0);
        health.failed(1, 0);
        health.succeeded(1);
        health.failed(0, 0);

        assertThat(changes).containsExactly(BitSet.valueOf(new long[] {0b01}));
    }

    @Test
    void withoutEjectionNothingIsCounted() {
        var health = health(false, 1);

        for (int i = 0; i < 10; i++) {
            health.failed(0, i);
        }

        assertThat(health.ejected(0)).isFalse();
        assertThat(health.readmissionDue(Long.MAX_VALUE)).isFalse();
        assertThat(changes).isEmpty();
    }

    @Test
    void aLimitBelowOneCountsAsOne() {
        var health = health(true, 0);

        health.failed(0, 0);

        assertThat(health.ejected(0)).isTrue();
    }

    /// The clock of the virtual machine may be negative, and may wrap around.
    @ParameterizedTest
    @ValueSource(longs = {0, -5, -RETRY, -RETRY - 1, Long.MIN_VALUE, Long.MAX_VALUE - 10, Long.MAX_VALUE - RETRY - 1, 12345})
    void aServerReturnsWhenItsTimeIsUp(long now) {
        var health = health(true, 1);

        health.failed(0, now);

        assertThat(health.readmissionDue(now)).isFalse();
        assertThat(health.readmissionDue(now + RETRY - 1)).isFalse();
        health.readmit(now + RETRY - 1);
        assertThat(health.ejected(0)).isTrue();
        assertThat(health.readmissionDue(now + RETRY)).isTrue();
        health.readmit(now + RETRY);
        assertThat(health.ejected(0)).isFalse();
        assertThat(health.readmissionDue(now + RETRY)).isFalse();
        assertThat(changes).containsExactly(BitSet.valueOf(new long[] {1}), new BitSet());
    }

    @Test
    void serversReturnOneByOne() {
        var health = health(true, 1);
        health.failed(0, 100);
        health.failed(2, 50);

        health.readmit(50 + RETRY);
        assertThat(health.ejected(2)).isFalse();
        assertThat(health.ejected(0)).isTrue();
        assertThat(health.readmissionDue(99 + RETRY)).isFalse();
        assertThat(health.readmissionDue(100 + RETRY)).isTrue();
    }

    @Test
    void allServersWhoseTimeIsUpReturnTogether() {
        var health = health(true, 1);
        health.failed(0, 100);
        health.failed(2, 50);
        changes.clear();

        health.readmit(200 + RETRY);

        assertThat(changes).containsExactly(new BitSet());
    }

    @Test
    void aServerThatFailsAgainWhileEjectedStaysOutLonger() {
        var health = health(true, 1);
        health.failed(0, 0);
        health.failed(0, 1000);

        assertThat(health.readmissionDue(RETRY)).isFalse();
        assertThat(health.readmissionDue(1000 + RETRY)).isTrue();
        assertThat(health.ejections(0)).isEqualTo(2);
    }

    @Test
    void aServerThatHasReturnedStartsFromZero() {
        var health = health(true, 2);
        health.failed(0, 0);
        health.failed(0, 0);
        health.readmit(RETRY);

        health.failed(0, RETRY);

        assertThat(health.ejected(0)).isFalse();
    }

    @Test
    void whatIsToldDoesNotChangeLater() {
        var health = health(true, 1);
        health.failed(0, 0);
        health.failed(1, 0);

        assertThat(changes).containsExactly(BitSet.valueOf(new long[] {0b01}), BitSet.valueOf(new long[] {0b11}));
    }

    private Health health(boolean eject, int limit) {
        return new Health(3, new HealthSettings(eject, limit, RETRY), changes::add);
    }
}
