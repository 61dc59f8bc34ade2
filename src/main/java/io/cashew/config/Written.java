package io.cashew.config;

import java.util.OptionalInt;

/// A value as it stands in its source, not yet understood.
///
/// @param key    as messages call it: a directive, or the full name of a property
/// @param source the file, or the Quarkus configuration source
record Written(String key, String text, String source, OptionalInt line) {}
