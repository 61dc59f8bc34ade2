package io.cashew.config;

import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.HashTag;
import io.cashew.sharding.Shard;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SNIHostName;

/// Reads one pool's texts into a [PoolConfig], key by key, and notes every mistake on the way. Reasons are twemproxy's.
final class PoolReader {
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

    private final WrittenPool pool;
    private final PoolValues values;
    private final Problems problems;
    private final List<ConfigWarning> warnings;

    PoolReader(WrittenPool pool, Problems problems, List<ConfigWarning> warnings) {
        this.pool = pool;
        this.values = new PoolValues(pool, problems);
        this.problems = problems;
        this.warnings = warnings;
    }

    /// The pool, or empty if anything about it is wrong.
    Optional<PoolConfig> read() {
        int problemsBefore = problems.size();
        Optional<ListenAddress> listen = pool.value(PoolKey.LISTEN).flatMap(this::listen);
        HashFunction hash = values.oneOf(PoolKey.HASH, HashFunction::named, "is not a valid hash",
                HashFunction.values(), HashFunction::label, HashFunction.FNV1A_64);
        Optional<HashTag> hashTag = pool.value(PoolKey.HASH_TAG).flatMap(this::hashTag);
        DistributionKind distribution = values.oneOf(PoolKey.DISTRIBUTION, DistributionKind::named,
                "is not a valid distribution", DistributionKind.values(), DistributionKind::label,
                DistributionKind.KETAMA);
        Optional<Duration> timeout = values.durationUnlessZero(PoolKey.TIMEOUT);
        int backlog = values.number(PoolKey.BACKLOG, 512);
        int clientConnections = values.number(PoolKey.CLIENT_CONNECTIONS, 0);
        ProtocolName protocol = protocol();
        Optional<Secret> password = values.text(PoolKey.PASSWORD).map(Secret::new);
        int database = values.number(PoolKey.DATABASE, 0);
        int databases = values.number(PoolKey.DATABASES, 1);
        boolean preconnect = values.flag(PoolKey.PRECONNECT);
        boolean autoEject = values.flag(PoolKey.AUTO_EJECT);
        int serverConnections = values.number(PoolKey.SERVER_CONNECTIONS, 1);
        Duration serverRetryTimeout = values.duration(PoolKey.SERVER_RETRY_TIMEOUT, Duration.ofSeconds(30));
        int serverFailureLimit = values.number(PoolKey.SERVER_FAILURE_LIMIT, 2);
        boolean tcpKeepalive = values.flag(PoolKey.TCP_KEEPALIVE);
        boolean reusePort = values.flag(PoolKey.REUSE_PORT);
        int itemSizeMax = values.number(PoolKey.ITEM_SIZE_MAX, 1024 * 1024);
        Duration serverResolveInterval = values.duration(PoolKey.RESOLVE_INTERVAL, Duration.ofSeconds(5));
        boolean allowFlush = values.flag(PoolKey.ALLOW_FLUSH);
        int crossServerLimit = values.number(PoolKey.CROSS_SERVER_LIMIT, 0);
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
                timeout, backlog, clientConnections, protocol,
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
        values.refuseBoth(PoolKey.PASSWORD_FILE, PoolKey.PASSWORD);
        values.refuseBoth(PoolKey.SERVER_PASSWORD_FILE, PoolKey.SERVER_PASSWORD);
        AccessConfig access = new AccessConfig(
                values.path(PoolKey.PASSWORD_FILE),
                values.path(PoolKey.USERS_FILE),
                values.text(PoolKey.SERVER_USER),
                values.text(PoolKey.SERVER_PASSWORD).map(Secret::new),
                values.path(PoolKey.SERVER_PASSWORD_FILE));
        boolean hasPassword = pool.has(PoolKey.PASSWORD) || pool.has(PoolKey.PASSWORD_FILE) || pool.has(PoolKey.SERVER_PASSWORD)
                || pool.has(PoolKey.SERVER_PASSWORD_FILE);
        if (access.serverUser().isPresent() && !hasPassword) {
            values.refuse(PoolKey.SERVER_USER, "has no password",
                    "set " + values.name(PoolKey.SERVER_PASSWORD_FILE) + ", too");
        }
        return access;
    }

    private RequestLogConfig requestLog() {
        RequestLogConfig absent = RequestLogConfig.DEFAULT;
        RequestLogConfig log = new RequestLogConfig(
                values.duration(PoolKey.SLOW_LOG_THRESHOLD, absent.slowThreshold()),
                values.number(PoolKey.SLOW_LOG_ENTRIES, absent.slowEntries()),
                values.number(PoolKey.ACCESS_LOG_EVERY, absent.accessEvery()),
                values.flag(PoolKey.ACCESS_LOG_KEYS, absent.accessKeys()));
        if (log.slowEntries() < 1 || log.slowEntries() > SLOW_ENTRIES_LIMIT) {
            values.refuse(PoolKey.SLOW_LOG_ENTRIES, "is not a number of entries that can be kept",
                    "1 to " + SLOW_ENTRIES_LIMIT + ", digits only");
        }
        if (log.accessEvery() > ACCESS_EVERY_LIMIT) {
            values.refuse(PoolKey.ACCESS_LOG_EVERY, "is more requests than are counted",
                    "0 to " + ACCESS_EVERY_LIMIT + ", digits only");
        }
        return log;
    }

