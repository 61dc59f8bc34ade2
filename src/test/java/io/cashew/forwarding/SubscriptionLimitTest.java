package io.cashew.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubscriptionLimitTest {
    @Test
    void whatIsTooMuchTakesNothing() {
        var limit = new SubscriptionLimit(3, 5);

        assertThat(limit.take(0, 4)).isFalse();
        assertThat(limit.take(0, 3)).isTrue();
        assertThat(limit.take(3, 1)).isFalse();
        assertThat(limit.take(3, 0)).isTrue();
        assertThat(limit.take(0, 3)).isFalse();
        assertThat(limit.take(0, 2)).isTrue();
        assertThat(limit.take(0, 1)).isFalse();
        limit.giveBack(2);
        assertThat(limit.take(1, 2)).isTrue();
        assertThat(limit.take(0, Integer.MAX_VALUE)).isFalse();
    }
}
