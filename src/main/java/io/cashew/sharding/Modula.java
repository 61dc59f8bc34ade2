package io.cashew.sharding;

import java.util.Arrays;
import java.util.List;

/// Hash modulo slots: every live shard has as many consecutive slots as its weight, in the order of the list. Simple and
/// perfectly fair, but nearly every key moves when a shard comes or goes.
final class Modula implements Distribution {
    /// Indices of the live shards.
    private final int[] live;

    /// For each live shard, the slot behind its last. Slots themselves are not written out: a weight may be 2^31 - 1.
    private final long[] ends;

    private final int[] slotsOfShard;
    private final long slots;

    private Modula(int[] live, long[] ends, int[] slotsOfShard) {
        this.live = live;
        this.ends = ends;
        this.slotsOfShard = slotsOfShard;
        this.slots = ends[ends.length - 1];
    }

    /// The slots of the shards at these indices, of which there is at least one.
    static Modula of(List<Shard> shards, int[] live) {
        var slotsOfShard = new int[shards.size()];
        for (int index : live) {
            slotsOfShard[index] = shards.get(index).weight();
        }
        var ends = Arrays.stream(live).mapToLong(index -> slotsOfShard[index]).toArray();
        Arrays.parallelPrefix(ends, Long::sum);
        return new Modula(live, ends, slotsOfShard);
    }

    @Override
    public int server(int hash) {
        return serverOf(slot(hash));
    }

    private long slot(int hash) {
        return Integer.toUnsignedLong(hash) % slots;
    }

    private int serverOf(long slot) {
        int found = Arrays.binarySearch(ends, slot + 1);
        return live[found >= 0 ? found : -found - 1];
    }

    long slots() {
        return slots;
    }

    @Override
    public long nextChange(long hash) {
        long slot = hash % slots;
        int found = Arrays.binarySearch(ends, slot + 1);
        return Math.min(HASHES, hash - slot + ends[found >= 0 ? found : -found - 1]);
    }

    @Override
    public Placement explain(int hash) {
        long slot = slot(hash);
        return new Placement.InSlot(serverOf(slot), Integer.toUnsignedLong(hash), slot, slots);
    }

    @Override
    public long hashesOwned(int shard) {
        return hashesBelow(HASHES, shard);
    }

    /// How many hashes below `bound` lead to `shard`. They go round the slots many times and end amid a round, so the first slots
    /// are met once more.
    long hashesBelow(long bound, int shard) {
        int at = Arrays.binarySearch(live, shard);
        if (at < 0) {
            return 0;
        }
        long end = ends[at];
        long start = end - slotsOfShard[shard];
        long inLastRound = bound % slots;
        return bound / slots * slotsOfShard[shard] + Math.clamp(inLastRound - start, 0, slotsOfShard[shard]);
    }

    @Override
    public int points(int shard) {
        return slotsOfShard[shard];
    }
}
