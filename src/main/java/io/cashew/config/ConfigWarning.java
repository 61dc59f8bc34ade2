package io.cashew.config;

/// Something that is allowed and probably not what the user wants.
///
/// @param source the file, or the Quarkus configuration source, of the pool
public record ConfigWarning(String source, String pool, String text) {
    @Override
    public String toString() {
        return "conf: warning: " + Shown.plain(source) + ": pool '" + Shown.plain(pool) + "': " + text;
    }
}
