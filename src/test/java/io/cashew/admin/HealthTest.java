package io.cashew.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(SeenPools.class)
class HealthTest {
    @TestHTTPResource(value = "/health/live", management = true)
    URL live;

    @TestHTTPResource(value = "/health/ready", management = true)
    URL ready;

    @TestHTTPResource(value = "/health/started", management = true)
    URL started;

    @Inject
    @Liveness
    EventLoopsAnswer eventLoopsAnswer;

    @Inject
    Vertx vertx;

    @Test
    void everyEventLoopOfEveryPoolAnswers() {
        JsonPath health = Management.health(live);

        assertThat(health.getString("status")).isEqualTo("UP");
        assertThat(check(health, "event loops answer").keySet()).containsExactlyInAnyOrderElementsOf(SeenPools.names());
        assertThat(check(health, "event loops answer").values()).containsOnly("2 of 2 answered");
    }

    @Test
    void everyPoolListens() {
        JsonPath health = Management.health(ready);

        assertThat(health.getString("status")).isEqualTo("UP");
        assertThat(check(health, "pools listen").keySet()).containsExactlyInAnyOrderElementsOf(SeenPools.names());
        assertThat(check(health, "pools listen").values()).containsOnly("serving");
    }

    @Test
    void thePoolsHaveStarted() {
        JsonPath health = Management.health(started);

        assertThat(health.getString("status")).isEqualTo("UP");
        assertThat(check(health, "pools started")).containsEntry("pools", SeenPools.names().size());
    }

    @Test
    void healthIsOnTheManagementPortOnly() {
        assertThat(RestAssured.get("/q/health").statusCode()).isEqualTo(404);
        assertThat(RestAssured.get("/q/metrics").statusCode()).isEqualTo(404);
    }

    @Test
    void eventLoopsThatAreStuckAreFoundOut() throws InterruptedException {
        var release = new CountDownLatch(1);
        var stuck = new ArrayList<Future<?>>();
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            stuck.add(loop.submit(() -> release.await(10, TimeUnit.SECONDS)));
        }

        HealthCheckResponse response;
        try {
            response = eventLoopsAnswer.call().await().atMost(Duration.ofSeconds(5));
        } finally {
            release.countDown();
        }

        assertThat(stuck).allSatisfy(loop -> assertThat(loop.get()).isEqualTo(true));
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(response.getData().orElseThrow().keySet()).containsExactlyInAnyOrderElementsOf(SeenPools.names());
        assertThat(response.getData().orElseThrow().values()).containsOnly("0 of 2 answered");
        assertThat(eventLoopsAnswer.call().await().atMost(Duration.ofSeconds(5)).getStatus())
                .isEqualTo(HealthCheckResponse.Status.UP);
    }

    private static Map<String, Object> check(JsonPath health, String name) {
        return health.param("name", name).getMap("checks.find { it.name == name }.data");
    }
}
