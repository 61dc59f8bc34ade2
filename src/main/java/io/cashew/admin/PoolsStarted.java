package io.cashew.admin;

import io.cashew.pool.Pool;
import io.cashew.pool.RunningPools;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/// Startup: every configured pool has got as far as listening once.
@Startup
@ApplicationScoped
class PoolsStarted implements HealthCheck {
    private final RunningPools pools;

    PoolsStarted(RunningPools pools) {
        this.pools = pools;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("pools started").withData("pools", pools.all().size());
        pools.problem().ifPresent(problem -> response.withData("problem", problem));
        return response.status(started()).build();
    }

    private boolean started() {
        return !pools.all().isEmpty()
                && pools.all().stream()
                        .map(Pool::state)
                        .noneMatch(state -> state == Pool.State.STARTING || state == Pool.State.FAILED);
    }
}
