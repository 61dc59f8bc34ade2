package io.cashew.sharding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;

/// A server as the arithmetic sees it.
///
/// @param ringName what its ring points are computed from: the server's configured name, else `HOST:PORT`, else just
///     `HOST` when the port is 11211, and for a unix socket `PATH:` including the colon
/// @param weight its share of the keys in proportion to the others', at least 1
public record Shard(String ringName, int weight) {
    /// The order of ring names in which twemproxy numbers the servers of a pool: shorter first, then byte by byte, both
    /// of the UTF-8 form. Modula slots follow it, and so do statistics.
    public static final Comparator<String> RING_NAME_ORDER = (one, other) -> {
        var bytes = one.getBytes(StandardCharsets.UTF_8);
        var otherBytes = other.getBytes(StandardCharsets.UTF_8);
        return bytes.length == otherBytes.length
                ? Arrays.compareUnsigned(bytes, otherBytes)
                : Integer.compare(bytes.length, otherBytes.length);
    };

    public Shard {
        Objects.requireNonNull(ringName, "ringName");
        if (weight < 1) {
            throw new IllegalArgumentException("weight of " + ringName + " is " + weight + ", must be at least 1");
        }
    }
}
