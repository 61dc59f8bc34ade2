package io.cashew.metrics;

/// What has been counted about the name of one server of a pool, for all workers together.
public final class AddressCounters {
    /// How often its address has become another one.
    public long moves;
    /// How often its name could not be resolved.
    public long failures;
}
