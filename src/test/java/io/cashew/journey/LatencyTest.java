package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ChaosRelay;
import io.cashew.fixture.Fault.Latency;
import io.cashew.fixture.Fault.Way;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.metrics.LatencyHistogram;
import io.cashew.pool.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How long servers take is noted per server. One of the two is a long way off.
@Timeout(60)
class LatencyTest {
    private static final Duration WAY = Duration.ofMillis(50);

    private RedisServer near;
    private RedisServer server;
    private ChaosRelay far;
    private ProxyUnderTest proxy;
    private Pool pool;

    @BeforeEach
    void start() {
        near = RedisServer.start();
        server = RedisServer.start();
        far = ChaosRelay.to(server.port());
        far.afflictNew(new Latency(Way.TO_CLIENT, WAY));
        proxy = ProxyUnderTest.with(
                """
                pair:
                  listen: free
                  redis: true
                  hash: murmur
                  timeout: 2000
                  servers:
                   - 127.0.0.1:%d:1 far
                   - 127.0.0.1:%d:1 near
                """
                        .formatted(far.port(), near.port()));
        pool = proxy.pool("pair");
    }

    @AfterEach
    void stop() {
        proxy.close();
        far.close();
        server.close();
        near.close();
    }

    @Test
    void everyReplyIsNotedForTheServerItCameFrom() {
        List<RespClient> clients = new ArrayList<>();
        try {
            // Several, so that both event loops have some
            for (int i = 0; i < 8; i++) {
                clients.add(proxy.connect("pair"));
                for (int key = 0; key < 10; key++) {
                    clients.getLast().command("SET", "key" + i + ":" + key, "v");
                }
            }
            clients.forEach(client -> assertThat(client.replies(10)).containsOnly("+OK\r\n"));
            assertThat(clients.getFirst().call("PING")).isEqualTo("+PONG\r\n");
        } finally {
            clients.forEach(RespClient::close);
        }

        LatencyHistogram ofFar = latency("far");
        assertThat(ofFar.count()).isEqualTo(Long.parseLong(server.call("DBSIZE").substring(1).trim())).isPositive();
        assertThat(ofFar.quantile(0.5)).isGreaterThanOrEqualTo(WAY.toNanos());
        assertThat(ofFar.quantile(0.001)).isGreaterThanOrEqualTo(WAY.toNanos());
        assertThat(ofFar.longest()).isGreaterThanOrEqualTo(ofFar.quantile(0.999));
        assertThat(ofFar.sum()).isGreaterThanOrEqualTo((double) WAY.toNanos() * ofFar.count());
        assertThat(latency("near").count()).isEqualTo(80 - ofFar.count()).isPositive();
        assertThat(pool.back().latency().count()).as("answered locally: PING").isEqualTo(80);
        assertThat(pool.back().latency().longest()).isGreaterThanOrEqualTo(ofFar.longest());
    }

    @Test
    void aRequestWithoutAReplyTookNoTime() {
        far.refuse();
        int answered;
        try (var client = proxy.connect("pair")) {
            for (int key = 0; key < 40; key++) {
                client.command("SET", "key" + key, "v");
            }
            answered = Collections.frequency(client.replies(40), "+OK\r\n");
        }

        assertThat(answered).isBetween(1, 39);
        assertThat(latency("near").count()).isEqualTo(answered);
        assertThat(latency("far").count()).isZero();
        assertThat(latency("far").longest()).isZero();
    }

    private LatencyHistogram latency(String name) {
        return pool.latency(pool.servers().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow());
    }
}
