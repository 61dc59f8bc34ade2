package io.cashew.benchmark;

import io.cashew.fixture.ChaosRelay;
import io.cashew.fixture.Fault;
import io.cashew.fixture.Fault.Corrupt;
import io.cashew.fixture.Fault.Cut;
import io.cashew.fixture.Fault.CutInsideReply;
import io.cashew.fixture.Fault.Duplicate;
import io.cashew.fixture.Fault.End;
import io.cashew.fixture.Fault.Latency;
import io.cashew.fixture.Fault.Rate;
import io.cashew.fixture.Fault.Silence;
import io.cashew.fixture.Fault.Slices;
import io.cashew.fixture.Fault.Stall;
import io.cashew.fixture.Fault.Unsolicited;
import io.cashew.fixture.Fault.Way;
import io.cashew.fixture.NutcrackerProxy;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What clients see of one fault after the other, through Cashew and through nutcracker, as a table.
///
/// `./mvnw package -DskipTests && ./mvnw surefire:test -Dtest=FaultMatrix` writes `target/fault-matrix.md`.
class FaultMatrix {
    private static final int TIMEOUT = 400;
    private static final Duration FAULT = Duration.ofMillis(1000);
    private static final int DEPTH = 10;

    /// One proxy, and the three servers behind it with a relay before each. Keys of server 1 are the victims.
    private record Stage(String name, int port, RedisServer[] servers, ChaosRelay[] relays, List<String> victims, List<String> others) {
        ChaosRelay relay() {
            return relays[1];
        }

        RedisServer server() {
            return servers[1];
        }

        RespClient connect() {
            return RespClient.connect(port).deadline(Duration.ofSeconds(3));
        }

        void heal() {
            for (int i = 0; i < 3; i++) {
                relays[i].accept();
                relays[i].heal();
                relays[i].cut(End.FIN);
            }
            fill();
            Awaitility.await().until(() -> {
                try (var client = connect()) {
                    return Stream.of(victims, others).allMatch(keys ->
                            client.pipeline(keys.stream().map(key -> new String[] {"GET", key}).toList()).equals(values(keys)));
                }
            });
        }

        private void fill() {
            for (int i = 0; i < 3; i++) {
                try (var direct = servers[i].connect()) {
                    for (List<String> keys : List.of(victims, others)) {
                        direct.pipeline(keys.stream().map(key -> new String[] {"SET", key, "value of " + key}).toList());
                    }
                }
            }
        }
    }

    private interface Trouble {
        void make(Stage stage) throws Exception;
    }

    private interface Scenario {
        String figures(Stage stage) throws Exception;
    }

    private record Row(String fault, String promise, Scenario scenario) {}

