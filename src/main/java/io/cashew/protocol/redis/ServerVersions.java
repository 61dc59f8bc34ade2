package io.cashew.protocol.redis;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.cashew.protocol.Inquiries;
import io.cashew.protocol.Inquiries.Testimony;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The oldest version among a pool's servers, because it is what clients choose by what they may ask for. Servers are asked when
/// somebody first wants to know, and again when that was a minute ago, since they may have been upgraded, or be others now; what
/// one that does not answer has said before counts.
///
/// Thread-safe: one for all workers of a pool.
public final class ServerVersions {
    /// What a client is told if no server says it: it has said `HELLO`, which came with this.
    static final ServerVersion UNHEARD = new ServerVersion("6.0.0");

    static final byte[] INFO =
            new ReplyBuilder(Dialect.RESP2).array(2).string("INFO").string("server").bytes();

    private static final long ASKED_AGAIN_AFTER = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clock;
    private Map<String, ServerVersion> ofServer = Map.of();
    private CompletionStage<ServerVersion> asking;
    private long askedAt;
    private volatile ServerVersion oldest;

    /// Of servers nobody has asked yet.
    public ServerVersions() {
        this(System::nanoTime);
    }

    ServerVersions(LongSupplier clock) {
        this.clock = clock;
    }

    /// As last heard; null if nothing has been.
    ServerVersion lastHeard() {
        return oldest;
    }

    /// As last heard, which is at once unless nothing has been yet. `pool` is asked if it is time to.
    synchronized CompletionStage<ServerVersion> oldest(Inquiries pool) {
        if (asking == null || clock.getAsLong() - askedAt > ASKED_AGAIN_AFTER) {
            askedAt = clock.getAsLong();
            asking = pool.askServers(INFO).thenApply(this::heard);
        }
        return oldest == null ? asking : completedFuture(oldest);
    }

    private synchronized ServerVersion heard(List<Testimony> testimonies) {
        Map<String, ServerVersion> heard = new HashMap<>();
        for (Testimony testimony : testimonies) {
            ServerVersion.in(ServerInfo.of(testimony).fields())
                    .or(() -> Optional.ofNullable(ofServer.get(testimony.name())))
                    .ifPresent(version -> heard.put(testimony.name(), version));
        }
        ofServer = heard;
        oldest = heard.values().stream().min(ServerVersion::compareTo).orElse(null);
        return oldest == null ? UNHEARD : oldest;
    }
}
