package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ChaosRelay;
import io.cashew.fixture.Fault.Cut;
import io.cashew.fixture.Fault.End;
import io.cashew.fixture.Fault.Slices;
import io.cashew.fixture.Fault.Stall;
import io.cashew.fixture.Fault.Way;
import io.cashew.fixture.LeakWatch;
import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.protocol.CloseCause;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Values that do not fit into one read: passed on in pieces, and replies while they arrive.
@Timeout(120)
class LargeValuesTest {
    private static final int MEGABYTE = 1024 * 1024;
    private static final int[] SIZES = {
        0, 1, 31 * 1024, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 130_000, 131_072, 200_000, MEGABYTE, 16 * MEGABYTE
    };

    @Test
    void valuesOfAllSizesComeBackAsTheyWere() {
        try (var leaks = LeakWatch.start();
                var servers = RedisServers.start(3);
                var proxy = ProxyUnderTest.with(servers.yaml("pool", "hash: md5"))) {
            try (var client = proxy.connect("pool").deadline(Duration.ofSeconds(30))) {
                for (int size : SIZES) {
                    String value = value(size);
                    assertThat(client.call("SET", "key " + size, value)).isEqualTo("+OK\r\n");
                    assertSame(client.call("GET", "key " + size), bulk(value));
                    assertThat(client.call("HSET", "hash " + size, "a", value, "b", value, "c", "d")).isEqualTo(":3\r\n");
                    assertSame(client.call("HGET", "hash " + size, "b"), bulk(value));
                    assertThat(client.call("SET", "key " + size, value, "XX", "EX", "1000")).isEqualTo("+OK\r\n");
                }
            }
            assertNothingIsHeld(proxy, leaks);
        }
    }

