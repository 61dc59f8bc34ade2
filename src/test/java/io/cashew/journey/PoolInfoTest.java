package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a pool of three servers says of itself, beside what its servers say.
@Timeout(60)
class PoolInfoTest {
    private RedisServers servers;
    private ProxyUnderTest proxy;
    private RespClient client;

    @BeforeEach
    void start() {
        servers = RedisServers.start(3);
        proxy = ProxyUnderTest.with(servers.yaml("pool"));
        client = proxy.connect("pool");
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        servers.close();
    }

    @Test
    void sectionsAreThoseOfAServerAndTwoMore() {
        var theirs = new TreeSet<>(sections(servers.get(0).call("INFO")));
        theirs.addAll(List.of("Cashew", "Cashew_servers"));

        assertThat(new TreeSet<>(sections(client.call("INFO")))).isEqualTo(theirs);
        assertThat(sections(client.call("INFO", "memory", "CPU"))).containsExactly("Memory", "CPU");
        assertThat(sections(client.call("INFO", "everything"))).contains("Commandstats", "Server");
        assertThat(sections(client.call("INFO", "nosuch"))).isEmpty();
    }

    /// What redis-cli --stat, redis_exporter, Telegraf, Datadog, RedisInsight and health checks of libraries read.
    @Test
    void whatToolsReadIsThere() {
        assertThat(fields(client.call("INFO"))).containsKeys(
                "redis_version", "redis_mode", "run_id", "process_id", "tcp_port", "os", "arch_bits", "uptime_in_seconds",
                "uptime_in_days", "connected_clients", "blocked_clients", "used_memory", "used_memory_human", "used_memory_rss",
                "used_memory_peak", "used_memory_peak_human", "used_memory_lua", "maxmemory", "maxmemory_policy",
                "mem_fragmentation_ratio", "loading", "rdb_changes_since_last_save", "rdb_bgsave_in_progress", "rdb_last_save_time",
                "rdb_last_bgsave_status", "aof_enabled", "aof_rewrite_in_progress", "total_connections_received",
                "total_commands_processed", "instantaneous_ops_per_sec", "total_net_input_bytes", "total_net_output_bytes",
                "rejected_connections", "expired_keys", "evicted_keys", "keyspace_hits", "keyspace_misses", "pubsub_channels",
                "pubsub_patterns", "latest_fork_usec", "role", "connected_slaves", "master_repl_offset", "used_cpu_sys",
                "used_cpu_user", "cluster_enabled");
        assertThat(fields(client.call("INFO"))).containsEntry("role", "master").containsEntry("redis_mode", "standalone")
                .containsEntry("connected_clients", "1").containsEntry("tcp_port", Integer.toString(proxy.port("pool")));
    }

    @Test
    void helloTellsTheServersVersion() {
        String version = fields(servers.get(0).call("INFO", "server")).get("redis_version");

        assertThat(client.call("HELLO", "3")).contains("$7\r\nversion\r\n$" + version.length() + "\r\n" + version + "\r\n");
        assertThat(client.command("HELLO", "2").command("GET", "k").command("HELLO", "3").command("GET", "k").replies(4))
                .element(3)
                .isEqualTo("_\r\n");
        IntStream.range(0, 3).forEach(i -> servers.get(i).kill());
        assertThat(client.call("HELLO")).contains(version);
        try (var first = ProxyUnderTest.with(servers.yaml("pool")); var hello = first.connect("pool")) {
            assertThat(hello.call("HELLO", "3")).contains("$7\r\nversion\r\n$5\r\n6.0.0\r\n");
        }
    }

    @Test
    void whatIsHeardFromSeveralServersIsCountedOnce() {
        try (var listening = proxy.connect("pool")) {
            listening.command("SUBSCRIBE", "a", "b", "c", "d").replies(4);
            listening.command("PSUBSCRIBE", "p*", "q*").replies(2);

            assertThat(fields(client.call("INFO", "stats"))).containsEntry("pubsub_channels", "4")
                    .containsEntry("pubsub_patterns", "2");
        }
    }

