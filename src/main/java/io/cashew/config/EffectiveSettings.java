package io.cashew.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /// The settings of `pool` with defaults in place, by their names below `cashew.pools."name"`; not those that are not set and have
    /// no default, and not its servers.
    public static Map<String, String> of(PoolConfig pool) {
        Map<String, String> settings = new TreeMap<>();
        for (PoolKey key : PoolKey.values()) {
            if (key != PoolKey.SERVERS) {
                text(value(pool, key)).ifPresent(text -> settings.put(key.property(), Shown.plain(text)));
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

    private static Object value(PoolConfig pool, PoolKey key) {
        return switch (key) {
            case LISTEN -> pool.listen();
            case SERVERS -> pool.servers();
            case HASH -> pool.hash().label();
            case HASH_TAG -> pool.hashTag().map(tag -> "" + (char) (tag.open() & 0xff) + (char) (tag.close() & 0xff));
            case DISTRIBUTION -> pool.distribution().label();
            case TIMEOUT -> pool.timeout();
            case BACKLOG -> pool.backlog();
            case CLIENT_CONNECTIONS -> pool.clientConnections();
            case PROTOCOL -> pool.protocol();
            case PASSWORD -> pool.password();
            case DATABASE -> pool.database();
            case PRECONNECT -> pool.preconnect();
            case AUTO_EJECT -> pool.autoEjectHosts();
            case SERVER_CONNECTIONS -> pool.serverConnections();
            case SERVER_RETRY_TIMEOUT -> pool.serverRetryTimeout();
            case SERVER_FAILURE_LIMIT -> pool.serverFailureLimit();
            case TCP_KEEPALIVE -> pool.tcpKeepalive();
            case REUSE_PORT -> pool.reusePort();
            case ITEM_SIZE_MAX -> pool.itemSizeMax();
            case DATABASES -> pool.databases();
            case RESOLVE_INTERVAL -> pool.serverResolveInterval();
            case ALLOW_FLUSH -> pool.allowFlush();
            case CROSS_SERVER_LIMIT -> pool.crossServerLimit();
            case EJECT_MODE -> pool.health().ejectMode().label();
            case FAILURE_MERGE -> pool.health().failureMerge();
            case PROBE -> pool.health().probe();
            case PROBE_TIMEOUT -> pool.health().probeTimeout();
            case PROBE_INTERVAL -> pool.health().probeInterval();
            case PROBE_FAILURES -> pool.health().probeFailures();
            case PROBE_SUCCESSES -> pool.health().probeSuccesses();
            case RETRY_TIMEOUT_MAX -> pool.health().retryTimeoutMax();
            case RETRY_JITTER -> pool.health().retryJitter();
            case FLAP_WINDOW -> pool.health().flapWindow();
            case TLS -> pool.tls().entry();
            case LISTEN_TLS -> pool.tls().listen();
            case CLIENT_AUTH -> pool.tls().clientAuth().label();
            case SERVER_TLS -> pool.tls().serverEntry();
            case SERVER_TLS_HOSTNAME -> pool.tls().serverHostname();
            case PASSWORD_FILE -> pool.access().passwordFile();
            case USERS_FILE -> pool.access().usersFile();
            case SERVER_USER -> pool.access().serverUser();
            case SERVER_PASSWORD -> pool.access().serverPassword();
            case SERVER_PASSWORD_FILE -> pool.access().serverPasswordFile();
        };
    }

    private static Optional<String> text(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.flatMap(EffectiveSettings::text);
            case Duration duration -> Optional.of(duration.toMillis() + "ms");
            case ListenAddress address -> Optional.of(address.text());
            // The names of those that have a label are given by it; a secret gives its mask.
            case ProtocolName protocol -> Optional.of(protocol.label());
            case Object other -> Optional.of(other.toString());
        };
    }
}
