package io.cashew.config;

import java.util.Optional;

/// Whether clients have to show a certificate. One that is shown has to be trusted in any case.
public enum ClientAuth {
    NONE("none"),
    /// They may.
    REQUEST("request"),
    REQUIRED("required");

    private final String label;

    ClientAuth(String label) {
        this.label = label;
    }

    /// As it is written in configuration.
    public String label() {
        return label;
    }

    static Optional<ClientAuth> named(String label) {
        for (ClientAuth auth : values()) {
            if (auth.label.equals(label)) {
                return Optional.of(auth);
            }
        }
        return Optional.empty();
    }
}
