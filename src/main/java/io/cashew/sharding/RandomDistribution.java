package io.cashew.sharding;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// Every request draws one of the live shards anew; neither key nor weight matters. For caches that hold the same
/// everywhere.
final class RandomDistribution implements Distribution {
    /// Indices of the live shards, ascending; at least one.
    private final int[] live;

    RandomDistribution(int[] live) {
        this.live = live;
    }

    @Override
    public int server(int hash) {
        return live[ThreadLocalRandom.current().nextInt(live.length)];
    }

    @Override
    public Placement explain(int hash) {
        return new Placement.Drawn(server(hash), Integer.toUnsignedLong(hash), live.length);
    }

    /// Equal parts; what does not divide goes to the first, so that the sum is exact.
    @Override
    public long hashesOwned(int shard) {
        int at = Arrays.binarySearch(live, shard);
        if (at < 0) {
            return 0;
        }
        return HASHES / live.length + (at < HASHES % live.length ? 1 : 0);
    }

    @Override
    public long nextChange(long hash) {
        return HASHES;
    }

    @Override
    public int points(int shard) {
        return Arrays.binarySearch(live, shard) < 0 ? 0 : 1;
    }

    @Override
    public boolean placesKeys() {
        return false;
    }
}
