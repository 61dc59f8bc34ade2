package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@WithTestResource(SeenPools.class)
class LogLevelsResourceTest {
    @Inject
    LogLevels levels;

    private static Response put(String body) {
        return SeenPools.asAdmin().contentType("application/json").body(body).put("/admin/log-levels");
    }

    @AfterEach
    void asConfigured() {
        assertThat(put("{\"levels\": {}}").statusCode()).isEqualTo(200);
    }

    @Test
    void aPartCanSayMoreAtOnce() {
        assertThat(Logger.getLogger("io.cashew.pool.Pool").isDebugEnabled()).isFalse();

        Response response = put("{\"levels\": {\"io.cashew.pool\": \"debug\", \"io.cashew\": \"WARN\"}}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getMap("levels")).containsEntry("io.cashew.pool", "DEBUG").containsEntry("io.cashew", "WARN")
                .hasSize(2);
        assertThat(Logger.getLogger("io.cashew.pool.Pool").isDebugEnabled()).isTrue();
        assertThat(Logger.getLogger("io.cashew.admin.Problems").isInfoEnabled()).isFalse();
    }

    @Test
    void whatIsNotNamedHasNoLevelOfItsOwnAnyMore() {
        put("{\"levels\": {\"io.cashew.pool\": \"DEBUG\"}}");

        put("{\"levels\": {\"io.cashew.admin\": \"ERROR\"}}");

        assertThat(given().get("/admin/log-levels").jsonPath().getMap("levels")).hasSize(1)
                .containsEntry("io.cashew.admin", "ERROR");
        assertThat(Logger.getLogger("io.cashew.pool.Pool").isDebugEnabled()).isFalse();
        assertThat(Logger.getLogger("io.cashew.pool.Pool").isInfoEnabled()).isTrue();
    }

    @Test
    void allCategoriesAreNamed() {
        JsonPath answer = given().get("/admin/log-levels").jsonPath();

        assertThat(answer.getList("categories")).contains("io.cashew", "io.cashew.pool", "io.cashew.pool.Pool")
                .doesNotContain("io.vertx", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"levels\": {\"io.cashew\": \"LOUD\"}}      | unknown-level    | There is no level 'LOUD'; there are: ERROR, WARN, INFO, DEBUG.",
        "{\"levels\": {\"io.cashew\": null}}          | unknown-level    | There is no level 'null'; there are: ERROR, WARN, INFO, DEBUG.",
        "{\"levels\": {\"io.vertx\": \"INFO\"}}       | unknown-category | There is no category 'io.vertx'; GET /admin/log-levels names all.",
        "{\"levels\": {\"io.cashew.x\": \"INFO\"}}    | unknown-category | There is no category 'io.cashew.x'; GET /admin/log-levels names all.",
        "{\"io.cashew\": \"INFO\"}                    | unreadable-body  | Send an object such as {\"levels\": {\"io.cashew.server\": \"DEBUG\"}}.",
        "{\"levels\": [                               | unreadable-body  | Send an object such as {\"levels\": {\"io.cashew.server\": \"DEBUG\"}}.",
        "''                                           | unreadable-body  | Send an object such as {\"levels\": {\"io.cashew.server\": \"DEBUG\"}}.",
    })
    void whatMakesNoSenseIsAProblemAndChangesNothing(String body, String type, String detail) {
        Response response = put(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(response.jsonPath().getString("type")).isEqualTo("urn:problem-type:cashew:" + type);
        assertThat(response.jsonPath().getString("detail")).isEqualTo(detail);
        assertThat(given().get("/admin/log-levels").jsonPath().getMap("levels")).isEmpty();
    }

    @Test
    void onlyAdminsChangeIt() {
        var stranger = given().contentType("application/json").body("{\"levels\": {}}").put("/admin/log-levels");
        var viewer = given().auth().preemptive().basic("guest", SeenPools.VIEWER_PASSWORD)
                .contentType("application/json").body("{\"levels\": {}}").put("/admin/log-levels");

        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(viewer.statusCode()).isEqualTo(403);
    }

    @Test
    void nutcrackersLevelsGoUpAndDownByOne() {
        levels.begin(5);

        assertThat(levels.step(-1)).isEqualTo("4 (WARN)");
        assertThat(Logger.getLogger("io.cashew.pool.Pool").isInfoEnabled()).isFalse();
        assertThat(levels.step(1)).isEqualTo("5 (as configured)");
        assertThat(Logger.getLogger("io.cashew.pool.Pool").isInfoEnabled()).isTrue();
        assertThat(levels.step(1)).isEqualTo("6 (INFO)");
        assertThat(levels.step(1)).isEqualTo("7 (DEBUG)");
        assertThat(levels.step(1)).as("there is no more").isEqualTo("7 (DEBUG)");
        assertThat(Logger.getLogger("io.cashew.pool.Pool").isDebugEnabled()).isTrue();
    }
}
