package io.cashew.protocol.redis;

/// What a pool remembers of what its clients have told all servers, as long as it lives, also when its servers change.
///
/// @param scripts those that have been loaded
/// @param libraries those of functions
public record PoolMemory(Scripts scripts, Libraries libraries) {
    /// Nothing yet.
    public PoolMemory() {
        this(new Scripts(), new Libraries());
    }
}
