package io.cashew.sharding;

/// Spreads the 2^32 hash values over the shards of a pool. Shards are known by their index in the list the distribution
/// was built from.
///
/// Immutable and usable by any thread. An ejection or a new list is a new distribution: see [DistributionKind#build].
public sealed interface Distribution permits Continuum, Modula, RandomDistribution, NoLiveShard {
    /// What [#server(int)] answers when every shard is ejected.
    int NONE = -1;

    /// How many values a hash can have.
    long HASHES = 1L << 32;

    /// The index of the shard for this hash, or [#NONE] if no shard is live. Runs for every request: allocates nothing.
    int server(int hash);

    /// The same decision with its reason, for a person to read.
    Placement explain(int hash);

    /// How many of the 2^32 hash values lead to this shard; all shards together have exactly 2^32, unless none is live.
    /// Where a draw decides, it is the expected number.
    long hashesOwned(int shard);

    /// Where another shard may begin: above `hash`, at most [#HASHES]. Up to there all hashes lead to the shard of `hash`; where a
    /// draw decides there is no such place but the end.
    long nextChange(long hash);

    /// How many ring points or slots this shard has; 0 if it gets no key.
    int points(int shard);

    /// Whether a hash always finds the same shard, as long as the same shards are live. Where it does not, requests are
    /// spread and keys have no home.
    default boolean placesKeys() {
        return true;
    }
}
