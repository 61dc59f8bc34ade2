package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.LeakWatch;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server is killed again and again while clients count in transactions, wait for what never comes, and vanish: no transaction
/// is executed twice, none whose EXEC said that it was not, and nothing is left of it all.
@Timeout(120)
class TransactionStormTest {
    private static final int CLIENTS = 12;
    private static final int KILLS = 8;
    private static final long SEED = RandomGenerator.getDefault().nextLong();

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong notExecuted = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void nothingIsExecutedTwiceAndNothingIsLeftBehind() throws Exception {
        try (var leaks = LeakWatch.start();
                var server = RedisServer.builder().option("appendonly", "yes").option("appendfsync", "always").start();
                var proxy = ProxyUnderTest.with(server.yaml("pool"))) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var clients = LongStream.range(0, CLIENTS)
                        .mapToObj(i -> threads.submit(() -> count(proxy, new SplittableRandom(SEED + i))))
                        .toList();
                for (int i = 0; i < KILLS; i++) {
                    long before = acknowledged.get();
                    await().until(() -> acknowledged.get() > before + 100);
                    server.kill();
                    server.restart();
                }
                over.set(true);
                for (var client : clients) {
                    client.get();
                }
            }

            long counter = Long.parseLong(server.call("GET", "counter").split("\r\n")[1]);
            assertThat(counter)
                    .as("counter, %s acknowledged, %s unknown, %s not executed, seed %d", acknowledged, unknown, notExecuted, SEED)
                    .isBetween(acknowledged.get(), acknowledged.get() + unknown.get());
            assertThat(notExecuted).as("said not to have been executed").hasPositiveValue();
            var pool = proxy.pool("pool");
            await().untilAsserted(() -> {
                assertThat(pool.clients()).as("clients").isZero();
                assertThat(pool.servers()).allSatisfy(each -> {
                    assertThat(pool.pending(each)).as("requests without an answer").isZero();
                    assertThat(pool.counters(each).lent).as("connections lent").isZero();
                });
                assertThat(proxy.lentChunks()).as("chunks of memory in use").isZero();
                assertThat(server.call("INFO", "clients")).contains("blocked_clients:0");
            });
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    private Void count(ProxyUnderTest proxy, SplittableRandom random) {
        while (!over.get()) {
            try (RespClient client = proxy.connect("pool")) {
                for (int i = 0; i < 20; i++) {
                    transaction(client);
                }
                switch (random.nextInt(4)) {
                    case 0 -> client.command("BLPOP", "nothing", "0").reset();
                    case 1 -> client.command("WATCH", "counter").command("MULTI").command("SET", "counter", "-1000000").reset();
                    case 2 -> {
                        unknown.incrementAndGet();
                        client.command("MULTI").command("INCR", "counter").command("EXEC").reset();
                    }
                    default -> client.call("BLPOP", "nothing", "0.001");
                }
            }
        }
        return null;
    }

    private void transaction(RespClient client) {
        String reply = client.pipeline(List.of(
                        new String[] {"MULTI"}, new String[] {"INCR", "counter"}, new String[] {"EXEC"}))
                .getLast();
        if (reply.startsWith("*1\r\n:")) {
            acknowledged.incrementAndGet();
        } else if (reply.contains("may have been executed")) {
            unknown.incrementAndGet();
        } else {
            assertThat(reply).startsWith("-EXECABORT ");
            notExecuted.incrementAndGet();
        }
    }
}
