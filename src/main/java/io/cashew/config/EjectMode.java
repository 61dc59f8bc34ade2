package io.cashew.config;

import java.util.Optional;

/// What becomes of the keys of an ejected server.
public enum EjectMode {
    /// They move to the servers that are left, as with twemproxy; `ketama` moves no others.
    REHASH("rehash"),
    /// They stay where they are, and requests for them fail at once until the server is back.
    FAIL_FAST("fail-fast");

    private final String label;

    EjectMode(String label) {
        this.label = label;
    }

    /// As it is written in configuration.
    public String label() {
        return label;
    }

    static Optional<EjectMode> named(String label) {
        for (EjectMode mode : values()) {
            if (mode.label.equals(label)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }
}
