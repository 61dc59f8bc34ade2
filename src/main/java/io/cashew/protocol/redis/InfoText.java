package io.cashew.protocol.redis;

import io.cashew.protocol.Inquiries;
import io.cashew.protocol.Inquiries.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/// The answer to `INFO` while it is written, section by section.
final class InfoText {
    private static final String DATABASE = "db";
    private static final String RUN_ID = runId();

    private static final Map<String, Fold> OF_SERVER = fields(Fold.SHARED, "os", "arch_bits", "multiplexing_api");
    private static final Map<String, Fold> OF_MEMORY = fields(
            Fold.SUM,
            "used_memory_overhead",
            "used_memory_startup",
            "used_memory_dataset",
            "used_memory_lua",
            "used_memory_scripts",
            "number_of_cached_scripts",
            "allocator_allocated",
            "allocator_active",
            "allocator_resident",
            "mem_fragmentation_bytes",
            "mem_not_counted_for_evict",
            "mem_clients_normal",
            "mem_clients_slaves",
            "mem_replication_backlog",
            "mem_aof_buffer",
            "lazyfree_pending_objects",
            "lazyfreed_objects");
    private static final Map<String, Fold> OF_PERSISTENCE = persistence();
    private static final Map<String, Fold> OF_STATS = fields(
            Fold.SUM,
            "total_commands_processed",
            "instantaneous_ops_per_sec",
            "total_net_input_bytes",
            "total_net_output_bytes",
            "instantaneous_input_kbps",
            "instantaneous_output_kbps",
            "sync_full",
            "sync_partial_ok",
            "sync_partial_err",
            "expired_keys",
            "expired_time_cap_reached_count",
            "evicted_keys",
            "evicted_clients",
            "keyspace_hits",
            "keyspace_misses",
            "pubsub_channels",
            "pubsub_patterns",
            "pubsubshard_channels",
            "total_forks",
            "active_defrag_hits",
            "active_defrag_misses",
            "unexpected_error_replies",
            "total_error_replies",
            "total_reads_processed",
            "total_writes_processed");

    static {
        // Every server is asked for every pattern.
        OF_STATS.put("pubsub_patterns", Fold.MOST);
    }

    private static final Map<String, Fold> OF_CPU =
            fields(Fold.SUM, "used_cpu_sys", "used_cpu_user", "used_cpu_sys_children", "used_cpu_user_children");

    private final StringBuilder lines = new StringBuilder();
    private final List<ServerInfo> all;
    /// Those that have answered.
    private final List<ServerInfo> servers;
    private final Figures figures;
    private final int blocked;
    private final int port;
    private final String version;

    /// About `all` servers, where `blocked` clients wait, for one that has come through `port`; `version` is Cashew's.
    InfoText(List<ServerInfo> all, Figures figures, int blocked, int port, String version) {
        this.all = all;
        this.servers = all.stream().filter(ServerInfo::answered).toList();
        this.figures = figures;
        this.blocked = blocked;
        this.port = port;
        this.version = version;
    }

    void section(InfoSection section) {
        lines.append(lines.isEmpty() ? "" : "\r\n").append("# ").append(section.title()).append("\r\n");
        switch (section) {
            case SERVER -> server();
            case CLIENTS -> clients();
            case MEMORY -> memory();
            case PERSISTENCE -> fold(OF_PERSISTENCE);
            case STATS -> stats();
            case REPLICATION -> replication();
            case CPU -> fold(OF_CPU);
            // A module's commands are not in the table.
            case MODULES -> {}
            case COMMANDSTATS -> commands();
            case ERRORSTATS -> errors();
            case CLUSTER -> line("cluster_enabled", 0);
            case KEYSPACE -> keyspace();
            case CASHEW -> cashew();
            case CASHEW_SERVERS -> servers();
        }
    }

    private void server() {
        fold("redis_version", Fold.OLDEST);
        line("redis_mode", "standalone");
        line("server_name", "cashew");
        line("cashew_version", version);
        fold(OF_SERVER);
        line("process_id", ProcessHandle.current().pid());
        line("run_id", RUN_ID);
        line("tcp_port", port);
        Instant now = Instant.now();
        line("server_time_usec", now.getEpochSecond() * 1_000_000 + now.getNano() / 1000);
        line("uptime_in_seconds", figures.uptimeSeconds());
        line("uptime_in_days", Duration.ofSeconds(figures.uptimeSeconds()).toDays());
    }

    private void clients() {
        line("connected_clients", figures.clients());
        line("cluster_connections", 0);
        if (figures.mostClients() > 0) {
            line("maxclients", figures.mostClients());
        }
        line("blocked_clients", blocked);
        line("tracking_clients", 0);
    }

    private void memory() {
        for (String field : List.of("used_memory", "used_memory_rss", "used_memory_peak")) {
            fold(field, Fold.SUM);
            human(field, Fold.SUM);
        }
        fold(OF_MEMORY);
        fold("maxmemory", Fold.LIMIT);
        human("maxmemory", Fold.LIMIT);
        fold("maxmemory_policy", Fold.SHARED);
        double used = number("used_memory");
        if (used > 0) {
            line("mem_fragmentation_ratio", String.format(Locale.ROOT, "%.2f", number("used_memory_rss") / used));
        }
        fold("mem_allocator", Fold.SHARED);
    }

    private double number(String field) {
        return ServerInfo.folded(servers, field, Fold.SUM).map(Double::parseDouble).orElse(0.0);
    }

