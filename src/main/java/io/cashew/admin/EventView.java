package io.cashew.admin;

import io.cashew.pool.Events;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// One thing that happened to a pool or server.
@Schema(name = "Event")
record EventView(
        @Schema(description = "Larger than those of all events before it, also of those before a restart.") long id,
        @Schema(implementation = String.class, format = "date-time") Instant at,
        @Schema(
                        description = """
                                `pool-serving`, `pool-draining`, `pool-stopped`, `server-failed`, `server-ejected`, `server-returned`, \
                                `server-overrun`, `server-moved`, `server-unresolved`, `probe-failed`; `server-withdrawn` and \
                                `server-restored` by an operator; `configuration-applied`, `configuration-refused`; \
                                `client-sent-away` and `request-refused`, for each cause once a minute; `events-forgotten` in place \
                                of those that are no longer remembered; others may follow.""")
                String kind,
        @Schema(description = "Null if it is about all pools.", nullable = true) String pool,
        @Schema(description = "Null if it is about the whole pool.", nullable = true) String server,
        @Schema(description = "The same in words, as in the log.") String text) {

    static EventView of(Events.Event event) {
        return new EventView(event.id(), event.at(), event.kind().label(), event.pool(), event.server(), event.text());
    }
}
