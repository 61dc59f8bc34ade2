package io.cashew.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cashew.fixture.RespClient;
import io.cashew.pool.BackSide;
import io.cashew.pool.Events;
import io.cashew.pool.Pool;
import io.cashew.pool.ReloadReport;
import io.cashew.pool.Reloads;
import io.cashew.pool.RunningPools;
import io.cashew.server.Server;
import io.cashew.server.Withdrawal;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The configuration changes while the process runs, as an operator sees it.
///
/// `-Dstorm.reloads=1000` makes as many under load.
@QuarkusTest
@WithTestResource(ReloadedPools.class)
@Timeout(300)
class ReloadResourceTest {
    private static final int RELOADS = Integer.getInteger("storm.reloads", 60);

    @TestHTTPResource(value = "/metrics", management = true)
    URL metrics;

    @Inject
    RunningPools pools;

    @Inject
    Reloads reloads;

    private RespClient client;

    @BeforeEach
    void connect() {
        client = RespClient.connect(ReloadedPools.MOVING);
    }

    @AfterEach
    void asBefore() {
        client.close();
        ReloadedPools.moving("", ReloadedPools.server(0), ReloadedPools.server(1));
        post("/admin/reload").then().statusCode(200);
        Awaitility.await().until(() -> metric("cashew_config_last_reload_successful") == 1);
    }

    private static Response post(String path) {
        return SeenPools.asAdmin().urlEncodingEnabled(false).post(path);
    }

    private double metric(String name) {
        return Management.scrape(metrics).getOrDefault(name, Double.NaN);
    }

    private Pool moving() {
        return pools.named("moving").orElseThrow();
    }

    @Test
    void aRehearsalSaysWhatWouldChangeAndChangesNothing() {
        double generation = metric("cashew_config_generation");
        // The watcher would be first.
        ReloadedPools.moving("redis_db: 1", ReloadedPools.server(0), ReloadedPools.server(1), ReloadedPools.server(2));

        JsonPath plan = post("/admin/reload?dry-run").jsonPath();

        assertThat(plan.getString("outcome")).isEqualTo("not-live");
        assertThat(plan.getBoolean("dryRun")).isTrue();
        assertThat(plan.getString("problems[0]")).contains("redis_db").contains("restart");
        assertThat(plan.getList("pools.name")).containsExactly("moving", "steady");
        assertThat(plan.getList("pools.change")).containsExactly("changed", "unchanged");
        assertThat(plan.getList("pools[0].settings.key")).containsExactly("redis_db");
        assertThat(plan.getList("pools[0].settings.to")).containsExactly("1");
        assertThat(plan.getList("pools[0].servers.name")).containsExactly("c");
        assertThat(plan.getString("pools[0].keys.basis")).isEqualTo("counted");
        assertThat(plan.getDouble("pools[0].keys.moved")).isCloseTo(1 / 3.0, within(0.1));
        assertThat(plan.getList("pools[0].keys.moves.to")).containsExactly("c", "c");
        assertThat(metric("cashew_config_generation")).isEqualTo(generation);
        assertThat(moving().servers()).hasSize(2);
    }

    @Test
    void aServerComesWithItsMetersAndGoesWithThem() {
        String meter = "cashew_server_requests_total{pool=\"moving\",server=\"c\"}";
        assertThat(Management.scrape(metrics)).doesNotContainKey(meter);
        double generation = metric("cashew_config_generation");
        ReloadedPools.moving("", ReloadedPools.server(0), ReloadedPools.server(1), ReloadedPools.server(2));

        post("/admin/reload").then().statusCode(200);

        assertThat(moving().servers()).hasSize(3);
        assertThat(Management.scrape(metrics)).containsKey(meter);
        assertThat(metric("cashew_config_generation")).isEqualTo(generation + 1);
        assertThat(given().get("/admin/reload").jsonPath().getInt("generation")).isEqualTo((int) generation + 1);
        ReloadedPools.moving("", ReloadedPools.server(1));
        post("/admin/reload").then().statusCode(200);
        assertThat(Management.scrape(metrics)).doesNotContainKey(meter);
        assertThat(metric("cashew_server_live{pool=\"moving\",server=\"b\"}")).isEqualTo(1);
        assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");
    }

