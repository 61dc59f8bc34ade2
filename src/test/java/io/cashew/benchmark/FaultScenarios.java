package io.cashew.benchmark;

import io.cashew.fixture.Fault.Cut;
import io.cashew.fixture.Fault.Duplicate;
import io.cashew.fixture.Fault.End;
import io.cashew.fixture.Fault.Silence;
import io.cashew.fixture.Fault.Unsolicited;
import io.cashew.fixture.Fault.Way;
import io.cashew.fixture.RespClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Faults that need more than the usual load to be seen: each is made here, and says what came of it.
final class FaultScenarios {
    private static final int DEPTH = 10;

    private FaultScenarios() {}

    private static void oneByOne(FaultTally tally, FaultStage stage, RespClient client) {
        for (String key : stage.victims()) {
            if (!FaultLoad.askInto(tally, client, List.of(key))) {
                return;
            }
        }
    }

    static String afterNoise(FaultStage stage, String noise) throws InterruptedException {
        try (var client = stage.connect()) {
            client.call("GET", stage.victims().getFirst());
            stage.relay().afflict(new Unsolicited(Way.TO_CLIENT, 0, noise));
            Thread.sleep(50);
            var tally = new FaultTally();
            oneByOne(tally, stage, client);
            return tally.toString();
        }
    }

    static String duplicated(FaultStage stage) throws InterruptedException {
        var tally = new FaultTally();
        for (int i = 0; i < 20; i++) {
            // Connections of earlier rounds would have a duplicate still to come.
            stage.relay().cut(End.FIN);
            Thread.sleep(20);
            try (var client = stage.connect()) {
                client.call("GET", stage.victims().getLast());
                int length = FaultStage.value(stage.victims().getFirst()).length();
                stage.relay().afflict(new Duplicate(Way.TO_CLIENT, length, length));
                oneByOne(tally, stage, client);
            }
        }
        return tally.toString();
    }

    /// The relay would go on accepting for a server that is gone.
    static void kill(FaultStage stage) {
        stage.relay().refuse();
        stage.server().kill();
    }

    static void restart(FaultStage stage) {
        stage.server().restart();
        stage.relay().accept();
    }

    static String killedWhileCounting(FaultStage stage) throws Exception {
        return counting(stage, () -> {
            for (int i = 0; i < 5; i++) {
                Thread.sleep(200);
                kill(stage);
                Thread.sleep(50);
                restart(stage);
            }
            Thread.sleep(200);
        });
    }

