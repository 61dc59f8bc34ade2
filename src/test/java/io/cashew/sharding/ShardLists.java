package io.cashew.sharding;

import java.util.List;
import java.util.stream.IntStream;

/// Lists of shards for tests that do not care for their names.
final class ShardLists {
    private ShardLists() {}

    static List<Shard> equal(int count) {
        return weighted(IntStream.generate(() -> 1).limit(count).toArray());
    }

    static List<Shard> weighted(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(index -> new Shard("10.0.0." + (100 + index) + ":6379", weights[index]))
                .toList();
    }
}
