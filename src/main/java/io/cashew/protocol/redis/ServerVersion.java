package io.cashew.protocol.redis;

import java.util.Arrays;
import java.util.Optional;

/// Which Redis a server is, or is compatible with; ordered by age.
///
/// @param text as the server writes it: numbers, with something else between them
record ServerVersion(String text) implements Comparable<ServerVersion> {
    private static final String FIELD = "redis_version:";

    /// The version that stands in `info`, which a server has answered to `INFO`, if one does.
    static Optional<ServerVersion> in(String info) {
        return info.lines()
                .filter(line -> line.startsWith(FIELD))
                .findFirst()
                .map(line -> new ServerVersion(line.substring(FIELD.length())));
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
