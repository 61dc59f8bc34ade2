package io.cashew.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Replies;
import org.junit.jupiter.api.Test;

class HushTest {
    private final Hush hush = new Hush();

    @Test
    void whoSkipsOneReplyHearsTheNextOne() {
        hush.change(Replies.ALL_BUT_NEXT);
        assertThat(hush.silent()).isTrue();
        assertThat(hush.divides()).isFalse();

        hush.onRequest();
        assertThat(hush.silent()).isTrue();
        assertThat(hush.divides()).isTrue();

        hush.onRequest();
        assertThat(hush.silent()).isFalse();
        assertThat(hush.divides()).isFalse();
        assertThat(hush.counts()).isFalse();
    }

    @Test
    void whoHearsNothingSkipsNothing() {
        hush.change(Replies.NONE);
        hush.change(Replies.ALL_BUT_NEXT);

        assertThat(hush.counts()).isFalse();
        assertThat(hush.silent()).isTrue();

        hush.change(Replies.ALL);
        assertThat(hush.silent()).isFalse();
    }
}
