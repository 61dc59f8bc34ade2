package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ChaosRelay;
import io.cashew.fixture.LeakWatch;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Servers are stopped, killed and started, connections to them delayed, cut and filled with noise, for as long as clients
/// ask: no client gets an answer that belongs to another request, each request gets one answer in its turn, and when the
/// sky is clear again nothing of it is left.
///
/// `-Dcashew.storm.requests=10000000` and `-Dcashew.storm.seed=…` make another storm.
@Timeout(1800)
class StormTest {
    private static final long REQUESTS = Long.getLong("cashew.storm.requests", 600_000);
    private static final long SEED = Long.getLong("cashew.storm.seed", RandomGenerator.getDefault().nextLong());
    private static final int CLIENTS = 40;

    @Test
    void noAnswerBelongsToAnotherRequestAndNothingIsLeftBehind() throws Exception {
        try (var leaks = LeakWatch.start()) {
            // The first one makes whatever is made once per process.
            storm(CLIENTS * 100L);
            List<String> descriptors = LeakWatch.descriptors();
            List<String> threads = LeakWatch.threads();
            long pinned = LeakWatch.pinnedMemory();

            storm(REQUESTS);

            Awaitility.await().untilAsserted(() -> {
                assertThat(LeakWatch.descriptorsSince(descriptors)).as("descriptors that were not open before").isEmpty();
                assertThat(LeakWatch.threadsSince(threads)).as("threads that were not there before").isEmpty();
                assertThat(LeakWatch.pinnedMemory()).as("bytes in buffers").isLessThanOrEqualTo(pinned);
            });
            assertThat(leaks.leaks()).isEmpty();
        }
    }

    private static void storm(long requests) throws Exception {
        List<RedisServer> servers = start(3, _ -> RedisServer.start());
        List<ChaosRelay> relays = start(3, i -> ChaosRelay.to(servers.get(i).port()));
        try (var proxy = ProxyUnderTest.with(pool(relays));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var weather = new Weather(SEED, servers, relays);
            var over = new CountDownLatch(1);
            List<StormClient> clients = start(CLIENTS, i -> new StormClient(i, proxy.port("storm"), SEED));
            var runs = new ArrayList<Callable<Void>>();
            for (StormClient client : clients) {
                runs.add(() -> {
                    client.run(requests / CLIENTS);
                    return null;
                });
            }
            Future<?> raging = threads.submit(() -> {
                weather.rage(over);
                return null;
            });
            long start = System.nanoTime();

            try {
                for (Future<Void> run : threads.invokeAll(runs)) {
                    run.get();
                }
            } finally {
                over.countDown();
                raging.get();
            }

            report(clients, weather, System.nanoTime() - start);
            assertThat(clients.stream().mapToLong(StormClient::answered).sum()).isEqualTo(requests / CLIENTS * CLIENTS);
            assertThat(clients.stream().mapToLong(StormClient::served).sum())
                    .as("requests served in spite of it all, seed %d", SEED)
                    .isGreaterThan(requests / 10);
            assertThatAllIsWell(proxy, clients.getFirst());
            // It has come back to look. Forgotten, its socket would be there until the garbage is collected.
            clients.getFirst().close();
        } finally {
            relays.forEach(ChaosRelay::close);
            servers.forEach(RedisServer::close);
        }
    }

    private static void assertThatAllIsWell(ProxyUnderTest proxy, StormClient client) {
        var pool = proxy.pool("storm");
        Awaitility.await().until(() -> {
            long errors = errorsOf(client);
            client.batch(100, false);
            return errorsOf(client) == errors;
        });
        Awaitility.await().untilAsserted(() -> {
            assertThat(client.quiet()).as("no answer too many").isTrue();
            assertThat(pool.clients()).as("clients").isEqualTo(1);
            assertThat(pool.servers()).allSatisfy(server -> {
                assertThat(pool.pending(server)).as("requests without an answer").isZero();
                assertThat(pool.counters(server).connections).as("connections of two workers").isBetween(0L, 2L);
            });
            assertThat(proxy.lentChunks()).as("chunks of memory in use").isZero();
        });
    }

    private static long errorsOf(StormClient client) {
        return client.errors().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void report(List<StormClient> clients, Weather weather, long nanos) {
        Map<String, Long> errors = new TreeMap<>();
        clients.forEach(client -> client.errors().forEach((error, count) -> errors.merge(error, count, Long::sum)));
        System.out.printf(
                "storm, seed %d: %d answers in %.1f s, %d of them served, %d abandoned, %d keys empty, errors %s, weather %s%n",
                SEED,
                clients.stream().mapToLong(StormClient::answered).sum(),
                nanos / 1e9,
                clients.stream().mapToLong(StormClient::served).sum(),
                clients.stream().mapToLong(StormClient::abandoned).sum(),
                clients.stream().mapToLong(StormClient::missing).sum(),
                errors,
                weather.count());
    }

    private static String pool(List<ChaosRelay> relays) {
        return """
                storm:
                  listen: free
                  redis: true
                  timeout: 200
                  servers:
                   - 127.0.0.1:%d:1 a
                   - 127.0.0.1:%d:1 b
                   - 127.0.0.1:%d:1 c
                """.formatted(relays.stream().map(ChaosRelay::port).toArray());
    }

    private static <T> List<T> start(int count, java.util.function.IntFunction<T> one) {
        return IntStream.range(0, count).mapToObj(one).toList();
    }
}
