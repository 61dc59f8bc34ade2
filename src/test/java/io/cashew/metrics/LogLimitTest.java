package io.cashew.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogLimitTest {
    private final LogLimit<String> limit = new LogLimit<>(10);

    @Test
    void theFirstLineIsWritten() {
        assertThat(limit.admit("a", -3)).hasValue(0);
    }

    @Test
    void withinThePeriodTheSameIsNotWrittenAgainAndIsCounted() {
        limit.admit("a", 0);

        assertThat(limit.admit("a", 1)).isEmpty();
        assertThat(limit.admit("a", 9)).isEmpty();
        assertThat(limit.admit("a", 10)).hasValue(2);
        assertThat(limit.admit("a", 11)).isEmpty();
        assertThat(limit.admit("a", 100)).hasValue(1);
    }

    @Test
    void subjectsDoNotSilenceEachOther() {
        limit.admit("a", 0);

        assertThat(limit.admit("b", 1)).hasValue(0);
    }
}
