package io.cashew.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PreemptionTest {
    private long now = TimeUnit.DAYS.toNanos(1);
    private long runnable;
    private boolean allowed = true;
    private boolean givesWay;
    private final Preemption preemption = new Preemption(() -> runnable, () -> givesWay = allowed, () -> {
        givesWay = false;
        return true;
    });

    PreemptionTest() {
        preemption.look(now);
    }

    @Test
    void aLoopThatIsRunnableMoreThanHalfOfTheTimeGivesWay() {
        pass(50, 26);

        assertThat(givesWay).isTrue();
    }

    @Test
    void aLoopThatMostlySleepsDoesNot() {
        pass(50, 25);

        assertThat(givesWay).isFalse();
    }

    @Test
    void itIsNotJudgedByLessThanFiftyMilliseconds() {
        pass(49, 49);

        assertThat(givesWay).isFalse();
    }

    @Test
    void afterASecondItTakesItsTurnsAgainToSeeHowBusyItIs() {
        pass(50, 50);
        pass(999, 999);
        assertThat(givesWay).isTrue();

        pass(1, 1);
        assertThat(givesWay).isFalse();

        pass(50, 50);
        assertThat(givesWay).isTrue();
    }

    @Test
    void waitingForOthersWhileItGivesWayIsNoReasonToGoOn() {
        pass(50, 50);
        pass(1_000, 1_000);
        pass(50, 10);

        assertThat(givesWay).isFalse();
    }

    @Test
    void aTimeWithoutRequestsCountsAsSleep() {
        pass(50, 10);
        pass(10_000, 50);

        assertThat(givesWay).isFalse();
    }

    @Test
    void whereItIsNotAllowedItIsTriedAgain() {
        allowed = false;
        pass(50, 50);
        assertThat(givesWay).isFalse();

        allowed = true;
        pass(50, 50);
        assertThat(givesWay).isTrue();
    }

    private void pass(long millis, long runnableMillis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        runnable += TimeUnit.MILLISECONDS.toNanos(runnableMillis);
        preemption.look(now);
    }
}
