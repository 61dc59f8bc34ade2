package io.cashew.protocol.redis;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Which Redis a server is, or is compatible with; ordered by age.
///
/// @param text as the server writes it: numbers, with something else between them
record ServerVersion(String text) implements Comparable<ServerVersion> {
    /// The version among the `fields` of what a server has answered to `INFO`, if it is there.
    static Optional<ServerVersion> in(Map<String, String> fields) {
        return Optional.ofNullable(fields.get("redis_version")).map(ServerVersion::new);
    }

    boolean isBefore(ServerVersion other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(ServerVersion other) {
        return Arrays.compare(numbers(), other.numbers());
    }

    private int[] numbers() {
        return Arrays.stream(text.split("\\D+"))
                .filter(part -> !part.isEmpty() && part.length() < 10)
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
