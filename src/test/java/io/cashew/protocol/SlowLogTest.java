package io.cashew.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowLogTest {
    private final SlowLog log = new SlowLog(1_000_000, 3);

    private void add(String word) {
        log.add(Instant.EPOCH, 1000, List.of(word), new Client(1, null, null), "", "a", null);
    }

    @Test
    void theNewestAreKept() {
        for (String word : List.of("a", "b", "c", "d", "e")) {
            add(word);
        }

        assertThat(log.size()).isEqualTo(3);
        assertThat(log.newest(2)).extracting(SlowRequest::words).containsExactly(List.of("e"), List.of("d"));
        assertThat(log.newest(0)).isEmpty();
        assertThat(log.newest(Integer.MAX_VALUE)).extracting(SlowRequest::id).containsExactly(4L, 3L, 2L);
    }

    @Test
    void numbersGoOnAfterAReset() {
        add("a");
        log.reset();
        assertThat(log.size()).isZero();

        add("b");

        assertThat(log.newest(1)).extracting(SlowRequest::id).containsExactly(1L);
    }

    @Test
    void whatIsKeptStaysAsFarAsItFits() {
        for (String word : List.of("a", "b", "c")) {
            add(word);
        }

        log.use(5_000_000, 2);

        assertThat(log.thresholdNanos()).isEqualTo(5_000_000);
        assertThat(log.newest(9)).extracting(SlowRequest::id).containsExactly(2L, 1L);
        add("d");
        assertThat(log.newest(9)).extracting(SlowRequest::id).containsExactly(3L, 2L);
    }
}
