package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.config.HttpClientConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.InetAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// `cashew.rest.viewers-only`, and nobody who may change anything.
@QuarkusTest
@TestProfile(ClosedToStrangersTest.OneViewer.class)
class ClosedToStrangersTest {
    public static final class OneViewer implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "cashew.rest.viewers-only", "true",
                    "cashew.rest.users.\"a b\".password", "pâss",
                    "quarkus.http.test-port", "0",
                    "quarkus.management.test-port", "0");
        }
    }

    @TestHTTPResource(value = "/health/live", management = true)
    URL live;

    @TestHTTPResource(value = "/metrics", management = true)
    URL metrics;

    /// In UTF-8, as the answer to a stranger says.
    private static RequestSpecification as(String userAndPassword) {
        byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
        return given().header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    }

    /// From an address of its own.
    private static RequestSpecification guessing(String userAndPassword) {
        return as(userAndPassword).config(RestAssured.config().httpClient(HttpClientConfig.httpClientConfig()
                .setParam("http.route.local-address", InetAddress.ofLiteral("127.0.0.2"))));
    }

    @Test
    void strangersMayNotRead() {
        assertThat(given().get("/pools").statusCode()).isEqualTo(401);
        assertThat(given().get("/pools").jsonPath().getString("detail")).startsWith("GET needs a user with the role viewer");
        assertThat(given().get("/nothing").statusCode()).isEqualTo(401);
    }

    @Test
    void aViewerMay() {
        assertThat(as("a b:pâss").get("/pools").statusCode()).isEqualTo(200);
        assertThat(as("a b:pass").get("/pools").statusCode()).isEqualTo(401);
    }

    @Test
    void aBrowserAsksWhoWantsTheDashboard() {
        var refused = given().accept("text/html").get("/");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).startsWith("Basic ");

        assertThat(as("a b:pâss").accept("text/html").get("/").contentType()).startsWith("text/html");
    }

    @Test
    void withoutAnAdminNobodyMayChangeAnything() {
        var refused = as("a b:pâss").post("/pools");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.jsonPath().getString("type")).isEqualTo("urn:problem-type:cashew:no-users");
        assertThat(refused.jsonPath().getString("detail")).contains("cashew.rest.users.NAME.role=admin");
    }

    @Test
    void whoGuessesHasToWait() {
        double before = failures("password_not_tried");
        Response refused = guessing("a b:guessed").get("/pools");
        for (int guess = 0; guess < 100 && refused.statusCode() == 401; guess++) {
            refused = guessing("a b:guessed").get("/pools");
        }

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(refused.jsonPath().getString("type")).isEqualTo("urn:problem-type:cashew:too-many-guesses");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 10);
        assertThat(guessing("a b:pâss").get("/pools").statusCode()).as("the right one is not looked at, either").isEqualTo(429);
        assertThat(as("a b:pâss").get("/pools").statusCode()).as("from elsewhere it is").isEqualTo(200);
        assertThat(failures("password_not_tried") - before).isGreaterThanOrEqualTo(2);
        assertThat(failures("wrong_password")).isGreaterThanOrEqualTo(10);
        assertThat(as("a b:pâss").get("/events/recent").jsonPath().<String>getList("events.findAll { it.pool == null }.text"))
                .as("told, and not each time").filteredOn(text -> text.contains("over REST")).hasSize(1);

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> guessing("a b:pâss").get("/pools").statusCode() == 200);
    }

    private double failures(String cause) {
        return Management.scrape(metrics).get("cashew_rest_password_failures_total{cause=\"" + cause + "\"}");
    }

    @Test
    void healthIsForAll() {
        assertThat(RestAssured.get(live).statusCode()).isEqualTo(200);
    }
}
