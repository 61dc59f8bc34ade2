package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.config.Role;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(SeenPools.class)
class AccessTest {
    @TestHTTPResource(value = "/health/ready", management = true)
    URL ready;

    @TestHTTPResource(value = "/metrics", management = true)
    URL metrics;

    private static RequestSpecification as(String user, String password) {
        return given().auth().preemptive().basic(user, password);
    }

    private static JsonPath refused(Response response, int status, String kind) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(response.jsonPath().getString("type")).isEqualTo("urn:problem-type:cashew:" + kind);
        assertThat(response.header("WWW-Authenticate"))
                .isEqualTo(status == 401 ? "Basic realm=\"cashew\", charset=\"UTF-8\"" : null);
        return response.jsonPath();
    }

    @ParameterizedTest
    @CsvSource({"POST, /", "PUT, /pools/ring", "DELETE, /pools/ring", "PATCH, /nothing", "POST, /pools/%67%61ma", "BREW, /pools"})
    void aChangeNeedsAUser(String method, String path) {
        JsonPath problem = refused(given().urlEncodingEnabled(false).request(method, path), 401, "credentials-needed");

        assertThat(problem.getString("detail"))
                .isEqualTo(method + " needs a user with the role admin: send name and password (HTTP Basic).");
    }

    @Test
    void aChangeNeedsTheRoleAdmin() {
        JsonPath problem = refused(as("guest", SeenPools.VIEWER_PASSWORD).post("/pools"), 403, "role-needed");

        assertThat(problem.getString("detail")).contains("the role admin", "'guest'", "cashew.rest.users.\"guest\".role");
    }

    @Test
    void anAdminGetsPast() {
        assertThat(as("root", SeenPools.ADMIN_PASSWORD).post("/pools").statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({"root, ''", "root, open", "root, open:barley2", "guest, open:barley", "nobody, open:barley", "'', open:barley",
            "ROOT, open:barley"})
    void whoGivesAWrongPasswordIsNobody(String user, String password) {
        JsonPath problem = refused(as(user, password).post("/pools"), 401, "wrong-credentials");

        assertThat(problem.getString("detail")).isEqualTo("There is no user of this name with this password.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic !!!", "Basic cm9vdA==", "Bearer abc", "Negotiate x"})
    void whatIsNoPasswordIsRefused(String authorization) {
        Response response = given().header("Authorization", authorization).post("/pools");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.contentType()).startsWith(Problem.MEDIA_TYPE);
    }

    @Test
    void readingIsOpenToAllWhateverTheySayOfThemselves() {
        assertThat(given().get("/pools").statusCode()).isEqualTo(200);
        assertThat(given().head("/pools").statusCode()).isEqualTo(200);
        assertThat(as("root", "wrong").get("/pools").statusCode()).isEqualTo(200);
    }

    @Test
    void healthAndMetricsAreOpenToAll() {
        assertThat(RestAssured.get(ready).statusCode()).isEqualTo(200);
        assertThat(RestAssured.get(metrics).statusCode()).isEqualTo(200);
    }

    @Test
    void anotherFileIsAnotherPassword() throws IOException {
        try {
            Files.writeString(SeenPools.passwordFile(), "another");

            refused(as("guest", "another").post("/pools"), 403, "role-needed");
            refused(as("guest", SeenPools.VIEWER_PASSWORD).post("/pools"), 401, "wrong-credentials");

            Files.delete(SeenPools.passwordFile());
            refused(as("guest", "").post("/pools"), 401, "wrong-credentials");
        } finally {
            Files.writeString(SeenPools.passwordFile(), SeenPools.VIEWER_PASSWORD + "\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site"})
    void aPageOfAnotherOriginMayNotUseTheAdminsBrowser(String site) {
        refused(as("root", SeenPools.ADMIN_PASSWORD).header("Sec-Fetch-Site", site).post("/pools"), 403, "foreign-page");
        assertThat(given().header("Sec-Fetch-Site", site).get("/pools").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none"})
    void ourOwnPageMay(String site) {
        assertThat(as("root", SeenPools.ADMIN_PASSWORD).header("Sec-Fetch-Site", site).post("/pools").statusCode()).isEqualTo(405);
    }

    @Test
    void whoChangesWhatIsInTheLogAndThePasswordIsNot() {
        List<String> lines = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public synchronized void publish(LogRecord line) {
                lines.add(String.valueOf(line.getMessage())
                        + List.of(line.getParameters() == null ? new Object[0] : line.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        try {
            as("root", SeenPools.ADMIN_PASSWORD).post("/pools");
            as("root", "a-wrong-one").post("/pools");
        } finally {
            root.removeHandler(handler);
        }

        assertThat(lines.toString()).contains("root").contains("is refused")
                .doesNotContain(SeenPools.ADMIN_PASSWORD, "a-wrong-one");
    }

    @Test
    void whereThereIsNobodyTheAnswerSaysHowToMakeOne() {
        assertThat(Access.noUsers(Role.ADMIN))
                .isEqualTo("This needs a user with the role admin, and there is none: "
                        + "set cashew.rest.users.NAME.role=admin and its password-file.");
    }
}
