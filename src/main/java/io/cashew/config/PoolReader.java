package io.cashew.config;

import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.HashTag;
import io.cashew.sharding.Shard;
import io.netty.util.NetUtil;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SNIHostName;

/// Reads one pool's texts into a [PoolConfig], key by key, and notes every mistake on the way. Reasons are twemproxy's.
final class PoolReader {
    private static final String NUMBERS = "0 to " + Integer.MAX_VALUE + ", digits only";
    private static final String WRITE_DURATION = "400ms, 2s, 1m, PT0.4S or a number of milliseconds, up to "
            + Integer.MAX_VALUE + " ms";

    /// The largest memcached can be told (`-I`).
    private static final int ITEM_SIZE_LIMIT = 1024 * 1024 * 1024;

    /// Each database in use has server connections of its own.
    private static final int DATABASES_LIMIT = 256;

    /// They may be as long as 4 KB each.
    private static final int SLOW_ENTRIES_LIMIT = 1024;

    private static final int ACCESS_EVERY_LIMIT = 1_000_000_000;

    /// What memcached has no notion of.
    private static final List<PoolKey> PASSWORD_KEYS = List.of(
            PoolKey.PASSWORD, PoolKey.PASSWORD_FILE, PoolKey.USERS_FILE, PoolKey.SERVER_USER, PoolKey.SERVER_PASSWORD,
            PoolKey.SERVER_PASSWORD_FILE);

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,10})(ms|s|m|h|d)?");

    private final WrittenPool pool;
    private final Problems problems;
    private final List<ConfigWarning> warnings;

    PoolReader(WrittenPool pool, Problems problems, List<ConfigWarning> warnings) {
        this.pool = pool;
        this.problems = problems;
        this.warnings = warnings;
    }

    /// The pool, or empty if anything about it is wrong.
    Optional<PoolConfig> read() {
        int problemsBefore = problems.size();
        Optional<ListenAddress> listen = pool.value(PoolKey.LISTEN).flatMap(this::listen);
        HashFunction hash = oneOf(PoolKey.HASH, HashFunction::named, "is not a valid hash",
                labels(HashFunction.values(), HashFunction::label), HashFunction.FNV1A_64);
        Optional<HashTag> hashTag = pool.value(PoolKey.HASH_TAG).flatMap(this::hashTag);
        DistributionKind distribution = oneOf(PoolKey.DISTRIBUTION, DistributionKind::named,
                "is not a valid distribution", labels(DistributionKind.values(), DistributionKind::label),
                DistributionKind.KETAMA);
        Duration timeout = duration(PoolKey.TIMEOUT, Duration.ZERO);
        int backlog = number(PoolKey.BACKLOG, 512);
        int clientConnections = number(PoolKey.CLIENT_CONNECTIONS, 0);
        ProtocolName protocol = protocol();
        Optional<Secret> password = pool.value(PoolKey.PASSWORD).map(Written::text).map(Secret::new);
        int database = number(PoolKey.DATABASE, 0);
        int databases = number(PoolKey.DATABASES, 1);
        boolean preconnect = flag(PoolKey.PRECONNECT);
        boolean autoEject = flag(PoolKey.AUTO_EJECT);
        int serverConnections = number(PoolKey.SERVER_CONNECTIONS, 1);
        Duration serverRetryTimeout = duration(PoolKey.SERVER_RETRY_TIMEOUT, Duration.ofSeconds(30));
        int serverFailureLimit = number(PoolKey.SERVER_FAILURE_LIMIT, 2);
        boolean tcpKeepalive = flag(PoolKey.TCP_KEEPALIVE);
        boolean reusePort = flag(PoolKey.REUSE_PORT);
        int itemSizeMax = number(PoolKey.ITEM_SIZE_MAX, 1024 * 1024);
        Duration serverResolveInterval = duration(PoolKey.RESOLVE_INTERVAL, Duration.ofSeconds(5));
        boolean allowFlush = flag(PoolKey.ALLOW_FLUSH);
        int crossServerLimit = number(PoolKey.CROSS_SERVER_LIMIT, 0);
        HealthConfig health = health(serverRetryTimeout);
        TlsConfig tls = tls(listen);
        AccessConfig access = access();
        RequestLogConfig requestLog = requestLog();
        List<ServerConfig> servers = servers();

        checkTogether(protocol, serverConnections);
        checkItemSize(itemSizeMax);
        checkDatabases(databases, database);
        if (problems.size() > problemsBefore || listen.isEmpty() || problems.full()) {
            return Optional.empty();
        }
        return Optional.of(new PoolConfig(
                pool.name(), listen.get(), hash, hashTag, distribution,
                timeout.isZero() ? Optional.empty() : Optional.of(timeout), backlog, clientConnections, protocol,
                password, database, databases, preconnect, autoEject, serverConnections, serverRetryTimeout, serverFailureLimit,
                tcpKeepalive, reusePort, itemSizeMax, serverResolveInterval, allowFlush, crossServerLimit,
                health, tls, access, requestLog, servers));
    }

    private void checkTogether(ProtocolName protocol, int serverConnections) {
        if (!pool.has(PoolKey.LISTEN)) {
            problems.add(pool.missing(PoolKey.LISTEN, "is missing", "every pool needs one, " + ListenReader.ALLOWED));
        }
        if (serverConnections == 0) {
            pool.value(PoolKey.SERVER_CONNECTIONS).ifPresent(value -> problems.add(new ConfigProblem(
                    value.source(), value.line(), Optional.of(pool.name()),
                    Optional.of(pool.spelling().missing(pool.name(), PoolKey.SERVER_CONNECTIONS)),
                    Optional.empty(), "cannot be 0", "1 to " + Integer.MAX_VALUE)));
        }
        if (protocol != ProtocolName.REDIS) {
            PASSWORD_KEYS.forEach(this::refuseWithoutRedis);
        }
        if (!pool.has(PoolKey.SERVERS)) {
            problems.add(pool.problem("pool '" + Shown.plain(pool.name()) + "' has no servers",
                    "write at least one under servers, " + ServerReader.ALLOWED));
        }
    }

    private void refuseWithoutRedis(PoolKey key) {
        pool.value(key).ifPresent(value -> problems.add(new ConfigProblem(
                value.source(), value.line(), Optional.of(pool.name()), Optional.of(pool.spelling().missing(pool.name(), key)),
                Optional.empty(), "is only valid for a redis pool", switch (pool.spelling()) {
                    case NUTCRACKER -> "remove it, or write redis: true";
                    case PROPERTIES -> "remove it, or set protocol to redis";
                })));
    }

    private AccessConfig access() {
        refuseBoth(PoolKey.PASSWORD_FILE, PoolKey.PASSWORD);
        refuseBoth(PoolKey.SERVER_PASSWORD_FILE, PoolKey.SERVER_PASSWORD);
        AccessConfig access = new AccessConfig(
                path(PoolKey.PASSWORD_FILE),
                path(PoolKey.USERS_FILE),
                text(PoolKey.SERVER_USER),
                text(PoolKey.SERVER_PASSWORD).map(Secret::new),
                path(PoolKey.SERVER_PASSWORD_FILE));
        boolean hasPassword = pool.has(PoolKey.PASSWORD) || pool.has(PoolKey.PASSWORD_FILE) || pool.has(PoolKey.SERVER_PASSWORD)
                || pool.has(PoolKey.SERVER_PASSWORD_FILE);
        if (access.serverUser().isPresent() && !hasPassword) {
            pool.value(PoolKey.SERVER_USER).ifPresent(value -> refuse(value, "has no password",
                    "set " + pool.spelling().key(pool.name(), PoolKey.SERVER_PASSWORD_FILE) + ", too"));
        }
        return access;
    }

    /// The path may be meant as a password.
    private void refuseBoth(PoolKey key, PoolKey other) {
        if (pool.has(other)) {
            pool.value(key).ifPresent(value -> problems.add(pool.problem(
                    value, Secret.MASK, "contradicts " + pool.spelling().key(pool.name(), other), "remove one of them")));
        }
    }

    private Optional<Path> path(PoolKey key) {
        return text(key).flatMap(text -> {
            try {
                return Optional.of(Path.of(text));
            } catch (InvalidPathException impossible) {
                pool.value(key).ifPresent(value -> refuse(value, "is not a path", "the path of a file"));
                return Optional.empty();
            }
        });
    }

    private RequestLogConfig requestLog() {
        RequestLogConfig absent = RequestLogConfig.DEFAULT;
        RequestLogConfig log = new RequestLogConfig(
                duration(PoolKey.SLOW_LOG_THRESHOLD, absent.slowThreshold()),
                number(PoolKey.SLOW_LOG_ENTRIES, absent.slowEntries()),
                number(PoolKey.ACCESS_LOG_EVERY, absent.accessEvery()),
                flag(PoolKey.ACCESS_LOG_KEYS, absent.accessKeys()));
        if (log.slowEntries() < 1 || log.slowEntries() > SLOW_ENTRIES_LIMIT) {
            pool.value(PoolKey.SLOW_LOG_ENTRIES).ifPresent(value -> refuse(
                    value, "is not a number of entries that can be kept", "1 to " + SLOW_ENTRIES_LIMIT + ", digits only"));
        }
        if (log.accessEvery() > ACCESS_EVERY_LIMIT) {
            pool.value(PoolKey.ACCESS_LOG_EVERY).ifPresent(value -> refuse(
                    value, "is more requests than are counted", "0 to " + ACCESS_EVERY_LIMIT + ", digits only"));
        }
        return log;
    }

    private HealthConfig health(Duration serverRetryTimeout) {
        HealthConfig absent = HealthConfig.DEFAULT;
        HealthConfig health = new HealthConfig(
                oneOf(PoolKey.EJECT_MODE, EjectMode::named, "is not a valid eject mode",
                        labels(EjectMode.values(), EjectMode::label), absent.ejectMode()),
                flag(PoolKey.FAILURE_MERGE, absent.failureMerge()),
                flag(PoolKey.PROBE, absent.probe()),
                unlessZero(duration(PoolKey.PROBE_TIMEOUT, Duration.ZERO)),
                unlessZero(duration(PoolKey.PROBE_INTERVAL, Duration.ZERO)),
                number(PoolKey.PROBE_FAILURES, absent.probeFailures()),
                number(PoolKey.PROBE_SUCCESSES, absent.probeSuccesses()),
                unlessZero(duration(PoolKey.RETRY_TIMEOUT_MAX, Duration.ZERO)),
                number(PoolKey.RETRY_JITTER, absent.retryJitter()),
                duration(PoolKey.FLAP_WINDOW, absent.flapWindow()));
        if (health.retryJitter() > 100) {
            pool.value(PoolKey.RETRY_JITTER).ifPresent(value -> refuse(value, "is not a percentage", "0 to 100, digits only"));
        }
        if (health.retryTimeoutMax().filter(max -> max.compareTo(serverRetryTimeout) < 0).isPresent()) {
            pool.value(PoolKey.RETRY_TIMEOUT_MAX).ifPresent(value -> refuse(
                    value, "is below " + pool.spelling().key(pool.name(), PoolKey.SERVER_RETRY_TIMEOUT),
                    serverRetryTimeout.toMillis() + " ms or longer"));
        }
        return health;
    }

    private TlsConfig tls(Optional<ListenAddress> listen) {
        TlsConfig tls = new TlsConfig(
                text(PoolKey.TLS),
                pool.value(PoolKey.LISTEN_TLS).flatMap(this::listen),
                oneOf(PoolKey.CLIENT_AUTH, ClientAuth::named, "is not a valid client authentication",
                        labels(ClientAuth.values(), ClientAuth::label), TlsConfig.NONE.clientAuth()),
                text(PoolKey.SERVER_TLS),
                text(PoolKey.SERVER_TLS_HOSTNAME));
        requires(PoolKey.LISTEN_TLS, PoolKey.TLS);
        requires(PoolKey.CLIENT_AUTH, PoolKey.TLS);
        requires(PoolKey.SERVER_TLS_HOSTNAME, PoolKey.SERVER_TLS);
        if (tls.serverHostname().filter(name -> !isHostname(name)).isPresent()) {
            pool.value(PoolKey.SERVER_TLS_HOSTNAME).ifPresent(value ->
                    refuse(value, "is not a host name", "the name or address that the servers' certificates are for"));
        }
        PoolKey address = pool.has(PoolKey.LISTEN_TLS) ? PoolKey.LISTEN_TLS : PoolKey.LISTEN;
        boolean socket = tls.listen().or(() -> listen).filter(ListenAddress.UnixSocket.class::isInstance).isPresent();
        if (pool.has(PoolKey.TLS) && socket) {
            pool.value(address).ifPresent(value -> refuse(value, "is a unix socket, and TLS is for TCP",
                    "let " + pool.spelling().key(pool.name(), PoolKey.LISTEN_TLS) + " be an address and a port"));
        }
        return tls;
    }

    private static boolean isHostname(String text) {
        try {
            return NetUtil.isValidIpV6Address(text) || !new SNIHostName(text).getAsciiName().isEmpty();
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }

    private Optional<String> text(PoolKey key) {
        return pool.value(key).map(Written::text);
    }

    private void requires(PoolKey key, PoolKey other) {
        if (!pool.has(other)) {
            pool.value(key).ifPresent(value -> refuse(
                    value, "means nothing without " + pool.spelling().key(pool.name(), other),
                    "set that to the name of an entry of the TLS registry (quarkus.tls.\"name\".*), or remove this"));
        }
    }

    private void checkItemSize(int itemSizeMax) {
        if (itemSizeMax == 0 || itemSizeMax > ITEM_SIZE_LIMIT) {
            pool.value(PoolKey.ITEM_SIZE_MAX).ifPresent(value ->
                    refuse(value, "is not a size an item can have", "1 to " + ITEM_SIZE_LIMIT + ", digits only"));
        }
    }

    private void checkDatabases(int databases, int database) {
        if (databases == 0 || databases > DATABASES_LIMIT) {
            pool.value(PoolKey.DATABASES).ifPresent(value ->
                    refuse(value, "is not a number of databases", "1 to " + DATABASES_LIMIT + ", digits only"));
        } else if (databases > 1 && database >= databases) {
            pool.value(PoolKey.DATABASES).ifPresent(value -> refuse(
                    value, "leaves out " + pool.spelling().key(pool.name(), PoolKey.DATABASE) + ", where clients begin",
                    "more than " + database + ", or 1 for that database alone"));
        }
    }

    private Optional<ListenAddress> listen(Written value) {
        return switch (ListenReader.read(value.text())) {
            case Parsed.Good<ListenAddress>(var address) -> {
                if (address instanceof ListenAddress.UnixSocket socket) {
                    warnAboutPermissions(value, socket);
                }
                yield Optional.of(address);
            }
            case Parsed.Bad<ListenAddress>(var reason, var allowed) -> {
                refuse(value, reason, allowed);
                yield Optional.empty();
            }
        };
    }

    private void warnAboutPermissions(Written value, ListenAddress.UnixSocket socket) {
        if (socket.permissions().isEmpty() && value.text().indexOf(' ') >= 0) {
            warnings.add(new ConfigWarning(value.source(), pool.name(), "the permissions of \""
                    + Shown.value(value.text()) + "\" are not an octal number and are ignored; the umask decides"));
        }
    }

    private Optional<HashTag> hashTag(Written value) {
        Optional<HashTag> tag = HashTag.of(value.text());
        if (tag.isEmpty()) {
            refuse(value, "is not a valid hash tag string with two characters", "exactly two bytes, for example \"{}\"");
        }
        return tag;
    }

    private ProtocolName protocol() {
        return switch (pool.spelling()) {
            case NUTCRACKER -> flag(PoolKey.PROTOCOL) ? ProtocolName.REDIS : ProtocolName.MEMCACHE;
            case PROPERTIES -> oneOf(PoolKey.PROTOCOL, ProtocolName::named, "is not a valid protocol",
                    labels(ProtocolName.values(), ProtocolName::label), ProtocolName.MEMCACHE);
        };
    }

    private List<ServerConfig> servers() {
        List<ServerConfig> servers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Written value : pool.servers()) {
            switch (ServerReader.read(value.text())) {
                case Parsed.Bad<ServerConfig>(var reason, var allowed) -> refuse(value, reason, allowed);
                case Parsed.Good<ServerConfig>(var server) -> {
                    servers.add(server);
                    if (!names.add(server.name())) {
                        problems.add(new ConfigProblem(value.source(), value.line(), Optional.empty(), Optional.empty(),
                                Optional.empty(), "pool '" + Shown.plain(pool.name()) + "' has servers with same name '"
                                + Shown.value(server.name()) + "'",
                                "give each its own name behind the weight; the weight is not part of it"));
                    }
                }
            }
        }
        servers.sort(Comparator.comparing(ServerConfig::name, Shard.RING_NAME_ORDER));
        return servers;
    }

    private boolean flag(PoolKey key) {
        return flag(key, false);
    }

    private boolean flag(PoolKey key, boolean absent) {
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

    private int number(PoolKey key, int absent) {
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

    private Duration duration(PoolKey key, Duration absent) {
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
                Optional<Duration> duration = value.map(Written::text).flatMap(PoolReader::durationWithUnit);
                if (value.isPresent() && duration.isEmpty()) {
                    refuse(value.get(), "is not a duration", WRITE_DURATION);
                }
                yield duration.orElse(absent);
            }
        };
    }

    private static Optional<Duration> unlessZero(Duration duration) {
        return duration.isZero() ? Optional.empty() : Optional.of(duration);
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

    private <T> T oneOf(PoolKey key, Function<String, Optional<T>> named, String reason, String allowed, T absent) {
        Optional<Written> value = pool.value(key);
        if (value.isEmpty()) {
            return absent;
        }
        Optional<T> found = named.apply(value.get().text());
        if (found.isEmpty()) {
            refuse(value.get(), reason, "one of " + allowed);
        }
        return found.orElse(absent);
    }

    private static <T> String labels(T[] values, Function<T, String> label) {
        return Arrays.stream(values).map(label).collect(Collectors.joining(", "));
    }

    private void refuse(Written value, String reason, String allowed) {
        problems.add(pool.problem(value, Shown.value(value.text()), reason, allowed));
    }
}
