package io.cashew.admin;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;

/// How much Cashew's parts say in the log, changeable while it runs. A category is a package or class of Cashew's; one without
/// a level has that of the package around it, and `io.cashew` that of `quarkus.log.level`.
///
/// Thread-safe.
@ApplicationScoped
public class LogLevels {
    static final String TOP = "io.cashew";

    /// nutcracker's levels from the first that is none of its errors to the first that says all there is.
    private static final int LEAST = 3;
    private static final int MOST = 7;
    private static final int USUAL = 5;

    /// What may be written.
    enum Level {
        ERROR(org.jboss.logmanager.Level.ERROR),
        WARN(org.jboss.logmanager.Level.WARN),
        INFO(org.jboss.logmanager.Level.INFO),
        DEBUG(org.jboss.logmanager.Level.DEBUG);

        private final java.util.logging.Level level;

        Level(java.util.logging.Level level) {
            this.level = level;
        }

        static Optional<Level> of(String text) {
            return Arrays.stream(values()).filter(level -> level.name().equalsIgnoreCase(text)).findFirst();
        }

        private static Level of(java.util.logging.Level level) {
            return Arrays.stream(values())
                    .filter(each -> each.level.intValue() <= level.intValue())
                    .findFirst()
                    .orElse(DEBUG);
        }

        static String all() {
            return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
        }
    }

    /// The log manager itself remembers a level only as long as somebody knows the category.
    private final Map<String, Logger> changed = new HashMap<>();
    private int verbosity = USUAL;

    /// The categories that have a level of their own.
    synchronized NavigableMap<String, Level> levels() {
        NavigableMap<String, Level> levels = new TreeMap<>();
        for (String category : categories()) {
            java.util.logging.Level level = Logger.getLogger(category).getLevel();
            if (level != null) {
                levels.put(category, Level.of(level));
            }
        }
        return levels;
    }

    /// All there are: what has something to say by now, and what is around it.
    NavigableSet<String> categories() {
        NavigableSet<String> categories = new TreeSet<>();
        categories.add(TOP);
        Collections.list(LogContext.getLogContext().getLoggerNames()).stream()
                .filter(name -> name.startsWith(TOP + "."))
                .flatMap(LogLevels::withParents)
                .forEach(categories::add);
        return categories;
    }

    private static Stream<String> withParents(String name) {
        return Stream.iterate(name, each -> each.length() > TOP.length(), each -> each.substring(0, each.lastIndexOf('.')));
    }

    /// Gives these categories these levels, and no other category one of its own.
    synchronized void set(Map<String, Level> levels) {
        levels().keySet().stream().filter(category -> !levels.containsKey(category)).forEach(category -> set(category, null));
        new LinkedHashMap<>(levels).forEach((category, level) -> set(category, level.level));
    }

    private void set(String category, java.util.logging.Level level) {
        changed.computeIfAbsent(category, Logger::getLogger).setLevel(level);
    }

    /// Says one of nutcracker's levels more or less, from `from`, the one of the command line, until the log says all or nothing
    /// but errors. The new level in words.
    public synchronized String step(int steps) {
        verbosity = Math.clamp(verbosity + steps, LEAST, MOST);
        Optional<Level> level = ofVerbosity(verbosity);
        set(TOP, level.map(each -> each.level).orElse(null));
        return verbosity + level.map(each -> " (" + each + ")").orElse(" (as configured)");
    }

    /// The level of the command line's `-v`, from where [#step(int)] goes on.
    public synchronized void begin(int verbosity) {
        this.verbosity = verbosity;
    }

    /// nutcracker's levels: 0 to 3 are errors and worse, 4 warnings, 5 notices, 6 information, from 7 on debugging. Its
    /// default, 5, leaves the level to Quarkus configuration.
    static Optional<Level> ofVerbosity(int verbosity) {
        return switch (verbosity) {
            case 0, 1, 2, 3 -> Optional.of(Level.ERROR);
            case 4 -> Optional.of(Level.WARN);
            case 5 -> Optional.empty();
            case 6 -> Optional.of(Level.INFO);
            default -> Optional.of(Level.DEBUG);
        };
    }

    /// The same as a setting's text.
    public static Optional<String> levelOf(int verbosity) {
        return ofVerbosity(verbosity).map(Enum::name);
    }
}
