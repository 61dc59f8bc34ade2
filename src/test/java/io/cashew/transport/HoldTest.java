package io.cashew.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HoldTest {
    private final Hold hold = new Hold();

    @Test
    void aSingleRequestDoesNotWait() {
        arrive(1);

        assertThat(hold.holds()).isFalse();
    }

    @Test
    void severalWaitOnceIfNothingMoreComes() {
        arrive(2);

        assertThat(hold.holds()).isTrue();
        assertThat(hold.holds()).isFalse();
    }

    @Test
    void whileRequestsKeepComingTheFirstWaitForFourIterationsAtMost() {
        for (int iteration = 0; iteration < 4; iteration++) {
            arrive(iteration == 0 ? 2 : 1);
            assertThat(hold.holds()).isTrue();
        }
        arrive(100);

        assertThat(hold.holds()).isFalse();
    }

    @Test
    void afterThoseHaveLeftItBeginsAnew() {
        arrive(2);
        hold.holds();
        hold.holds();
        arrive(1);

        assertThat(hold.holds()).isFalse();
    }

    private void arrive(int requests) {
        for (int i = 0; i < requests; i++) {
            hold.request();
        }
    }
}
