package io.cashew.sharding;

import java.util.Locale;
import java.util.Optional;

public enum DistributionKind {
    KETAMA, MODULA, RANDOM;

    public static Optional<DistributionKind> named(String label) {
        for (DistributionKind kind : values()) {
            if (kind.label().equals(label)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
