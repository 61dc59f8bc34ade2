package io.cashew.admin;

import io.cashew.pool.Pool;
import java.util.function.ToDoubleFunction;

/// What is published about a pool, a row each, with the label `pool`.
enum PoolMeter {
    SERVING("cashew.pool.serving", Kind.GAUGE, "1 while the pool takes clients, else 0", "",
            pool -> pool.state() == Pool.State.SERVING ? 1 : 0),
    CLIENT_CONNECTIONS("cashew.pool.client.connections", Kind.GAUGE, "Clients connected now", "client_connections",
            Pool::clients),
    CLIENTS_ACCEPTED("cashew.pool.clients.accepted", Kind.COUNTER, "Clients ever accepted", "",
            pool -> pool.counters().clientsAccepted),
    CLIENT_EOF("cashew.pool.client.eof", Kind.COUNTER, "Client connections ended by the client", "client_eof",
            pool -> pool.counters().clientEof),
    CLIENT_ERRORS("cashew.pool.client.errors", Kind.COUNTER, "Client connections ended any other way", "client_err",
            pool -> pool.counters().clientErrors),
    REQUESTS("cashew.pool.requests", Kind.COUNTER, "Requests received", "",
            pool -> pool.counters().requests),
    ANSWERED_LOCALLY("cashew.pool.requests.answered.locally", Kind.COUNTER,
            "Requests answered without asking a server", "",
            pool -> pool.counters().answeredLocally),
    FORWARD_ERRORS("cashew.pool.forward.errors", Kind.COUNTER,
            "Requests that could not be served and got an error from Cashew", "forward_error",
            pool -> pool.counters().forwardErrors),
    FRAGMENTS("cashew.pool.fragments", Kind.COUNTER, "Parts sent for requests that were split by server", "fragments",
            pool -> pool.counters().fragments),
    SUBSCRIBERS("cashew.pool.subscribers", Kind.GAUGE, "Clients that have subscribed to channels or patterns", "",
            pool -> pool.counters().subscribers),
    SUBSCRIPTIONS("cashew.pool.subscriptions", Kind.GAUGE,
            "Channels and patterns that clients have subscribed to, counted once for each client", "",
            pool -> pool.counters().subscriptions),
    CHANNELS("cashew.pool.channels", Kind.GAUGE,
            "Channels and patterns that servers have been subscribed to, counted once for each event loop", "",
            pool -> pool.counters().channels),
    MESSAGES("cashew.pool.messages", Kind.COUNTER, "Messages given to subscribers, counted once for each of them", "",
            pool -> pool.counters().messages),
    SUBSCRIPTIONS_LOST("cashew.pool.subscriptions.lost", Kind.COUNTER,
            "Server connections lost that had subscriptions, which are then made again", "",
            pool -> pool.counters().subscriptionsLost),
    SLOW_REQUESTS("cashew.request.slow", Kind.COUNTER,
            "Requests whose answers took as long as `slow_log_threshold`, or longer", "",
            pool -> pool.counters().slowRequests),
    ACCESS_LINES_DROPPED("cashew.pool.access.log.dropped", Kind.COUNTER,
            "Lines of the access log that were not written, because too many came", "",
            pool -> pool.counters().accessLinesDropped);

    private final String meter;
    private final Kind kind;
    private final String meaning;
    private final String twemproxy;
    private final ToDoubleFunction<Pool> reading;

    PoolMeter(String meter, Kind kind, String meaning, String twemproxy, ToDoubleFunction<Pool> reading) {
        this.meter = meter;
        this.kind = kind;
        this.meaning = meaning;
        this.twemproxy = twemproxy;
        this.reading = reading;
    }

    /// The meter's name as Micrometer writes names.
    String meter() {
        return meter;
    }

    Kind kind() {
        return kind;
    }

    /// In words, without a full stop.
    String meaning() {
        return meaning;
    }

    /// What twemproxy's statistics call it; empty if they have no such figure.
    String twemproxy() {
        return twemproxy;
    }

    double read(Pool pool) {
        return reading.applyAsDouble(pool);
    }
}
