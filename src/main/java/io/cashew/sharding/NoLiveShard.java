package io.cashew.sharding;

/// What is left when every shard is ejected.
enum NoLiveShard implements Distribution {
    INSTANCE;

    @Override
    public int server(int hash) {
        return NONE;
    }

    @Override
    public Placement explain(int hash) {
        return new Placement.Nowhere(Integer.toUnsignedLong(hash));
    }

    @Override
    public long hashesOwned(int shard) {
        return 0;
    }

    @Override
    public long nextChange(long hash) {
        return HASHES;
    }

    @Override
    public int points(int shard) {
        return 0;
    }
}
