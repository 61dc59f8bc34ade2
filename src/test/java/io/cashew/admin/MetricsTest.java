package io.cashew.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.EventExecutor;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(SeenPools.class)
class MetricsTest {
    private static final Path DOCUMENT = Path.of("docs/metrics.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(cashew_\\w+)` \\| (counter|gauge|histogram) \\|");
    private static final List<String> BOUNDS = List.of(
            "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0",
            "2.5", "5.0", "10.0", "+Inf");
    private static final Pattern GROUP = Pattern.compile("(?m)^\\| `(\\w+_)…` \\|");

    @TestHTTPResource(value = "/metrics", management = true)
    URL metrics;

    @Inject
    Vertx vertx;

    @Test
    void metersGrowWithTraffic() {
        Map<String, Double> before = Management.scrape(metrics);

        try (var client = SeenPools.connect("ring")) {
            // The number goes first: fnv1a_64 puts keys that differ at their end next to each other
            for (int i = 0; i < 90; i++) {
                client.call("SET", i + ":metered", "value");
            }
            client.call("PING");
            client.call("NOSUCHCOMMAND");
            Map<String, Double> after = Management.scrape(metrics);

            assertThat(after).containsEntry("cashew_pool_client_connections{pool=\"ring\"}", 1.0);
            assertThat(grown(before, after, "cashew_pool_requests_total{pool=\"ring\"}")).isEqualTo(92);
            assertThat(grown(before, after, "cashew_pool_clients_accepted_total{pool=\"ring\"}")).isEqualTo(1);
            assertThat(grown(before, after, "cashew_pool_requests_answered_locally_total{pool=\"ring\"}"))
                    .isGreaterThanOrEqualTo(1);
            assertThat(ofServers(before, after, "cashew_server_requests_total")).isEqualTo(90);
            assertThat(ofServers(before, after, "cashew_server_responses_total")).isEqualTo(90);
            assertThat(ofServers(before, after, "cashew_server_request_bytes_total")).isGreaterThan(90 * 30);
            assertThat(ofServers(before, after, "cashew_server_response_bytes_total")).isEqualTo(90 * "+OK\r\n".length());
            assertThat(Stream.of("a", "b", "c")
                    .map(server -> grown(before, after, ofServer("cashew_server_requests_total", server))))
                    .allSatisfy(requests -> assertThat(requests).isPositive());
        }

        Awaitility.await().untilAsserted(() -> assertThat(Management.scrape(metrics))
                .containsEntry("cashew_pool_client_connections{pool=\"ring\"}", 0.0));
        assertThat(grown(before, Management.scrape(metrics), "cashew_pool_client_eof_total{pool=\"ring\"}")).isEqualTo(1);
    }

    @Test
    void aMemcachedPoolIsMeteredAlike() {
        Map<String, Double> before = Management.scrape(metrics);

        try (var client = SeenPools.connectToCache()) {
            for (int i = 0; i < 90; i++) {
                client.ask("set " + i + ":metered 0 0 5\r\nvalue\r\n");
            }
            client.ask("mn\r\n");
            Map<String, Double> after = Management.scrape(metrics);

            assertThat(after).containsEntry("cashew_pool_client_connections{pool=\"cache\"}", 1.0);
            assertThat(grown(before, after, "cashew_pool_requests_total{pool=\"cache\"}")).isEqualTo(91);
            assertThat(grown(before, after, "cashew_pool_requests_answered_locally_total{pool=\"cache\"}")).isEqualTo(1);
            for (String figure : List.of("cashew_server_requests_total", "cashew_server_responses_total")) {
                var perServer = Stream.of("a", "b", "c")
                        .map(server -> grown(before, after, figure + "{pool=\"cache\",server=\"" + server + "\"}"))
                        .toList();
                assertThat(perServer).allSatisfy(count -> assertThat(count).isPositive());
                assertThat(perServer.stream().mapToDouble(Double::doubleValue).sum()).isEqualTo(90);
            }
        }
    }

