package io.cashew.sharding;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// How a pool spreads keys over its servers: the values of twemproxy's `distribution:` directive.
public enum DistributionKind {
    KETAMA {
        @Override
        Distribution over(List<Shard> shards, int[] live) {
            return Continuum.of(shards, live);
        }
    },

    MODULA {
        @Override
        Distribution over(List<Shard> shards, int[] live) {
            return Modula.of(shards, live);
        }
    },

    RANDOM {
        @Override
        Distribution over(List<Shard> shards, int[] live) {
            return new RandomDistribution(live);
        }
    };

    private final String label = name().toLowerCase(Locale.ROOT);

    /// Spreads the hashes over `shards`, which are sorted by [Shard#RING_NAME_ORDER], without those whose index is set in
    /// `ejected`. Ejected shards keep their index but count for nothing: the points of the others are those of a pool
    /// that never had them, except that indices stay.
    ///
    /// Ketama digests a text for every four points, which takes some microseconds per shard and about a millisecond for two
    /// hundred.
    public Distribution build(List<Shard> shards, BitSet ejected) {
        var live = IntStream.range(0, shards.size()).filter(index -> !ejected.get(index)).toArray();
        return live.length == 0 ? NoLiveShard.INSTANCE : over(shards, live);
    }

    abstract Distribution over(List<Shard> shards, int[] live);

    /// The name in a nutcracker.yml, for example `ketama`.
    public String label() {
        return label;
    }

    /// The kind with this label; labels are lower case only, as in twemproxy.
    public static Optional<DistributionKind> named(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }
}
