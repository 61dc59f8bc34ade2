package io.cashew.admin;

import io.cashew.pool.Pool;
import io.cashew.pool.RunningPools;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Readiness: every pool takes clients. A pool that drains does not, so that new clients are sent elsewhere.
///
/// Servers have no say in it: with a server gone, another instance of Cashew would serve its clients no better.
@Readiness
@ApplicationScoped
class PoolsListen implements HealthCheck {
    private final RunningPools pools;

    PoolsListen(RunningPools pools) {
        this.pools = pools;
    }

    @Override
    public HealthCheckResponse call() {
        Map<String, Pool.State> states = new LinkedHashMap<>();
        pools.all().forEach(pool -> states.put(pool.name(), pool.state()));
        return response(states, pools.problem());
    }

    static HealthCheckResponse response(Map<String, Pool.State> states, Optional<String> problem) {
        var response = HealthCheckResponse.named("pools listen");
        states.forEach((pool, state) -> response.withData(pool, state.name().toLowerCase(Locale.ROOT)));
        if (states.isEmpty()) {
            response.withData("problem", problem.orElse("pools have not been started"));
        }
        return response.status(!states.isEmpty() && states.values().stream().allMatch(Pool.State.SERVING::equals))
                .build();
    }
}
