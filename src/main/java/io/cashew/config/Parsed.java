package io.cashew.config;

/// A text understood, or why not.
sealed interface Parsed<T> {
    record Good<T>(T value) implements Parsed<T> {}

    record Bad<T>(String reason, String allowed) implements Parsed<T> {}
}
