package io.cashew.protocol.redis;

import io.cashew.benchmark.Microbenchmark;
import java.util.Random;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;

/// What it costs to find a command by its name, once the decoder has packed it into three numbers.
public class CommandLookupBenchmark extends Microbenchmark {
    private static final int ASKED = 1 << 12;

    /// Many and in no order, so that no branch predictor learns them.
    private final long[] names = new Random(1)
            .ints(ASKED, 0, RedisCommand.values().length)
            .mapToObj(row -> RedisCommand.values()[row].label().replaceAll("\\|.*", ""))
            .flatMap(name -> Stream.of(0, 1, 2).map(part -> RedisCommand.pack(name, part)))
            .mapToLong(Long::longValue)
            .toArray();

    private int next;

    @Benchmark
    public RedisCommand anyCommand() {
        return named(next++ & ASKED - 1);
    }

    @Benchmark
    public RedisCommand oneCommand() {
        return named(7);
    }

    private RedisCommand named(int number) {
        return RedisCommand.named(names[3 * number], names[3 * number + 1], names[3 * number + 2]);
    }
}
