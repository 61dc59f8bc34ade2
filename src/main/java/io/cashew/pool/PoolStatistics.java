package io.cashew.pool;

import io.cashew.config.Version;
import io.cashew.metrics.PoolCounters;
import io.cashew.metrics.ServerCounters;
import io.cashew.server.Server;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/// What `stats` tells the clients of a memcached pool. Names that memcached has mean here what they mean there.
final class PoolStatistics {
    private PoolStatistics() {}

    static Map<String, String> of(Pool pool) {
        PoolCounters counters = pool.counters();
        BackSide now = pool.back();
        Map<String, String> statistics = new LinkedHashMap<>();
        put(statistics, "pid", ProcessHandle.current().pid());
        put(statistics, "uptime", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
        put(statistics, "time", System.currentTimeMillis() / 1000);
        statistics.put("version", "cashew-" + Version.current());
        put(statistics, "max_connections", now.config().clientConnections());
        put(statistics, "curr_connections", pool.clients());
        put(statistics, "total_connections", counters.clientsAccepted);
        put(statistics, "threads", pool.workers());
        put(statistics, "item_size_max", now.config().itemSizeMax());
        put(statistics, "requests", counters.requests);
        put(statistics, "answered_locally", counters.answeredLocally);
        put(statistics, "fragments", counters.fragments);
        put(statistics, "forward_error", counters.forwardErrors);
        put(statistics, "client_eof", counters.clientEof);
        put(statistics, "client_err", counters.clientErrors);
        put(statistics, "servers", now.servers().size());
        put(statistics, "servers_ejected", now.servers().stream().filter(now::ejected).count());
        return statistics;
    }

    /// A block of lines per server, in the pool's order: `STAT name:requests 42`. The prefix is the server's ring name, which
    /// has no blanks.
    static Map<String, String> ofServers(Pool pool) {
        Map<String, String> statistics = new LinkedHashMap<>();
        BackSide now = pool.back();
        for (Server server : now.servers()) {
            ServerCounters counters = now.counters(server);
            String prefix = server.name() + ":";
            statistics.put(prefix + "address", server.endpoint().toString());
            put(statistics, prefix + "ejected", now.ejected(server) ? 1 : 0);
            put(statistics, prefix + "connections", counters.connections);
            put(statistics, prefix + "pending", now.pending(server));
            put(statistics, prefix + "requests", counters.requests);
            put(statistics, prefix + "request_bytes", counters.requestBytes);
            put(statistics, prefix + "responses", counters.responses);
            put(statistics, prefix + "response_bytes", counters.responseBytes);
            put(statistics, prefix + "server_eof", counters.eof);
            put(statistics, prefix + "server_err", counters.errors);
            put(statistics, prefix + "server_timedout", counters.timeouts);
        }
        return statistics;
    }

    private static void put(Map<String, String> statistics, String name, long number) {
        statistics.put(name, Long.toString(number));
    }
}
