package io.cashew.benchmark;

import io.cashew.sharding.HashFunction;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// What it costs to hash one key.
public class HashFunctionBenchmark extends Microbenchmark {
    @Param
    public HashFunction function;

    @Param({"8", "32", "250"})
    public int length;

    private byte[] key;

    @Setup
    public void makeKey() {
        key = new byte[length];
        new Random(1).nextBytes(key);
    }

    @Benchmark
    public int hash() {
        return function.hash(key, 0, length);
    }
}
