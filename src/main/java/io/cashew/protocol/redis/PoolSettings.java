package io.cashew.protocol.redis;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.cashew.protocol.Inquiries;
import io.cashew.protocol.Inquiries.Figures;
import io.cashew.protocol.Request;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// The answer to `CONFIG GET`: settings that tools ask for, with what is true of the pool as a whole. How much memory there is
/// to fill, and what is thrown away then, is asked of the servers; every other setting of theirs is between them and whoever
/// runs them. Passwords are not told.
final class PoolSettings {
    private static final byte[] INFO_MEMORY =
            new ReplyBuilder(Dialect.RESP2).array(2).string("INFO").string("memory").bytes();

    private static final Map<String, Fold> ASKED = Map.of("maxmemory", Fold.LIMIT, "maxmemory-policy", Fold.SHARED);

    private final Inquiries pool;
    private final int databases;

    PoolSettings(Inquiries pool, int databases) {
        this.pool = pool;
        this.databases = databases;
    }

    /// `CONFIG GET pattern …`.
    CompletionStage<byte[]> answer(Request request, Dialect dialect) {
        NamePatterns wanted = NamePatterns.of(request, 2);
        Map<String, String> settings = own(pool.figures());
        settings.keySet().removeIf(name -> !wanted.match(name));
        if (ASKED.keySet().stream().noneMatch(wanted::match)) {
            return completedFuture(reply(settings, dialect));
        }
        return pool.askServers(INFO_MEMORY).thenApply(testimonies -> {
            List<ServerInfo> servers = testimonies.stream().map(ServerInfo::of).toList();
            ASKED.forEach((name, fold) -> {
                if (wanted.match(name)) {
                    // `INFO` writes them so.
                    ServerInfo.folded(servers, name.replace('-', '_'), fold).ifPresent(value -> settings.put(name, value));
                }
            });
            return reply(settings, dialect);
        });
    }

    /// Nothing is written to a disk here, no replica reads, and events of keys stay with their servers.
    private Map<String, String> own(Figures figures) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "appendonly", "no",
                "cluster-enabled", "no",
                "client-output-buffer-limit", "normal %d 0 0 slave 0 0 0 pubsub %1$d 0 0".formatted(figures.mostOutputBytes()),
                "databases", Integer.toString(databases),
                "notify-keyspace-events", "",
                "replica-read-only", "no",
                "save", "",
                "slave-read-only", "no",
                "timeout", Long.toString(figures.idleSeconds())));
        settings.put("proto-max-bulk-len", Long.toString(figures.longestValue()));
        settings.put("slowlog-log-slower-than", Long.toString(slowerThanMicros()));
        settings.put("slowlog-max-len", Integer.toString(pool.slowLog().capacity()));
        if (figures.mostClients() > 0) {
            settings.put("maxclients", Integer.toString(figures.mostClients()));
        }
        return settings;
    }

    /// Negative where nothing is slow.
    private long slowerThanMicros() {
        long nanos = pool.slowLog().thresholdNanos();
        return nanos == 0 ? -1 : TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static byte[] reply(Map<String, String> settings, Dialect dialect) {
        var reply = new ReplyBuilder(dialect).map(settings.size());
        settings.forEach((name, value) -> reply.string(name).string(value));
        return reply.bytes();
    }
}
