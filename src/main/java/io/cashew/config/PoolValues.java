package io.cashew.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The values that one pool's keys have, each read as what it is to be. A value that is not that is noted as a mistake, and reading
/// goes on as if it was not there.
final class PoolValues {
    private static final String NUMBERS = "0 to " + Integer.MAX_VALUE + ", digits only";
    private static final String WRITE_DURATION = "400ms, 2s, 1m, PT0.4S or a number of milliseconds, up to "
            + Integer.MAX_VALUE + " ms";
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,10})(ms|s|m|h|d)?");

    private final WrittenPool pool;
    private final Problems problems;

    PoolValues(WrittenPool pool, Problems problems) {
        this.pool = pool;
        this.problems = problems;
    }

    Optional<String> text(PoolKey key) {
        return pool.value(key).map(Written::text);
    }

    Optional<Path> path(PoolKey key) {
        return text(key).flatMap(text -> {
            try {
                return Optional.of(Path.of(text));
            } catch (InvalidPathException impossible) {
                refuse(key, "is not a path", "the path of a file");
                return Optional.empty();
            }
        });
    }

    boolean flag(PoolKey key) {
        return flag(key, false);
    }

    boolean flag(PoolKey key, boolean absent) {
        Optional<Written> value = pool.value(key);
        if (value.isEmpty()) {
            return absent;
        }
        return switch (value.get().text()) {
            case "true" -> true;
            case "false" -> false;
            default -> {
                refuse(value.get(), "is not \"true\" or \"false\"", "true or false, in lower case");
                yield absent;
            }
        };
    }

    int number(PoolKey key, int absent) {
        Optional<Written> value = pool.value(key);
        if (value.isEmpty()) {
            return absent;
        }
        OptionalInt number = Digits.number(value.get().text());
        if (number.isEmpty()) {
            refuse(value.get(), "is not a number", NUMBERS);
        }
        return number.orElse(absent);
    }

    Duration duration(PoolKey key, Duration absent) {
        return switch (pool.spelling()) {
            case NUTCRACKER -> {
                Optional<Written> value = pool.value(key);
                OptionalInt millis = value.map(Written::text).map(Digits::number).orElse(OptionalInt.empty());
                if (value.isPresent() && millis.isEmpty()) {
                    refuse(value.get(), "is not a number", "milliseconds, " + NUMBERS);
                }
                yield millis.isPresent() ? Duration.ofMillis(millis.getAsInt()) : absent;
            }
            case PROPERTIES -> {
                Optional<Written> value = pool.value(key);
                Optional<Duration> duration = value.map(Written::text).flatMap(PoolValues::durationWithUnit);
                if (value.isPresent() && duration.isEmpty()) {
                    refuse(value.get(), "is not a duration", WRITE_DURATION);
                }
                yield duration.orElse(absent);
            }
        };
    }

    /// Empty also if it is zero.
    Optional<Duration> durationUnlessZero(PoolKey key) {
        return Optional.of(duration(key, Duration.ZERO)).filter(duration -> !duration.isZero());
    }

    private static Optional<Duration> durationWithUnit(String text) {
        Duration duration;
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            duration = switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                case "d" -> Duration.ofDays(amount);
                case null, default -> Duration.ofMillis(amount);
            };
        } else {
            try {
                duration = Duration.parse(text);
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }
        boolean tooLong = duration.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0;
        // Less than a millisecond would become "none"
        boolean tooShort = duration.isNegative() || !duration.isZero() && duration.toMillis() == 0;
        return tooLong || tooShort ? Optional.empty() : Optional.of(duration);
    }

    /// One of `values`, known by their labels.
    <T> T oneOf(
            PoolKey key, Function<String, Optional<T>> named, String reason, T[] values, Function<T, String> label, T absent) {
        Optional<Written> value = pool.value(key);
        if (value.isEmpty()) {
            return absent;
        }
        Optional<T> found = named.apply(value.get().text());
        if (found.isEmpty()) {
            String labels = Arrays.stream(values).map(label).collect(Collectors.joining(", "));
            refuse(value.get(), reason, "one of " + labels);
        }
        return found.orElse(absent);
    }

    /// `key` and `other` cannot both have a value. That of `key` is a path that may be meant as a password.
    void refuseBoth(PoolKey key, PoolKey other) {
        if (pool.has(other)) {
            pool.value(key).ifPresent(value -> problems.add(pool.problem(
                    value, Secret.MASK, "contradicts " + name(other), "remove one of them")));
        }
    }

    /// `key` means nothing without `other`.
    void requires(PoolKey key, PoolKey other) {
        if (!pool.has(other)) {
            refuse(key, "means nothing without " + name(other),
                    "set that to the name of an entry of the TLS registry (quarkus.tls.\"name\".*), or remove this");
        }
    }

    /// Notes that the value of `key`, if there is one, is not allowed.
    void refuse(PoolKey key, String reason, String allowed) {
        pool.value(key).ifPresent(value -> refuse(value, reason, allowed));
    }

    /// The same for `value`.
    void refuse(Written value, String reason, String allowed) {
        problems.add(pool.problem(value, Shown.value(value.text()), reason, allowed));
    }

    /// What `key` is called where the pool is written.
    String name(PoolKey key) {
        return pool.spelling().key(pool.name(), key);
    }
}
