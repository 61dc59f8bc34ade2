package io.cashew.admin;

import io.cashew.pool.RunningPools;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// Liveness: every event loop that serves a pool still gets to new work. A loop that does not is lost for all its clients,
/// and only a new process helps.
@Liveness
@ApplicationScoped
class EventLoopsAnswer implements AsyncHealthCheck {
    /// Well below the second after which Kubernetes, unless told otherwise, gives up on a probe.
    private static final Duration PATIENCE = Duration.ofMillis(750);

    private final RunningPools pools;

    EventLoopsAnswer(RunningPools pools) {
        this.pools = pools;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        Map<String, List<Future<Void>>> heartbeats = new LinkedHashMap<>();
        pools.all().forEach(pool -> heartbeats.put(pool.name(), pool.heartbeats()));
        return response(heartbeats, PATIENCE);
    }

    /// UP as soon as all have come; DOWN, with the pools whose loops are missing, when `patience` is over.
    static Uni<HealthCheckResponse> response(Map<String, List<Future<Void>>> heartbeats, Duration patience) {
        Future<?> all = Future.join(heartbeats.values().stream().flatMap(List::stream).toList());
        // The timer of this timeout is no event loop's
        return Uni.createFrom()
                .completionStage(all.toCompletionStage())
                .replaceWithVoid()
                .ifNoItem()
                .after(patience)
                .fail()
                .onFailure()
                .recoverWithNull()
                .map(_ -> response(heartbeats));
    }

    private static HealthCheckResponse response(Map<String, List<Future<Void>>> heartbeats) {
        var response = HealthCheckResponse.named("event loops answer");
        boolean up = true;
        for (var entry : heartbeats.entrySet()) {
            List<Future<Void>> loops = entry.getValue();
            long answered = loops.stream().filter(Future::succeeded).count();
            response.withData(entry.getKey(), "%d of %d answered".formatted(answered, loops.size()));
            up &= answered == loops.size();
        }
        return response.status(up).build();
    }
}
