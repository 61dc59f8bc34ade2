package io.cashew.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// One pool as it stands in its source: texts by key, not yet understood.
final class WrittenPool {
    private final Spelling spelling;
    private final String name;
    private final String source;
    private final OptionalInt line;
    private final Map<PoolKey, Written> values = new EnumMap<>(PoolKey.class);
    private final List<Written> servers = new ArrayList<>();
    private final Set<PoolKey> present = EnumSet.noneOf(PoolKey.class);

    WrittenPool(Spelling spelling, String name, String source, OptionalInt line) {
        this.spelling = spelling;
        this.name = name;
        this.source = source;
        this.line = line;
    }

    Spelling spelling() {
        return spelling;
    }

    String name() {
        return name;
    }

    String source() {
        return source;
    }

    OptionalInt line() {
        return line;
    }

    /// Records a value; false when the key, other than `servers`, already has one.
    boolean add(PoolKey key, Written value) {
        present.add(key);
        if (key == PoolKey.SERVERS) {
            servers.add(value);
            return true;
        }
        return values.putIfAbsent(key, value) == null;
    }

    /// Records that the key is there with a value that has already been complained about, so that nobody calls it missing.
    void addUnreadable(PoolKey key) {
        present.add(key);
    }

    boolean has(PoolKey key) {
        return present.contains(key);
    }

    Optional<Written> value(PoolKey key) {
        return Optional.ofNullable(values.get(key));
    }

    List<Written> servers() {
        return servers;
    }

    /// A problem with one of this pool's values.
    ConfigProblem problem(Written value, String shown, String reason, String allowed) {
        return new ConfigProblem(
                value.source(), value.line(), Optional.of(name), Optional.of(value.key()), Optional.of(shown), reason,
                allowed);
    }

    /// A problem with a key that is not there.
    ConfigProblem missing(PoolKey key, String reason, String allowed) {
        return new ConfigProblem(
                source, line, Optional.of(name), Optional.of(spelling.missing(name, key)), Optional.empty(), reason,
                allowed);
    }

    /// A problem with the pool as a whole.
    ConfigProblem problem(String reason, String allowed) {
        return new ConfigProblem(source, line, Optional.empty(), Optional.empty(), Optional.empty(), reason, allowed);
    }
}
