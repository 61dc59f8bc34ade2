package io.cashew.config;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// A password. It has to be asked for explicitly with [#reveal()], so that it cannot slip into a log line, an error or
/// a REST answer by way of `toString`.
public final class Secret {
    /// What is shown in its place.
    static final String MASK = "****";

    private final String text;

    public Secret(String text) {
        this.text = Objects.requireNonNull(text);
    }

    public String reveal() {
        return text;
    }

    /// The password as it travels: UTF-8.
    public byte[] revealBytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}
