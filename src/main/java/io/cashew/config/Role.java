package io.cashew.config;

import java.util.Locale;

/// What a user of REST may do; who has a role may do what those before it may, too.
public enum Role {
    /// Read.
    VIEWER,
    /// Change things.
    ADMIN;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /// As it is written.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
