package io.cashew.config;

import io.cashew.config.CashewConfig.PoolProperties;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds the pools written under `cashew.pools` and where each value comes from.
final class CashewProperties {
    /// `cashew.pools.alpha.hash`, `cashew.pools."al.pha".servers[0]`
    private static final Pattern NAME = Pattern.compile(
            Pattern.quote(CashewConfig.POOLS + ".") + "(?:\"(?<quoted>[^\"]*)\"|(?<plain>[^.\"]*))\\.(?<key>.*?)(?:\\[\\d+])?");

    /// As in `PropertiesConfigSource[source=file:/etc/cashew/application.properties]`
    private static final Pattern SOURCE_NAME = Pattern.compile(".*\\[source=(?<place>.*)]");

    private final SmallRyeConfig config;
    private final Problems problems;

    private CashewProperties(SmallRyeConfig config, Problems problems) {
        this.config = config;
        this.problems = problems;
    }

    static List<WrittenPool> written(SmallRyeConfig config, CashewConfig cashew, Problems problems) {
        CashewProperties properties = new CashewProperties(config, problems);
        properties.refuseUnknown();
        return new TreeMap<>(cashew.pools()).entrySet().stream().map(properties::pool).toList();
    }

    private void refuseUnknown() {
        for (String name : config.getPropertyNames()) {
            Matcher matcher = NAME.matcher(name);
            if (!matcher.matches() || PoolKey.ofProperty(matcher.group("key")).isPresent()) {
                continue;
            }
            ConfigValue value = config.getConfigValue(name);
            // Variables like CASHEW_POOLS_PORT are also set by platforms, for their own purposes
            if (value.getConfigSourceName() != null && !value.getConfigSourceName().startsWith(EnvConfigSource.NAME)) {
                String pool = matcher.group("quoted") == null ? matcher.group("plain") : matcher.group("quoted");
                problems.add(new ConfigProblem(source(value), line(value), Optional.of(pool),
                        Optional.of(Shown.plain(name)), Optional.empty(), "is unknown",
                        "one of " + PoolKey.allProperties()));
            }
        }
    }

    private WrittenPool pool(Map.Entry<String, PoolProperties> entry) {
        String name = entry.getKey();
        List<Written> values = new ArrayList<>();
        List<PoolKey> keys = new ArrayList<>();
        for (PoolKey key : PoolKey.values()) {
            List<String> texts = texts(entry.getValue(), key);
            for (int i = 0; i < texts.size(); i++) {
                ConfigValue origin = origin(name, key, i);
                values.add(new Written(Spelling.PROPERTIES.key(name, key), texts.get(i), source(origin), line(origin)));
                keys.add(key);
            }
        }
        String source = values.isEmpty() ? "configuration" : values.getFirst().source();
        WrittenPool pool = new WrittenPool(Spelling.PROPERTIES, name, source, OptionalInt.empty());
        for (int i = 0; i < values.size(); i++) {
            pool.add(keys.get(i), values.get(i));
        }
        return pool;
    }

    private static List<String> texts(PoolProperties pool, PoolKey key) {
        Optional<String> text = switch (key) {
            case SERVERS -> Optional.empty();
            case LISTEN -> pool.listen();
            case HASH -> pool.hash();
            case HASH_TAG -> pool.hashTag();
            case DISTRIBUTION -> pool.distribution();
            case TIMEOUT -> pool.timeout();
            case BACKLOG -> pool.backlog();
            case CLIENT_CONNECTIONS -> pool.clientConnections();
            case PROTOCOL -> pool.protocol();
            case PASSWORD -> pool.password();
            case DATABASE -> pool.database();
            case PRECONNECT -> pool.preconnect();
            case AUTO_EJECT -> pool.autoEject();
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
            case EJECT_MODE -> pool.ejectMode();
            case FAILURE_MERGE -> pool.serverFailureMerge();
            case PROBE -> pool.serverProbe();
            case PROBE_TIMEOUT -> pool.serverProbeTimeout();
            case PROBE_INTERVAL -> pool.serverProbeInterval();
            case PROBE_FAILURES -> pool.serverProbeFailures();
            case PROBE_SUCCESSES -> pool.serverProbeSuccesses();
            case RETRY_TIMEOUT_MAX -> pool.serverRetryTimeoutMax();
            case RETRY_JITTER -> pool.serverRetryJitter();
            case FLAP_WINDOW -> pool.serverFlapWindow();
            case TLS -> pool.tls();
            case LISTEN_TLS -> pool.listenTls();
            case CLIENT_AUTH -> pool.tlsClientAuth();
            case SERVER_TLS -> pool.serverTls();
            case SERVER_TLS_HOSTNAME -> pool.serverTlsHostname();
            case PASSWORD_FILE -> pool.passwordFile();
            case USERS_FILE -> pool.usersFile();
            case SERVER_USER -> pool.serverUser();
            case SERVER_PASSWORD -> pool.serverPassword();
            case SERVER_PASSWORD_FILE -> pool.serverPasswordFile();
            case SLOW_LOG_THRESHOLD -> pool.slowLogThreshold();
            case SLOW_LOG_ENTRIES -> pool.slowLogEntries();
            case ACCESS_LOG_EVERY -> pool.accessLogEvery();
            case ACCESS_LOG_KEYS -> pool.accessLogKeys();
        };
        return key == PoolKey.SERVERS ? pool.servers().orElse(List.of()) : text.stream().toList();
    }

    /// Where a value stands: names may be quoted or not, lists indexed or comma-separated. Null if nowhere.
    private ConfigValue origin(String pool, PoolKey key, int index) {
        return Stream.of(CashewConfig.POOLS + "." + pool, CashewConfig.POOLS + ".\"" + pool + "\"")
                .map(prefix -> prefix + "." + key.property())
                .flatMap(name -> Stream.of(name + "[" + index + "]", name))
                .map(config::getConfigValue)
                .filter(value -> value.getValue() != null && value.getConfigSourceName() != null)
                .findFirst()
                .orElse(null);
    }

    static String source(ConfigValue value) {
        if (value == null) {
            return "configuration";
        }
        Matcher matcher = SOURCE_NAME.matcher(value.getConfigSourceName());
        return matcher.matches() ? matcher.group("place") : value.getConfigSourceName();
    }

    static OptionalInt line(ConfigValue value) {
        return value == null || value.getLineNumber() < 1 ? OptionalInt.empty() : OptionalInt.of(value.getLineNumber());
    }
}
