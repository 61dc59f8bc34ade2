package io.cashew.admin;

import io.cashew.pool.Events;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.BackPressureFailure;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/// What happens to pools and servers, as it happens.
@Path("/events")
@Singleton
@Tag(name = "Events")
public class EventsResource {
    static final int MAX_STREAMS = 64;

    /// Proxies in between end what is silent for a minute, and only who writes notices that a reader is gone.
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /// A reader that is this far behind is hung up on; it comes back with the last id it has seen.
    private static final int MAX_UNREAD = 2048;

    private static final String NOT_AN_ID = "An id is the number of an event; leave it out to begin now.";

    private final Events events = Events.OF_PROCESS;
    private final AtomicInteger streams = new AtomicInteger();

    @GET
    @Path("recent")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "recentEvents",
            summary = "What happened lately",
            description = """
                    What is remembered of what happened to pools and servers, up to 1024 events. If that is not all that happened since \
                    `after`, it begins with `events-forgotten`.""")
    @APIResponse(
            responseCode = "200",
            description = "The events.",
            content =
                    @Content(
                            schema = @Schema(implementation = EventsView.class),
                            examples = @ExampleObject(name = "events", value = Examples.EVENTS)))
    @APIResponse(
            responseCode = "400",
            description = "`after` is not the id of an event.",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class),
                            examples = @ExampleObject(name = "not-an-event", value = Examples.NOT_AN_EVENT)))
    public EventsView recent(
            @Parameter(
                            description = "Only what happened after the event with this id.",
                            schema = @Schema(implementation = Long.class),
                            example = "1772366400000003")
                    @RestQuery
                    String after) {
        return EventsView.of(events.after(after == null ? 0 : id(after)));
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "events",
            summary = "What happens, as it happens",
            description = """
                    A stream of server-sent events: each has the id, the kind as its name, and the same JSON as in \
                    `/events/recent` as its data. It begins with what happens next, or behind the event that `Last-Event-ID` \
                    names, as browsers do when they come back; if not everything since is remembered, with `events-forgotten`. Every 15 \
                    seconds without an event there is a comment. A reader that is far behind is hung up on.""")
    @APIResponse(
            responseCode = "200",
            description = "The stream; it ends with the connection.",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(name = "stream", value = Examples.EVENT_STREAM)))
    @APIResponse(
            responseCode = "400",
            description = "`Last-Event-ID` is not the id of an event.",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class),
                            examples = @ExampleObject(name = "not-an-event", value = Examples.NOT_AN_EVENT)))
    @APIResponse(
            responseCode = "503",
            description = "There are 64 streams already.",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class),
                            examples = @ExampleObject(name = "too-many-streams", value = Examples.TOO_MANY_STREAMS)))
    public Multi<OutboundSseEvent> stream(
            @Parameter(description = "Begin behind the event with this id.", example = "1772366400000003")
                    @HeaderParam("Last-Event-ID")
                    String lastEventId,
            @Context Sse sse) {
        long id = lastEventId == null || lastEventId.isEmpty() ? events.lastId() : id(lastEventId);
        if (streams.incrementAndGet() > MAX_STREAMS) {
            streams.decrementAndGet();
            throw new ProblemException(
                    ProblemKind.TOO_MANY_STREAMS,
                    "There are %d streams of events already; close one, or ask /events/recent now and then.".formatted(MAX_STREAMS));
        }
        return Multi.createFrom()
                .<OutboundSseEvent>emitter(reader -> follow(id, sse, reader), BackPressureStrategy.IGNORE)
                .onOverflow()
                .buffer(MAX_UNREAD)
                // Who reports may be an event loop, which has better things to do
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .onFailure(BackPressureFailure.class)
                .recoverWithCompletion()
                .onTermination()
                .invoke(streams::decrementAndGet);
    }

    /// Heartbeats and events take one way, so that nothing is written behind the end of a stream.
    private void follow(long id, Sse sse, MultiEmitter<? super OutboundSseEvent> reader) {
        OutboundSseEvent heartbeat = sse.newEventBuilder().comment("still here").build();
        reader.emit(heartbeat);
        Cancellable heartbeats = Multi.createFrom()
                .ticks()
                .startingAfter(HEARTBEAT)
                .every(HEARTBEAT)
                .onOverflow()
                .drop()
                .subscribe()
                .with(_ -> reader.emit(heartbeat));
        Events.Subscription subscription = events.subscribe(id, event -> reader.emit(said(event, sse)));
        reader.onTermination(() -> {
            subscription.cancel();
            heartbeats.cancel();
        });
    }

    private static OutboundSseEvent said(Events.Event event, Sse sse) {
        return sse.newEventBuilder()
                .id(Long.toString(event.id()))
                .name(event.kind().label())
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(EventView.of(event))
                .build();
    }

    private static long id(String text) {
        try {
            return Long.parseUnsignedLong(text.strip());
        } catch (NumberFormatException notANumber) {
            throw new ProblemException(ProblemKind.NOT_AN_EVENT, NOT_AN_ID);
        }
    }
}
