package io.cashew.protocol.redis;

/// What a pool remembers of what its servers were told, and have said, as long as it lives, also when they change.
///
/// @param scripts those that have been loaded
/// @param libraries those of functions
/// @param versions what they are
public record PoolMemory(Scripts scripts, Libraries libraries, ServerVersions versions) {
    /// Nothing yet.
    public PoolMemory() {
        this(new Scripts(), new Libraries(), new ServerVersions());
    }
}
