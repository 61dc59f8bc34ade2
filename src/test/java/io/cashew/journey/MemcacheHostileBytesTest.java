package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.MemoryInUse;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever a client of a memcached pool sends, it gets an answer or a goodbye, and nobody else notices.
@Timeout(60)
class MemcacheHostileBytesTest {
    private static final int ATTACKERS = 4;
    private static final int STREAMS_PER_ATTACKER = 1_500;
    private static final int MEBIBYTE = 1024 * 1024;

    private static final List<String> SEEDS = List.of(
            "get fuzz:a\r\n",
            "get fuzz:a fuzz:b fuzz:c\r\n",
            "gat 10 fuzz:a fuzz:b\r\n",
            "set fuzz:a 0 0 5\r\nvalue\r\n",
            "set fuzz:a 0 0 5 noreply\r\nvalue\r\n",
            "cas fuzz:a 0 0 5 17 noreply\r\nvalue\r\n",
            "incr fuzz:a 1 noreply\r\n",
            "delete fuzz:a noreply\r\n",
            "touch fuzz:a 10\r\n",
            "mg fuzz:a v q k O1\r\n",
            "ms fuzz:a 5 q T9\r\nvalue\r\n",
            "ms ZnV6eg== 5 b\r\nvalue\r\n",
            "md fuzz:a q\r\n",
            "ma fuzz:a v D5 N0\r\n",
            "me fuzz:a\r\n",
            "verbosity 0 noreply\r\n",
            "stats servers\r\n",
            "version\r\n",
            "mn\r\n",
            "\r\n");

    @Test
    void mutatedRequestsAndJunkHarmNobodyElse() throws Exception {
        long seed = RandomGenerator.getDefault().nextLong();
        var attackIsOver = new AtomicBoolean();
        try (var servers = MemcachedServers.start(2);
                var proxy = ProxyUnderTest.with(servers.yaml("pool"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int port = proxy.port("pool");
            Future<Long> neighbour = threads.submit(() -> askUntil(attackIsOver, port));
            var attacks = new ArrayList<Callable<Void>>();
            for (int i = 0; i < ATTACKERS; i++) {
                long attackersSeed = seed + i;
                attacks.add(() -> {
                    attack(attackersSeed, port);
                    return null;
                });
            }
            try {
                for (Future<Void> attack : threads.invokeAll(attacks)) {
                    attack.get();
                }
            } finally {
                attackIsOver.set(true);
            }

            assertThat(neighbour.get()).as("answers to the neighbour, seed %d", seed).isGreaterThan(100);
        }
    }

    /// Claims that are never made good, by a pool that takes values of 1 GiB: nothing is set aside for them.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "set k 0 0 1073741824\\r\\nab",
                "set k 0 0 1073741824 noreply\\r\\nab",
                "set k 0 0 400000000\\nab",
                "ms k 1073741824 q\\r\\nab",
                "set k 0 0 1073741825\\r\\nab",
                "set k 0 0 2147483645\\r\\nab",
                "cas k 0 0 2147483645 junk\\r\\nab",
                "get k k k k k k k k k k k k k k k k"
            })
    void hugeClaimsCostNoMemory(String claim) {
        try (var servers = MemcachedServers.start(2);
                var proxy = ProxyUnderTest.with(servers.yaml("pool", "item_size_max: 1073741824"))) {
            var clients = new ArrayList<RespClient>();
            askOnce(proxy.port("pool"), "before");
            long before = MemoryInUse.bytes();
            try {
                for (int i = 0; i < 100; i++) {
                    clients.add(RespClient.connect(proxy.port("pool")).send(Escapes.decode(claim)));
                }
                // Behind an answer to another client, the proxy has had its turn with the first ones, too.
                clients.forEach(client -> client.untilQuiet(Duration.ofMillis(1)));
                askOnce(proxy.port("pool"), "during");

                assertThat(MemoryInUse.bytes() - before).isLessThan(32L * MEBIBYTE);
            } finally {
                clients.forEach(RespClient::close);
            }
            askOnce(proxy.port("pool"), "after");
        }
    }

    private static void askOnce(int port, String value) {
        try (var client = MemcacheClient.connect(port)) {
            assertThat(client.ask("set good 0 0 %d\r\n%s\r\n".formatted(value.length(), value)))
                    .isEqualTo("STORED\r\n");
        }
    }

    private static long askUntil(AtomicBoolean over, int port) {
        long asked = 0;
        try (var client = MemcacheClient.connect(port)) {
            while (!over.get()) {
                String value = "value " + asked;
                String key = "good:" + asked % 100;
                assertThat(client.ask("set %s 0 0 %d\r\n%s\r\n".formatted(key, value.length(), value)))
                        .isEqualTo("STORED\r\n");
                assertThat(client.ask("get " + key + "\r\n"))
                        .isEqualTo("VALUE %s 0 %d\r\n%s\r\nEND\r\n".formatted(key, value.length(), value));
                asked++;
            }
        }
        return asked;
    }

    private static void attack(long seed, int port) {
        var random = new Random(seed);
        for (int i = 0; i < STREAMS_PER_ATTACKER; i++) {
            byte[] stream = random.nextInt(10) == 0 ? junk(random) : mutated(random);
            try (var client = RespClient.connect(port)) {
                client.sendIfOpen(stream).shutdownOutput().untilClosed();
            } catch (AssertionError e) {
                throw new AssertionError(
                        "seed %d, stream %d: %s%n%s"
                                .formatted(seed, i, Escapes.encode(RespClient.text(stream)), e.getMessage()),
                        e);
            }
        }
    }

    private static byte[] junk(Random random) {
        var bytes = new byte[1 + random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    /// Never a `flush_all` by chance: that would harm the neighbour, rightly.
    private static byte[] mutated(Random random) {
        var text = new StringBuilder();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            text.append(SEEDS.get(random.nextInt(SEEDS.size())));
        }
        for (int i = random.nextInt(4); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(6)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.insert(at, (char) random.nextInt(256));
                case 2 -> text.deleteCharAt(at);
                case 3 -> text.setLength(at);
                case 4 -> text.insert(at, random.nextLong());
                default -> text.insert(at, text.substring(at, at + random.nextInt(text.length() - at)));
            }
        }
        return RespClient.bytes(text.toString());
    }
}