    private static List<Row> rows() {
        var rows = new ArrayList<Row>();
        String own = "1, 3";
        rows.add(load("none", "", stage -> {}, stage -> {}));
        rows.add(load("server killed with `kill -9`, started again after 1 s", own, FaultMatrix::kill, stage -> {
            restart(stage);
            stage.fill();
        }));
        rows.add(load("server stopped (SIGSTOP) for 1 s", "1, 5", s -> s.server().pause(), s -> s.server().resume()));
        rows.add(load("server stopped for 0.2 s, less than the timeout", "1, 5",
                s -> {
                    s.server().pause();
                    await(200);
                    s.server().resume();
                },
                s -> {}));
        rows.add(load("server refuses connections for 1 s, all cut with RST", own,
                s -> {
                    s.relay().refuse();
                    s.relay().cut(End.RST);
                },
                s -> s.relay().accept()));
        rows.add(load("server accepts and says nothing for 1 s", "1, 5",
                s -> {
                    s.relay().afflictNew(new Silence());
                    s.relay().cut(End.FIN);
                },
                s -> {
                    s.relay().heal();
                    s.relay().cut(End.FIN);
                }));
        rows.add(now("server connections end with FIN", own, new Cut(Way.TO_CLIENT, 0, End.FIN)));
        rows.add(now("server connections end with RST", own, new Cut(Way.TO_CLIENT, 0, End.RST)));
        rows.add(now("FIN inside a reply", own, new CutInsideReply(End.FIN)));
        rows.add(now("RST inside a reply", own, new CutInsideReply(End.RST)));
        rows.add(now("FIN behind the first byte of a reply", own, new Cut(Way.TO_CLIENT, 1, End.FIN)));
        rows.add(now("FIN inside a request on its way to the server", "2, 3", new Cut(Way.TO_SERVER, 10, End.FIN)));
        rows.add(now("RST inside a request on its way to the server", "2, 3", new Cut(Way.TO_SERVER, 10, End.RST)));
        rows.add(flapping("RST every 20 ms for 1 s", new Cut(Way.TO_CLIENT, 0, End.RST)));
        rows.add(flapping("FIN inside a reply every 20 ms for 1 s", new CutInsideReply(End.FIN)));
        rows.add(now("50 ms of latency each way for 1 s", "5",
                new Latency(Way.TO_CLIENT, Duration.ofMillis(50)), new Latency(Way.TO_SERVER, Duration.ofMillis(50))));
        rows.add(now("600 ms of latency for 1 s: every reply is too late", "1, 5", new Latency(Way.TO_CLIENT, Duration.ofMillis(600))));
        rows.add(now("20 kB/s from the server for 1 s", "5", new Rate(Way.TO_CLIENT, 20_000)));
        rows.add(now("replies arrive byte by byte for 1 s", "1", new Slices(Way.TO_CLIENT, 1)));
        rows.add(now("requests leave byte by byte for 1 s", "1", new Slices(Way.TO_SERVER, 1)));
        rows.add(now("replies stall for 1 s, without FIN or RST", "1, 7", new Stall(Way.TO_CLIENT, 0)));
        rows.add(now("requests stall for 1 s, without FIN or RST", "1, 7", new Stall(Way.TO_SERVER, 0)));
        rows.add(now("the first byte of a reply is another one", "1", new Corrupt(Way.TO_CLIENT, 0)));
        rows.add(new Row("`+` from an idle server, then 100 requests one by one", "1", s -> afterNoise(s, "+")));
        rows.add(new Row("`$5 CRLF ab` from an idle server, then 100 requests", "1", s -> afterNoise(s, "$5\r\nab")));
        rows.add(new Row("a whole reply from an idle server, then 100 requests", "1", s -> afterNoise(s, "+surplus\r\n")));
        rows.add(new Row("a reply comes twice, 100 requests one by one, 20 times over", "1", FaultMatrix::duplicated));
        rows.add(new Row("INCR while the server is killed 5 times (append-only file)", "2", FaultMatrix::killedWhileCounting));
        rows.add(new Row("INCR while connections are cut 100 times", "2", FaultMatrix::cutWhileCounting));
        rows.add(new Row("client ends its side behind 1,000 requests", "7", s -> halfClosed(s, 1000, "")));
        rows.add(new Row("client ends its side inside request 11", "7", s -> halfClosed(s, 10, "*2\r\n$3\r\nGET\r\n$5\r\nab")));
        rows.add(new Row("client resets with 100 requests under way at a stopped server", "1, 7", FaultMatrix::clientResets));
        rows.add(new Row("pipeline over three servers, one of them stopped", "3, 5", FaultMatrix::mixedPipeline));
        rows.add(new Row("MGET over three servers, one of them stopped, then PING", "3, 5", FaultMatrix::splitRequest));
        rows.add(new Row("100 requests at once for a server that accepts and says nothing: connections made to it", "5", FaultMatrix::connections));
        return rows;
    }

    @Test
    void write() throws Exception {
        RedisServer[] servers = IntStream.range(0, 3)
                .mapToObj(i -> RedisServer.builder().option("appendonly", "yes").option("appendfsync", "no").start())
                .toArray(RedisServer[]::new);
        ChaosRelay[] ofCashew = Arrays.stream(servers).map(s -> ChaosRelay.to(s.port())).toArray(ChaosRelay[]::new);
        ChaosRelay[] ofNutcracker = Arrays.stream(servers).map(s -> ChaosRelay.to(s.port())).toArray(ChaosRelay[]::new);
        var table = new StringBuilder("| fault | promise | Cashew | nutcracker |\n|---|---|---|---|\n");
        try (var cashew = CashewProcess.with(pool(ofCashew));
                var nutcracker = NutcrackerProxy.with(pool(ofNutcracker))) {
            Stage first = stage("cashew", cashew.port("matrix"), servers, ofCashew);
            Stage second = stage("nutcracker", nutcracker.port("matrix"), servers, ofNutcracker);
            for (Stage stage : List.of(first, second)) {
                stage.heal();
                measure(stage, s -> await(5000), s -> {});
            }
            for (Row row : rows()) {
                table.append("| ").append(row.fault()).append(" | ").append(row.promise());
                for (Stage stage : List.of(first, second)) {
                    stage.heal();
                    String figures = row.scenario().figures(stage);
                    System.out.println(stage.name() + ": " + row.fault() + ": " + figures);
                    table.append(" | ").append(figures);
                }
                table.append(" |\n");
            }
        } finally {
            Arrays.stream(ofCashew).forEach(ChaosRelay::close);
            Arrays.stream(ofNutcracker).forEach(ChaosRelay::close);
            Arrays.stream(servers).forEach(RedisServer::close);
        }
        Files.writeString(Path.of("target/fault-matrix.md"), table);
    }

