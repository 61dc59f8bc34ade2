package io.cashew.admin;

import io.cashew.pool.Events;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What happened lately.
@Schema(name = "Events")
record EventsView(@Schema(description = "Oldest first, at most 1024.") List<EventView> events) {
    static EventsView of(List<Events.Event> events) {
        return new EventsView(events.stream().map(EventView::of).toList());
    }
}
