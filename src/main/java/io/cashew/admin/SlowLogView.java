package io.cashew.admin;

import io.cashew.pool.Pool;
import io.cashew.protocol.SlowLog;
import io.cashew.protocol.SlowRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The last requests of a pool whose answers took long.
@Schema(name = "SlowLog")
record SlowLogView(
        String pool,
        @Schema(description = "What is slow (`slow-log-threshold`); 0 if nothing is, and nothing is kept.") long thresholdMillis,
        @Schema(description = "How many requests are kept (`slow-log-entries`).") int capacity,
        @Schema(description = "Slow requests since the start, also those that are not kept any more.") long slowRequests,
        @Schema(description = "Newest first.") List<Entry> entries) {

    @Schema(name = "SlowRequest")
    record Entry(
            @Schema(description = "Numbers the slow requests of the pool since the start, from 0.") long id,
            @Schema(description = "When it was answered.") Instant at,
            @Schema(description = "How long that took, from when it was read; precise to one turn of the event loop.") long micros,
            @Schema(description = "Its words, as UTF-8: at most 32, of each at most 128 bytes, and how much is missing.")
                    List<String> words,
            @Schema(description = "The id of the client.") int client,
            @Schema(description = "Where the client comes from; null for a unix socket.", nullable = true) String address,
            @Schema(description = "What the client calls itself (`CLIENT SETNAME`).", nullable = true) String clientName,
            @Schema(description = "The ring name of the server; null if several were asked, or none.", nullable = true)
            String server,
            @Schema(description = "Why there is no answer of a server, as metrics call it; null if there is one.", nullable = true)
                    String failure) {}

    static SlowLogView of(Pool pool) {
        SlowLog log = pool.slowLog();
        return new SlowLogView(
                pool.name(),
                TimeUnit.NANOSECONDS.toMillis(log.thresholdNanos()),
                log.capacity(),
                pool.counters().slowRequests,
                log.newest(log.capacity()).stream().map(SlowLogView::entry).toList());
    }

    private static Entry entry(SlowRequest slow) {
        return new Entry(
                slow.id(),
                slow.at(),
                slow.micros(),
                slow.words().stream().map(SlowLogView::text).toList(),
                slow.client().id(),
                slow.client().addressText(),
                slow.clientName().isEmpty() ? null : slow.clientName(),
                slow.server(),
                slow.failure() == null ? null : slow.failure().label());
    }

    private static String text(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
