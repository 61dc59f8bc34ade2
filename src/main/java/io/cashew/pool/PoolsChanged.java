package io.cashew.pool;

/// There are other pools or servers than before: a reload is in force. For whoever has something for each of them.
public record PoolsChanged() {}