    private static String pool(ChaosRelay[] relays) {
        return """
                matrix:
                  listen: free
                  redis: true
                  hash: murmur
                  timeout: %d
                  servers:
                   - 127.0.0.1:%d:1 a
                   - 127.0.0.1:%d:1 b
                   - 127.0.0.1:%d:1 c
                """.formatted(TIMEOUT, relays[0].port(), relays[1].port(), relays[2].port());
    }

    private static Stage stage(String name, int port, RedisServer[] servers, ChaosRelay[] relays) {
        var victims = new ArrayList<String>();
        var others = new ArrayList<String>();
        for (RedisServer server : servers) {
            server.flush();
        }
        try (var client = RespClient.connect(port)) {
            for (int i = 0; victims.size() < 100 || others.size() < 200; i++) {
                String key = "key" + (1000 + i);
                client.call("SET", key, "placed");
                List<String> home = servers[1].call("EXISTS", key).equals(":1\r\n") ? victims : others;
                if (home.size() < (home == victims ? 100 : 200)) {
                    home.add(key);
                }
            }
        }
        return new Stage(name, port, servers, relays, List.copyOf(victims), List.copyOf(others));
    }

    private static Row load(String fault, String promise, Trouble begin, Trouble end) {
        return new Row(fault, promise, stage -> measure(stage, s -> {
            long start = System.nanoTime();
            begin.make(s);
            await(FAULT.toMillis() - (System.nanoTime() - start) / 1_000_000);
        }, end));
    }

    /// What happens to the open connections, and to nothing else.
    private static Row now(String fault, String promise, Fault... faults) {
        return load(fault, promise, stage -> stage.relay().afflict(faults), stage -> stage.relay().heal());
    }

    private static Row flapping(String fault, Fault each) {
        return load(fault, "1, 2, 3", stage -> {
            for (int i = 0; i < 50; i++) {
                stage.relay().afflict(each);
                await(20);
            }
        }, stage -> {});
    }

    /// What came of the requests of one kind of keys.
    private static final class Tally {
        private final Map<String, Long> errors = new ConcurrentHashMap<>();
        private final AtomicLong wrong = new AtomicLong();
        private final AtomicLong right = new AtomicLong();
        private volatile boolean recovering;
        private volatile long recovered;

        void judge(String key, String reply, boolean askedAfterTheFault) {
            if (reply.startsWith("-")) {
                error(reply.substring(1).replaceFirst("^ERR ", "").trim());
            } else if (reply.equals(value(key))) {
                right.incrementAndGet();
                if (askedAfterTheFault && recovered == 0) {
                    recovered = System.nanoTime();
                }
            } else if (reply.equals("$-1\r\n")) {
                error("(nil)");
            } else {
                wrong.incrementAndGet();
            }
        }

        void error(String text) {
            errors.merge(text, 1L, Long::sum);
        }

        @Override
        public String toString() {
            String texts = errors.isEmpty()
                    ? "no errors"
                    : new TreeMap<>(errors).entrySet().stream()
                            .map(entry -> entry.getKey() + " ×" + entry.getValue())
                            .collect(Collectors.joining(", "));
            return texts + ", wrong " + wrong;
        }
    }

    /// When something was asked and how long it took, in nanoseconds.
    private record Sample(long asked, long took) {}

