package io.cashew.benchmark;

import io.cashew.fixture.RespClient;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Clients that ask as fast as they are answered, before, during and after a fault.
final class FaultLoad {
    private static final int DEPTH = 10;

    private FaultLoad() {}

    /// Something that is done to a stage.
    interface Trouble {
        void make(FaultStage stage) throws Exception;
    }

    /// When something was asked and how long it took, in nanoseconds.
    private record Sample(long asked, long took) {}

    /// Two clients ask for keys of the server in trouble, ten at a time, two others for keys of the others, one at a time.
    static String measure(FaultStage stage, Trouble during, Trouble end) throws Exception {
        var over = new CountDownLatch(1);
        var victims = new FaultTally();
        var others = new FaultTally();
        var samples = new ConcurrentLinkedQueue<Sample>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < 2; i++) {
                int offset = i * 31;
                running.add(threads.submit(() ->
                        keepAsking(stage, stage.victims(), offset, DEPTH, victims, over, new ConcurrentLinkedQueue<>())));
                running.add(threads.submit(() -> keepAsking(stage, stage.others(), offset, 1, others, over, samples)));
            }
            try {
                Thread.sleep(1000);
                long begin = System.nanoTime();
                during.make(stage);
                long faultOver = System.nanoTime();
                end.make(stage);
                long healed = System.nanoTime();
                victims.recover();
                for (int i = 0; i < 300 && victims.recovered() == 0; i++) {
                    Thread.sleep(10);
                }
                over.countDown();
                for (Future<?> asking : running) {
                    asking.get(20, TimeUnit.SECONDS);
                }
                String back = victims.recovered() == 0
                        ? "more than 3 s"
                        : "%.1f ms".formatted((victims.recovered() - healed) / 1e6);
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
            FaultStage stage, List<String> keys, int offset, int depth, FaultTally tally, CountDownLatch over,
            Collection<Sample> samples) {
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
    static boolean askInto(FaultTally tally, RespClient client, List<String> keys) {
        boolean recovering = tally.recovering();
        try {
            client.send(FaultStage.gets(keys));
            for (String key : keys) {
                tally.judge(key, client.reply(), recovering);
            }
            return true;
        } catch (AssertionError | UncheckedIOException lost) {
            tally.error(String.valueOf(lost.getMessage()).startsWith("no whole reply") ? "(no answer in 3 s)" : "(closed)");
            return false;
        }
    }
}
