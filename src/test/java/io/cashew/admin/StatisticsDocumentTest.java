package io.cashew.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.config.Options;
import io.cashew.fixture.FreePorts;
import io.cashew.fixture.NutcrackerProxy;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer;
import io.cashew.pool.Pool;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The same pools behind Cashew and behind the real nutcracker, under the same requests, say the same of themselves.
@Timeout(60)
class StatisticsDocumentTest {
    private static final Pattern OURS = Pattern.compile("\"cashew_\\w+\":(\"[^\"]*\"|\\d+)(, )?");

    private static String document(ProxyUnderTest proxy, String... pools) {
        List<Pool> all = List.of(pools).stream().map(proxy::pool).toList();
        return StatisticsDocument.of(all, "here", 1_000_000, 1_090_900);
    }

    /// Every figure that is the same on any day and with any number of connections.
    private static Map<String, Object> lasting(String document) {
        var figures = new TreeMap<String, Object>();
        figures("", new JsonPath(document).getMap(""), figures);
        figures.keySet().removeIf(name ->
                name.matches(".*\\.(server_connections|cashew_\\w+)|\\.(source|uptime|timestamp|\\w+_connections|cashew_\\w+)"));
        figures.computeIfPresent(".dead.gone.server_ejected_at", (_, micros) -> (Long) micros > 1_700_000_000_000_000L);
        return figures;
    }

    private static void figures(String above, Map<String, ?> object, Map<String, Object> figures) {
        object.forEach((name, value) -> {
            if (value instanceof Map<?, ?> below) {
                @SuppressWarnings("unchecked")
                var fields = (Map<String, ?>) below;
                figures(above + "." + name, fields, figures);
            } else {
                figures.put(above + "." + name, value);
            }
        });
    }

    private static void use(IntFunction<RespClient> connect) {
        try (var client = connect.apply(0)) {
            for (int i = 0; i < 30; i++) {
                client.call("SET", i + ":key", "value");
                client.call("GET", i + ":key");
            }
        }
        try (var client = connect.apply(1)) {
            client.call("GET", "k");
            client.call("GET", "k");
        }
    }

    @Test
    void whatNutcrackerSaysIsSaidAlike() {
        try (var servers = RedisServers.start(3)) {
            String yaml = servers.yaml("alive") + """
                    dead:
                      listen: free
                      redis: true
                      auto_eject_hosts: true
                      server_failure_limit: 1
                      server_retry_timeout: 3600000
                      servers:
                       - 127.0.0.1:%d:1 gone
                    """.formatted(FreePorts.next());
            try (var nutcracker = NutcrackerProxy.with(yaml);
                    var cashew = ProxyUnderTest.with(yaml)) {
                // The one fixture has knocked to see whether it listens
                cashew.connect("alive").close();
                cashew.connect("dead").close();
                use(pool -> nutcracker.connect(pool == 0 ? "alive" : "dead"));
                use(pool -> cashew.connect(pool == 0 ? "alive" : "dead"));

                // nutcracker's figures are some turns of its loop old
                Awaitility.await().untilAsserted(() -> assertThat(lasting(document(cashew, "dead", "alive")))
                        .isEqualTo(lasting(Statistics.read(nutcracker.statisticsPort())))
                        .containsEntry(".alive.client_eof", 2)
                        .containsEntry(".dead.forward_error", 2)
                        .containsEntry(".dead.server_ejects", 1)
                        .containsEntry(".dead.gone.server_err", 1));
            }
        }
    }

    @Test
    void theDocumentIsWrittenAsNutcrackerWritesIt() {
        try (var servers = RedisServers.start(2)) {
            String yaml = servers.yaml("first") + servers.yaml("second");
            try (var nutcracker = NutcrackerProxy.with(yaml);
                    var cashew = ProxyUnderTest.with(yaml)) {
                String theirs = Statistics.read(nutcracker.statisticsPort());
                String ours = OURS.matcher(document(cashew, "first", "second")).replaceAll("").replace(", }", "}");

                assertThat(withoutValues(ours)).isEqualTo(withoutValues(theirs));
            }
        }
    }

    private static String withoutValues(String document) {
        return document.replaceAll("\"source\":\"[^\"]*\"", "\"source\":\"\"").replaceAll(":\\d+([,}])", ":0$1");
    }

    @Test
    void everyFieldIsOneThatIsDescribed() {
        var said = new ByteArrayOutputStream();
        Options.parse(new String[] {"-D"}, new PrintStream(said, true, StandardCharsets.UTF_8));
        var described = Pattern.compile("(?m)^ {2}(\\w+) +\"").matcher(said.toString(StandardCharsets.UTF_8)).results()
                .map(field -> field.group(1)).toList();

        try (var servers = RedisServers.start(1);
                var cashew = ProxyUnderTest.with(servers.yaml("alpha"))) {
            var figures = new TreeMap<String, Object>();
            figures("", new JsonPath(document(cashew, "alpha")).getMap(""), figures);

            assertThat(figures.keySet().stream()
                            .filter(name -> name.startsWith(".alpha."))
                            .map(name -> name.substring(name.lastIndexOf('.') + 1))
                            .filter(name -> !name.startsWith("cashew_")))
                    .containsExactlyInAnyOrderElementsOf(described);
        }
    }

    @Test
    void whatAServerHasNotAnsweredIsInItsQueues() {
        try (var server = ScriptedServer.that((_, _) -> {});
                var cashew = ProxyUnderTest.with("""
                        alpha:
                          listen: free
                          redis: true
                          servers:
                           - 127.0.0.1:%d:1 mute
                        """.formatted(server.port()));
                var client = cashew.connect("alpha")) {
            client.send("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*2\r\n$3\r\nGET\r\n$2\r\nbb\r\n");

            Awaitility.await().untilAsserted(() -> {
                JsonPath mute = new JsonPath(document(cashew, "alpha")).setRootPath("alpha.mute");
                assertThat(mute.getInt("out_queue")).isEqualTo(2);
                assertThat(mute.getInt("out_queue_bytes")).isEqualTo(20 + 21);
                assertThat(mute.getInt("in_queue") + mute.getInt("in_queue_bytes")).isZero();
                assertThat(mute.getInt("requests")).isEqualTo(2);
            });
        }
    }

    @Test
    void timesOfTheProcessAreInSeconds() {
        try (var servers = RedisServers.start(1);
                var cashew = ProxyUnderTest.with(servers.yaml("alpha"));
                var client = cashew.connect("alpha")) {
            client.call("SET", "k", "v");

            JsonPath document = new JsonPath(document(cashew, "alpha"));

            assertThat(document.getString("source")).isEqualTo("here");
            assertThat(document.getInt("uptime")).isEqualTo(90);
            assertThat(document.getInt("timestamp")).isEqualTo(1_090);
            assertThat(document.getInt("curr_connections")).as("listener, client, server").isEqualTo(3);
            assertThat(document.getInt("total_connections")).isEqualTo(3);
        }
    }
}
