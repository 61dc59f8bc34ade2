package io.cashew.pool;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What has happened to pools, their servers and their configuration: the last of it, and all that follows for those who want to
/// be told.
///
/// There is one for the process, as there is one log. Thread-safe. Subscribers are called by the thread that reports, which
/// may be an event loop: they must not wait.
public final class Events {
    public static final Events OF_PROCESS = new Events(1024, System.currentTimeMillis() * 1000);

    /// What happened.
    public enum Kind {
        POOL_SERVING,
        POOL_DRAINING,
        POOL_STOPPED,
        SERVER_FAILED,
        SERVER_EJECTED,
        SERVER_RETURNED,
        SERVER_OVERRUN,
        SERVER_MOVED,
        SERVER_UNRESOLVED,
        PROBE_FAILED,
        SERVER_WITHDRAWN,
        SERVER_RESTORED,
        CONFIGURATION_APPLIED,
        CONFIGURATION_REFUSED,
        CLIENT_SENT_AWAY,
        REQUEST_REFUSED,
        /// Of what happened before there is nothing left to tell.
        EVENTS_FORGOTTEN;

        /// As it is written.
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// One thing that happened.
    ///
    /// @param id     larger than those before it, also than those of an earlier process
    /// @param pool   null if it is about all of them
    /// @param server null if it is about the whole pool
    /// @param text   the same in words, as in the log
    public record Event(long id, Instant at, Kind kind, String pool, String server, String text) {}

    /// Ends a subscription.
    public interface Subscription {
        void cancel();
    }

    private final int capacity;
    private final ArrayDeque<Event> recent = new ArrayDeque<>();
    /// One may leave while it is being told.
    private final List<Consumer<Event>> subscribers = new CopyOnWriteArrayList<>();
    private long lastId;
    /// The newest event that is no longer remembered. What happened in an earlier process never was.
    private long forgottenId;

    /// Remembers `capacity` events; the first one's id follows `lastId`.
    Events(int capacity, long lastId) {
        this.capacity = capacity;
        this.lastId = lastId;
        this.forgottenId = lastId;
    }

    /// `server` may be null.
    public synchronized void report(Kind kind, String pool, String server, String text) {
        Event event = new Event(++lastId, Instant.now(), kind, pool, server, text);
        if (recent.size() == capacity) {
            forgottenId = recent.removeFirst().id();
        }
        recent.addLast(event);
        subscribers.forEach(subscriber -> subscriber.accept(event));
    }

    /// What is remembered of what happened after the event `id`, oldest first; everything for 0. It begins with
    /// [Kind#EVENTS_FORGOTTEN] if that is not all that happened since.
    public synchronized List<Event> after(long id) {
        Stream<Event> gap = 0 < id && id < forgottenId ? Stream.of(gap(id)) : Stream.empty();
        return Stream.concat(gap, recent.stream().filter(event -> event.id() > id)).toList();
    }

    private Event gap(long id) {
        String text = "what happened after event " + id + " and up to event " + forgottenId
                + " is no longer remembered; the log has it, and what is so now is at /pools";
        return new Event(forgottenId, Instant.now(), Kind.EVENTS_FORGOTTEN, null, null, text);
    }

    /// Gives `subscriber` what is remembered of what happened after the event `id`, and each event from now on.
    public synchronized Subscription subscribe(long id, Consumer<Event> subscriber) {
        after(id).forEach(subscriber);
        subscribers.add(subscriber);
        return () -> forget(subscriber);
    }

    /// The newest id there is.
    public synchronized long lastId() {
        return lastId;
    }

    private synchronized void forget(Consumer<Event> subscriber) {
        subscribers.remove(subscriber);
    }
}