    @Test
    void aWrongFileIsRefusedAndSeen() {
        double refused = metric("cashew_config_reloads_total{outcome=\"invalid\"}");
        ReloadedPools.moving("hash: sha1", ReloadedPools.server(0));

        Response response = post("/admin/reload");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.contentType()).startsWith(Problem.MEDIA_TYPE);
        assertThat(response.jsonPath().getString("detail")).contains("pool 'moving'").contains("\"hash\"").contains("sha1");
        assertThat(given().get("/admin/reload").jsonPath().getString("outcome")).isEqualTo("invalid");
        assertThat(metric("cashew_config_last_reload_successful")).isZero();
        assertThat(metric("cashew_config_reloads_total{outcome=\"invalid\"}")).isGreaterThan(refused);
        assertThat(post("/admin/reload?dry-run=true").statusCode()).isEqualTo(422);
        assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
        assertThat(moving().servers()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"redis_db: 1", "databases: 4", "backlog: 17", "reuseport: true"})
    void whatCannotChangeLiveIsRefusedByName(String option) {
        ReloadedPools.moving(option, ReloadedPools.server(2));

        Response response = post("/admin/reload");

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.jsonPath().getString("type")).isEqualTo("urn:problem-type:cashew:reload-refused");
        assertThat(response.jsonPath().getString("detail")).contains("\"" + option.split(":")[0] + "\"").contains("restart");
        assertThat(moving().servers()).hasSize(2);
    }

    @Test
    void theSameAgainChangesNothing() {
        var back = moving().back();

        assertThat(post("/admin/reload").jsonPath().getString("outcome")).isEqualTo("unchanged");

        assertThat(moving().back()).isSameAs(back);
    }

    @Test
    void whatIsReadOfTheServersBeforeFitsTogether() {
        BackSide before = moving().back();
        Server a = before.servers().getFirst();
        ReloadedPools.moving("", ReloadedPools.server(1));
        post("/admin/reload").then().statusCode(200);

        assertThat(DistributionView.of(before).servers().stream().mapToDouble(DistributionView.Part::share).sum())
                .isCloseTo(1, within(1e-6));
        assertThat(ServersView.of(before).servers()).extracting(ServerView::name).containsExactly("a", "b");
        assertThat(ServerView.share(moving().back(), a)).isZero();
        assertThat(ServerView.share(moving().back(), before.servers().getLast())).as("b has another number").isZero();
    }

    @Test
    void whoHasBecomeAnotherMeanwhileIsNotTakenOut() {
        Server a = moving().server("a").orElseThrow();
        ReloadedPools.moving("", ReloadedPools.server(1));
        post("/admin/reload").then().statusCode(200);

        pools.withdraw(moving(), a, Optional.of(Withdrawal.DRAINED));

        assertThat(moving().withdrawal(moving().server("b").orElseThrow())).isEmpty();
    }

    @Test
    void aLinkThatIsSwappedIsNoticed() {
        ReloadedPools.moving("timeout: 12345", ReloadedPools.server(1));

        Awaitility.await().until(() -> moving().servers().size() == 1);

        assertThat(moving().config().timeout()).hasValueSatisfying(timeout -> assertThat(timeout).hasMillis(12345));
        assertThat(given().get("/admin/reload").jsonPath().getString("trigger")).isEqualTo("file");
    }

    @Test
    void aDrainedServerIsLeftAloneUntilItIsRestoredAlsoAcrossReloads() {
        String keyOfA = keyOf("a");
        client.call("GET", keyOfA);
        Awaitility.await().until(() -> moving().counters(moving().server("a").orElseThrow()).connections > 0);

        JsonPath drained = post("/pools/moving/servers/a/drain").jsonPath();

        assertThat(drained.getString("withdrawn")).isEqualTo("drained");
        assertThat(client.call("GET", keyOfA)).startsWith("-ERR server is ejected");
        assertThat(client.call("GET", keyOf("b"))).isEqualTo("$-1\r\n");
        Awaitility.await().until(() -> moving().counters(moving().server("a").orElseThrow()).connections == 0);
        ReloadedPools.moving("timeout: 5000", ReloadedPools.server(0), ReloadedPools.server(1));
        post("/admin/reload").then().statusCode(200);
        assertThat(client.call("GET", keyOfA)).startsWith("-ERR server is ejected");
        assertThat(metric("cashew_server_withdrawn{pool=\"moving\",server=\"a\"}")).isEqualTo(1);

        assertThat(post("/pools/moving/servers/a/restore").jsonPath().getString("withdrawn")).isNull();

        assertThat(client.call("GET", keyOfA)).isEqualTo("$-1\r\n");
    }

    @Test
    void inAPoolThatEjectsTheOthersTakeTheKeysOver() {
        ReloadedPools.moving("auto_eject_hosts: true", ReloadedPools.server(0), ReloadedPools.server(1));
        post("/admin/reload").then().statusCode(200);
        String keyOfA = keyOf("a");
        ReloadedPools.redis(0).call("CLIENT", "PAUSE", "10000", "WRITE");
        client.command("SET", keyOfA, "v");
        Awaitility.await().until(() -> moving().pending(moving().server("a").orElseThrow()) == 1);

        post("/pools/moving/servers/a/eject").then().statusCode(200);

        assertThat(client.reply()).startsWith("-ERR ");
        JsonPath route = given().get("/pools/moving/route?key=" + keyOfA).jsonPath();
        assertThat(List.of(route.getString("server"), route.getString("home"))).containsExactly("b", "a");
        assertThat(client.call("SET", keyOfA, "v")).isEqualTo("+OK\r\n");
        ReloadedPools.redis(0).call("CLIENT", "UNPAUSE");
        assertThat(ReloadedPools.redis(1).call("DEL", keyOfA)).isEqualTo(":1\r\n");
        assertThat(post("/pools/moving/servers/a/restore").jsonPath().getDouble("share")).isPositive();
    }

    @Test
    void whatAnOperatorDoesIsAnEvent() {
        long before = Events.OF_PROCESS.lastId();
        ReloadedPools.moving("timeout: 6000", ReloadedPools.server(0), ReloadedPools.server(1));
        post("/admin/reload").then().statusCode(200);
        post("/pools/moving/servers/a/drain").then().statusCode(200);
        post("/pools/moving/servers/a/restore").then().statusCode(200);
        ReloadedPools.moving("hash: sha1", ReloadedPools.server(0));
        post("/admin/reload").then().statusCode(422);

        assertThat(given().get("/events/recent?after=" + before).jsonPath().<String>getList("events.kind"))
                .containsSubsequence("configuration-applied", "server-withdrawn", "server-restored", "configuration-refused");
    }

    @ParameterizedTest
    @CsvSource({"drain", "eject"})
    void whoIsInATransactionThereOrWaitsIsToldThatNothingWasDone(String verb) {
        String keyOfA = keyOf("a");
        try (var watching = RespClient.connect(ReloadedPools.MOVING); var waiting = RespClient.connect(ReloadedPools.MOVING)) {
            watching.call("WATCH", keyOfA);
            client.call("MULTI");
            assertThat(client.call("SET", keyOfA, "v")).isEqualTo("+QUEUED\r\n");
            waiting.command("BLPOP", keyOfA, "0");
            Awaitility.await().until(() -> moving().counters(moving().server("a").orElseThrow()).lent == 3);

            post("/pools/moving/servers/a/" + verb).then().statusCode(200);

            assertThat(waiting.reply()).startsWith("-UNBLOCKED ");
            assertThat(client.call("EXEC")).startsWith("-EXECABORT ");
            watching.call("MULTI");
            watching.call("SET", keyOfA, "v");
            assertThat(watching.call("EXEC")).startsWith("-EXECABORT ");
            assertThat(ReloadedPools.redis(0).call("EXISTS", keyOfA)).isEqualTo(":0\r\n");
        } finally {
            post("/pools/moving/servers/a/restore");
        }
    }

    @ParameterizedTest
    @CsvSource({"drain", "eject", "restore"})
    void onlyServersThatAreThereCanBeTakenOut(String verb) {
        assertThat(post("/pools/moving/servers/z/" + verb).statusCode()).isEqualTo(404);
        assertThat(post("/pools/gone/servers/a/" + verb).statusCode()).isEqualTo(404);
    }

    private static String keyOf(String server) {
        for (int i = 0; ; i++) {
            String key = "absent" + i;
            if (given().get("/pools/moving/route?key=" + key).jsonPath().getString("server").equals(server)) {
                return key;
            }
        }
    }

    /// Servers come and go, files are wrong, links are swapped: no client of either pool loses its connection, none of the pool
    /// that stays gets an error, and nobody of the other.
    @Test
    void manyReloadsUnderLoadDropNobody() throws Exception {
        var random = RandomGenerator.getDefault();
        var over = new AtomicBoolean();
        var asked = new AtomicLong();
        double closedBefore = closed();
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var loads = new ArrayList<Future<?>>();
            for (int i = 0; i < 8; i++) {
                int port = i % 2 == 0 ? ReloadedPools.STEADY : ReloadedPools.MOVING;
                loads.add(threads.submit(() -> ask(port, over, asked)));
            }
            loads.add(threads.submit(() -> look(over)));
            try {
                for (long begun = attempts() - unchanged(); attempts() - unchanged() - begun < RELOADS; ) {
                    long before = attempts();
                    change(random.nextInt(5));
                    if (random.nextBoolean()) {
                        assertThat(post("/admin/reload").statusCode()).isIn(200, 422);
                    } else {
                        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> attempts() > before);
                    }
                }
            } finally {
                over.set(true);
            }
            for (Future<?> load : loads) {
                load.get();
            }
        }
        System.out.printf("%d reloads in %.1f s under %d requests%n", RELOADS, (System.nanoTime() - start) / 1e9, asked.get());
        assertThat(asked.get()).isGreaterThan(RELOADS);
        assertThat(closed()).isEqualTo(closedBefore);
    }

    private long attempts() {
        return Stream.of(ReloadReport.Outcome.values()).mapToLong(reloads::count).sum();
    }

    private long unchanged() {
        return reloads.count(ReloadReport.Outcome.UNCHANGED);
    }

    private void change(int kind) {
        switch (kind) {
            case 0 -> ReloadedPools.moving("", ReloadedPools.server(0), ReloadedPools.server(1), ReloadedPools.server(2));
            case 1 -> ReloadedPools.moving("timeout: 10000", ReloadedPools.server(1), ReloadedPools.server(2));
            case 2 -> ReloadedPools.moving("server_connections: 2", ReloadedPools.server(0), ReloadedPools.server(2));
            case 3 -> ReloadedPools.moving("distribution: modula", ReloadedPools.server(0));
            default -> ReloadedPools.write("nonsense: [");
        }
    }

    private static Void ask(int port, AtomicBoolean over, AtomicLong asked) {
        try (var load = RespClient.connect(port)) {
            for (int i = 0; !over.get(); i++) {
                String key = "load" + i % 100;
                List<String> replies = load.pipeline(List.of(
                        new String[] {"SET", key, "v" + i}, new String[] {"MGET", key, "x" + i, "y"}, new String[] {"GET", key}));
                assertThat(replies.getFirst()).isEqualTo("+OK\r\n");
                assertThat(replies.get(1)).startsWith("*3\r\n");
                assertThat(replies.getLast()).startsWith("$");
                asked.addAndGet(replies.size());
            }
        }
        return null;
    }

    /// What is read meanwhile is of one configuration or of another, never of two.
    private static Void look(AtomicBoolean over) {
        while (!over.get()) {
            Stream.of("", "/servers", "/latencies", "/route?key=k")
                    .forEach(path -> given().get("/pools/moving" + path).then().statusCode(200));
            List<Double> shares = given().get("/pools/moving/distribution").jsonPath().getList("servers.share", Double.class);
            assertThat(shares.stream().mapToDouble(Double::doubleValue).sum()).isCloseTo(1, within(1e-6));
        }
        return null;
    }

    private double closed() {
        return Management.scrape(metrics).entrySet().stream()
                .filter(sample -> sample.getKey().startsWith("cashew_client_closed_total")
                        || sample.getKey().startsWith("cashew_request_failed_total"))
                .mapToDouble(sample -> sample.getValue())
                .sum();
    }
}
