package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ChaosRelay;
import io.cashew.fixture.Fault.Cut;
import io.cashew.fixture.Fault.CutInsideReply;
import io.cashew.fixture.Fault.End;
import io.cashew.fixture.Fault.Silence;
import io.cashew.fixture.Fault.Way;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// No request runs twice, and none runs that was answered with an error which says that it did not.
///
/// A counter is the witness: *acknowledged ≤ counter ≤ acknowledged + unknown*, where an INCR is unknown if its error says
/// that it may have run.
@Timeout(120)
class AtMostOnceTest {
    private static final int CLIENTS = 12;
    private static final long SEED = RandomGenerator.getDefault().nextLong();

    /// What the answers have said so far.
    private static final class Tally {
        private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        private final AtomicLong notRun = new AtomicLong();
        private final AtomicLong unknown = new AtomicLong();

        void add(String reply) {
            if (reply.startsWith(":")) {
                long number = Long.parseLong(reply.substring(1).trim());
                assertThat(acknowledged.add(number)).as("%d is acknowledged for the first time", number).isTrue();
            } else if (reply.equals("-ERR Connection refused\r\n") || reply.startsWith("-LOADING ")) {
                notRun.incrementAndGet();
            } else {
                assertThat(reply).isIn(
                        "-ERR unknown\r\n", "-ERR Connection reset by peer\r\n", "-ERR Connection timed out\r\n",
                        "-ERR Broken pipe\r\n");
                unknown.incrementAndGet();
            }
        }

        void assertAgreesWith(long counter) {
            assertThat(acknowledged).as("acknowledged").isNotEmpty();
            assertThat(unknown).as("unknown").hasPositiveValue();
            assertThat(counter)
                    .as("counter, %d acknowledged, %d unknown, %d not run, seed %d", acknowledged.size(), unknown.get(),
                            notRun.get(), SEED)
                    .isBetween((long) acknowledged.size(), acknowledged.size() + unknown.get())
                    .isGreaterThanOrEqualTo(Collections.max(acknowledged));
        }
    }

    @Test
    void nothingRunsTwiceWhenAServerIsKilledAgainAndAgain() throws Exception {
        try (var server = RedisServer.builder().option("appendonly", "yes").option("appendfsync", "always").start();
                var proxy = ProxyUnderTest.with(pool(server.port(), 1000))) {
            var tally = new Tally();
            whileClientsCount(proxy, tally, () -> {
                for (int i = 0; i < 10; i++) {
                    int before = tally.acknowledged.size();
                    Awaitility.await().until(() -> tally.acknowledged.size() > before + 300);
                    server.kill();
                    server.restart();
                }
            });

            tally.assertAgreesWith(counter(server));
            assertThat(tally.notRun).as("answered while there was no server").hasPositiveValue();
        }
    }

    @Test
    void nothingRunsTwiceWhenConnectionsAreCutAnywhere() throws Exception {
        var random = new Random(SEED);
        try (var server = RedisServer.start();
                var relay = ChaosRelay.to(server.port());
                var proxy = ProxyUnderTest.with(pool(relay.port(), 1000))) {
            var tally = new Tally();
            whileClientsCount(proxy, tally, () -> {
                for (int i = 0; i < 200; i++) {
                    int before = tally.acknowledged.size();
                    Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> tally.acknowledged.size() > before + 50);
                    Way way = random.nextBoolean() ? Way.TO_CLIENT : Way.TO_SERVER;
                    relay.afflict(new Cut(way, random.nextInt(2_000), random.nextBoolean() ? End.FIN : End.RST));
                }
            });

            tally.assertAgreesWith(counter(server));
        }
    }

    @Test
    void aRequestWhoseAnswerIsLostIsNotTriedAgain() {
        try (var server = RedisServer.start();
                var relay = ChaosRelay.to(server.port());
                var proxy = ProxyUnderTest.with(pool(relay.port(), 1000));
                var client = proxy.connect("counted")) {
            relay.afflictNew(new CutInsideReply(End.FIN));
            assertThat(client.call("INCR", "counter")).isEqualTo("-ERR unknown\r\n");
            relay.heal();

            assertThat(client.call("INCR", "counter")).isEqualTo(":2\r\n");
        }
    }

    @Test
    void aRequestThatIsCutOnItsWayIsNotTriedAgain() {
        try (var server = RedisServer.start();
                var relay = ChaosRelay.to(server.port());
                var proxy = ProxyUnderTest.with(pool(relay.port(), 1000));
                var client = proxy.connect("counted")) {
            relay.afflictNew(new Cut(Way.TO_SERVER, 10, End.FIN));
            assertThat(client.call("INCR", "counter")).isEqualTo("-ERR unknown\r\n");
            relay.heal();

            assertThat(client.call("INCR", "counter")).isEqualTo(":1\r\n");
        }
    }

    @Test
    void whatARefusingServerFailedNeverRuns() {
        try (var server = RedisServer.start();
                var relay = ChaosRelay.to(server.port());
                var proxy = ProxyUnderTest.with(pool(relay.port(), 1000));
                var client = proxy.connect("counted")) {
            relay.refuse();
            assertThat(increments(client, 100)).containsOnly("-ERR Connection refused\r\n");
            relay.accept();

            String served = Awaitility.await().until(() -> client.call("INCR", "counter"), reply -> reply.startsWith(":"));
            assertThat(served).isEqualTo(":1\r\n");
        }
    }

    @Test
    void whatWaitedForAPasswordToBeAcceptedNeverRuns() {
        try (var server = RedisServer.builder().password("sekret").start();
                var relay = ChaosRelay.to(server.port());
                var proxy = ProxyUnderTest.with(pool(relay.port(), 150) + "  redis_auth: sekret\n");
                var client = proxy.connect("counted")) {
            client.call("AUTH", "sekret");
            relay.afflictNew(new Silence());
            assertThat(increments(client, 100)).containsOnly("-ERR Connection timed out\r\n");
            relay.heal();

            assertThat(client.call("INCR", "counter")).isEqualTo(":1\r\n");
        }
    }

    private interface Trouble {
        void make() throws Exception;
    }

    /// Lets clients count as fast as they can for as long as `trouble` lasts.
    private static void whileClientsCount(ProxyUnderTest proxy, Tally tally, Trouble trouble) throws Exception {
        var over = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var counting = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                int depth = 1 + i * 3;
                counting.add(threads.submit(() -> {
                    try (var client = proxy.connect("counted")) {
                        while (over.getCount() > 0) {
                            increments(client, depth).forEach(tally::add);
                        }
                    }
                }));
            }
            try {
                trouble.make();
            } finally {
                over.countDown();
            }
            for (Future<?> client : counting) {
                client.get();
            }
        }
    }

    private static List<String> increments(RespClient client, int count) {
        return client.pipeline(Collections.nCopies(count, new String[] {"INCR", "counter"}));
    }

    private static long counter(RedisServer server) {
        String reply = server.call("GET", "counter");
        return Long.parseLong(reply.split("\r\n")[1]);
    }

    private static String pool(int serverPort, int timeout) {
        return """
                counted:
                  listen: free
                  redis: true
                  timeout: %d
                  servers:
                   - 127.0.0.1:%d:1
                """.formatted(timeout, serverPort);
    }
}
