package io.cashew.protocol.redis;

/// Keys a user may use, and what for.
///
/// @param glob which keys
record KeyPattern(Glob glob, boolean reads, boolean writes) {
    boolean allows(KeyFlags use) {
        return (reads || !use.reads()) && (writes || !use.writes());
    }

    /// As a rule writes it.
    @Override
    public String toString() {
        return (reads && writes ? "~" : reads ? "%R~" : "%W~") + glob;
    }
}
