package io.cashew.config;

import java.util.Optional;
import java.util.OptionalInt;

/// One thing that is wrong with the configuration, and what would be right.
///
/// @param source  the file, or the Quarkus configuration source
/// @param line    where in the file, if the source knows its lines
/// @param pool    the pool it is about
/// @param key     the directive of a nutcracker.yml, or the full name of a property
/// @param value   the wrong value, safe to show: masked where it is a secret or might contain one, shortened, printable
/// @param reason  what is wrong, in twemproxy's own words where it has them
/// @param allowed what may be written instead
public record ConfigProblem(
        String source,
        OptionalInt line,
        Optional<String> pool,
        Optional<String> key,
        Optional<String> value,
        String reason,
        String allowed) {

    /// One line for a log or a terminal, beginning with `conf: ` as twemproxy's do.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("conf: ").append(Shown.plain(source));
        line.ifPresent(number -> text.append(" line ").append(number));
        text.append(": ");
        pool.ifPresent(name -> text.append("pool '").append(Shown.plain(name)).append("': "));
        key.ifPresent(name -> text.append(named(name)).append(' '));
        text.append(reason);
        value.ifPresent(shown -> text.append(": \"").append(shown).append('"'));
        if (!allowed.isEmpty()) {
            text.append(": ").append(allowed);
        }
        return text.toString();
    }

    private static String named(String key) {
        return key.startsWith(CashewConfig.PREFIX + ".") ? "property " + key : "directive \"" + key + "\"";
    }
}