    @Test
    void theTimesOfRepliesAreAHistogram() {
        Map<String, Double> before = Management.scrape(metrics);

        try (var client = SeenPools.connect("ring")) {
            for (int i = 0; i < 90; i++) {
                client.call("SET", i + ":timed", "value");
            }
            client.call("PING");
        }
        Map<String, Double> after = Management.scrape(metrics);

        for (String server : List.of("a", "b", "c")) {
            double replies = grown(before, after, ofServer("cashew_server_responses_total", server));
            assertThat(replies).isPositive();
            assertThat(grown(before, after, ofServer(LatencyCollector.NAME + "_count", server))).isEqualTo(replies);
            assertThat(grown(before, after, ofServer(LatencyCollector.NAME + "_sum", server))).isPositive();
            List<Double> buckets = BOUNDS.stream().map(bound -> after.get(bucket(server, bound))).toList();
            assertThat(buckets).doesNotContainNull().isSorted();
            assertThat(buckets.getLast()).isEqualTo(after.get(ofServer(LatencyCollector.NAME + "_count", server)));
        }
        assertThat(after.keySet().stream().filter(name -> name.startsWith(LatencyCollector.NAME) && name.contains("\"ring\"")))
                .hasSize(3 * LatencyCollector.SERIES);
    }

    @Test
    void openMetricsHasTheHistogramToo() {
        String text = RestAssured.given()
                .accept("application/openmetrics-text; version=1.0.0; charset=utf-8")
                .get(metrics)
                .asString();

        assertThat(text)
                .contains("# TYPE cashew_server_latency_seconds histogram\n")
                .contains("cashew_server_latency_seconds_bucket{pool=\"ring\",server=\"a\",le=\"0.0001\"} ")
                .endsWith("# EOF\n");
    }

    @Test
    void anEjectionIsMetered() {
        try (var client = SeenPools.connect("dead")) {
            client.call("GET", "k");
        }

        Awaitility.await().untilAsserted(() -> assertThat(Management.scrape(metrics))
                .containsEntry("cashew_server_live{pool=\"dead\",server=\"gone\"}", 0.0)
                .containsEntry("cashew_server_ejections_total{pool=\"dead\",server=\"gone\"}", 1.0)
                .containsEntry("cashew_server_key_share{pool=\"dead\",server=\"gone\"}", 0.0)
                .containsEntry("cashew_server_live{pool=\"ring\",server=\"a\"}", 1.0));
    }

    @Test
    void memoryOutsideTheHeapIsMetered() {
        try (var client = SeenPools.connect("ring")) {
            client.call("SET", "k", "v");
            Map<String, Double> now = Management.scrape(metrics);

            assertThat(now.get("cashew_chunks_bytes")).isPositive();
            assertThat(now.get("cashew_buffers_reserved_bytes")).isPositive();
            assertThat(now.get("cashew_buffers_held_bytes")).isNotNegative();
            assertThat(now.get("cashew_direct_memory_max_bytes")).isGreaterThan(now.get("cashew_buffers_reserved_bytes"));
        }
    }

