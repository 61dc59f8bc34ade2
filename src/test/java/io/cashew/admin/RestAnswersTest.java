package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.RespClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every answer that the OpenAPI document announces, asked for over HTTP. A path, or an answer, that nobody asks for fails here.
@QuarkusTest
@WithTestResource(SeenPools.class)
class RestAnswersTest {
    /// One request of an operation, and the status it is answered with. `{id}` is that of a client who is there.
    record Asked(String method, String operation, int status, String path) {
        String name() {
            return method + " " + operation + " " + status;
        }
    }

    private static final String LEVELS = "{\"levels\": {}}";
    private static final String LONG_KEY = "k".repeat(9000);

    private static final List<Asked> READING = List.of(
            new Asked("GET", "/", 200, "/"),
            new Asked("GET", "/admin/log-levels", 200, "/admin/log-levels"),
            new Asked("GET", "/admin/reload", 200, "/admin/reload"),
            new Asked("GET", "/configuration", 200, "/configuration"),
            new Asked("GET", "/events", 400, "/events"),
            new Asked("GET", "/events/recent", 200, "/events/recent"),
            new Asked("GET", "/events/recent", 400, "/events/recent?after=x"),
            new Asked("GET", "/pools", 200, "/pools"),
            new Asked("GET", "/pools/{pool}", 200, "/pools/ring"),
            new Asked("GET", "/pools/{pool}", 404, "/pools/gama"),
            new Asked("GET", "/pools/{pool}/clients", 200, "/pools/ring/clients"),
            new Asked("GET", "/pools/{pool}/clients", 404, "/pools/gama/clients"),
            new Asked("GET", "/pools/{pool}/clients/{id}", 200, "/pools/ring/clients/{id}"),
            new Asked("GET", "/pools/{pool}/clients/{id}", 404, "/pools/ring/clients/2147483647"),
            new Asked("GET", "/pools/{pool}/distribution", 200, "/pools/ring/distribution"),
            new Asked("GET", "/pools/{pool}/distribution", 404, "/pools/gama/distribution"),
            new Asked("GET", "/pools/{pool}/latencies", 200, "/pools/ring/latencies"),
            new Asked("GET", "/pools/{pool}/latencies", 404, "/pools/gama/latencies"),
            new Asked("GET", "/pools/{pool}/route", 200, "/pools/ring/route?key=k"),
            new Asked("GET", "/pools/{pool}/route", 400, "/pools/ring/route"),
            new Asked("GET", "/pools/{pool}/route", 404, "/pools/gama/route?key=k"),
            new Asked("GET", "/pools/{pool}/route", 414, "/pools/ring/route?key=" + LONG_KEY),
            new Asked("GET", "/pools/{pool}/servers", 200, "/pools/ring/servers"),
            new Asked("GET", "/pools/{pool}/servers", 404, "/pools/gama/servers"),
            new Asked("GET", "/pools/{pool}/servers/{server}", 200, "/pools/ring/servers/a"),
            new Asked("GET", "/pools/{pool}/servers/{server}", 404, "/pools/ring/servers/z"),
            new Asked("GET", "/pools/{pool}/slow-log", 200, "/pools/ring/slow-log"),
            new Asked("GET", "/pools/{pool}/slow-log", 404, "/pools/gama/slow-log"));

    private static final List<Asked> CHANGING = List.of(
            new Asked("PUT", "/admin/log-levels", 200, "/admin/log-levels"),
            new Asked("PUT", "/admin/log-levels", 400, "/admin/log-levels"),
            new Asked("POST", "/admin/reload", 200, "/admin/reload?dry-run"),
            new Asked("DELETE", "/pools/{pool}/clients/{id}", 204, "/pools/ring/clients/{id}"),
            new Asked("DELETE", "/pools/{pool}/clients/{id}", 404, "/pools/ring/clients/2147483647"),
            new Asked("DELETE", "/pools/{pool}/slow-log", 204, "/pools/ring/slow-log"),
            new Asked("DELETE", "/pools/{pool}/slow-log", 404, "/pools/gama/slow-log"),
            new Asked("POST", "/pools/{pool}/servers/{server}/drain", 200, "/pools/lottery/servers/c/drain"),
            new Asked("POST", "/pools/{pool}/servers/{server}/drain", 404, "/pools/lottery/servers/z/drain"),
            new Asked("POST", "/pools/{pool}/servers/{server}/eject", 200, "/pools/lottery/servers/c/eject"),
            new Asked("POST", "/pools/{pool}/servers/{server}/eject", 404, "/pools/lottery/servers/z/eject"),
            new Asked("POST", "/pools/{pool}/servers/{server}/restore", 200, "/pools/lottery/servers/c/restore"),
            new Asked("POST", "/pools/{pool}/servers/{server}/restore", 404, "/pools/gama/servers/c/restore"));