    private void human(String field, Fold fold) {
        ServerInfo.folded(servers, field, fold)
                .ifPresent(bytes -> line(field + "_human", HumanBytes.of(Double.parseDouble(bytes))));
    }

    private void stats() {
        line("total_connections_received", figures.accepted());
        line("rejected_connections", figures.rejected());
        fold(OF_STATS);
        fold("latest_fork_usec", Fold.MOST);
    }

    /// Replicas belong to the servers, and nobody is to look for them here.
    private void replication() {
        line("role", "master");
        line("connected_slaves", 0);
        line("master_failover_state", "no-failover");
        line("master_replid", RUN_ID);
        line("master_repl_offset", 0);
        line("second_repl_offset", -1);
        line("repl_backlog_active", 0);
    }

    private void commands() {
        ServerInfo.sums(servers, "cmdstat_").forEach((command, sums) -> {
            double calls = sums.getOrDefault("calls", 0.0);
            sums.computeIfPresent("usec_per_call", (_, _) -> calls == 0 ? 0 : sums.getOrDefault("usec", 0.0) / calls);
            line(command, joined(sums));
        });
    }

    private void errors() {
        ServerInfo.sums(servers, "errorstat_").forEach((error, sums) -> line(error, joined(sums)));
    }

    /// The average time to live is that of the keys that have one.
    private void keyspace() {
        Map<String, Double> lives = new LinkedHashMap<>();
        for (ServerInfo server : servers) {
            ServerInfo.sums(List.of(server), DATABASE).forEach((database, numbers) -> lives.merge(
                    database, numbers.getOrDefault("avg_ttl", 0.0) * numbers.getOrDefault("expires", 0.0), Double::sum));
        }
        ServerInfo.sums(servers, DATABASE).forEach((database, sums) -> {
            double expires = sums.getOrDefault("expires", 0.0);
            sums.computeIfPresent("avg_ttl", (_, _) -> expires == 0 ? 0 : Math.floor(lives.get(database) / expires));
            line(database, joined(sums));
        });
    }

    private void cashew() {
        line("cashew_pool", figures.pool());
        line("cashew_event_loops", figures.eventLoops());
        line("cashew_requests", figures.requests());
        line("cashew_answered_locally", figures.answeredLocally());
        line("cashew_failed", figures.failed());
        line("cashew_parts", figures.parts());
        line("cashew_servers", all.size());
        line("cashew_servers_absent", all.size() - servers.size());
        if (all.size() > servers.size()) {
            line("cashew_absent", all.stream()
                    .filter(server -> !server.answered())
                    .map(ServerInfo::name)
                    .collect(Collectors.joining(",")));
        }
    }

    private void servers() {
        for (int i = 0; i < all.size(); i++) {
            ServerInfo server = all.get(i);
            String head = "name=" + server.name() + ",address=" + server.address();
            line("cashew_server" + i, server.answered()
                    ? head + ",state=up" + told(server, "redis_version") + told(server, "used_memory")
                            + told(server, "maxmemory") + told(server, "connected_clients")
                            + told(server, "instantaneous_ops_per_sec") + ",keys=" + server.keys()
                    : head + ",state=absent,reason=" + server.absence());
        }
    }

    private static String told(ServerInfo server, String field) {
        String value = server.fields().get(field);
        return value == null ? "" : "," + field + "=" + value;
    }

    private void fold(Map<String, Fold> fields) {
        fields.forEach(this::fold);
    }

    private void fold(String field, Fold fold) {
        ServerInfo.folded(servers, field, fold).ifPresent(value -> line(field, value));
    }

    private void line(String field, Object value) {
        lines.append(field).append(':').append(value).append("\r\n");
    }

    /// What has been written.
    String written() {
        return lines.toString();
    }

    private static String joined(Map<String, Double> numbers) {
        return numbers.entrySet().stream()
                .map(entry -> entry.getKey() + "="
                        + (entry.getKey().equals("usec_per_call")
                                ? String.format(Locale.ROOT, "%.2f", entry.getValue())
                                : Long.toString(entry.getValue().longValue())))
                .collect(Collectors.joining(","));
    }

    private static Map<String, Fold> fields(Fold fold, String... names) {
        Map<String, Fold> fields = new LinkedHashMap<>();
        Arrays.stream(names).forEach(name -> fields.put(name, fold));
        return fields;
    }

    private static Map<String, Fold> persistence() {
        Map<String, Fold> fields = fields(Fold.MOST, "loading", "async_loading");
        fields.put("rdb_changes_since_last_save", Fold.SUM);
        fields.put("rdb_bgsave_in_progress", Fold.MOST);
        fields.put("rdb_last_save_time", Fold.LEAST);
        fields.put("rdb_last_bgsave_status", Fold.ALL_WELL);
        fields.put("rdb_last_bgsave_time_sec", Fold.MOST);
        fields.put("rdb_current_bgsave_time_sec", Fold.MOST);
        fields.put("aof_enabled", Fold.LEAST);
        fields.put("aof_rewrite_in_progress", Fold.MOST);
        fields.put("aof_rewrite_scheduled", Fold.MOST);
        fields.put("aof_last_bgrewrite_status", Fold.ALL_WELL);
        fields.put("aof_last_write_status", Fold.ALL_WELL);
        return fields;
    }

    /// 40 hexadecimal digits that are others after a restart.
    private static String runId() {
        byte[] bytes = new byte[20];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