    @Test
    void anEventLoopThatIsHeldUpIsSeen() throws Exception {
        Awaitility.await().untilAsserted(() -> assertThat(Management.scrape(metrics))
                .hasEntrySatisfying("cashew_event_loop_lag_seconds{loop=\"0\"}", lag -> assertThat(lag).isPositive())
                .hasEntrySatisfying("cashew_event_loop_lag_seconds{loop=\"1\"}", lag -> assertThat(lag).isPositive()));
        var release = new CountDownLatch(1);
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            loop.execute(() -> {
                try {
                    release.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        // Metrics are served by an event loop, too, so they are read when it is over
        Thread holder = Thread.ofVirtual().start(() -> {
            Awaitility.await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            release.countDown();
        });
        holder.join();

        Awaitility.await().untilAsserted(() -> assertThat(Management.scrape(metrics).entrySet().stream()
                        .filter(sample -> sample.getKey().startsWith("cashew_event_loop_lag_seconds")))
                .hasSize(2)
                .allSatisfy(sample -> assertThat(sample.getValue()).isGreaterThan(1)));
    }

    @Test
    void trafficMakesNoNewSeries() {
        try (var client = SeenPools.connect("lottery")) {
            client.call("GET", "first");
            var before = Management.scrape(metrics).keySet().stream().filter(name -> name.startsWith("cashew_")).toList();

            client.call("GET", "very:special:key");
            client.call("NOSUCHCOMMAND", "x");

            assertThat(Management.scrape(metrics).keySet().stream().filter(name -> name.startsWith("cashew_")))
                    .containsExactlyElementsOf(before)
                    .noneMatch(name -> name.contains("special"));
        }
    }

    @Test
    void theDocumentSaysWhatTheTablesSay() throws IOException {
        String document = document();
        if (Boolean.getBoolean(RestDocumentTest.WRITE)) {
            Files.writeString(DOCUMENT, document);
        }

        assertThat(Files.readString(DOCUMENT))
                .as("write it anew with: ./mvnw test -Dtest=MetricsTest -D%s=true", RestDocumentTest.WRITE)
                .isEqualTo(document);
    }

    @Test
    void theDocumentListsExactlyWhatIsScraped() throws IOException {
        String document = Files.readString(DOCUMENT);
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(document).results().forEach(row -> documented.put(row.group(1), row.group(2)));
        var groups = GROUP.matcher(document).results().map(row -> row.group(1)).toList();

        // REST itself is not metered
        RestAssured.get("/pools/ring");
        Map<String, String> scraped = Management.types(metrics);

        Map<String, String> ours = new TreeMap<>(scraped);
        ours.keySet().removeIf(name -> !name.startsWith("cashew_"));
        assertThat(ours).isEqualTo(documented);
        assertThat(scraped.keySet())
                .allMatch(name -> name.startsWith("cashew_") || groups.stream().anyMatch(name::startsWith));
        assertThat(groups).isNotEmpty().allMatch(group -> scraped.keySet().stream().anyMatch(name -> name.startsWith(group)));
    }

    private static String bucket(String server, String bound) {
        return "%s_bucket{pool=\"ring\",server=\"%s\",le=\"%s\"}".formatted(LatencyCollector.NAME, server, bound);
    }

    private static double grown(Map<String, Double> before, Map<String, Double> after, String sample) {
        assertThat(after).containsKey(sample);
        return after.get(sample) - before.get(sample);
    }

    private static double ofServers(Map<String, Double> before, Map<String, Double> after, String name) {
        return Stream.of("a", "b", "c").mapToDouble(server -> grown(before, after, ofServer(name, server))).sum();
    }

    private static String ofServer(String name, String server) {
        return name + "{pool=\"ring\",server=\"" + server + "\"}";
    }

    private static String document() {
        var text = new StringBuilder("""
                # Metrics

                Prometheus scrapes them at `/q/metrics` of the management port (9000 unless `quarkus.management.port` says
                otherwise). Written from the tables `PoolMeter`, `CauseMeter`, `ServerMeter` and `ReloadMeter` and from
                `LatencyCollector` and `Guesses`; change those, then run `./mvnw test -Dtest=MetricsTest -Ddocs.write=true`.

                Figures are plain counters of each event loop, added up when somebody scrapes. Labels are names from the
                configuration, and causes, never a key or a client, so there are %d series per pool and %d per server. Counters
                begin at 0 with the process, or with their pool or server when a reload brings it; its series go when it goes. The last column is what twemproxy's statistics call the figure.

                ## Per pool: label `pool`

                """.formatted(PoolMeter.values().length + causes(), ServerMeter.values().length + LatencyCollector.SERIES));
        text.append(HEAD);
        for (PoolMeter meter : PoolMeter.values()) {
            text.append(row(meter.meter(), meter.kind(), meter.meaning(), meter.twemproxy()));
        }
        text.append("\n## Per cause: labels `pool`, `cause`\n\n").append(HEAD);
        for (CauseMeter meter : CauseMeter.values()) {
            text.append(row(meter.meter(), Kind.COUNTER, meter.meaning(), ""));
        }
        for (CauseMeter meter : CauseMeter.values()) {
            text.append("\nCauses of `").append(meter.meter().replace('.', '_')).append("_total`:\n\n| cause | |\n|---|---|\n");
            for (var cause : meter.causes()) {
                text.append("| `%s` | %s |\n".formatted(cause.label(), cause.meaning()));
            }
        }
        text.append("\n## Per server: labels `pool`, `server`\n\n`server` is the ring name.\n\n").append(HEAD);
        for (ServerMeter meter : ServerMeter.values()) {
            text.append(row(meter.meter(), meter.kind(), meter.meaning(), meter.twemproxy()));
        }
        text.append("| `%s` | histogram | %s |  |\n".formatted(LatencyCollector.NAME, LatencyCollector.MEANING));
        text.append("\n## Of the process: no labels\n\n| name | type | meaning |\n|---|---|---|\n");
        for (ProcessMeter meter : ProcessMeter.values()) {
            text.append("| `%s` | gauge | %s |\n".formatted(meter.meter().replace('.', '_'), meter.meaning()));
        }
        text.append("\n## Per event loop: label `loop`, a number from 0\n\n| name | type | meaning |\n|---|---|---|\n")
                .append("| `%s` | gauge | %s |\n".formatted(EventLoopLag.METER.replace('.', '_'), EventLoopLag.MEANING));
        text.append("\n## The configuration\n\n").append(HEAD);
        for (ReloadMeter meter : ReloadMeter.values()) {
            text.append(row(meter.meter(), meter.kind(), meter.meaning(), ""));
        }
        text.append("\n## REST: label `cause`\n\n").append(HEAD).append(row(Guesses.METER, Kind.COUNTER, Guesses.MEANING, ""));
        return text.append("""

                ## How long servers take

                `cashew_server_latency_seconds` counts every reply of a server by how long it took, from the request being
                given to one of the server's connections until the reply was there. A part of a split request counts for
                itself. What Cashew answers by itself is not among them, and neither is a request the server never answered: see
                `cashew_pool_forward_errors_total` and `cashew_server_timeouts_total`. The bounds of its buckets, in seconds:

                %s

                How many replies were within such a bound is exact.

                ```
                # what part of the replies took 10 ms at most
                sum by (pool) (rate(cashew_server_latency_seconds_bucket{le="0.01"}[5m]))
                  / sum by (pool) (rate(cashew_server_latency_seconds_count[5m]))

                # p99 of each server
                histogram_quantile(0.99, sum by (pool, server, le) (rate(cashew_server_latency_seconds_bucket[5m])))
                ```

                The clock is read once per iteration of an event loop, not once per request. So a time begins when the loop
                woke for the iteration that sent the request and ends when it woke for the one that received the reply. It includes
                what the loop did for other requests before it sent this one, and connecting where there was no connection; it
                is not too short. Finer figures than these buckets, p50 to p99.9 and the longest time since the start, are in
                the answers of [`/pools/{pool}` and `/pools/{pool}/servers`](rest.md).
                """.formatted(String.join(", ", LatencyCollector.BOUNDS))).append("""

                ## Of Quarkus

                Quarkus adds meters of its own; none of them follows traffic.

                | names | |
                |---|---|
                | `jvm_…` | memory, garbage collection, threads, classes |
                | `process_…` | processor time, open files, start |
                | `system_…` | processors and load of the machine |
                """).toString();
    }

    private static final String HEAD = "| name | type | meaning | twemproxy |\n|---|---|---|---|\n";

    private static int causes() {
        return Stream.of(CauseMeter.values()).mapToInt(meter -> meter.causes().size()).sum();
    }

    private static String row(String meter, Kind kind, String meaning, String twemproxy) {
        String name = meter.replace('.', '_') + (kind == Kind.COUNTER ? "_total" : "");
        return "| `%s` | %s | %s | %s |\n"
                .formatted(name, kind.name().toLowerCase(Locale.ROOT), meaning, twemproxy);
    }
}
