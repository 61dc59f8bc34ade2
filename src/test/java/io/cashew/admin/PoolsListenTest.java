package io.cashew.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.pool.Pool;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoolsListenTest {
    @ParameterizedTest
    @EnumSource(Pool.State.class)
    void onePoolThatDoesNotServeIsEnoughToBeNotReady(Pool.State state) {
        HealthCheckResponse response =
                PoolsListen.response(Map.of("alpha", Pool.State.SERVING, "beta", state), Optional.empty());

        assertThat(response.getStatus())
                .isEqualTo(state == Pool.State.SERVING ? HealthCheckResponse.Status.UP : HealthCheckResponse.Status.DOWN);
        assertThat(response.getData().orElseThrow()).containsEntry("alpha", "serving");
    }

    @Test
    void withoutPoolsTheReasonIsGiven() {
        HealthCheckResponse response = PoolsListen.response(Map.of(), Optional.of("no servers in pool alpha"));

        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(response.getData().orElseThrow()).containsEntry("problem", "no servers in pool alpha");
    }
}
