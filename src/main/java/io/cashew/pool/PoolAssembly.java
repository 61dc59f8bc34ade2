package io.cashew.pool;

import io.cashew.client.AccessLog;
import io.cashew.client.ClientSettings;
import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.config.EjectMode;
import io.cashew.config.HealthConfig;
import io.cashew.config.PoolConfig;
import io.cashew.config.ProtocolName;
import io.cashew.config.ServerAddress;
import io.cashew.config.ServerConfig;
import io.cashew.config.TlsConfig;
import io.cashew.config.Version;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.SlowLog;
import io.cashew.protocol.WrongPasswords;
import io.cashew.protocol.memcache.MemcacheProtocol;
import io.cashew.protocol.memcache.MemcacheSessionSettings;
import io.cashew.protocol.redis.Lanes;
import io.cashew.protocol.redis.OldServers;
import io.cashew.protocol.redis.RedisProtocol;
import io.cashew.protocol.redis.RedisSessionSettings;
import io.cashew.protocol.redis.WholePool;
import io.cashew.routing.Router;
import io.cashew.server.Endpoint;
import io.cashew.server.HealthSettings;
import io.cashew.server.Server;
import io.cashew.server.ServerSettings;
import io.cashew.server.ServerTls;
import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.Shard;
import io.cashew.transport.IoLoop;
import io.cashew.transport.KeepAlive;
import io.cashew.transport.Tls;
import io.quarkus.runtime.configuration.MemorySize;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Turns what the user wrote into the plain objects of the road. The road knows no configuration; this is where it ends.
final class PoolAssembly {
    /// TCP's own patience is two minutes, which no client has.
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

    private final PoolConfig config;
    private final LimitsConfig limits;
    private final Access access;

    PoolAssembly(PoolConfig config, LimitsConfig limits) {
        this.config = config;
        this.limits = limits;
        this.access = new Access(config);
    }

    /// Who may use the pool; nobody, before it is read.
    Access access() {
        return access;
    }

    PoolConfig config() {
        return config;
    }

    List<Server> servers() {
        List<Server> servers = new ArrayList<>();
        for (var server : config.servers()) {
            servers.add(new Server(servers.size(), server.name(), endpoint(server.address()), server.weight()));
        }
        return List.copyOf(servers);
    }

    /// The language of `pool`, which is asked for its statistics later, as is `router` for the servers it passes over.
    Protocol protocol(Pool pool, Supplier<Router> router) {
        return switch (config.protocol()) {
            case REDIS -> redis(pool, router);
            case MEMCACHE -> memcache(pool);
        };
    }

    /// Where nobody wants keys to move when a server fails, they stay as well when an operator takes it out.
    Router router(List<Server> servers, BitSet ejected) {
        List<Shard> shards = servers.stream()
                .map(server -> new Shard(server.name(), server.weight()))
                .toList();
        boolean keysStay = (!config.autoEjectHosts() || config.health().ejectMode() == EjectMode.FAIL_FAST)
                && config.distribution() != DistributionKind.RANDOM;
        return new Router(
                config.hash(),
                config.hashTag().orElse(null),
                config.distribution().build(shards, keysStay ? new BitSet() : ejected),
                shards.size(),
                ejected,
                keysStay);
    }

    /// How clients speak TLS, if they do. The exception says what is wrong with an entry of the TLS registry that the pool names.
    Optional<Tls> clientTls(TlsEntries entries) throws GeneralSecurityException {
        TlsConfig tls = config.tls();
        return tls.entry().isEmpty()
                ? Optional.empty()
                : Optional.of(entries.forClients(tls.entry().get(), tls.clientAuth()));
    }

    /// The same for the way to the servers.
    Optional<ServerTls> serverTls(TlsEntries entries) throws GeneralSecurityException {
        TlsConfig tls = config.tls();
        return tls.serverEntry().isEmpty()
                ? Optional.empty()
                : Optional.of(new ServerTls(entries.forServers(tls.serverEntry().get()), tls.serverHostname()));
    }