    /// Answers that take more than a request.
    private static final Map<String, Class<?>> ELSEWHERE = Map.of(
            "GET /events 200", EventsResourceTest.class,
            "GET /events 503", EventsResourceTest.class,
            "POST /admin/reload 409", ReloadResourceTest.class,
            "POST /admin/reload 422", ReloadResourceTest.class);

    private RespClient client;

    @BeforeEach
    void connect() {
        client = SeenPools.connect("ring");
        client.call("PING");
    }

    @AfterEach
    void asBefore() {
        client.close();
        SeenPools.asAdmin().post("/pools/lottery/servers/c/restore");
    }

    static List<Asked> asked() {
        return Stream.of(READING, CHANGING).flatMap(List::stream).toList();
    }

    /// One request of each operation that is no GET.
    static List<Asked> changes() {
        return CHANGING.stream().filter(asked -> asked.status() < 400).toList();
    }

    private static Response ask(Asked asked, RequestSpecification with) {
        if (asked.method().equals("PUT")) {
            with.contentType("application/json").body(asked.status() == 400 ? "[" : LEVELS);
        }
        String id = given().get("/pools/ring/clients").jsonPath().getString("clients[0].id");
        return with.urlEncodingEnabled(false)
                .header("Last-Event-ID", "x")
                .request(asked.method(), asked.path().replace("{id}", id));
    }

    private static void assertProblem(Response response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(response.jsonPath().getInt("status")).isEqualTo(status);
        assertThat(response.jsonPath().getString("detail")).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("asked")
    void isAnsweredAsAnnounced(Asked asked) {
        Response response = ask(asked, asked.method().equals("GET") ? given() : SeenPools.asAdmin());

        if (asked.status() < 400) {
            assertThat(response.statusCode()).isEqualTo(asked.status());
        } else {
            assertProblem(response, asked.status());
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void strangersAndViewersMayNot(Asked asked) {
        assertProblem(ask(asked, given()), 401);
        assertProblem(ask(asked, given().auth().preemptive().basic("guest", SeenPools.VIEWER_PASSWORD)), 403);
    }

    @ParameterizedTest
    @MethodSource("asked")
    void anotherMethodIsRefused(Asked asked) {
        Response refused = ask(new Asked("PATCH", asked.operation(), 405, asked.path()), SeenPools.asAdmin());

        assertProblem(refused, 405);
        assertThat(List.of(refused.header("Allow").split(", "))).contains(asked.method(), "OPTIONS").doesNotContain("PATCH");
    }

    @ParameterizedTest
    @MethodSource("asked")
    void anotherKindOfAnswerIsRefused(Asked asked) {
        if (asked.status() == 200) {
            assertProblem(ask(asked, SeenPools.asAdmin().accept("image/png")), 406);
        }
    }

    @Test
    void anotherKindOfBodyIsRefused() {
        assertProblem(SeenPools.asAdmin().contentType("text/plain").body(LEVELS).put("/admin/log-levels"), 415);
    }

    @Test
    void everyAnswerThatIsAnnouncedIsAskedFor() {
        Set<String> announced = new TreeSet<>();
        Map<String, Map<String, Map<String, Object>>> paths = given().get("/q/openapi?format=json").jsonPath().getMap("paths");
        paths.forEach((path, operations) -> operations.forEach((method, operation) ->
                ((Map<?, ?>) operation.get("responses")).keySet()
                        .forEach(status -> announced.add(method.toUpperCase(Locale.ROOT) + " " + path + " " + status))));

        List<String> askedFor = new ArrayList<>(asked().stream().map(Asked::name).toList());
        askedFor.addAll(ELSEWHERE.keySet());
        // The same for all of them; 429 is in ClosedToStrangersTest.
        changes().forEach(change -> Stream.of(401, 403, 429)
                .forEach(status -> askedFor.add(change.method() + " " + change.operation() + " " + status)));

        assertThat(announced).hasSizeGreaterThan(50).containsExactlyInAnyOrderElementsOf(askedFor);
    }
}
