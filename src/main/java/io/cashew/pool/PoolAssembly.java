package io.cashew.pool;

import io.cashew.client.ClientSettings;
import io.cashew.config.PoolConfig;
import io.cashew.config.ProtocolName;
import io.cashew.config.Secret;
import io.cashew.config.ServerAddress;
import io.cashew.config.Version;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Protocol;
import io.cashew.protocol.redis.Password;
import io.cashew.protocol.redis.RedisGreeting;
import io.cashew.protocol.redis.RedisProtocol;
import io.cashew.protocol.redis.RedisSessionSettings;
import io.cashew.routing.Router;
import io.cashew.server.Endpoint;
import io.cashew.server.HealthSettings;
import io.cashew.server.Server;
import io.cashew.server.ServerSettings;
import io.cashew.sharding.Shard;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Turns what the user wrote into the plain objects of the road. The road knows no configuration; this is where it ends.
final class PoolAssembly {
    /// Requests of one client under way before its socket is left unread for a while.
    private static final int MAX_UNANSWERED = 4096;
    /// Bytes of replies one client may leave unread before its socket is left unread, too.
    private static final int MAX_UNREAD = 1024 * 1024;
    /// Requests waiting on one server connection; far above what healthy pools see, there to bound memory.
    private static final int MAX_PENDING = 256 * 1024;
    /// TCP's own patience is two minutes, which no client has.
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private PoolAssembly() {}

    static List<Server> servers(PoolConfig config) {
        List<Server> servers = new ArrayList<>();
        for (var server : config.servers()) {
            servers.add(new Server(servers.size(), server.name(), endpoint(server.address()), server.weight()));
        }
        return List.copyOf(servers);
    }

    static Protocol protocol(PoolConfig config) {
        return switch (config.protocol()) {
            case REDIS -> redis(config);
            case MEMCACHE ->
                throw new PoolFailedException(
                        config.name(), "memcached pools are not served yet; set `redis: true` for a pool of Redis servers");
        };
    }

    static Router router(PoolConfig config, List<Server> servers, BitSet ejected) {
        List<Shard> shards = servers.stream()
                .map(server -> new Shard(server.name(), server.weight()))
                .toList();
        return new Router(
                config.hash(), config.hashTag().orElse(null), config.distribution().build(shards, ejected), shards.size());
    }

    static ServerSettings serverSettings(PoolConfig config, Protocol protocol) {
        long timeoutNanos = config.timeout().map(timeout -> timeout.toNanos()).orElse(0L);
        int connectTimeout = (int) config.timeout()
                .map(timeout -> Math.max(1, Math.min(timeout.toMillis(), CONNECT_TIMEOUT_MILLIS)))
                .orElse((long) CONNECT_TIMEOUT_MILLIS)
                .longValue();
        return new ServerSettings(
                config.serverConnections(),
                timeoutNanos,
                connectTimeout,
                MAX_PENDING,
                config.tcpKeepalive(),
                protocol.greeting(),
                protocol::responseDecoder);
    }

    static HealthSettings healthSettings(PoolConfig config) {
        return new HealthSettings(
                config.autoEjectHosts(),
                config.serverFailureLimit(),
                config.serverRetryTimeout().toNanos());
    }

    static ClientSettings clientSettings(PoolConfig config) {
        return new ClientSettings(config.clientConnections(), MAX_UNANSWERED, MAX_UNREAD, config.tcpKeepalive());
    }

    private static Protocol redis(PoolConfig config) {
        Password password = config.password().map(Secret::revealBytes).map(Password::of).orElse(Password.NONE);
        return new RedisProtocol(
                Limits.REDIS,
                new RedisSessionSettings(password, config.database(), Version.current()),
                RedisGreeting.of(config.password().map(Secret::revealBytes), config.database()));
    }

    private static Endpoint endpoint(ServerAddress address) {
        return switch (address) {
            case ServerAddress.Tcp(String host, int port) -> new Endpoint.Tcp(host, port);
            case ServerAddress.UnixSocket(String path) -> new Endpoint.UnixSocket(path);
        };
    }
}
