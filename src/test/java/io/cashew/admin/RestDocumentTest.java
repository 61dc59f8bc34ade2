package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// docs/rest.md is written from the OpenAPI document, and this test keeps it so; the examples of both look like real
/// answers.
@QuarkusTest
@WithTestResource(SeenPools.class)
class RestDocumentTest {
    static final String WRITE = "docs.write";

    private static final java.nio.file.Path DOCUMENT = java.nio.file.Path.of("docs/rest.md");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode openApi() throws IOException {
        return JSON.readTree(given().get("/q/openapi?format=json").asString());
    }

    @Test
    void everyPathIsDescribed() throws IOException {
        Set<String> served = new TreeSet<>();
        for (Class<?> resource : new Class<?>[] {IndexResource.class, PoolsResource.class}) {
            for (Method method : resource.getDeclaredMethods()) {
                if (method.isAnnotationPresent(jakarta.ws.rs.GET.class)) {
                    Path below = method.getAnnotation(Path.class);
                    served.add(resource.getAnnotation(Path.class).value() + (below == null ? "" : "/" + below.value()));
                }
            }
        }

        JsonNode openApi = openApi();

        assertThat(openApi.at("/info/title").asText()).isEqualTo("Cashew");
        assertThat(openApi.at("/info/version").asText()).isNotEmpty();
        assertThat(names(openApi.get("paths"))).isEqualTo(served).hasSize(6);
        for (JsonNode path : openApi.get("paths")) {
            assertThat(names(path)).containsExactly("get");
            assertThat(path.at("/get/summary").asText()).isNotEmpty();
            assertThat(path.at("/get/description").asText()).isNotEmpty();
            path.at("/get/parameters").forEach(each -> assertThat(each.path("description").asText()).isNotEmpty());
            path.at("/get/responses").forEach(each -> assertThat(example(each)).isNotEmpty());
        }
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
        "/pools/{pool}/route, 200, /pools/ring/route?key=k",
        "/pools/{pool}/route, 400, /pools/ring/route?keyHex=x",
        "/pools/{pool}/route, 404, /pools/gama/route?key=k",
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
    void theExampleOfARouteIsTrue() throws IOException {
        var example = (ObjectNode) example(openApi().at("/paths/~1pools~1{pool}~1route/get/responses/200"));

        var answer = (ObjectNode) JSON.readTree(
                given().urlEncodingEnabled(false).get("/pools/ring/route?key=%7Buser%3A1%7D.mail").asString());

        // The pool of the example is called otherwise, and its servers live elsewhere
        assertThat(example.remove(List.of("pool", "address"))).isEqualTo(answer.remove(List.of("pool", "address")));
    }

    @Test
    void theDocumentSaysWhatOpenApiSays() throws IOException {
        String document = document(openApi());
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(DOCUMENT, document);
        }

        assertThat(Files.readString(DOCUMENT))
                .as("write it anew with: ./mvnw test -Dtest=%s -D%s=true", getClass().getSimpleName(), WRITE)
                .isEqualTo(document);
    }

    private static Set<String> names(JsonNode object) {
        return new TreeSet<>(object.propertyStream().map(property -> property.getKey()).toList());
    }

    private static JsonNode example(JsonNode response) {
        JsonNode content = response.get("content").elements().next();
        JsonNode value = content.get("examples").elements().next().get("value");
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
                Everything is read with GET, nothing can be changed. The same is served for programs as OpenAPI at
                `/q/openapi`; this page is written from that: change the annotations, then run
                `./mvnw test -Dtest=RestDocumentTest -Ddocs.write=true`.

                **Names** of pools and servers are one segment of the path, percent-encoded: the server of the unix socket
                `/run/redis/b.sock` is called `/run/redis/b.sock:` and found at `/servers/%2Frun%2Fredis%2Fb.sock%3A`. Every
                answer that names a pool or server has such a path as `href`.

                **JSON** is in camelCase, with the unit at the end of a name where there is one. Every field is always there,
                `null` where there is nothing to say. Fields may be added, none will change its meaning. Passwords are never
                shown.

                **Errors** are problem details (RFC 9457, `application/problem+json`). `type` tells them apart; it is
                `about:blank` where the status says it all: 404 for an unknown path, 405 for another method than GET, 406 where
                JSON is not wanted, 500 when Cashew is at fault. A request that is not HTTP, a URL that is none (400) and a
                request line above 32 KB (414) are refused by the HTTP server before they get here, without a body.

                Health and [metrics](metrics.md) have a port of their own, 9000: `/q/health/live` (every event loop answers),
                `/q/health/ready` (every pool takes clients), `/q/health/started`, `/q/metrics`.
                """);
        Set<String> shown = new HashSet<>();
        for (String path : names(openApi.get("paths"))) {
            JsonNode get = openApi.get("paths").get(path).get("get");
            text.append("\n## GET ").append(path).append("\n\n");
            text.append(get.get("summary").asText()).append(". ").append(get.get("description").asText()).append('\n');
            if (get.has("parameters")) {
                text.append("\n| parameter | in | | for example |\n|---|---|---|---|\n");
                get.get("parameters").forEach(each -> text.append("| `%s` | %s | %s | `%s` |\n".formatted(
                        each.get("name").asText(),
                        each.get("in").asText(),
                        each.get("description").asText(),
                        each.get("example").asText())));
            }
            for (String status : names(get.get("responses"))) {
                JsonNode response = get.get("responses").get(status);
                String example = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(example(response));
                text.append("\n**%s**: %s\n".formatted(status, response.get("description").asText()));
                if (shown.add(example)) {
                    text.append("\n```json\n").append(example).append("\n```\n");
                }
            }
        }
        return text.toString();
    }

    @Test
    void theDocumentHasEveryPath() throws IOException {
        String document = Files.readString(DOCUMENT);

        assertThat(names(openApi().get("paths"))).allSatisfy(path -> assertThat(document).contains("\n## GET " + path + "\n"));
        assertThat(Stream.of("400", "404", "405", "406", "414", "500")).allMatch(document::contains);
    }
}
