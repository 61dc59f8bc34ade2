package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
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

    /// In UTF-8, as the answer to a stranger says.
    private static RequestSpecification as(String userAndPassword) {
        byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
        return given().header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
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
    void healthIsForAll() {
        assertThat(RestAssured.get(live).statusCode()).isEqualTo(200);
    }
}