    ServerSettings serverSettings(Protocol protocol, Optional<ServerTls> tls) {
        long timeoutNanos = config.timeout().map(timeout -> timeout.toNanos()).orElse(0L);
        int connectTimeout = (int) config.timeout()
                .map(timeout -> Math.max(1, Math.min(timeout.toMillis(), CONNECT_TIMEOUT_MILLIS)))
                .orElse((long) CONNECT_TIMEOUT_MILLIS)
                .longValue();
        return new ServerSettings(
                config.serverConnections(),
                timeoutNanos,
                connectTimeout,
                limits.pending(),
                unsent(),
                keepAlive(),
                tls,
                protocol.lanes(),
                protocol::greeting,
                protocol::responseDecoder);
    }

    HealthSettings healthSettings() {
        HealthConfig health = config.health();
        Duration retry = config.serverRetryTimeout();
        return new HealthSettings(
                config.autoEjectHosts(),
                config.serverFailureLimit(),
                health.failureMerge() ? 1 : config.serverConnections(),
                retry.toNanos(),
                health.retryTimeoutMax().orElse(retry).toNanos(),
                health.retryJitter() / 100.0,
                health.flapWindow().toNanos(),
                health.probe(),
                health.probeInterval().map(Duration::toNanos).orElse(0L),
                health.probeFailures(),
                health.probeSuccesses());
    }

    /// How a probe speaks to a server. It always ends in time, also in a pool whose requests wait for ever.
    ServerSettings probeSettings(Protocol protocol, Optional<ServerTls> tls) {
        Duration timeout = config.health().probeTimeout().or(config::timeout).orElse(PROBE_TIMEOUT);
        return new ServerSettings(
                1,
                timeout.toNanos(),
                (int) Math.max(1, Math.min(timeout.toMillis(), CONNECT_TIMEOUT_MILLIS)),
                1,
                Long.MAX_VALUE,
                KeepAlive.NONE,
                tls,
                1,
                protocol::greeting,
                protocol::responseDecoder);
    }

    ClientSettings clientSettings() {
        return new ClientSettings(
                limits.pipelined(),
                (int) limits.unread().asLongValue(),
                limits.output().asLongValue(),
                keepAlive(),
                limits.idle().map(Duration::toNanos).orElse(0L),
                limits.unfinished().toNanos());
    }

    /// Has `slowLog` keep what the pool is to keep from now on.
    void applyTo(SlowLog slowLog) {
        slowLog.use(config.requestLog().slowThreshold().toNanos(), config.requestLog().slowEntries());
    }

    AccessLog accessLog() {
        return new AccessLog(config.name(), config.requestLog().accessEvery(), config.requestLog().accessKeys());
    }

    private Limits messageLimits() {
        return new Limits(
                limits.arguments(),
                (int) limits.bulk().asLongValue(),
                (int) limits.line().asLongValue(),
                (int) limits.message().asLongValue());
    }

    private long unsent() {
        long memory = limits.memory().map(MemorySize::asLongValue).orElse(IoLoop.DEFAULT_MEMORY_LIMIT);
        return limits.unsent().map(MemorySize::asLongValue).orElse(memory / 2);
    }

    private KeepAlive keepAlive() {
        if (!limits.vanished().isZero()) {
            return KeepAlive.within(limits.vanished());
        }
        return config.tcpKeepalive() ? KeepAlive.OF_SYSTEM : KeepAlive.NONE;
    }

    private Protocol redis(Pool pool, Supplier<Router> router) {
        return new RedisProtocol(
                messageLimits(),
                new RedisSessionSettings(
                        access.users(),
                        new WrongPasswords(limits.passwordAttempts(), limits.passwordInterval()),
                        new Lanes(config.database(), config.databases()),
                        new OldServers(),
                        Version.current(),
                        WholePool.of(
                                config.servers().stream().map(ServerConfig::name).toList(),
                                () -> router.get().passedOver(),
                                config.allowFlush(),
                                config.crossServerLimit(),
                                pool.memory(),
                                pool.inquiries())),
                access.login());
    }

    private Protocol memcache(Pool pool) {
        return new MemcacheProtocol(
                Limits.memcache(config.itemSizeMax()),
                new MemcacheSessionSettings(() -> PoolStatistics.of(pool), () -> PoolStatistics.ofServers(pool)));
    }

    private static Endpoint endpoint(ServerAddress address) {
        return switch (address) {
            case ServerAddress.Tcp(String host, int port) -> new Endpoint.Tcp(host, port);
            case ServerAddress.UnixSocket(String path) -> new Endpoint.UnixSocket(path);
        };
    }
}
