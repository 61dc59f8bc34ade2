package io.cashew.config;

import java.util.Optional;

/// The language a pool speaks with its clients and its servers.
public enum ProtocolName {
    REDIS("redis"),
    MEMCACHE("memcache");

    private final String label;

    ProtocolName(String label) {
        this.label = label;
    }

    /// As it is written in configuration.
    public String label() {
        return label;
    }

    static Optional<ProtocolName> named(String label) {
        for (ProtocolName protocol : values()) {
            if (protocol.label.equals(label)) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }
}
