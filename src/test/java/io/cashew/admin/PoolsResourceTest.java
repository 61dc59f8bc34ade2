package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(SeenPools.class)
class PoolsResourceTest {
    private static Response get(String path) {
        return given().urlEncodingEnabled(false).get(path);
    }

    private static JsonPath json(String path) {
        Response response = get(path);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        assertThat(response.contentType()).startsWith("application/json");
        return response.jsonPath();
    }

    private static JsonPath problem(Response response, int status) {
        assertThat(response.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.jsonPath().getInt("status")).isEqualTo(status);
        return response.jsonPath();
    }

    @Test
    void theIndexLeadsToThePoolsAndToTheirDescription() {
        JsonPath index = json("/");

        assertThat(index.getString("name")).isEqualTo("cashew");
        assertThat(index.getMap("links").values())
                .allSatisfy(link -> assertThat(get((String) link).statusCode()).isEqualTo(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
        "text/html, application/json;q=0.9",
        "text/html"
    })
    void whoWantsAPageGetsTheDashboard(String accepted) {
        var page = given().accept(accepted).get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.contentType()).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.asString()).startsWith("<!doctype html>");
        assertThat(page.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; ")
                .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "*", "data:");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(page.header("Vary")).isEqualTo("Accept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/json", "application/json, text/html;q=0.9", "application/*"})
    void whoTakesAnythingGetsTheIndex(String accepted) {
        var index = given().accept(accepted).get("/");

        assertThat(index.contentType()).startsWith("application/json");
        assertThat(index.jsonPath().getString("name")).isEqualTo("cashew");
        assertThat(index.header("Vary")).isEqualTo("Accept");
    }

    @Test
    void theFilesOfTheDashboardAreAskedForAnewAndThoseOfLibrariesAreNot() {
        var own = given().get("/dashboard/dashboard.js");
        assertThat(own.statusCode()).isEqualTo(200);
        assertThat(own.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(own.header("X-Content-Type-Options")).isEqualTo("nosniff");

        var library = given().get("/webjars/uplot/1.6.30/dist/uPlot.esm.js");
        assertThat(library.statusCode()).isEqualTo(200);
        assertThat(library.header("Cache-Control")).contains("immutable");
    }

    @Test
    void poolsAreListedInTwemproxysOrder() {
        JsonPath pools = json("/pools");

        assertThat(pools.getList("pools.name")).containsExactly(
                "dead", "ring", "cache", "slots", "halved", "lottery", SeenPools.ODD);
        assertThat(pools.getList("pools.state")).containsOnly("serving");
        assertThat(pools.getList("pools.protocol")).containsExactly(
                "redis", "redis", "memcache", "redis", "redis", "redis", "redis");
        assertThat(pools.getList("pools.servers")).containsExactly(1, 3, 3, 3, 2, 3, 1);
    }

    @Test
    void everythingListedIsFoundAtItsHref() {
        for (String pool : json("/pools").<String>getList("pools.href")) {
            assertThat(json(pool).getString("name")).isIn(SeenPools.names());
            for (Map<String, Object> server : json(pool).<Map<String, Object>>getList("servers")) {
                assertThat(json((String) server.get("href")).getString("name")).isEqualTo(server.get("name"));
            }
        }
    }

    @Test
    void namesOfAnyKindCanBeAskedFor() {
        String pool = "/pools/odd%20pool%2F%C3%BC%3A1";

        assertThat(json(pool).getString("name")).isEqualTo(SeenPools.ODD);
        assertThat(json(pool + "/servers").getString("pool")).isEqualTo(SeenPools.ODD);
        assertThat(json(pool + "/servers/rack-1%2F%C3%B6%3A2%252F%3F%23").getString("name"))
                .isEqualTo(SeenPools.ODD_SERVER);
        assertThat(json(pool + "/route?key=k").getString("server")).isEqualTo(SeenPools.ODD_SERVER);
    }

    @Test
    void aUnixSocketIsAServersAddressAndMakesItsName() {
        String path = SeenPools.server(0).unixSocket().toString();

        JsonPath server = json("/pools/slots/servers/" + path.replace("/", "%2F") + "%3A");

        assertThat(server.getString("name")).isEqualTo(path + ":");
        assertThat(server.getString("address")).isEqualTo(path);
    }

    @Test
    void aPoolShowsItsSettingsWithDefaultsInPlace() {
        JsonPath pool = json("/pools/ring");

        assertThat(pool.getMap("settings"))
                .containsEntry("hash", "fnv1a_64")
                .containsEntry("hashTag", "{}")
                .containsEntry("distribution", "ketama")
                .containsEntry("timeoutMillis", null)
                .containsEntry("passwordSet", false)
                .containsEntry("autoEject", false)
                .containsEntry("serverRetryTimeoutMillis", 30000);
        assertThat(pool.getString("tls")).isEqualTo("none");
        assertThat(pool.getString("listenTls")).isNull();
        assertThat(json("/pools/ring/servers/a").getMap(""))
                .containsEntry("tls", false)
                .containsEntry("addressMoves", 0)
                .containsEntry("resolveFailures", 0);
        assertThat(json("/pools/halved").getMap("settings"))
                .containsEntry("autoEject", true)
                .containsEntry("serverRetryTimeoutMillis", 3_600_000);
    }

    @Test
    void thereIsNoPasswordAnywhere() {
        String pool = "/pools/odd%20pool%2F%C3%BC%3A1";

        assertThat(json(pool).getBoolean("settings.passwordSet")).isTrue();
        for (String path : List.of("/", "/pools", pool, pool + "/servers", pool + "/route?key=k", "/q/openapi")) {
            assertThat(get(path).asString())
                    .doesNotContain(SeenPools.PASSWORD, SeenPools.ADMIN_PASSWORD, SeenPools.VIEWER_PASSWORD);
        }
    }

    @Test
    void theServersOfAPoolShareAllKeys() {
        assertThat(json("/pools/ring/servers").<Float>getList("servers.share"))
                .hasSize(3)
                .allSatisfy(share -> assertThat(share).isBetween(0.1f, 0.6f))
                .satisfies(shares -> assertThat(shares.stream().mapToDouble(Float::doubleValue).sum())
                        .isCloseTo(1, Offset.offset(1e-6)));
        assertThat(json("/pools/ring/servers").<Integer>getList("servers.points")).containsOnly(160);
        assertThat(json("/pools/slots/servers").<Integer>getList("servers.points")).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void clientsAreShownPageByPage() {
        try (var one = SeenPools.connect("ring"); var two = SeenPools.connect("ring"); var three = SeenPools.connect("ring")) {
            one.call("CLIENT", "SETNAME", "one");
            two.call("MULTI");
            three.call("CLIENT", "SETINFO", "LIB-NAME", "library");

            JsonPath first = json("/pools/ring/clients?limit=2");
            JsonPath rest = json(first.getString("next"));

            assertThat(first.getList("clients")).hasSize(2);
            assertThat(first.getInt("total")).isEqualTo(rest.getInt("total")).isGreaterThanOrEqualTo(3);
            assertThat(rest.getString("next")).isNull();
            assertThat(Stream.of(first, rest).flatMap(page -> page.<String>getList("clients.name").stream())).contains("one");
            assertThat(Stream.of(first, rest).flatMap(page -> page.<Boolean>getList("clients.inTransaction").stream()))
                    .containsOnlyOnce(true);
            assertThat(Stream.of(first, rest).flatMap(page -> page.<String>getList("clients.library").stream()))
                    .contains("library");
        }
    }

    @Test
    void aClientIsSentAway() {
        try (var client = SeenPools.connect("ring")) {
            String path = "/pools/ring/clients/" + client.call("CLIENT", "ID").substring(1).strip();
            assertThat(json(path).getString("lastCommand")).isEqualTo("client|id");

            assertThat(SeenPools.asAdmin().delete(path).statusCode()).isEqualTo(204);

            assertThat(client.untilClosed()).isEmpty();
            assertThat(problem(SeenPools.asAdmin().delete(path), 404).getString("type")).endsWith("unknown-client");
            assertThat(problem(get(path), 404).getString("title")).isEqualTo("No such client");
            assertThat(problem(SeenPools.asAdmin().delete("/pools/gama/clients/1"), 404).getString("type"))
                    .endsWith("unknown-pool");
        }
    }

    @Test
    void slowRequestsAreShownAndForgotten() {
        SeenPools.askSlowly();

        JsonPath log = json("/pools/ring/slow-log");
        Map<String, Object> newest = log.getMap("entries[0]");
        assertThat(log.getLong("thresholdMillis")).isEqualTo(1);
        assertThat(log.getInt("capacity")).isEqualTo(128);
        assertThat(log.getLong("slowRequests")).isGreaterThan(log.getLong("entries[0].id"));
        assertThat(newest).containsEntry("words", List.of("GET", "{slow}ü")).containsEntry("clientName", "patient");
        assertThat(newest.get("server")).isIn("a", "b", "c");
        assertThat(newest.get("address").toString()).startsWith("127.0.0.1:");
        assertThat(Instant.parse(newest.get("at").toString())).isBefore(Instant.now());

        assertThat(SeenPools.asAdmin().delete("/pools/ring/slow-log").statusCode()).isEqualTo(204);

        assertThat(json("/pools/ring/slow-log").getList("entries.words")).doesNotContain(List.of("GET", "{slow}ü"));
        assertThat(problem(SeenPools.asAdmin().delete("/pools/gama/slow-log"), 404).getString("type")).endsWith("unknown-pool");
    }

    @Test
    void clientsOfMemcachedPoolsAreShownToo() {
        try (var client = SeenPools.connectToCache()) {
            client.send("get k\r\n").reply();

            assertThat(json("/pools/cache/clients").getList("clients.lastCommand")).contains("get");
            assertThat(json("/pools/cache/clients").getList("clients.user")).containsOnlyNulls();
        }
    }

    @Test
    void trafficIsCountedForThePoolAndItsServers() {
        long requests = json("/pools/ring").getLong("traffic.requests");
        long fragments = json("/pools/ring").getLong("traffic.fragments");
        long ofServers = requestsOfServers();

        try (var client = SeenPools.connect("ring")) {
            for (int i = 0; i < 60; i++) {
                client.call("SET", i + ":counted", "v");
            }
            client.call("MGET", "1:counted", "2:counted", "3:counted", "4:counted", "5:counted", "6:counted");

            assertThat(json("/pools/ring").getInt("clients")).isEqualTo(1);
            JsonPath traffic = json("/pools/ring");
            long parts = traffic.getLong("traffic.fragments") - fragments;
            assertThat(traffic.getLong("traffic.requests") - requests).isEqualTo(61);
            assertThat(parts).isBetween(2L, 3L);
            assertThat(requestsOfServers() - ofServers).isEqualTo(60 + parts);
            assertThat(json("/pools/ring/servers").<Integer>getList("servers.pending")).containsOnly(0);
        }

        Awaitility.await().untilAsserted(() -> assertThat(json("/pools/ring").getInt("clients")).isZero());
    }

    @Test
    void trafficOfAMemcachedPoolIsCountedAlike() {
        long requests = json("/pools/cache").getLong("traffic.requests");
        long fragments = json("/pools/cache").getLong("traffic.fragments");
        long ofServers = requestsOfServers("cache");

        try (var client = SeenPools.connectToCache()) {
            for (int i = 0; i < 60; i++) {
                client.ask("set " + i + ":counted 0 0 1\r\nv\r\n");
            }
            client.ask("get 1:counted 2:counted 3:counted 4:counted 5:counted 6:counted\r\n");

            JsonPath traffic = json("/pools/cache");
            long parts = traffic.getLong("traffic.fragments") - fragments;
            assertThat(traffic.getInt("clients")).isEqualTo(1);
            assertThat(traffic.getLong("traffic.requests") - requests).isEqualTo(61);
            assertThat(parts).isBetween(2L, 3L);
            assertThat(requestsOfServers("cache") - ofServers).isEqualTo(60 + parts);
            assertThat(json("/pools/cache/servers").<Integer>getList("servers.pending")).containsOnly(0);
        }
    }

    @Test
    void howLongRepliesTookIsShownPerServerAndForAll() {
        try (var client = SeenPools.connect("lottery")) {
            for (int i = 0; i < 60; i++) {
                client.call("SET", "timed", "v");
            }
        }

        JsonPath servers = json("/pools/lottery/servers");
        JsonPath pool = json("/pools/lottery");
        List<Integer> replies = servers.getList("servers.latency.replies");
        assertThat(replies).isEqualTo(servers.getList("servers.traffic.responses"));
        assertThat(pool.getInt("latency.replies"))
                .isEqualTo(replies.stream().mapToInt(Integer::intValue).sum())
                .isGreaterThanOrEqualTo(60);
        assertThat(Stream.of("p50Micros", "p90Micros", "p99Micros", "p999Micros", "maxMicros")
                        .map(field -> pool.getInt("latency." + field)))
                .isSorted()
                .allMatch(micros -> micros > 0);
        assertThat(pool.getInt("latency.maxMicros")).isEqualTo(servers.<Integer>getList("servers.latency.maxMicros").stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow());
    }

    @Test
    void howManyRepliesTookHowLongIsShownUpward() {
        try (var client = SeenPools.connect("lottery")) {
            for (int i = 0; i < 60; i++) {
                client.call("SET", "timed", "v");
            }
        }

        JsonPath latencies = json("/pools/lottery/latencies");
        JsonPath servers = json("/pools/lottery/servers");
        assertThat(latencies.<String>getList("servers.name")).isEqualTo(servers.getList("servers.name"));
        assertThat(latencies.<String>getList("servers.href")).isEqualTo(servers.getList("servers.href"));
        for (int server = 0; server < 3; server++) {
            String buckets = "servers[" + server + "].buckets.";
            List<Integer> replies = latencies.getList(buckets + "replies");
            assertThat(replies).doesNotContain(0);
            assertThat(replies.stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(servers.getInt("servers[" + server + "].latency.replies"));
            List<Integer> bounds = latencies.getList(buckets + "upToMicros");
            assertThat(bounds).isSorted();
            assertThat(bounds.getLast()).isGreaterThanOrEqualTo(servers.getInt("servers[" + server + "].latency.maxMicros"));
        }
        assertThat(json("/pools/dead/latencies").getList("servers.buckets")).containsExactly(List.of());
    }

    @Test
    void aServerThatNeverRepliedHasNoTimes() {
        assertThat(json("/pools/dead/servers/gone").getMap("latency"))
                .containsEntry("replies", 0)
                .containsEntry("p50Micros", null)
                .containsEntry("maxMicros", null);
    }

    private static long requestsOfServers() {
        return requestsOfServers("ring");
    }

    private static long requestsOfServers(String pool) {
        return json("/pools/" + pool + "/servers").<Integer>getList("servers.traffic.requests").stream()
                .mapToLong(Integer::longValue)
                .sum();
    }

    @Test
    void anEjectedServerIsShownAsSuch() {
        try (var client = SeenPools.connect("dead")) {
            client.call("GET", "k");
        }

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(json("/pools/dead/servers/gone").getBoolean("ejected")).isTrue());
        JsonPath gone = json("/pools/dead/servers/gone");
        assertThat(gone.getInt("points")).isZero();
        assertThat(gone.getInt("ejections")).isEqualTo(1);
        assertThat(Instant.parse(gone.getString("ejectedAt"))).isBefore(Instant.now());
        assertThat(gone.getInt("traffic.errors")).isPositive();
        assertThat(json("/pools").getInt("pools.find { it.name == 'dead' }.ejected")).isEqualTo(1);
    }

    @Test
    void thePartsOfTheServersAreShownBesideTheirRequests() {
        try (var client = SeenPools.connect("slots")) {
            for (int i = 0; i < 60; i++) {
                client.call("SET", i + ":parted", "v");
            }
        }

        JsonPath slots = json("/pools/slots/distribution");

        assertThat(slots.getString("distribution")).isEqualTo("modula");
        assertThat(slots.getInt("points")).isEqualTo(6);
        assertThat(slots.getLong("requests")).isEqualTo(requestsOfServers("slots")).isGreaterThanOrEqualTo(60);
        assertThat(slots.<Integer>getList("servers.points")).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(slots.<Integer>getList("servers.weight")).isEqualTo(slots.getList("servers.points"));
        for (String field : List.of("share", "weightShare", "requestShare")) {
            assertThat(slots.<Float>getList("servers." + field).stream().mapToDouble(Float::doubleValue).sum())
                    .as(field)
                    .isCloseTo(1, Offset.offset(1e-6));
        }
        assertThat(slots.<Float>getList("servers.share").getFirst())
                .isCloseTo(slots.<Float>getList("servers.weightShare").getFirst(), Offset.offset(1e-6f));
    }

    @Test
    void aPoolWithoutRequestsHasNoMeasuredParts() {
        JsonPath odd = json("/pools/odd%20pool%2F%C3%BC%3A1/distribution");

        assertThat(odd.getMap("servers[0]")).containsEntry("share", 1.0f).containsEntry("href",
                "/pools/odd%20pool%2F%C3%BC%3A1/servers/rack-1%2F%C3%B6%3A2%252F%3F%23");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/pools/gama", "/pools/gama/distribution", "/pools/gama/latencies", "/pools/gama/servers",
            "/pools/gama/servers/a", "/pools/gama/route?key=k"})
    void anUnknownPoolIsAProblemThatNamesTheKnownOnes(String path) {
        JsonPath problem = problem(get(path), 404);

        assertThat(problem.getString("type")).isEqualTo("urn:problem-type:cashew:unknown-pool");
        assertThat(problem.getString("title")).isEqualTo("No such pool");
        assertThat(problem.getString("detail")).startsWith("There is no pool 'gama'; there are: ").contains("ring");
        assertThat(problem.getString("instance")).isEqualTo(path.replaceAll("\\?.*", ""));
        assertThat(problem.getList("known")).containsExactlyInAnyOrderElementsOf(SeenPools.names());
    }

    @Test
    void anUnknownServerIsAProblemThatNamesTheKnownOnes() {
        JsonPath problem = problem(get("/pools/ring/servers/d"), 404);

        assertThat(problem.getString("type")).isEqualTo("urn:problem-type:cashew:unknown-server");
        assertThat(problem.getString("detail")).isEqualTo("There is no server 'd' in pool 'ring'; there are: a, b, c.");
        assertThat(problem.getList("known")).containsExactly("a", "b", "c");
    }

    @Test
    void aLongWrongNameIsNotRepeatedInFull() {
        JsonPath problem = problem(get("/pools/" + "x".repeat(3000)), 404);

        assertThat(problem.getString("detail")).contains("'" + "x".repeat(40) + "…'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/pools/ring/nothing", "/pools/ring/servers/a/nothing", "/pools/..%2F..%2Fetc%2Fpasswd/x",
            "/q/nothing"})
    void anUnknownPathIsAProblem(String path) {
        JsonPath problem = problem(get(path), 404);

        assertThat(problem.getString("type")).isEqualTo("about:blank");
        assertThat(problem.getString("title")).isEqualTo("Not Found");
        assertThat(problem.getString("instance")).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "POST | / | GET, HEAD, OPTIONS",
        "POST | /pools | GET, HEAD, OPTIONS",
        "PUT | /pools/ring | GET, HEAD, OPTIONS",
        "DELETE | /pools/ring/servers | GET, HEAD, OPTIONS",
        "PATCH | /pools/ring/servers/%2Fb.sock%3A | GET, HEAD, OPTIONS",
        "GET | /pools/ring/servers/a/drain | OPTIONS, POST",
        "POST | /pools/ring/slow-log | DELETE, GET, HEAD, OPTIONS",
        "PUT | /pools/ring/clients/7 | DELETE, GET, HEAD, OPTIONS",
        "DELETE | /admin/reload | GET, HEAD, OPTIONS, POST",
        "POST | /admin/log-levels | GET, HEAD, OPTIONS, PUT",
        "BREW | /events/recent | GET, HEAD, OPTIONS",
    })
    void aMethodThatAPathDoesNotHaveIsAProblemThatSaysWhichItHas(String method, String path, String allowed) {
        Response response = SeenPools.asAdmin().urlEncodingEnabled(false).request(method, path);

        JsonPath problem = problem(response, 405);
        assertThat(response.header("Allow")).isEqualTo(allowed);
        assertThat(problem.getString("detail"))
                .isEqualTo(method + " is not possible here, but " + allowed + "; /q/openapi says more.");

        Response asked = given().urlEncodingEnabled(false).options(path);

        assertThat(asked.statusCode()).isEqualTo(204);
        assertThat(asked.header("Allow")).isEqualTo(allowed);
    }

    @Test
    void anAnswerOfAnotherKindIsAProblem() {
        JsonPath problem = problem(given().accept("text/html").get("/pools"), 406);

        assertThat(problem.getString("detail")).contains("application/json");
    }

    @Test
    void problemsSayNothingOfTheInside() {
        for (String path : List.of("/nothing", "/pools/%00", "/pools/gama", "/pools/ring/route?keyHex=x")) {
            assertThat(get(path).asString()).doesNotContainIgnoringCase("exception").doesNotContain("io.cashew", "\tat ");
        }
    }

    @Test
    void aBugIsAProblemThatPointsToTheLog() {
        Response response = get("/broken");

        JsonPath problem = problem(response, 500);
        assertThat(problem.getString("title")).isEqualTo("Internal Server Error");
        assertThat(problem.getString("detail")).isEqualTo("Cashew's log says more.");
        assertThat(response.asString()).doesNotContain(BrokenResource.SECRET, "IllegalState");
    }

    @Test
    void whatIsNotAUrlIsRefused() {
        assertThat(RawRequest.send(RestAssured.port, "GET", "/pools/%zz")).startsWith("HTTP/1.1 400 ");
    }
}