    static String cutWhileCounting(FaultStage stage) throws Exception {
        var random = new Random(1);
        return counting(stage, () -> {
            for (int i = 0; i < 100; i++) {
                Thread.sleep(10);
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

    private static String counting(FaultStage stage, Disturbance disturbance) throws Exception {
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
                                    (reply.startsWith(":") ? acknowledged : reply.contains("refused") ? notRun : unknown)
                                            .incrementAndGet();
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

    static String halfClosed(FaultStage stage, List<String> some, int requests, String rest) {
        try (var client = stage.connect()) {
            List<String> keys = IntStream.range(0, requests).mapToObj(i -> some.get(i % some.size())).toList();
            String expected = String.join("", FaultStage.values(keys));
            long start = System.nanoTime();
            client.send(RespClient.text(FaultStage.gets(keys)) + rest).shutdownOutput();
            try {
                String received = client.untilClosed();
                return (received.equals(expected)
                        ? "all answers"
                        : "%d of %d bytes".formatted(received.length(), expected.length()))
                        + ", closed after %.1f ms".formatted((System.nanoTime() - start) / 1e6);
            } catch (AssertionError open) {
                return "still open after 3 s";
            }
        }
    }

    static String clientResets(FaultStage stage) throws InterruptedException {
        var tally = new FaultTally();
        try (var staying = stage.connect()) {
            staying.call("GET", stage.victims().getFirst());
            var leaving = stage.connect();
            stage.server().pause();
            leaving.send(FaultStage.gets(stage.victims()));
            Thread.sleep(50);
            staying.send(FaultStage.gets(stage.victims()));
            leaving.reset();
            Thread.sleep(50);
            stage.server().resume();
            for (String key : stage.victims()) {
                tally.judge(key, staying.reply(), false);
            }
        }
        return "the other client's 100 requests: " + tally;
    }

    static String mixedPipeline(FaultStage stage) {
        var victims = new FaultTally();
        var others = new FaultTally();
        stage.server().pause();
        try (var client = stage.connect()) {
            List<String> keys = IntStream.range(0, 100)
                    .boxed()
                    .flatMap(i -> Stream.of(stage.others().get(i), stage.victims().get(i), stage.others().get(199 - i)))
                    .toList();
            client.send(FaultStage.gets(keys));
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

    static String splitRequest(FaultStage stage) {
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

    static String connections(FaultStage stage) {
        var tally = new FaultTally();
        stage.relay().afflictNew(new Silence());
        stage.relay().cut(End.FIN);
        int before = stage.relay().accepted();
        try (var client = stage.connect()) {
            FaultLoad.askInto(tally, client, stage.victims());
        }
        return stage.relay().accepted() - before + " connection(s); " + tally;
    }

    /// The others' time at a rate that does not depend on answers, without relays between: seven times a second of peace and a
    /// second with the server stopped. The figures are medians of these seconds, because whatever else runs on the machine is seen
    /// at this rate, too.
    static String stoppedAtFixedRate(FaultStage stage) throws Exception {
        var before = new ArrayList<Period>();
        var during = new ArrayList<Period>();
        try (var others = SteadyLoad.start(stage.direct(), stage.others(), 50, 5000);
                var victims = SteadyLoad.start(stage.direct(), stage.victims(), 10, 500)) {
            Thread.sleep(1000);
            for (int round = 0; round < 7; round++) {
                before.add(second());
                stage.server().pause();
                during.add(second());
                stage.server().resume();
                Thread.sleep(500);
            }
            others.awaitAnswers();
            return "others: %d errors of %,d, p50 %s → %s, p99 %s → %s ms; its own: %,d errors".formatted(
                    others.errors(), others.replies(),
                    median(others, before, 0.5), median(others, during, 0.5),
                    median(others, before, 0.99), median(others, during, 0.99), victims.errors());
        } finally {
            stage.server().resume();
        }
    }

    private record Period(long from, long to) {}

    private static Period second() throws InterruptedException {
        long from = System.nanoTime();
        Thread.sleep(1000);
        return new Period(from, System.nanoTime());
    }

    private static String median(SteadyLoad load, List<Period> periods, double part) {
        return millis(part(
                periods.stream().mapToLong(period -> part(load.took(period.from(), period.to()), part)).sorted().toArray(), 0.5));
    }

    private static long part(long[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1) * part)];
    }

    private static String millis(long nanos) {
        return "%.2f".formatted(nanos / 1e6);
    }

    /// Fifty clients ask a stopped server one by one, while others ask the other servers 20,000 times a second over fifty
    /// connections: how much later than `timeout` do the errors come?
    static String lateness(FaultStage stage) throws Exception {
        var late = new ConcurrentLinkedQueue<Long>();
        var tally = new FaultTally();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(6);
        stage.server().pause();
        try (var others = SteadyLoad.start(stage.direct(), stage.others(), 50, 20_000);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < 50; i++) {
                String key = stage.victims().get(i);
                running.add(threads.submit(() -> {
                    var client = stage.connectDirect();
                    while (System.nanoTime() < end) {
                        long asked = System.nanoTime();
                        if (FaultLoad.askInto(tally, client, List.of(key))) {
                            late.add(System.nanoTime() - asked - FaultMatrix.TIMEOUT.toNanos());
                        } else {
                            client.close();
                            client = stage.connectDirect();
                        }
                    }
                    client.close();
                }));
            }
            for (Future<?> asking : running) {
                asking.get(20, TimeUnit.SECONDS);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            int answers = others.replies();
            others.awaitAnswers();
            long[] times = late.stream().mapToLong(Long::longValue).sorted().toArray();
            long[] load = others.took(start, System.nanoTime());
            return "%s; %s ms late at p50, %s at p99, %s at most; load: %,d answers a second, %d errors, p99 %s ms".formatted(
                    tally, millis(part(times, 0.5)), millis(part(times, 0.99)), millis(part(times, 1)),
                    Math.round(answers / seconds), others.errors(), millis(part(load, 0.99)));
        } finally {
            stage.server().resume();
        }
    }

    static String halfClosedWhileStopped(FaultStage stage) throws Exception {
        stage.server().pause();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> figures = threads.submit(() -> halfClosed(stage, stage.victims(), 100, ""));
            Thread.sleep(200);
            stage.server().resume();
            return figures.get(20, TimeUnit.SECONDS);
        } finally {
            stage.server().resume();
        }
    }

    /// Ten clients send thirty SETs of a megabyte each, for keys of a stopped server, while another asks for the others' keys.
    static String megabytesWait(FaultStage stage) throws Exception {
        var victims = new FaultTally();
        var others = new FaultTally();
        long before = residentBytes(stage);
        long most = before;
        stage.server().pause();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var other = stage.connectDirect();
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < 10; i++) {
                byte[] set = RespClient.encode("SET", stage.victims().get(i), "x".repeat(1 << 20));
                running.add(threads.submit(() -> {
                    try (var client = stage.connectDirect()) {
                        for (int sent = 0; sent < 30; sent++) {
                            client.send(set);
                        }
                        for (int answered = 0; answered < 30; answered++) {
                            String reply = client.reply();
                            victims.error(reply.replaceFirst("^[-+](ERR )?", "").trim());
                        }
                    } catch (AssertionError | UncheckedIOException lost) {
                        victims.error("(closed)");
                    }
                }));
            }
            for (int i = 0; running.stream().anyMatch(asking -> !asking.isDone()); i++) {
                if (!FaultLoad.askInto(others, other, List.of(stage.others().get(i % 200)))) {
                    other.close();
                    other = stage.connectDirect();
                }
                most = Math.max(most, residentBytes(stage));
            }
            other.close();
        } finally {
            stage.server().resume();
        }
        return "%s; %,d MB more in memory; others: %s".formatted(victims, (most - before) >> 20, others);
    }

    private static long residentBytes(FaultStage stage) throws IOException {
        String pages = Files.readString(Path.of("/proc/" + stage.pid() + "/statm")).split(" ")[1];
        return Long.parseLong(pages) * 4096;
    }
}