    @Test
    void figuresOfTheServersAreAddedUp() {
        for (int i = 0; i < 3; i++) {
            servers.get(i).call("CONFIG", "RESETSTAT");
            servers.get(i).call("CONFIG", "SET", "maxmemory", Long.toString((i + 1) * 1_000_000_000L));
        }
        for (int i = 0; i < 60; i++) {
            client.call("SET", "key" + i, "v");
            client.call("GET", "key" + i);
            client.call("GET", "nokey" + i);
        }
        for (int i = 0; i < 20; i++) {
            client.call("PEXPIRE", "key" + i, "100000");
        }

        var info = fields(client.call("INFO", "all"));

        assertThat(info).containsEntry("keyspace_hits", "60").containsEntry("keyspace_misses", "60")
                .containsEntry("maxmemory", "6000000000").containsEntry("maxmemory_human", "5.59G")
                .containsEntry("maxmemory_policy", "noeviction");
        assertThat(info.get("db0")).startsWith("keys=60,expires=20,avg_ttl=");
        assertThat(info.get("cmdstat_set")).startsWith("calls=60,usec=");
        assertThat(Long.parseLong(info.get("used_memory"))).isBetween(sum("used_memory") / 2, sum("used_memory") * 2);
        assertThat(info.get("cashew_server0")).contains("state=up,redis_version=" + info.get("redis_version"));
        assertThat(info).containsEntry("cashew_servers", "3").containsEntry("cashew_servers_absent", "0");
        assertThat(fields(client.call("CONFIG", "GET", "maxm*"))).isEmpty();
        assertThat(client.call("CONFIG", "GET", "maxm*")).isEqualTo("*4\r\n$9\r\nmaxmemory\r\n$10\r\n6000000000\r\n"
                + "$16\r\nmaxmemory-policy\r\n$10\r\nnoeviction\r\n");
    }

    @Test
    void settingsThatToolsAskForAreTold() {
        assertThat(client.call("CONFIG", "GET", "slowlog-*"))
                .isEqualTo("*4\r\n$23\r\nslowlog-log-slower-than\r\n$2\r\n-1\r\n$15\r\nslowlog-max-len\r\n$3\r\n128\r\n");
        assertThat(client.call("CONFIG", "GET", "proto-max-bulk-len")).endsWith("$9\r\n536870912\r\n");
        assertThat(client.call("CONFIG", "GET", "client-output-buffer-limit"))
                .endsWith("\r\nnormal 1073741824 0 0 slave 0 0 0 pubsub 1073741824 0 0\r\n");
        for (String name : List.of("save", "appendonly", "databases", "timeout", "notify-keyspace-events", "maxmemory-policy")) {
            assertThat(client.call("CONFIG", "GET", name)).as(name).startsWith("*2\r\n");
        }
    }

    @Test
    void onePooledLimitIsNoneIfAServerHasNone() {
        servers.get(1).call("CONFIG", "SET", "maxmemory", "1000000000");
        servers.get(1).call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");

        assertThat(fields(client.call("INFO", "memory"))).containsEntry("maxmemory", "0")
                .containsEntry("maxmemory_policy", "mixed");
    }

    @Test
    void aServerThatIsDownIsMissedAndNotWaitedFor() {
        servers.get(1).kill();

        var info = fields(client.call("INFO"));

        assertThat(info).containsEntry("cashew_servers_absent", "1").containsKey("cashew_absent").containsKey("used_memory");
        assertThat(info.values()).anyMatch(value -> value.contains(",state=absent,reason=Connection refused"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aServerThatHangsIsMissedInTime(int dialect) {
        client.call("HELLO", Integer.toString(dialect));
        client.call("MSET", "a", "1", "b", "2", "c", "3", "d", "4");
        servers.get(2).pause();
        try {
            var replies = client.pipeline(List.of(new String[] {"PING"}, new String[] {"INFO"}, new String[] {"PING"}));

            assertThat(replies.get(0)).isEqualTo(replies.get(2)).isEqualTo("+PONG\r\n");
            assertThat(fields(replies.get(1))).containsEntry("cashew_servers_absent", "1");
            assertThat(replies.get(1)).contains("state=absent,reason=did not answer in time").startsWith(dialect == 3 ? "=" : "$");
        } finally {
            servers.get(2).resume();
        }
    }

    @Test
    void oneServerIsHeardItself() {
        String name = proxy.pool("pool").servers().get(1).name();

        var info = fields(client.call("INFO", "server:" + name));

        assertThat(IntStream.range(0, 3).mapToObj(i -> fields(servers.get(i).call("INFO", "server")).get("run_id")))
                .contains(info.get("run_id"));
        assertThat(client.call("INFO", "server:nosuch")).isEqualTo("$0\r\n\r\n");
    }

    @Test
    void everyServerMayForbidToBeAsked() {
        for (int i = 0; i < 3; i++) {
            servers.get(i).call("ACL", "SETUSER", "default", "-info");
        }

        assertThat(client.call("INFO")).contains("reason=answers: -NOPERM").contains("role:master");
        assertThat(client.call("CONFIG", "GET", "maxmemory")).isEqualTo("*0\r\n");
    }

    private long sum(String field) {
        return IntStream.range(0, 3)
                .mapToLong(i -> Long.parseLong(fields(servers.get(i).call("INFO", "memory")).get(field)))
                .sum();
    }

    private static List<String> sections(String reply) {
        return reply.lines().filter(line -> line.startsWith("# ")).map(line -> line.substring(2)).toList();
    }

    private static Map<String, String> fields(String reply) {
        Map<String, String> fields = new LinkedHashMap<>();
        reply.lines().filter(line -> line.contains(":") && !line.startsWith("#"))
                .forEach(line -> fields.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1)));
        return fields;
    }
}
