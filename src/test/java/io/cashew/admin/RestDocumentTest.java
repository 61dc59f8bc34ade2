package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// docs/rest.md is written from the OpenAPI document, and this test keeps it so; the examples of both look like real
/// answers.
@QuarkusTest
@WithTestResource(SeenPools.class)
class RestDocumentTest {
    static final String WRITE = "docs.write";

    private static final Path DOCUMENT = Path.of("docs/rest.md");
    private static final Path DESCRIPTION = Path.of("src/main/resources/io/cashew/admin", DescriptionResource.DOCUMENT);
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What is shown of replies needs one.
    @BeforeAll
    static void ask() {
        try (var client = SeenPools.connect("ring")) {
            client.call("GET", "k");
        }
    }

    private static JsonNode openApi() throws IOException {
        return JSON.readTree(given().get("/q/annotations?format=json").asString());
    }

    @Test
    void everyPathIsDescribed() throws IOException {
        Set<String> served = new TreeSet<>();
        Methods.all().forEach(operation -> served.add(operation.method().toLowerCase(Locale.ROOT) + " " + operation.path()));
        JsonNode openApi = openApi();

        assertThat(openApi.at("/info/title").asText()).isEqualTo("Cashew");
        assertThat(openApi.at("/info/version").asText()).isNotEmpty();
        Set<String> described = new TreeSet<>();
        openApi.get("paths").properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            described.add(operation.getKey() + " " + path.getKey());
            JsonNode each = operation.getValue();
            assertThat(each.at("/summary").asText()).isNotEmpty();
            assertThat(each.at("/description").asText()).isNotEmpty();
            each.at("/parameters").forEach(parameter -> assertThat(parameter.path("description").asText()).isNotEmpty());
            each.get("responses").properties().forEach(response ->
                    assertThat(shownExample(response.getValue()).isEmpty()).isEqualTo(response.getKey().equals("204")));
        }));
        assertThat(described).isEqualTo(served).hasSize(23);
    }

    @ParameterizedTest
    @CsvSource({
        "/, 200, /",
        "/pools, 200, /pools",
        "/pools/{pool}, 200, /pools/ring",
        "/pools/{pool}, 404, /pools/gama",
        "/pools/{pool}/servers, 200, /pools/ring/servers",
        "/pools/{pool}/servers, 404, /pools/gama/servers",
        "/pools/{pool}/servers/{server}, 200, /pools/ring/servers/a",
        "/pools/{pool}/servers/{server}, 404, /pools/ring/servers/d",
        "/pools/{pool}/distribution, 200, /pools/ring/distribution",
        "/pools/{pool}/distribution, 404, /pools/gama/distribution",
        "/pools/{pool}/latencies, 200, /pools/ring/latencies",
        "/pools/{pool}/latencies, 404, /pools/gama/latencies",
        "/events/recent, 400, /events/recent?after=x",
        "/events/recent, 200, /events/recent",
        "/pools/{pool}/clients, 404, /pools/gama/clients",
        "/pools/{pool}/slow-log, 404, /pools/gama/slow-log",
        "/pools/{pool}/clients/{id}, 404, /pools/ring/clients/2147483647",
        "/pools/{pool}/route, 200, /pools/ring/route?key=k",
        "/pools/{pool}/route, 400, /pools/ring/route?keyHex=x",
        "/pools/{pool}/route, 404, /pools/gama/route?key=k",
        "/admin/reload, 200, /admin/reload",
    })
    void theExampleHasTheFieldsOfARealAnswer(String path, String status, String request) throws IOException {
        JsonNode response = openApi().get("paths").get(path).get("get").get("responses").get(status);

        var answer = given().urlEncodingEnabled(false).get(request);

        assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(status));
        assertThat(fields("", example(response), new TreeSet<>()))
                .isEqualTo(fields("", JSON.readTree(answer.asString()), new TreeSet<>()));
        if (!status.equals("200")) {
            assertThat(example(response).get("type").asText()).isEqualTo(answer.jsonPath().getString("type"));
            assertThat(example(response).get("title").asText()).isEqualTo(answer.jsonPath().getString("title"));
        }
    }

    @Test
    void developersHaveAPageToTryIt() {
        assertThat(given().get("/q/swagger-ui/").asString()).contains("/q/annotations");
    }

    @Test
    void theExamplesOfClientsHaveTheFieldsOfRealAnswers() throws IOException {
        try (var client = SeenPools.connect("ring"); var other = SeenPools.connect("ring")) {
            client.call("PING");
            other.call("PING");
            JsonNode page = JSON.readTree(given().get("/pools/ring/clients?limit=1").asString());
            JsonNode one = JSON.readTree(given().get(page.at("/clients/0/href").asText()).asString());
            JsonNode paths = openApi().get("paths");

            assertThat(fields("", example(paths.at("/~1pools~1{pool}~1clients/get/responses/200")), new TreeSet<>()))
                    .isEqualTo(fields("", page, new TreeSet<>()));
            assertThat(fields("", example(paths.at("/~1pools~1{pool}~1clients~1{id}/get/responses/200")), new TreeSet<>()))
                    .isEqualTo(fields("", one, new TreeSet<>()));
        }
    }

    @Test
    void theExampleOfASlowRequestHasTheFieldsOfARealOne() throws IOException {
        SeenPools.askSlowly();
        JsonNode answer = JSON.readTree(given().get("/pools/ring/slow-log").asString());

        assertThat(fields("", example(openApi().at("/paths/~1pools~1{pool}~1slow-log/get/responses/200")), new TreeSet<>()))
                .isEqualTo(fields("", answer, new TreeSet<>()));
    }

    @Test
    void theExampleOfARouteIsTrue() throws IOException {
        var example = (ObjectNode) example(openApi().at("/paths/~1pools~1{pool}~1route/get/responses/200"));

        var answer = (ObjectNode) JSON.readTree(
                given().urlEncodingEnabled(false).get("/pools/ring/route?key=%7Buser%3A1%7D.mail").asString());

        // The pool of the example is called otherwise, and its servers live elsewhere
        assertThat(example.remove(List.of("pool", "address"))).isEqualTo(answer.remove(List.of("pool", "address")));
    }

    @Test
    void theDocumentSaysWhatOpenApiSays() throws IOException {
        isWritten(document(openApi()), DOCUMENT);
    }

    @Test
    void theDescriptionForProgramsIsWhatTheAnnotationsSay() throws IOException {
        isWritten(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(openApi()) + '\n', DESCRIPTION);
    }

    @Test
    void theDescriptionIsServed() throws IOException {
        var answer = given().get("/q/openapi");

        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(answer.asString()).isEqualTo(Files.readString(DESCRIPTION));
    }

    private static void isWritten(String expected, java.nio.file.Path file) throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(file, expected);
        }
        assertThat(Files.readString(file))
                .as("write it anew with: ./mvnw test -Dtest=%s -D%s=true", RestDocumentTest.class.getSimpleName(), WRITE)
                .isEqualTo(expected);
    }

    private static Set<String> names(JsonNode object) {
        return new TreeSet<>(object.propertyStream().map(property -> property.getKey()).toList());
    }

    private static JsonNode exampleValue(JsonNode withContent) {
        return withContent.get("content").elements().next().get("examples").elements().next().get("value");
    }

    /// As it is shown: JSON in lines, anything else as it stands; empty if there is nothing to show.
    private static String shownExample(JsonNode withContent) {
        if (!withContent.has("content")) {
            return "";
        }
        if (!withContent.get("content").fieldNames().next().endsWith("json")) {
            return exampleValue(withContent).asText();
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(example(withContent));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode example(JsonNode response) {
        JsonNode value = exampleValue(response);
        try {
            return value.isTextual() ? JSON.readTree(value.asText()) : value;
        } catch (IOException notJson) {
            throw new AssertionError(value.asText(), notJson);
        }
    }

    /// Every field with the names above it; the elements of an array count as one.
    private static Set<String> fields(String above, JsonNode node, Set<String> fields) {
        node.propertyStream().forEach(property -> {
            fields.add(above + "." + property.getKey());
            fields(above + "." + property.getKey(), property.getValue(), fields);
        });
        if (node.isArray()) {
            node.forEach(element -> fields(above + "[]", element, fields));
        }
        return fields;
    }

    private static String document(JsonNode openApi) throws IOException {
        var text = new StringBuilder("""
                # REST

                What a running Cashew shows of its pools, on the HTTP port (8080 unless `quarkus.http.port` says otherwise).
                What is asked with GET changes nothing. The same is served for programs as OpenAPI at `/q/openapi`, in development
                mode also with a page to try it, `/q/swagger-ui`; this page is written from that: change the annotations, then run
                `./mvnw test -Dtest=RestDocumentTest -Ddocs.write=true`.

                **Who may do what** depends on the method. Everybody may read (GET, HEAD, OPTIONS), unless `cashew.rest.viewers-only`
                is set; then it takes a user with the role `viewer`. Every other method takes a user with the role `admin`. Users are
                configured ([configuration.md](configuration.md)) and say who they are with HTTP Basic, which needs HTTPS
                (`quarkus.http.ssl.*`) or a network nobody listens on. Where nobody has the role, nobody may: 403, and the answer
                says what to set. What an admin does is in the log, with the name. A page of another origin cannot change anything
                through an admin's browser. Who gives wrong passwords has to wait
                ([reliability.md](reliability.md#passwords-that-are-guessed)): 429, with `Retry-After`.

                ```yaml
                cashew:
                  rest:
                    users:
                      alice:
                        role: admin
                        password-file: /run/secrets/alice
                ```

                **Names** of pools and servers are one segment of the path, percent-encoded: the server of the unix socket
                `/run/redis/b.sock` is called `/run/redis/b.sock:` and found at `/servers/%2Frun%2Fredis%2Fb.sock%3A`. Every
                answer that names a pool or server has such a path as `href`.

                **JSON** is in camelCase, with the unit at the end of a name where there is one. Every field is always there,
                `null` where there is nothing to say. Fields may be added, none will change its meaning. Passwords are never
                shown.

                **Errors** are problem details (RFC 9457, `application/problem+json`). `type` tells them apart; it is
                `about:blank` where the status says it all: 404 for an unknown path, 405 for a method that is not there (`Allow` names
                those that are), 406 where JSON is not wanted, 500 when Cashew is at fault. A request that is not HTTP, a URL that is none (400) and a
                request line above 32 KB (414) are refused by the HTTP server before they get here, without a body.

                Health and [metrics](metrics.md) have a port of their own, 9000: `/q/health/live` (every event loop answers),
                `/q/health/ready` (every pool takes clients), `/q/health/started`, `/q/metrics`. They are open to all. twemproxy's
                statistics have one, too: [statistics.md](statistics.md).
                """);
        Set<String> shown = new HashSet<>();
        for (String path : names(openApi.get("paths"))) {
            for (String method : names(openApi.get("paths").get(path))) {
                describe(method, path, openApi.get("paths").get(path).get(method), shown, text);
            }
        }
        return text.toString();
    }

    private static void describe(String method, String path, JsonNode get, Set<String> shown, StringBuilder text) {
        text.append("\n## ").append(method.toUpperCase(Locale.ROOT)).append(' ').append(path).append("\n\n");
        text.append(get.get("summary").asText()).append(". ").append(get.get("description").asText()).append('\n');
        if (get.has("parameters")) {
            text.append("\n| parameter | in | | for example |\n|---|---|---|---|\n");
            get.get("parameters").forEach(each -> text.append("| `%s` | %s | %s | `%s` |\n".formatted(
                    each.get("name").asText(),
                    each.get("in").asText(),
                    each.get("description").asText(),
                    each.get("example").asText())));
        }
        if (get.has("requestBody")) {
            text.append("\nSend:\n\n```json\n").append(shownExample(get.get("requestBody"))).append("\n```\n");
        }
        for (String status : names(get.get("responses"))) {
            JsonNode response = get.get("responses").get(status);
            String example = shownExample(response);
            text.append("\n**%s**: %s\n".formatted(status, response.get("description").asText()));
            if (!example.isEmpty() && shown.add(example)) {
                text.append("\n```%s\n".formatted(example.startsWith("{") ? "json" : "")).append(example).append("\n```\n");
            }
        }
    }

    @Test
    void theDocumentHasEveryPath() throws IOException {
        String document = Files.readString(DOCUMENT);

        Set<String> headings = new TreeSet<>();
        openApi().get("paths").properties().forEach(path -> path.getValue().fieldNames().forEachRemaining(
                method -> headings.add("\n## " + method.toUpperCase(Locale.ROOT) + " " + path.getKey() + "\n")));

        assertThat(headings).allSatisfy(heading -> assertThat(document).contains(heading));
        assertThat(Stream.of("400", "401", "403", "404", "405", "406", "409", "414", "422", "429", "500"))
                .allMatch(document::contains);
    }
}
