package io.cashew.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// What messages are published to, or a pattern of it.
///
/// @param name its bytes, one character each
public record Topic(Kind kind, String name) {
    /// The same name means something else in each kind.
    public enum Kind {
        CHANNEL,
        PATTERN,
        /// A channel that belongs to one shard of a cluster: a name space of its own.
        SHARD_CHANNEL
    }

    public byte[] bytes() {
        return name.getBytes(ISO_8859_1);
    }
}
