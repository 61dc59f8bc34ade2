package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.MemoryInUse;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever a client sends, it gets an answer or a goodbye, and nobody else notices.
@Timeout(60)
class HostileBytesTest {
    private static final int ATTACKERS = 4;
    private static final int STREAMS_PER_ATTACKER = 1_500;
    private static final int MEBIBYTE = 1024 * 1024;

    private static final List<String> SEEDS = List.of(
            "*1\r\n$4\r\nPING\r\n",
            "*2\r\n$3\r\nGET\r\n$6\r\nfuzz:a\r\n",
            "*3\r\n$3\r\nSET\r\n$6\r\nfuzz:a\r\n$5\r\nvalue\r\n",
            "*4\r\n$4\r\nMGET\r\n$6\r\nfuzz:a\r\n$6\r\nfuzz:b\r\n$6\r\nfuzz:c\r\n",
            "*5\r\n$4\r\nMSET\r\n$6\r\nfuzz:a\r\n$1\r\n1\r\n$6\r\nfuzz:b\r\n$1\r\n2\r\n",
            "*4\r\n$3\r\nDEL\r\n$6\r\nfuzz:a\r\n$6\r\nfuzz:b\r\n$6\r\nfuzz:c\r\n",
            "*4\r\n$5\r\nRPUSH\r\n$6\r\nfuzz:l\r\n$1\r\n1\r\n$1\r\n2\r\n",
            "*4\r\n$6\r\nLRANGE\r\n$6\r\nfuzz:l\r\n$1\r\n0\r\n$2\r\n-1\r\n",
            "*4\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n$1\r\n1\r\n$6\r\nfuzz:a\r\n",
            "*3\r\n$6\r\nOBJECT\r\n$8\r\nENCODING\r\n$6\r\nfuzz:a\r\n",
            "*2\r\n$7\r\nCOMMAND\r\n$5\r\nCOUNT\r\n",
            "SET fuzz:a \"quoted \\x41 value\"\r\n",
            "ECHO 'single'\r\n",
            "\r\n");

    private static RedisServers servers;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(2);
        // Short names that differ in one letter are neighbours for the default hash, and would all live on one server.
        proxy = ProxyUnderTest.with(servers.yaml("pool", "hash: md5"));
    }

    @AfterAll
    static void stop() {
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

    /// Claims that Redis's limits forbid, with nothing behind them.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*2147483648\\r\\n",
                "*99999999999999999999\\r\\n",
                "*1\\r\\n$99999999999\\r\\n",
                "*1\\r\\n$536870913\\r\\n",
                "*1\\r\\n$9223372036854775808\\r\\n",
                "*1\\r\\n$-1\\r\\n",
                "*1\\r\\n$-2147483649\\r\\n",
                "*1\\r\\n*1\\r\\n$4\\r\\nPING\\r\\n",
                "*1\\r\\n:1\\r\\n",
                "*1\\r\\n$\\r\\n",
                "*a\\r\\n",
                "*1\\r\\n$1a\\r\\n"
            })
    void impossibleClaimsGetOneProtocolErrorBehindEarlierRepliesAndAClose(String claim) {
        try (var client = proxy.connect("pool")) {
            client.send("PING\r\n" + Escapes.decode(claim));

            assertThat(client.untilClosed()).matches("\\+PONG\r\n-ERR Protocol error[^\r\n]*\r\n");
        }
    }

    /// Claims that are within the limits or nearly so, but never made good: nothing is set aside for them.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*2147483647\\r\\n",
                "*1000000\\r\\n$3\\r\\nGET\\r\\n",
                "*2\\r\\n$3\\r\\nGET\\r\\n$536870912\\r\\nab",
                "*2\\r\\n$400000000\\r\\nab",
                "*1000000\\r\\n$4\\r\\nMGET\\r\\n$500000000\\r\\n"
            })
    void hugeClaimsCostNoMemory(String claim) {
        var clients = new ArrayList<RespClient>();
        askOnce("before");
        long before = MemoryInUse.bytes();
        try {
            for (int i = 0; i < 100; i++) {
                clients.add(proxy.connect("pool").send(Escapes.decode(claim)));
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

    private static void askOnce(String value) {
        try (var client = proxy.connect("pool")) {
            assertThat(client.call("SET", "good", value)).isEqualTo("+OK\r\n");
        }
    }

    private static long askUntil(AtomicBoolean over) {
        long asked = 0;
        try (var client = proxy.connect("pool")) {
            while (!over.get()) {
                String value = "value " + asked;
                String key = "good:" + asked % 100;
                assertThat(client.call("SET", key, value)).isEqualTo("+OK\r\n");
                assertThat(client.call("GET", key))
                        .isEqualTo("$" + value.length() + "\r\n" + value + "\r\n");
                asked++;
            }
        }
        return asked;
    }

    private static void attack(long seed) {
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

    private static byte[] junk(Random random) {
        var bytes = new byte[1 + random.nextInt(200)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            bytes[0] = '*';
        }
        return bytes;
    }

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
                case 4 -> text.insert(at, digits(random));
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
