package io.cashew.benchmark;

import io.cashew.sharding.Distribution;
import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.Shard;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// What it costs to find the server for a hash, and to make the ring anew when a server is ejected.
public class DistributionBenchmark extends Microbenchmark {
    @Param({"KETAMA", "MODULA"})
    public DistributionKind kind;

    @Param({"3", "25", "200"})
    public int servers;

    /// Many and random, so that no branch predictor learns them.
    private final int[] hashes = new Random(1).ints(1 << 16).toArray();

    private int next;
    private List<Shard> shards;
    private Distribution distribution;

    @Setup
    public void build() {
        shards = IntStream.range(0, servers)
                .mapToObj(index -> new Shard("10.0.0." + (10 + index) + ":6379", 1))
                .toList();
        distribution = rebuild();
    }

    @Benchmark
    public int server() {
        return distribution.server(hashes[next++ & hashes.length - 1]);
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public Distribution rebuild() {
        return kind.build(shards, new BitSet());
    }
}
