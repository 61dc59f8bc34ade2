package io.cashew.sharding;

/// How many of the 2^32 hash values lead from each shard of one distribution to each of another, counted and not tried. The ring of
/// one is laid upon that of the other: between two ends of arcs nothing changes.
///
/// Slots are too many for that, because three servers are three slots, which go round 2^32 / 3 times. Their part of an arc is
/// computed instead, and of two kinds of slots only one round of both is looked at.
///
/// Where requests draw their shard there is no movement to be counted.
public final class Movement {
    private final long[][] counts;

    private Movement(int shards, int others) {
        counts = new long[shards][others];
    }

    /// From `before`, which has `shards`, live ones among them, to `after`, which has `others`. Both place keys.
    public static Movement between(Distribution before, int shards, Distribution after, int others) {
        var movement = new Movement(shards, others);
        switch (before) {
            case Modula slots when !(after instanceof Modula more) || slots.slots() <= more.slots() ->
                movement.countInArcs(slots, after, true);
            case Distribution arcs when after instanceof Modula slots -> movement.countInArcs(slots, arcs, false);
            case Distribution arcs -> movement.layUpon(arcs, after);
        }
        return movement;
    }

    /// Hashes that lead from `shard` to `other`; of all pairs together 2^32.
    public long hashes(int shard, int other) {
        return counts[shard][other];
    }

    private void layUpon(Distribution before, Distribution after) {
        long end;
        for (long hash = 0; hash < Distribution.HASHES; hash = end) {
            end = Math.min(before.nextChange(hash), after.nextChange(hash));
            counts[before.server((int) hash)][after.server((int) hash)] += end - hash;
        }
    }

    private void countInArcs(Modula slots, Distribution arcs, boolean slotsAreBefore) {
        long round = arcs instanceof Modula others ? round(slots.slots(), others.slots()) : Distribution.HASHES;
        countInArcs(slots, arcs, slotsAreBefore, round, Distribution.HASHES / round);
        countInArcs(slots, arcs, slotsAreBefore, Distribution.HASHES % round, 1);
    }

    /// `times` what is below `bound`.
    private void countInArcs(Modula slots, Distribution arcs, boolean slotsAreBefore, long bound, long times) {
        int shards = slotsAreBefore ? counts.length : counts[0].length;
        long end;
        for (long hash = 0; hash < bound; hash = end) {
            end = Math.min(arcs.nextChange(hash), bound);
            int ofArc = arcs.server((int) hash);
            for (int shard = 0; shard < shards; shard++) {
                long inArc = times * (slots.hashesBelow(end, shard) - slots.hashesBelow(hash, shard));
                if (slotsAreBefore) {
                    counts[shard][ofArc] += inArc;
                } else {
                    counts[ofArc][shard] += inArc;
                }
            }
        }
    }

    /// After how many hashes both are where they began; at most all of them.
    private static long round(long slots, long others) {
        long divisor = slots;
        for (long rest = others; rest != 0; ) {
            long next = divisor % rest;
            divisor = rest;
            rest = next;
        }
        long times = others / divisor;
        return times > Distribution.HASHES / slots ? Distribution.HASHES : slots * times;
    }
}
