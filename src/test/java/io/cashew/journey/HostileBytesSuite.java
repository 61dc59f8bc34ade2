package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.Language;
import io.cashew.fixture.MemoryInUse;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RealServers;
import io.cashew.fixture.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a client sends, it gets an answer or a goodbye, and nobody else notices.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
abstract class HostileBytesSuite {
    private static final int ATTACKERS = 4;
    private static final int STREAMS_PER_ATTACKER = 1_500;
    private static final int MEBIBYTE = 1024 * 1024;

    private final Language language;
    private RealServers<?> servers;
    ProxyUnderTest proxy;

    HostileBytesSuite(Language language) {
        this.language = language;
    }

    /// What streams of mutated requests are made of; no request of them may harm keys that do not begin with `fuzz:`.
    abstract List<String> requests();

    /// Beginnings of requests that announce much, within the limits or nearly so.
    abstract List<String> hugeClaims();

    /// Settings of the pool.
    String[] settings() {
        return new String[] {"hash: md5"};
    }

    @BeforeAll
    void start() {
        servers = language.servers(2);
        // Short names that differ in one letter are neighbours for the default hash, and would all live on one server.
        proxy = ProxyUnderTest.with(servers.yaml("pool", settings()));
    }

    @AfterAll
    void stop() {
        proxy.close();
        servers.close();
    }

    @BeforeEach
    void flush() {
        servers.flush();
    }

    @Test
    void mutatedRequestsAndJunkHarmNobodyElse() throws Exception {
        long seed = RandomGenerator.getDefault().nextLong();
        var attackIsOver = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> neighbour = threads.submit(() -> askUntil(attackIsOver));
            var attacks = new ArrayList<Callable<Void>>();
            for (int i = 0; i < ATTACKERS; i++) {
                long seedOfAttack = seed + i;
                attacks.add(() -> {
                    attack(seedOfAttack);
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

            assertThat(neighbour.get()).as("right answers to a neighbour, seed %d", seed).isGreaterThan(100);
        }
    }

    /// Claims that are never made good: nothing is set aside for them.
    @ParameterizedTest
    @MethodSource("hugeClaims")
    void hugeClaimsCostNoMemory(String claim) {
        var clients = new ArrayList<RespClient>();
        askOnce("before");
        long before = MemoryInUse.bytes();
        try {
            for (int i = 0; i < 100; i++) {
                clients.add(proxy.connect("pool").send(claim));
            }
            // Behind an answer to another client, the proxy has had its turn with the first ones, too.
            clients.forEach(client -> client.untilQuiet(Duration.ofMillis(1)));
            askOnce("during");

            assertThat(MemoryInUse.bytes() - before).isLessThan(32L * MEBIBYTE);
        } finally {
            clients.forEach(RespClient::close);
        }
        askOnce("after");
    }

    private void askOnce(String value) {
        try (var client = language.connect(proxy.port("pool"))) {
            assertThat(client.ask(language.set("good", value))).isEqualTo(language.stored());
        }
    }

    private long askUntil(AtomicBoolean over) {
        long asked = 0;
        try (var client = language.connect(proxy.port("pool"))) {
            while (!over.get()) {
                String value = "value " + asked;
                String key = "good:" + asked % 100;
                assertThat(client.ask(language.set(key, value))).isEqualTo(language.stored());
                assertThat(client.ask(language.get(key))).isEqualTo(language.found(key, value));
                asked++;
            }
        }
        return asked;
    }

    private void attack(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < STREAMS_PER_ATTACKER; i++) {
            byte[] stream = random.nextInt(10) == 0 ? junk(random) : mutated(random);
            try (var client = proxy.connect("pool")) {
                client.sendIfOpen(stream).shutdownOutput().untilClosed();
            } catch (AssertionError e) {
                throw new AssertionError(
                        "seed %d, stream %d: %s%n%s"
                                .formatted(seed, i, Escapes.encode(RespClient.text(stream)), e.getMessage()),
                        e);
            }
        }
    }

    private byte[] junk(Random random) {
        var bytes = new byte[1 + random.nextInt(200)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            bytes[0] = (byte) requests().getFirst().charAt(0);
        }
        return bytes;
    }

    private byte[] mutated(Random random) {
        var text = new StringBuilder();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            text.append(requests().get(random.nextInt(requests().size())));
        }
        for (int i = random.nextInt(4); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(6)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.insert(at, (char) random.nextInt(256));
                case 2 -> text.deleteCharAt(at);
                case 3 -> text.setLength(at);
                case 4 -> text.insert(at, random.nextBoolean() ? digits(random) : String.valueOf(random.nextLong()));
                default -> text.insert(at, text.substring(at, at + random.nextInt(text.length() - at)));
            }
        }
        return RespClient.bytes(text.toString());
    }

    private static String digits(Random random) {
        var digits = new char[1 + random.nextInt(22)];
        Arrays.fill(digits, (char) ('0' + random.nextInt(10)));
        return new String(digits);
    }
}
