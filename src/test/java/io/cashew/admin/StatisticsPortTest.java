package io.cashew.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@WithTestResource(SeenPools.class)
@Timeout(60)
class StatisticsPortTest {
    private static String document() {
        return Statistics.read(SeenPools.statisticsPort());
    }

    @Test
    void whoeverConnectsGetsOneDocument() {
        JsonPath document = new JsonPath(document());

        assertThat(document.getString("service")).isEqualTo("nutcracker");
        assertThat(document.getString("version")).isEqualTo("0.5.0");
        assertThat(document.getLong("timestamp")).isCloseTo(System.currentTimeMillis() / 1000, Offset.offset(60L));
        assertThat(document.getMap("").keySet()).containsAll(SeenPools.names());
        assertThat(document()).endsWith("}}}\n");
    }

    @Test
    void telegrafFindsWhatItCollects() {
        Map<String, Number> before = Statistics.telegraf(document(), "ring");

        try (var client = SeenPools.connect("ring")) {
            for (int i = 0; i < 30; i++) {
                client.call("SET", i + ":collected", "v");
            }
        }
        Map<String, Number> after = Statistics.telegraf(document(), "ring");

        assertThat(after).doesNotContainValue(null);
        assertThat(after.keySet().stream().filter(name -> name.startsWith("twemproxy_pool_server")).map(name ->
                        name.replaceAll(".*server=(.*) .*", "$1")).distinct())
                .as("nothing but servers is taken for one").containsExactly("a", "b", "c");
        assertThat(after.keySet().stream().filter(name -> name.startsWith("twemproxy_pool,"))).hasSize(6);
        assertThat(List.of("a", "b", "c").stream()
                        .map(server -> "twemproxy_pool_server,pool=ring,server=" + server + " requests")
                        .mapToLong(name -> after.get(name).longValue() - before.get(name).longValue())
                        .sum())
                .isEqualTo(30);
    }

    @Test
    void muninDrawsALineForEveryServer() {
        Map<String, Number> lines = Statistics.munin(document(), "response_bytes");

        assertThat(lines).hasSize(16).containsKeys("ring_a", "cache_c", "dead_gone").doesNotContainValue(null);
    }

    @Test
    void namesOfAnyKindAreWrittenSoThatTheyCanBeRead() {
        assertThat(Statistics.telegraf(document(), SeenPools.ODD))
                .containsKey("twemproxy_pool_server,pool=" + SeenPools.ODD + ",server=" + SeenPools.ODD_SERVER + " requests");
    }

    @Test
    void whatAReaderSaysDoesNotMatter() {
        assertThat(Statistics.read(SeenPools.statisticsPort(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("{\"service\":\"nutcracker\", ").endsWith("}\n");
    }

    @Test
    void readersThatComeAndGoLeaveRoomForOthers() throws IOException {
        List<Socket> readers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            readers.add(new Socket(InetAddress.getLoopbackAddress(), SeenPools.statisticsPort()));
        }
        for (Socket reader : readers) {
            reader.close();
        }

        Awaitility.await().until(() -> document().endsWith("}\n"));
    }
}