    /// Whatever is pipelined before, between and behind them, on whichever server it is.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theyKeepTheirPlaceAmongOthers(int seed) {
        var random = new Random(seed);
        try (var leaks = LeakWatch.start();
                var servers = RedisServers.start(3);
                var proxy = ProxyUnderTest.with(servers.yaml("pool", "hash: md5"))) {
            List<Thread> clients = new ArrayList<>();
            List<Throwable> failures = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int number = i;
                long ofClient = random.nextLong();
                clients.add(Thread.ofVirtual()
                        .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                        .start(() -> pipeline(proxy, number, new Random(ofClient))));
            }
            for (Thread client : clients) {
                join(client);
            }
            assertThat(failures).isEmpty();
            assertNothingIsHeld(proxy, leaks);
        }
    }

    private static void pipeline(ProxyUnderTest proxy, int number, Random random) {
        var requests = new ByteArrayOutputStream();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String key = "key %d %d".formatted(number, random.nextInt(8));
            String value = value(SIZES[random.nextInt(SIZES.length - 1)]);
            requests.writeBytes(RespClient.encode("SET", key, value));
            expected.add("+OK\r\n");
            for (int small = random.nextInt(3); small > 0; small--) {
                requests.writeBytes(RespClient.encode("ECHO", "echo " + small));
                expected.add(bulk("echo " + small));
            }
            requests.writeBytes(RespClient.encode("GET", key));
            expected.add(bulk(value));
            requests.writeBytes(RespClient.encode("MGET", key, "none", "key none"));
            expected.add("*3\r\n" + bulk(value) + "$-1\r\n$-1\r\n");
        }
        try (var client = proxy.connect("pool").deadline(Duration.ofSeconds(60))) {
            var sender = Thread.ofVirtual().start(() -> client.send(requests.toByteArray()));
            for (String reply : expected) {
                assertSame(client.reply(), reply);
            }
            join(sender);
        }
    }

    @Test
    void memcachedValuesOfAllSizesComeBackAsTheyWere() {
        try (var leaks = LeakWatch.start();
                var servers = MemcachedServers.start(3);
                var proxy = ProxyUnderTest.with(servers.yaml("pool", "hash: md5"))) {
            try (var client = MemcacheClient.connect(proxy.port("pool"))) {
                for (int size : SIZES) {
                    if (size >= MEGABYTE) {
                        // memcached's own limit.
                        break;
                    }
                    String value = value(size);
                    String block = size + "\r\n" + value + "\r\n";
                    assertThat(client.ask("set a 0 0 " + block)).isEqualTo("STORED\r\n");
                    assertThat(client.ask("ms b " + size + " T0\r\n" + value + "\r\n")).isEqualTo("HD\r\n");
                    assertSame(client.ask("set c 0 0 " + size + " noreply\r\n" + value + "\r\nget c\r\n"),
                            "VALUE c 0 " + block + "END\r\n");
                    assertSame(client.ask("get a\r\n"), "VALUE a 0 " + block + "END\r\n");
                    assertSame(client.ask("mg b v\r\n"), "VA " + block);
                    assertSame(client.ask("mg b v q\r\n"), "VA " + block);
                    assertSame(client.ask("get b x a c\r\n"),
                            "VALUE b 0 " + block + "VALUE a 0 " + block + "VALUE c 0 " + block + "END\r\n");
                }
            }
            assertNothingIsHeld(proxy, leaks);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, TO_CLIENT", "7, TO_SERVER", "1000, TO_CLIENT", "1448, TO_CLIENT", "1448, TO_SERVER"})
    void smallPacketsMakeNoDifference(int slice, Way way) {
        try (var at = Relayed.start(20_000)) {
            String value = value(slice < 100 ? 70_000 : 700_000);
            at.server.call("SET", "large", value);
            at.relay.afflictNew(new Slices(way, slice));
            try (var client = at.proxy.connect("large").deadline(Duration.ofSeconds(60))) {
                assertSame(client.call("GET", "large"), bulk(value));
                assertThat(client.call("SET", "other", value)).isEqualTo("+OK\r\n");
                assertThat(client.call("GET", "small")).isEqualTo("$-1\r\n");
            }
            assertSame(at.server.call("GET", "other"), bulk(value));
        }
    }

    /// Half a reply cannot be followed by an error: the client that has it is closed, the others hear what has happened.
    @ParameterizedTest
    @CsvSource({"20000, FIN", "100000, FIN", "400000, RST", "1000009, FIN", "1000010, RST"})
    void aServerThatEndsInTheMiddleEndsWhoeverHasHalfAReply(int after, End end) {
        try (var at = Relayed.start(20_000)) {
            String value = value(1_000_000);
            at.server.call("SET", "large", value);
            try (var half = at.proxy.connect("large");
                    var other = at.proxy.connect("large")) {
                assertThat(half.call("GET", "none")).isEqualTo("$-1\r\n");
                assertThat(other.call("GET", "none")).isEqualTo("$-1\r\n");
                at.relay.afflict(new Cut(Way.TO_CLIENT, after, end));

                half.command("GET", "large").command("GET", "none");
                String got = half.untilClosed();

                assertThat(got.length()).isLessThanOrEqualTo(after);
                assertThat(bulk(value).startsWith(got)).isTrue();
                assertThat(other.call("GET", "none")).isEqualTo("$-1\r\n");
            }
            assertThat(at.proxy.pool("large").closed(CloseCause.CUT_OFF)).isEqualTo(1);
            at.assertNothingIsHeld();
        }
    }

    @Test
    void theOthersOfThatConnectionHearWhy() {
        try (var at = Relayed.start(20_000)) {
            at.server.call("SET", "large", value(1_000_000));
            // Event loops take clients in turn, so one of these shares the connection.
            try (var half = at.proxy.connect("large");
                    var one = at.proxy.connect("large");
                    var other = at.proxy.connect("large")) {
                assertThat(half.call("GET", "none")).isEqualTo("$-1\r\n");
                assertThat(one.call("GET", "none")).isEqualTo("$-1\r\n");
                assertThat(other.call("GET", "none")).isEqualTo("$-1\r\n");
                at.relay.afflict(new Stall(Way.TO_CLIENT, 300_000));
                half.command("GET", "large");
                assertThat(half.read(100_000, Duration.ofSeconds(5))).hasSize(100_000);
                one.command("GET", "none");
                other.command("GET", "none");

                at.relay.cut(End.FIN);

                assertThat(List.of(one.reply(), other.reply())).contains("-ERR unknown\r\n");
            }
            at.assertNothingIsHeld();
        }
    }

    /// The time counts to the end of the reply, as for any other.
    @Test
    void aReplyThatStopsInTheMiddleTimesOut() {
        try (var at = Relayed.start(300)) {
            at.server.call("SET", "large", value(1_000_000));
            at.relay.afflictNew(new Stall(Way.TO_CLIENT, 500_000));
            try (var client = at.proxy.connect("large")) {
                assertThat(client.command("GET", "large").untilClosed()).startsWith("$1000000\r\n");
            }
            assertThat(at.proxy.pool("large").closed(CloseCause.CUT_OFF)).isEqualTo(1);
            at.assertNothingIsHeld();
        }
    }

    /// A reply that is early is kept: it can still be an error that the client hears.
    @Test
    void aReplyThatIsNotTheNextOneIsKept() {
        try (var at = Relayed.start(20_000)) {
            at.server.call("SET", "large", value(1_000_000));
            try (var client = at.proxy.connect("large")) {
                at.relay.afflictNew(new Cut(Way.TO_CLIENT, 1_000_000 + 300_000, End.FIN));

                client.send("PING\r\nGET large\r\nGET large\r\nPING\r\n");

                assertThat(client.reply()).isEqualTo("+PONG\r\n");
                assertThat(client.reply()).hasSize(1_000_012);
                // The second one has become the next in turn when it began.
                assertThat(client.untilClosed()).startsWith("$1000000\r\n").doesNotContain("PONG");
            }
            at.assertNothingIsHeld();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesInTheMiddleHurtsNobody(boolean reset) {
        try (var at = Relayed.start(20_000)) {
            at.server.call("SET", "large", value(16 * MEGABYTE));
            at.server.call("SET", "small", "v");
            try (var other = at.proxy.connect("large")) {
                for (int i = 0; i < 10; i++) {
                    try (var leaving = at.proxy.connect("large")) {
                        leaving.command("GET", "large");
                        other.command("GET", "small");
                        assertThat(leaving.read(100_000 * (i + 1), Duration.ofSeconds(5))).isNotEmpty();
                        if (reset) {
                            leaving.reset();
                        }
                    }
                    assertThat(other.reply()).isEqualTo("$1\r\nv\r\n");
                }
            }
            assertThat(at.relay.accepted()).isLessThanOrEqualTo(2);
            at.assertNothingIsHeld();
        }
    }

    @Test
    void aClientThatReadsSlowlyGetsEverything() {
        try (var at = Relayed.start(20_000)) {
            String value = value(16 * MEGABYTE);
            at.server.call("SET", "large", value);
            at.server.call("SET", "small", "v");
            try (var slow = at.proxy.connect("large").deadline(Duration.ofSeconds(60));
                    var other = at.proxy.connect("large")) {
                slow.command("GET", "large").command("GET", "small").command("GET", "large");

                assertThat(other.call("GET", "small")).isEqualTo("$1\r\nv\r\n");
                assertSame(slow.reply(), bulk(value));
                assertThat(slow.reply()).isEqualTo("$1\r\nv\r\n");
                assertSame(slow.reply(), bulk(value));
            }
            at.assertNothingIsHeld();
        }
    }

    @Test
    void aRequestThatStopsInTheMiddleKeepsNobodyWaiting() {
        try (var at = Relayed.start(20_000)) {
            String value = value(MEGABYTE);
            byte[] set = RespClient.encode("SET", "large", value);
            try (var slow = at.proxy.connect("large");
                    var other = at.proxy.connect("large")) {
                slow.send(java.util.Arrays.copyOf(set, 500_000));
                assertThat(other.call("SET", "small", "v")).isEqualTo("+OK\r\n");
                slow.send(java.util.Arrays.copyOfRange(set, 500_000, set.length));
                assertThat(slow.reply()).isEqualTo("+OK\r\n");
                slow.send(java.util.Arrays.copyOf(set, 700_000));
            }
            assertSame(at.server.call("GET", "large"), bulk(value));
            at.assertNothingIsHeld();
        }
    }

    /// A pool whose only server is behind a relay.
    private record Relayed(LeakWatch leaks, RedisServer server, ChaosRelay relay, ProxyUnderTest proxy) implements AutoCloseable {
        static Relayed start(int timeoutMillis) {
            var leaks = LeakWatch.start();
            var server = RedisServer.start();
            var relay = ChaosRelay.to(server.port());
            return new Relayed(leaks, server, relay, ProxyUnderTest.with("""
                    large:
                      listen: free
                      redis: true
                      timeout: %d
                      servers:
                       - 127.0.0.1:%d:1
                    """.formatted(timeoutMillis, relay.port())));
        }

        void assertNothingIsHeld() {
            LargeValuesTest.assertNothingIsHeld(proxy, leaks);
        }

        @Override
        public void close() {
            proxy.close();
            relay.close();
            server.close();
            leaks.close();
        }
    }

    private static void assertNothingIsHeld(ProxyUnderTest proxy, LeakWatch leaks) {
        Awaitility.await().until(() -> proxy.lentChunks() == 0);
        assertThat(leaks.leaks()).isEmpty();
    }

    /// Not with a description: it would hold megabytes.
    private static void assertSame(String got, String expected) {
        assertThat(got.length()).isEqualTo(expected.length());
        assertThat(got.equals(expected)).isTrue();
    }

    private static String bulk(String value) {
        return "$" + value.length() + "\r\n" + value + "\r\n";
    }

    /// Bytes of every kind.
    private static String value(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return RespClient.text(bytes);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
