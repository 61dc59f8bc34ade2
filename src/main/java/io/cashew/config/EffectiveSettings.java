package io.cashew.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/// What is in force, as text that may be shown: secrets are masked.
public final class EffectiveSettings {
    /// Others are the framework's own, and fixed when Cashew is built.
    private static final List<String> SHOWN =
            List.of(CashewConfig.PREFIX + ".", "quarkus.http.", "quarkus.management.", "quarkus.log.", "quarkus.tls.");

    /// `password`, `key-store-password`, `alias-password`; not `password-file`, which says where it is, nor `password-attempts`.
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(passw(?!ord-(file|attempts|interval)$)|secret|credential|passphrase|token).*");

    private final SmallRyeConfig config;

    public EffectiveSettings(SmallRyeConfig config) {
        this.config = config;
    }

    /// One setting.
    ///
    /// @param origin where it is written, with the line if that is known; `default` if nowhere
    public record Setting(String name, String value, String origin) {}

    /// The settings of the process, by name: all of Cashew's, and those of the framework that somebody has written.
    public List<Setting> ofProcess() {
        TreeSet<String> names = new TreeSet<>();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> SHOWN.stream().anyMatch(name::startsWith))
                .forEach(names::add);
        return names.stream()
                .map(config::getConfigValue)
                .filter(value -> value.getValue() != null)
                .filter(value -> value.getName().startsWith(CashewConfig.PREFIX + ".") || !isDefault(value))
                .map(value -> new Setting(value.getName(), shown(value.getName(), value.getValue()), origin(value)))
                .toList();
    }

    private static boolean isDefault(ConfigValue value) {
        return value.getConfigSourceName() == null || value.getConfigSourceName().startsWith("DefaultValues");
    }

    private static String origin(ConfigValue value) {
        if (isDefault(value)) {
            return "default";
        }
        OptionalInt line = CashewProperties.line(value);
        return CashewProperties.source(value) + (line.isPresent() ? " line " + line.getAsInt() : "");
    }

    static String shown(String name, String value) {
        if (SECRET.matcher(name).matches()) {
            return Secret.MASK;
        }
        return name.endsWith("-file") ? Shown.plain(value) : Shown.value(value);
    }

    /// The settings of `pool` with defaults in place, by their names below `cashew.pools."name"`; not those that are not set and
    /// have no default, and not its servers.
    public static Map<String, String> of(PoolConfig pool) {
        Map<String, String> settings = new TreeMap<>();
        for (PoolKey key : PoolKey.values()) {
            if (key != PoolKey.SERVERS) {
                Shown.setting(key.value(pool)).ifPresent(text -> settings.put(key.property(), text));
            }
        }
        return settings;
    }

    /// The servers of `pool` as they are written.
    public static List<String> servers(PoolConfig pool) {
        return pool.servers().stream()
                .map(server -> Shown.plain(server.address() + ":" + server.weight() + (server.named() ? " " + server.name() : "")))
                .toList();
    }
}
