package io.cashew.admin;

import io.cashew.pool.Pool;
import io.cashew.server.Server;
import java.util.function.ToDoubleBiFunction;

/// What is published about a server of a pool, a row each, with the labels `pool` and `server`.
enum ServerMeter {
    LIVE("cashew.server.live", Kind.GAUGE, "1 while the server takes part, 0 while it is ejected", "",
            (pool, server) -> pool.ejected(server) ? 0 : 1),
    WITHDRAWN("cashew.server.withdrawn", Kind.GAUGE, "1 while an operator has taken the server out, drained or ejected", "",
            (pool, server) -> pool.withdrawal(server).isPresent() ? 1 : 0),
    EJECTIONS("cashew.server.ejections", Kind.COUNTER, "How often the server has been ejected",
            "server_ejects, of the pool",
            (pool, server) -> pool.healthCounters(server).ejections),
    READMISSIONS("cashew.server.readmissions", Kind.COUNTER, "How often the server has been let back in", "",
            (pool, server) -> pool.healthCounters(server).readmissions),
    FLAPS("cashew.server.flaps", Kind.COUNTER, "Ejections that followed soon upon a return", "",
            (pool, server) -> pool.healthCounters(server).flaps),
    PROBES("cashew.server.probes", Kind.COUNTER, "Probes sent to the server that have come to an end", "",
            (pool, server) -> pool.healthCounters(server).probes),
    PROBE_FAILURES("cashew.server.probe.failures", Kind.COUNTER, "Probes without a good answer", "",
            (pool, server) -> pool.healthCounters(server).probeFailures),
    ADDRESS_MOVES("cashew.server.address.moves", Kind.COUNTER, "How often the server's name has led to another address", "",
            (pool, server) -> pool.addressCounters(server).moves),
    RESOLVE_FAILURES("cashew.server.resolve.failures", Kind.COUNTER, "Failed attempts to resolve the server's name", "",
            (pool, server) -> pool.addressCounters(server).failures),
    KEY_SHARE("cashew.server.key.share", Kind.GAUGE, "The part of all hash values that leads to the server now, 0 to 1", "",
            (pool, server) -> ServerView.share(pool.back(), server)),
    CONNECTS("cashew.server.connects", Kind.COUNTER, "Attempts to connect to the server", "",
            (pool, server) -> pool.counters(server).connects),
    CONNECTIONS("cashew.server.connections", Kind.GAUGE, "Connections to the server that are open now",
            "server_connections",
            (pool, server) -> pool.counters(server).connections),
    LENT("cashew.server.connections.private", Kind.GAUGE,
            "Those of them that are lent to one client, for a transaction or while it waits for data", "",
            (pool, server) -> pool.counters(server).lent),
    PENDING("cashew.server.requests.pending", Kind.GAUGE, "Requests the server has not answered yet, waiting ones included",
            "in_queue + out_queue",
            Pool::pending),
    UNSENT("cashew.server.requests.unsent", Kind.GAUGE, "Those of them that have not been sent", "in_queue",
            (pool, server) -> pool.queued(server).unsent()),
    UNSENT_BYTES("cashew.server.requests.unsent.bytes", Kind.GAUGE, "Bytes of those", "in_queue_bytes",
            (pool, server) -> pool.queued(server).unsentBytes()),
    IN_FLIGHT("cashew.server.requests.in.flight", Kind.GAUGE, "Requests that have been sent and not been answered", "out_queue",
            (pool, server) -> pool.queued(server).sent()),
    IN_FLIGHT_BYTES("cashew.server.requests.in.flight.bytes", Kind.GAUGE, "Bytes of those", "out_queue_bytes",
            (pool, server) -> pool.queued(server).sentBytes()),
    REQUESTS("cashew.server.requests", Kind.COUNTER, "Requests given to the server, parts of split requests included",
            "requests",
            (pool, server) -> pool.counters(server).requests),
    REQUEST_BYTES("cashew.server.request.bytes", Kind.COUNTER, "Bytes of those requests", "request_bytes",
            (pool, server) -> pool.counters(server).requestBytes),
    RESPONSES("cashew.server.responses", Kind.COUNTER, "Replies to those requests", "responses",
            (pool, server) -> pool.counters(server).responses),
    RESPONSE_BYTES("cashew.server.response.bytes", Kind.COUNTER, "Bytes of those replies", "response_bytes",
            (pool, server) -> pool.counters(server).responseBytes),
    REFUSED_FOR_PENDING("cashew.server.requests.refused.pending", Kind.COUNTER,
            "Requests refused because too many were waiting for the server", "",
            (pool, server) -> pool.counters(server).refusedForPending),
    REFUSED_FOR_UNSENT("cashew.server.requests.refused.unsent", Kind.COUNTER,
            "Requests refused because too many bytes were waiting for the server", "",
            (pool, server) -> pool.counters(server).refusedForUnsent),
    DROPPED("cashew.server.connections.dropped", Kind.COUNTER,
            "Connections to the server ended because memory was short and they made Cashew hold the most", "",
            (pool, server) -> pool.counters(server).droppedForMemory),
    EOF("cashew.server.eof", Kind.COUNTER, "Connections the server ended", "server_eof",
            (pool, server) -> pool.counters(server).eof),
    TIMEOUTS("cashew.server.timeouts", Kind.COUNTER, "Connections closed because a request took too long",
            "server_timedout",
            (pool, server) -> pool.counters(server).timeouts),
    ERRORS("cashew.server.errors", Kind.COUNTER, "Connections that ended, or were not made, for any other reason",
            "server_err",
            (pool, server) -> pool.counters(server).errors);

    private final String meter;
    private final Kind kind;
    private final String meaning;
    private final String twemproxy;
    private final ToDoubleBiFunction<Pool, Server> reading;

    ServerMeter(
            String meter, Kind kind, String meaning, String twemproxy, ToDoubleBiFunction<Pool, Server> reading) {
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

    double read(Pool pool, Server server) {
        return reading.applyAsDouble(pool, server);
    }
}
