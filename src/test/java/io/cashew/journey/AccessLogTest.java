package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is written about requests, over real servers.
@Timeout(60)
class AccessLogTest {
    private static final Logger LOGGER = Logger.getLogger("io.cashew.access");
    private static final List<String> LINES = new CopyOnWriteArrayList<>();
    private static final Handler HANDLER = new Handler() {
        @Override
        public void publish(LogRecord line) {
            LINES.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private static RedisServers servers;
    private static MemcachedServers memcacheds;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start() {
        LOGGER.addHandler(HANDLER);
        LOGGER.setUseParentHandlers(false);
        servers = RedisServers.start(1);
        memcacheds = MemcachedServers.start(1);
        proxy = ProxyUnderTest.with(servers.yaml("all", "access_log_every: 1")
                + servers.yaml("keyless", "access_log_every: 1", "access_log_keys: false")
                + servers.yaml("some", "access_log_every: 50")
                + servers.yaml("flooded", "access_log_every: 1")
                + memcacheds.yaml("cache", "access_log_every: 1")
                + servers.yaml("silent"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
        memcacheds.close();
        LOGGER.removeHandler(HANDLER);
        LOGGER.setUseParentHandlers(true);
    }

    private static List<String> of(String pool) {
        return LINES.stream().filter(line -> line.startsWith("pool=\"" + pool + "\" ")).toList();
    }

    private static void awaitLines(String pool, int lines) {
        await().untilAsserted(() -> assertThat(of(pool)).hasSize(lines));
    }

    @Test
    void everyRequestCanBeWritten() {
        try (var client = proxy.connect("all")) {
            client.call("PING");
            client.call("SET", "k 1", "secret");
            client.call("DBSIZE");
            client.call("MULTI");
            client.call("INCR", "n");
            client.call("EXEC");
        }

        awaitLines("all", 3);
        assertThat(of("all").get(0)).matches("pool=\"all\" client=\\d+ address=127\\.0\\.0\\.1:\\d+ command=set key=\"k 1\""
                + " server=\"a\" micros=\\d+ outcome=answered");
        assertThat(of("all").get(1)).contains(" command=dbsize micros=");
        assertThat(of("all").get(2)).contains(" command=exec server=\"a\" micros=");
    }

    @Test
    void keysCanBeHidden() {
        try (var client = proxy.connect("keyless")) {
            client.call("GET", "secret");
        }

        awaitLines("keyless", 1);
        assertThat(of("keyless").getFirst()).contains(" command=get server=").doesNotContain("secret");
    }

    @Test
    void memcachedPoolsHaveOneToo() {
        try (var client = MemcacheClient.connect(proxy.port("cache"))) {
            client.ask("get k1\r\n");
        }

        awaitLines("cache", 1);
        assertThat(of("cache").getFirst()).contains(" command=get key=\"k1\" server=\"a\" ");
    }

    /// 100 of 5000 are expected, with a deviation below 10.
    @Test
    void someAreWrittenByChance() {
        ask("some", 5000);

        await().during(Duration.ofMillis(100)).untilAsserted(() -> assertThat(of("some").size()).isBetween(40, 160));
        ask("silent", 100);
        assertThat(of("silent")).isEmpty();
    }

    @Test
    void whatIsTooMuchIsDroppedAndCounted() {
        // However slow this machine is, it is more than a thousand a second for a while, or nothing is dropped, and the sum is
        // right.
        ask("flooded", 20_000);

        await().untilAsserted(() -> assertThat(of("flooded").size() + proxy.pool("flooded").counters().accessLinesDropped)
                .isEqualTo(20_000));
    }

    private static void ask(String pool, int times) {
        try (var client = proxy.connect(pool)) {
            var batch = new ArrayList<String[]>();
            for (int i = 0; i < 500; i++) {
                batch.add(new String[] {"GET", "key" + i});
            }
            for (int asked = 0; asked < times; asked += Math.min(times, batch.size())) {
                client.pipeline(times < batch.size() ? batch.subList(0, times) : batch);
            }
        }
    }
}
