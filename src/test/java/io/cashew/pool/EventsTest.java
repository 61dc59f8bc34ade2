package io.cashew.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.pool.Events.Event;
import io.cashew.pool.Events.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventsTest {
    private final Events events = new Events(3, 100);

    private void report(int count) {
        IntStream.range(0, count).forEach(i -> events.report(Kind.SERVER_EJECTED, "alpha", "a", "text"));
    }

    @Test
    void theLastOnesAreRemembered() {
        report(5);

        assertThat(events.after(0)).extracting(Event::id).containsExactly(103L, 104L, 105L);
        assertThat(events.after(102)).extracting(Event::id).containsExactly(103L, 104L, 105L);
        assertThat(events.after(104)).extracting(Event::id).containsExactly(105L);
        assertThat(events.after(105)).isEmpty();
        assertThat(events.lastId()).isEqualTo(105);
    }

    @Test
    void whoComesBackMissesNothingAndSeesNothingTwice() {
        report(2);
        List<Long> seen = new ArrayList<>();

        events.subscribe(101, event -> seen.add(event.id()));
        report(2);

        assertThat(seen).containsExactly(102L, 103L, 104L);
    }

    @Test
    void whoWasAwayForTooLongIsToldSo() {
        report(5);
        List<Event> seen = new ArrayList<>();

        events.subscribe(101, seen::add);

        assertThat(seen).extracting(Event::kind)
                .containsExactly(Kind.EVENTS_FORGOTTEN, Kind.SERVER_EJECTED, Kind.SERVER_EJECTED, Kind.SERVER_EJECTED);
        assertThat(seen).extracting(Event::id).as("coming back once more, there is no gap").containsExactly(102L, 103L, 104L, 105L);
    }

    @Test
    void whatAnEarlierProcessSawIsForgotten() {
        assertThat(events.after(99)).extracting(Event::kind).containsExactly(Kind.EVENTS_FORGOTTEN);
        assertThat(events.after(100)).isEmpty();
    }

    @Test
    void whoHasLeftIsNotTold() {
        List<Event> seen = new ArrayList<>();
        var subscription = events.subscribe(0, seen::add);
        report(1);

        subscription.cancel();
        report(1);

        assertThat(seen).hasSize(1);
    }

    @Test
    void oneMayLeaveWhileItIsBeingTold() {
        List<Event> first = new ArrayList<>();
        List<Event> second = new ArrayList<>();
        var leaving = new Events.Subscription[1];
        leaving[0] = events.subscribe(0, event -> {
            first.add(event);
            leaving[0].cancel();
        });
        events.subscribe(0, second::add);

        report(2);

        assertThat(first).hasSize(1);
        assertThat(second).hasSize(2);
    }

    @Test
    void kindsAreWrittenInLowerCase() {
        assertThat(Kind.SERVER_EJECTED.label()).isEqualTo("server-ejected");
    }
}
