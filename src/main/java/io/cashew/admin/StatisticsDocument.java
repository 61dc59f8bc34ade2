package io.cashew.admin;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.cashew.config.Version;
import io.cashew.metrics.LatencyHistogram;
import io.cashew.metrics.PoolCounters;
import io.cashew.metrics.ServerCounters;
import io.cashew.pool.BackSide;
import io.cashew.pool.Pool;
import io.cashew.server.Queued;
import io.cashew.server.Server;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// twemproxy's statistics (`nc_stats.c`), byte for byte as it writes them, so that whatever collects them needs no change.
///
/// ```
///   {"service":"nutcracker", …, "POOL": {"client_eof":1, …, "SERVER": {"server_eof":0, …},"SERVER": {…}},"POOL": {…}}
/// ```
///
/// Collectors take each object in a pool for a server, and each object beside `service` for a pool. So what twemproxy does not
/// have is a number with a name that begins with `cashew_`, behind its fields: no server is called that.
final class StatisticsDocument {
    /// Whose format this is.
    private static final String FORMAT = "0.5.0";

    private final StringBuilder text = new StringBuilder();

    private StatisticsDocument() {}

    /// The figures of `pools` now, on a line of their own.
    ///
    /// @param source  the machine's name
    /// @param started when the process started, in milliseconds since the epoch
    /// @param now     likewise
    static String of(List<Pool> pools, String source, long started, long now) {
        StatisticsDocument document = new StatisticsDocument();
        document.process(pools, source, started, now);
        return document.text.append("}\n").toString();
    }

    private void process(List<Pool> pools, String source, long started, long now) {
        text.append('{');
        field("service", "nutcracker");
        field("source", source);
        field("version", FORMAT);
        field("uptime", TimeUnit.MILLISECONDS.toSeconds(now - started));
        field("timestamp", TimeUnit.MILLISECONDS.toSeconds(now));
        // A listener of each pool is among twemproxy's connections.
        long ever = pools.size();
        long open = pools.size();
        for (Pool pool : pools) {
            ever += pool.counters().clientsAccepted;
            open += pool.clients();
            BackSide back = pool.back();
            for (Server server : back.servers()) {
                ServerCounters counters = back.counters(server);
                ever += counters.connects;
                open += counters.connections;
            }
        }
        field("total_connections", ever);
        field("curr_connections", open);
        field("cashew_version", Version.current());
        String separator = "";
        for (Pool pool : pools) {
            text.append(separator);
            pool(pool);
            separator = ",";
        }
        if (pools.isEmpty()) {
            endOfFields();
        }
    }

    private void pool(Pool pool) {
        PoolCounters counters = pool.counters();
        BackSide back = pool.back();
        begin(pool.name());
        field("client_eof", counters.clientEof);
        field("client_err", counters.clientErrors);
        field("client_connections", pool.clients());
        field("server_ejects", back.servers().stream().mapToLong(server -> back.healthCounters(server).ejections).sum());
        field("forward_error", counters.forwardErrors);
        field("fragments", counters.fragments);
        field("cashew_serving", pool.state() == Pool.State.SERVING ? 1 : 0);
        field("cashew_clients_accepted", counters.clientsAccepted);
        field("cashew_requests", counters.requests);
        field("cashew_answered_locally", counters.answeredLocally);
        String separator = "";
        for (Server server : back.servers()) {
            text.append(separator);
            server(back, server);
            separator = ",";
        }
        text.append('}');
    }

    private void server(BackSide back, Server server) {
        ServerCounters counters = back.counters(server);
        Queued queued = back.queued(server);
        LatencyHistogram latency = back.latency(server);
        begin(server.name());
        field("server_eof", counters.eof);
        field("server_err", counters.errors);
        field("server_timedout", counters.timeouts);
        field("server_connections", counters.connections);
        field("server_ejected_at", back.ejectedAtMicros(server));
        field("requests", counters.requests);
        field("request_bytes", counters.requestBytes);
        field("responses", counters.responses);
        field("response_bytes", counters.responseBytes);
        field("in_queue", queued.unsent());
        field("in_queue_bytes", queued.unsentBytes());
        field("out_queue", queued.sent());
        field("out_queue_bytes", queued.sentBytes());
        field("cashew_live", back.ejected(server) ? 0 : 1);
        field("cashew_ejections", back.healthCounters(server).ejections);
        field("cashew_p50_micros", TimeUnit.NANOSECONDS.toMicros(latency.quantile(0.5)));
        field("cashew_p99_micros", TimeUnit.NANOSECONDS.toMicros(latency.quantile(0.99)));
        endOfFields();
        text.append('}');
    }

    private void begin(String name) {
        quoted(name);
        text.append(": {");
    }

    private void field(String name, String value) {
        quoted(name);
        text.append(':');
        quoted(value);
        text.append(", ");
    }

    private void field(String name, long value) {
        quoted(name);
        text.append(':').append(value).append(", ");
    }

    private void endOfFields() {
        text.setLength(text.length() - ", ".length());
    }

    private void quoted(String name) {
        text.append('"').append(JsonStringEncoder.getInstance().quoteAsString(name)).append('"');
    }
}
