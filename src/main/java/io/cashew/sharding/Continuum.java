package io.cashew.sharding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The ketama ring. Every live shard has points on a circle of 2^32 values; a hash belongs to the first point at or
/// behind it, going round at the end. When a shard leaves, its arcs fall to its neighbours, and few other keys move.
///
/// ```
///   0 ──────●────────●──●───────────●────── 2^32 ─▶ 0
///   ◀─ b ──▶│◀── a ─▶│  │◀─── c ───▶│◀──── b ─────
///           b        a  a           c
/// ```
final class Continuum implements Distribution {
    private static final int POINTS_PER_SHARD = 160;
    private static final int POINTS_PER_DIGEST = 4;

    /// twemproxy's buffer for the text that is digested; longer texts are cut.
    private static final int MAX_TEXT = 272;

    private static final int MAX_SECTORS = 1 << 16;

    /// Point values in ascending order of their unsigned value, each with its top bit flipped: so the signed comparison
    /// of [#position(int)] orders them as unsigned numbers. Behind them the largest number there is, where every search ends.
    private final int[] points;

    /// For each point, the index of the shard it belongs to.
    private final int[] owners;

    /// The circle cut into sectors of equal size, as many as there are points or a few more: for each, the first point at or
    /// behind its beginning. A hash's top bits are its sector.
    private final int[] firstOfSector;

    private final int sectorShift;
    private final int[] pointsOfShard;
    private final long[] hashesOfShard;

    private Continuum(long[] sorted, int shards) {
        points = new int[sorted.length + 1];
        owners = new int[sorted.length];
        pointsOfShard = new int[shards];
        hashesOfShard = new long[shards];
        // The first point also has what lies behind the last one
        long previous = value(sorted[sorted.length - 1]) - HASHES;
        for (int i = 0; i < sorted.length; i++) {
            int owner = (int) sorted[i];
            long value = value(sorted[i]);
            points[i] = flipped((int) value);
            owners[i] = owner;
            pointsOfShard[owner]++;
            hashesOfShard[owner] += value - previous;
            previous = value;
        }
        points[sorted.length] = Integer.MAX_VALUE;
        int sectors = Math.min(MAX_SECTORS, Integer.highestOneBit(sorted.length) * 2);
        sectorShift = Integer.SIZE - Integer.numberOfTrailingZeros(sectors);
        firstOfSector = new int[sectors];
        int first = 0;
        for (int sector = 0; sector < sectors; sector++) {
            while (points[first] < flipped(sector << sectorShift)) {
                first++;
            }
            firstOfSector[sector] = first;
        }
    }

    /// The ring of the shards at these indices, of which there is at least one.
    static Continuum of(List<Shard> shards, int[] live) {
        long totalWeight = Arrays.stream(live).mapToLong(index -> shards.get(index).weight()).sum();
        var ring = Arrays.stream(live).boxed().flatMapToLong(index -> {
            var shard = shards.get(index);
            return points(shard.ringName(), digests(shard.weight(), totalWeight, live.length))
                    .mapToLong(value -> entry(value, index));
        });
        return new Continuum(ring.sorted().toArray(), shards.size());
    }

    private static IntStream points(String ringName, int digests) {
        return IntStream.range(0, digests).flatMap(number -> {
            var text = (ringName + "-" + number).getBytes(StandardCharsets.UTF_8);
            var digest = Md5.of(text, 0, Math.min(text.length, MAX_TEXT));
            return IntStream.of(digest.word(0), digest.word(1), digest.word(2), digest.word(3));
        });
    }

    /// How many digests, of four points each, a shard contributes. In single precision with every step rounded, as in the
    /// original: among 25 equal shards the share comes out a little below 40, and each has 39 digests, 156 points. A
    /// shard with a small enough share has none.
    ///
    /// The original then adds 1e-10, which is left out: the float next below a whole number is at least 6e-8 away from it,
    /// so the addition never lifts one over it.
    ///
    /// (Where the weights add up to 2^32 and more, the original overflows; there is nothing to be equal to.)
    private static int digests(int weight, long totalWeight, int live) {
        float share = (float) weight / (float) totalWeight;
        return (int) (share * POINTS_PER_SHARD / POINTS_PER_DIGEST * live);
    }

    @Override
    public int server(int hash) {
        return owners[position(hash)];
    }

    /// The place of the first point at or behind the hash. The search begins with the hash's sector and ends one point further
    /// on average, in half the time of a binary search without jumps among 3 servers, and in a third among 200.
    private int position(int hash) {
        int wanted = flipped(hash);
        int position = firstOfSector[hash >>> sectorShift];
        while (points[position] < wanted) {
            position++;
        }
        return position < owners.length ? position : 0;
    }

    @Override
    public Placement explain(int hash) {
        int position = position(hash);
        return new Placement.OnRing(
                owners[position],
                Integer.toUnsignedLong(hash),
                Integer.toUnsignedLong(flipped(points[position])),
                position,
                owners.length);
    }

    @Override
    public long nextChange(long hash) {
        long point = Integer.toUnsignedLong(flipped(points[position((int) hash)]));
        return point < hash ? HASHES : point + 1;
    }

    @Override
    public long hashesOwned(int shard) {
        return hashesOfShard[shard];
    }

    @Override
    public int points(int shard) {
        return pointsOfShard[shard];
    }

    /// A point with its owner in one number, ordered by the unsigned value; of equal values the earlier shard comes
    /// first, as from a stable sort.
    private static long entry(int value, int owner) {
        return ((long) flipped(value) << 32) | owner;
    }

    private static long value(long entry) {
        return Integer.toUnsignedLong(flipped((int) (entry >>> 32)));
    }

    private static int flipped(int value) {
        return value ^ Integer.MIN_VALUE;
    }
}
