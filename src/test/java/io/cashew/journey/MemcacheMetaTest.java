package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServer;
import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.ProxyUnderTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Meta commands whose keys live on three servers, in one stream: the answers come in the order of the requests, as those of
/// one server would, and a barrier comes behind all that was asked before it.
@Timeout(60)
class MemcacheMetaTest {
    private static final int KEYS = 90;

    private static MemcachedServers servers;
    private static MemcachedServer alone;
    private static ProxyUnderTest proxy;
    private MemcacheClient client;
    private MemcacheClient direct;

    @BeforeAll
    static void start() {
        servers = MemcachedServers.start(3);
        alone = MemcachedServer.start();
        proxy = ProxyUnderTest.with(servers.yaml("pool"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        alone.close();
        servers.close();
    }

    @BeforeEach
    void connect() {
        servers.flush();
        alone.flush();
        client = MemcacheClient.connect(proxy.port("pool"));
        direct = alone.connect();
    }

    @AfterEach
    void disconnect() {
        client.close();
        direct.close();
    }

    @Test
    void quietHitsOfAllServersComeInOrderAndTheBarrierBehindThem() {
        assertThat(client.askAll(all(i -> i % 3 == 0 ? "" : "ms %d:key 2 q\r\nv%d\r\n".formatted(i, i % 10)))).isEmpty();
        assertThat(List.of(servers.get(0), servers.get(1), servers.get(2)))
                .allSatisfy(server -> assertThat(server.size()).isPositive());

        client.send(all(i -> "mg %d:key v k O%d q\r\n".formatted(i, i)) + "mn\r\n");

        for (int i = 0; i < KEYS; i++) {
            if (i % 3 != 0) {
                assertThat(client.reply()).isEqualTo("VA 2 k%d:key O%d\r\nv%d\r\n".formatted(i, i, i % 10));
            }
        }
        assertThat(client.reply()).isEqualTo("MN\r\n");
    }

    @Test
    void severalBarriersKeepTheirPlaces() {
        client.askAll(all(i -> "ms %d:key 1 q\r\nv\r\n".formatted(i)));

        client.send(all(i -> "mg %d:key k q\r\nmg none:%d q\r\nmn\r\n".formatted(i, i)));

        for (int i = 0; i < KEYS; i++) {
            assertThat(client.reply()).isEqualTo("HD k%d:key\r\n".formatted(i));
            assertThat(client.reply()).isEqualTo("MN\r\n");
        }
    }

    /// The others' answers, and those of local commands, wait for the slow one's.
    @Test
    void aBarrierWaitsForTheSlowestServer() {
        client.askAll(all(i -> "ms %d:key 1 q\r\nv\r\n".formatted(i)));
        String expected = all(i -> "HD k%d:key O%d\r\n".formatted(i, i));
        servers.get(1).pause();
        try {
            client.send(all(i -> "mg %d:key k O%d q\r\n".formatted(i, i)) + "mn\r\n");
            try (var neighbour = MemcacheClient.connect(proxy.port("pool"))) {
                assertThat(neighbour.ask("mn\r\n")).isEqualTo("MN\r\n");
            }
        } finally {
            servers.get(1).resume();
        }

        assertThat(replies(KEYS)).isEqualTo(expected);
        assertThat(client.reply()).isEqualTo("MN\r\n");
    }

    @Test
    void everyFlagComesBackAsFromOneServer() {
        same(all(i -> "ms %d:n 2 T1000 F%d k O%d\r\n%d\r\n".formatted(i, i, i, 10 + i)));
        same(all(i -> "mg %d:n s v k O%d f h\r\n".formatted(i, i)));
        same(all(i -> "mg none:%d v k O%d\r\n".formatted(i, i)));
        same(all(i -> "ma %d:n v k O%d D%d\r\n".formatted(i, i, i)));
        same(all(i -> "ma %d:auto N60 J%d v k O%d\r\n".formatted(i, i, i)));
        same(all(i -> "ms %d:n 1 ME k O%d q\r\nx\r\n".formatted(i, i)));
        same(all(i -> "ms none:%d 1 MR k O%d q\r\nx\r\n".formatted(i, i)));
        same(all(i -> "ms %d:n 1 MA k O%d q\r\nx\r\n".formatted(i, i)));
        same(all(i -> "ms %d:n 1 C99999999 k O%d q\r\nx\r\n".formatted(i, i)));
        same(all(i -> "mg %d:n v k O%d q\r\n".formatted(i, i)));
        same(all(i -> "mg %d:vivified N30 v k O%d\r\n".formatted(i, i)));
        same(all(i -> "md %d:n I T30 k O%d\r\n".formatted(i, i)));
        same(all(i -> "mg %d:n v k O%d\r\n".formatted(i, i)));
        same(all(i -> "md %d:n k O%d q\r\nmd none:%d k O%d q\r\n".formatted(i, i, i, i)));
        same(all(i -> "mg %d:n v k O%d q\r\n".formatted(i, i)));
        same(all(i -> "me none:%d\r\n".formatted(i)));
    }

    @Test
    void aKeyInBase64IsTheKeyItStandsFor() {
        assertThat(client.askAll(all(i -> "ms %s 1 b q\r\n%d\r\n".formatted(base64(i + ":key"), i % 10)))).isEmpty();

        assertThat(client.ask("get" + all(i -> " " + i + ":key") + "\r\n"))
                .isEqualTo(all(i -> "VALUE %d:key 0 1\r\n%d\r\n".formatted(i, i % 10)) + "END\r\n");
        assertThat(client.askAll(all(i -> "mg %s b v k O%d q\r\n".formatted(base64(i + ":key"), i))))
                .isEqualTo(all(i -> "VA 1 k%s b O%d\r\n%d\r\n".formatted(base64(i + ":key"), i, i % 10)));
        assertThat(client.askAll(all(i -> "md %d:key q\r\n".formatted(i)))).isEmpty();
        assertThat(servers.size()).as("no key exists twice").isZero();
    }

    @Test
    void aKeyThatOnlyBase64CanSayComesBackAsFromOneServer() {
        same(all(i -> "ms %s 1 b k O%d\r\nv\r\n".formatted(base64(i + " \r\n\0key"), i)));
        same(all(i -> "mg %s b v k O%d q\r\n".formatted(base64(i + " \r\n\0key"), i)));
        same(all(i -> "md %s b k O%d\r\n".formatted(base64(i + " \r\n\0key"), i)));
        same(all(i -> "mg %s b v k O%d q\r\n".formatted(base64(i + " \r\n\0key"), i)));
    }

    /// Asks both. Nothing that depends on the time: their clocks tick apart.
    private void same(String requests) {
        assertThat(client.askAll(requests)).isEqualTo(direct.askAll(requests));
    }

    private String replies(int count) {
        return IntStream.range(0, count).mapToObj(_ -> client.reply()).collect(Collectors.joining());
    }

    private static String base64(String key) {
        return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// What `text` says for each of the keys. A key begins with its number, which spreads them over the servers.
    private static String all(IntFunction<String> text) {
        return IntStream.range(0, KEYS).mapToObj(text).collect(Collectors.joining());
    }
}