    /// Two clients ask for keys of the server in trouble, ten at a time, two others for keys of the others, one at a time.
    private static String measure(Stage stage, Trouble during, Trouble end) throws Exception {
        var over = new CountDownLatch(1);
        var victims = new Tally();
        var others = new Tally();
        var samples = new ConcurrentLinkedQueue<Sample>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < 2; i++) {
                int offset = i * 31;
                running.add(threads.submit(() -> keepAsking(stage, stage.victims(), offset, DEPTH, victims, over, new ConcurrentLinkedQueue<>())));
                running.add(threads.submit(() -> keepAsking(stage, stage.others(), offset, 1, others, over, samples)));
            }
            try {
                await(1000);
                long begin = System.nanoTime();
                during.make(stage);
                long faultOver = System.nanoTime();
                end.make(stage);
                long healed = System.nanoTime();
                victims.recovering = true;
                for (int i = 0; i < 300 && victims.recovered == 0; i++) {
                    await(10);
                }
                over.countDown();
                for (Future<?> asking : running) {
                    asking.get(20, TimeUnit.SECONDS);
                }
                String back = victims.recovered == 0 ? "more than 3 s" : "%.1f ms".formatted((victims.recovered - healed) / 1e6);
                return "%s, back after %s; others: %s, p99 %s → %s ms".formatted(
                        victims, back, others, p99(samples, begin - 800_000_000L, begin), p99(samples, begin, faultOver));
            } finally {
                over.countDown();
            }
        }
    }

    private static String p99(Collection<Sample> samples, long from, long to) {
        long[] took = samples.stream()
                .filter(sample -> sample.asked() >= from && sample.asked() < to)
                .mapToLong(Sample::took)
                .sorted()
                .toArray();
        return took.length == 0 ? "–" : "%.2f".formatted(took[(int) (took.length * 0.99)] / 1e6);
    }

    private static void keepAsking(
            Stage stage, List<String> keys, int offset, int depth, Tally tally, CountDownLatch over, Collection<Sample> samples) {
        RespClient client = stage.connect();
        for (int at = offset; over.getCount() > 0; at += depth) {
            int from = at;
            List<String> batch = IntStream.range(0, depth).mapToObj(i -> keys.get((from + i) % keys.size())).toList();
            long start = System.nanoTime();
            if (askInto(tally, client, batch)) {
                samples.add(new Sample(start, System.nanoTime() - start));
            } else {
                client.close();
                client = stage.connect();
            }
        }
        client.close();
    }

    /// Sends GETs in one go and judges the answers; false if they did not all come.
    private static boolean askInto(Tally tally, RespClient client, List<String> keys) {
        boolean recovering = tally.recovering;
        try {
            client.send(gets(keys));
            for (String key : keys) {
                tally.judge(key, client.reply(), recovering);
            }
            return true;
        } catch (AssertionError | UncheckedIOException lost) {
            tally.error(String.valueOf(lost.getMessage()).startsWith("no whole reply") ? "(no answer in 3 s)" : "(closed)");
            return false;
        }
    }

    private static void oneByOne(Tally tally, Stage stage, RespClient client) {
        for (String key : stage.victims()) {
            if (!askInto(tally, client, List.of(key))) {
                return;
            }
        }
    }

    private static String afterNoise(Stage stage, String noise) throws InterruptedException {
        try (var client = stage.connect()) {
            client.call("GET", stage.victims().getFirst());
            stage.relay().afflict(new Unsolicited(Way.TO_CLIENT, 0, noise));
            await(50);
            var tally = new Tally();
            oneByOne(tally, stage, client);
            return tally.toString();
        }
    }

    private static String duplicated(Stage stage) throws InterruptedException {
        var tally = new Tally();
        for (int i = 0; i < 20; i++) {
            // Connections of earlier rounds would have a duplicate still to come.
            stage.relay().cut(End.FIN);
            await(20);
            try (var client = stage.connect()) {
                client.call("GET", stage.victims().getLast());
                int length = value(stage.victims().getFirst()).length();
                stage.relay().afflict(new Duplicate(Way.TO_CLIENT, length, length));
                oneByOne(tally, stage, client);
            }
        }
        return tally.toString();
    }

    /// The relay would go on accepting for a server that is gone.
    private static void kill(Stage stage) {
        stage.relay().refuse();
        stage.server().kill();
    }

    private static void restart(Stage stage) {
        stage.server().restart();
        stage.relay().accept();
    }

    private static String killedWhileCounting(Stage stage) throws Exception {
        return counting(stage, () -> {
            for (int i = 0; i < 5; i++) {
                await(200);
                kill(stage);
                await(50);
                restart(stage);
            }
            await(200);
        });
    }

    private static String cutWhileCounting(Stage stage) throws Exception {
        var random = new Random(1);
        return counting(stage, () -> {
            for (int i = 0; i < 100; i++) {
                await(10);
                stage.relay().afflict(new Cut(
                        random.nextBoolean() ? Way.TO_CLIENT : Way.TO_SERVER,
                        random.nextInt(1000),
                        random.nextBoolean() ? End.FIN : End.RST));
            }
        });
    }

    private interface Disturbance {
        void make() throws Exception;
    }

    private static String counting(Stage stage, Disturbance disturbance) throws Exception {
        String counter = stage.victims().getFirst();
        stage.server().call("DEL", counter);
        var acknowledged = new AtomicLong();
        var notRun = new AtomicLong();
        var unknown = new AtomicLong();
        var over = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(4)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < 4; i++) {
                running.add(threads.submit(() -> {
                    while (over.getCount() > 0) {
                        int left = DEPTH;
                        try (var client = stage.connect()) {
                            while (over.getCount() > 0) {
                                left = DEPTH;
                                client.send(RespClient.text(RespClient.encode("INCR", counter)).repeat(DEPTH));
                                for (; left > 0; left--) {
                                    String reply = client.reply();
                                    (reply.startsWith(":") ? acknowledged : reply.contains("refused") ? notRun : unknown).incrementAndGet();
                                }
                            }
                        } catch (AssertionError | UncheckedIOException lost) {
                            unknown.addAndGet(left);
                        }
                    }
                }));
            }
            try {
                disturbance.make();
            } finally {
                over.countDown();
            }
            for (Future<?> asking : running) {
                asking.get(20, TimeUnit.SECONDS);
            }
        }
        long count = Long.parseLong(stage.server().call("GET", counter).split("\r\n")[1]);
        boolean holds = acknowledged.get() <= count && count <= acknowledged.get() + unknown.get();
        return "%,d acknowledged, %,d unknown, %,d not run; counter %,d: %s".formatted(
                acknowledged.get(), unknown.get(), notRun.get(), count, holds ? "holds" : "**broken**");
    }

    private static String halfClosed(Stage stage, int requests, String rest) {
        try (var client = stage.connect()) {
            List<String> keys = IntStream.range(0, requests).mapToObj(i -> stage.others().get(i % 200)).toList();
            String expected = String.join("", values(keys));
            long start = System.nanoTime();
            client.send(RespClient.text(gets(keys)) + rest).shutdownOutput();
            try {
                String received = client.untilClosed();
                return (received.equals(expected) ? "all answers" : "%d of %d bytes".formatted(received.length(), expected.length()))
                        + ", closed after %.1f ms".formatted((System.nanoTime() - start) / 1e6);
            } catch (AssertionError open) {
                return "still open after 3 s";
            }
        }
    }

    private static String clientResets(Stage stage) throws InterruptedException {
        var tally = new Tally();
        try (var staying = stage.connect()) {
            staying.call("GET", stage.victims().getFirst());
            var leaving = stage.connect();
            stage.server().pause();
            leaving.send(gets(stage.victims()));
            await(50);
            staying.send(gets(stage.victims()));
            leaving.reset();
            await(50);
            stage.server().resume();
            for (String key : stage.victims()) {
                tally.judge(key, staying.reply(), false);
            }
        }
        return "the other client's 100 requests: " + tally;
    }

    private static String mixedPipeline(Stage stage) {
        var victims = new Tally();
        var others = new Tally();
        stage.server().pause();
        try (var client = stage.connect()) {
            List<String> keys = IntStream.range(0, 100)
                    .boxed()
                    .flatMap(i -> Stream.of(stage.others().get(i), stage.victims().get(i), stage.others().get(199 - i)))
                    .toList();
            client.send(gets(keys));
            for (int i = 0; i < keys.size(); i++) {
                (i % 3 == 1 ? victims : others).judge(keys.get(i), client.reply(), false);
            }
        } catch (AssertionError lost) {
            victims.error("(closed)");
        } finally {
            stage.server().resume();
        }
        return "its 100: " + victims + "; the others' 200: " + others;
    }

    private static String splitRequest(Stage stage) {
        stage.server().pause();
        try (var client = stage.connect()) {
            client.command("MGET", stage.others().get(0), stage.victims().get(0), stage.others().get(1));
            client.command("PING");
            return client.reply().trim() + ", " + client.reply().trim();
        } catch (AssertionError lost) {
            return "(closed), received: " + lost.getMessage().replaceAll("(?s).*received: ", "").trim();
        } finally {
            stage.server().resume();
        }
    }

    private static String connections(Stage stage) {
        var tally = new Tally();
        stage.relay().afflictNew(new Silence());
        stage.relay().cut(End.FIN);
        int before = stage.relay().accepted();
        try (var client = stage.connect()) {
            askInto(tally, client, stage.victims());
        }
        return stage.relay().accepted() - before + " connection(s); " + tally;
    }

    private static byte[] gets(List<String> keys) {
        return RespClient.bytes(keys.stream().map(key -> RespClient.text(RespClient.encode("GET", key))).collect(Collectors.joining()));
    }

    private static List<String> values(List<String> keys) {
        return keys.stream().map(FaultMatrix::value).toList();
    }

    private static String value(String key) {
        String value = "value of " + key;
        return "$" + value.length() + "\r\n" + value + "\r\n";
    }

    /// Lets the fault last; nothing is waited for here.
    private static void await(long millis) throws InterruptedException {
        Thread.sleep(Math.max(0, millis));
    }
}