    private HealthConfig health(Duration serverRetryTimeout) {
        HealthConfig absent = HealthConfig.DEFAULT;
        HealthConfig health = new HealthConfig(
                values.oneOf(PoolKey.EJECT_MODE, EjectMode::named, "is not a valid eject mode",
                        EjectMode.values(), EjectMode::label, absent.ejectMode()),
                values.flag(PoolKey.FAILURE_MERGE, absent.failureMerge()),
                values.flag(PoolKey.PROBE, absent.probe()),
                values.durationUnlessZero(PoolKey.PROBE_TIMEOUT),
                values.durationUnlessZero(PoolKey.PROBE_INTERVAL),
                values.number(PoolKey.PROBE_FAILURES, absent.probeFailures()),
                values.number(PoolKey.PROBE_SUCCESSES, absent.probeSuccesses()),
                values.durationUnlessZero(PoolKey.RETRY_TIMEOUT_MAX),
                values.number(PoolKey.RETRY_JITTER, absent.retryJitter()),
                values.duration(PoolKey.FLAP_WINDOW, absent.flapWindow()));
        if (health.retryJitter() > 100) {
            values.refuse(PoolKey.RETRY_JITTER, "is not a percentage", "0 to 100, digits only");
        }
        if (health.retryTimeoutMax().filter(max -> max.compareTo(serverRetryTimeout) < 0).isPresent()) {
            values.refuse(PoolKey.RETRY_TIMEOUT_MAX, "is below " + values.name(PoolKey.SERVER_RETRY_TIMEOUT),
                    serverRetryTimeout.toMillis() + " ms or longer");
        }
        return health;
    }

    private TlsConfig tls(Optional<ListenAddress> listen) {
        TlsConfig tls = new TlsConfig(
                values.text(PoolKey.TLS),
                pool.value(PoolKey.LISTEN_TLS).flatMap(this::listen),
                values.oneOf(PoolKey.CLIENT_AUTH, ClientAuth::named, "is not a valid client authentication",
                        ClientAuth.values(), ClientAuth::label, TlsConfig.NONE.clientAuth()),
                values.text(PoolKey.SERVER_TLS),
                values.text(PoolKey.SERVER_TLS_HOSTNAME));
        values.requires(PoolKey.LISTEN_TLS, PoolKey.TLS);
        values.requires(PoolKey.CLIENT_AUTH, PoolKey.TLS);
        values.requires(PoolKey.SERVER_TLS_HOSTNAME, PoolKey.SERVER_TLS);
        if (tls.serverHostname().filter(name -> !isHostname(name)).isPresent()) {
            values.refuse(PoolKey.SERVER_TLS_HOSTNAME, "is not a host name",
                    "the name or address that the servers' certificates are for");
        }
        PoolKey address = pool.has(PoolKey.LISTEN_TLS) ? PoolKey.LISTEN_TLS : PoolKey.LISTEN;
        boolean socket = tls.listen().or(() -> listen).filter(ListenAddress.UnixSocket.class::isInstance).isPresent();
        if (pool.has(PoolKey.TLS) && socket) {
            values.refuse(address, "is a unix socket, and TLS is for TCP",
                    "let " + values.name(PoolKey.LISTEN_TLS) + " be an address and a port");
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

    private void checkItemSize(int itemSizeMax) {
        if (itemSizeMax == 0 || itemSizeMax > ITEM_SIZE_LIMIT) {
            values.refuse(PoolKey.ITEM_SIZE_MAX, "is not a size an item can have", "1 to " + ITEM_SIZE_LIMIT + ", digits only");
        }
    }

    private void checkDatabases(int databases, int database) {
        if (databases == 0 || databases > DATABASES_LIMIT) {
            values.refuse(PoolKey.DATABASES, "is not a number of databases", "1 to " + DATABASES_LIMIT + ", digits only");
        } else if (databases > 1 && database >= databases) {
            values.refuse(PoolKey.DATABASES, "leaves out " + values.name(PoolKey.DATABASE) + ", where clients begin",
                    "more than " + database + ", or 1 for that database alone");
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
                values.refuse(value, reason, allowed);
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
            values.refuse(value, "is not a valid hash tag string with two characters", "exactly two bytes, for example \"{}\"");
        }
        return tag;
    }

    private ProtocolName protocol() {
        return switch (pool.spelling()) {
            case NUTCRACKER -> values.flag(PoolKey.PROTOCOL) ? ProtocolName.REDIS : ProtocolName.MEMCACHE;
            case PROPERTIES -> values.oneOf(PoolKey.PROTOCOL, ProtocolName::named, "is not a valid protocol",
                    ProtocolName.values(), ProtocolName::label, ProtocolName.MEMCACHE);
        };
    }

    private List<ServerConfig> servers() {
        List<ServerConfig> servers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Written value : pool.servers()) {
            switch (ServerReader.read(value.text())) {
                case Parsed.Bad<ServerConfig>(var reason, var allowed) -> values.refuse(value, reason, allowed);
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

}
