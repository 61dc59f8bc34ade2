package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServer;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.ScriptedServer.Behaviour;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When a memcached fails, every request gets exactly one answer, in its turn, unless its client did not want any.
///
/// With crc16 and modula the keys a0 and c0 belong to server a, b0 and d0 to server b.
@Timeout(60)
class MemcacheFailureTest {
    private static final String TIMED_OUT = "SERVER_ERROR Connection timed out\r\n";
    private static final String REFUSED = "SERVER_ERROR Connection refused\r\n";

    private MemcachedServer sound;
    private ScriptedServer failing;
    private ProxyUnderTest proxy;
    private MemcacheClient client;

    @BeforeEach
    void start() {
        sound = MemcachedServer.start();
        failing = ScriptedServer.that(Behaviour.keepsSilent());
        proxy = ProxyUnderTest.with(pool("mixed", failing.port()) + pool("dead", FreePorts.next()));
        client = MemcacheClient.connect(proxy.port("mixed"));
        assertThat(client.ask("set a0 0 0 1\r\nA\r\n")).isEqualTo("STORED\r\n");
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        failing.close();
        sound.close();
    }

    private String pool(String name, int serverB) {
        return """
                %s:
                  listen: free
                  timeout: 300
                  hash: crc16
                  distribution: modula
                  servers:
                   - 127.0.0.1:%d:1 a
                   - 127.0.0.1:%d:1 b
                """.formatted(name, sound.port(), serverB);
    }

    @Test
    void anUnexpectedAnswerToANoreplyRequestIsNotTheNextOnesAnswer() {
        failing.now(Behaviour.replies("SERVER_ERROR out of memory storing object\r\n"));

        client.send("set b0 0 0 1 noreply\r\nx\r\nget a0\r\n");

        assertThat(client.reply()).isEqualTo("VALUE a0 0 1\r\nA\r\nEND\r\n");
        failing.now(Behaviour.replies("END\r\n"));
        assertThat(client.ask("get b0\r\n")).isEqualTo("END\r\n");
        assertThat(failing.takeReceived()).isEqualTo("set b0 0 0 1\r\nx\r\nget b0\r\n");
    }

    @Test
    void aNoreplyRequestThatFailsIsSilent() {
        assertThat(client.askAll("set b0 0 0 1 noreply\r\nx\r\ndelete b0 noreply\r\n")).isEmpty();
        try (var other = MemcacheClient.connect(proxy.port("dead"))) {
            assertThat(other.askAll("set b0 0 0 1 noreply\r\nx\r\nflush_all noreply\r\n")).isEmpty();
            assertThat(other.askAll("set b0 0 0 1\r\nx\r\nflush_all\r\n")).isEqualTo(REFUSED + REFUSED);
        }
    }

    @Test
    void aQuietRequestThatFailsSaysSo() {
        try (var other = MemcacheClient.connect(proxy.port("dead"))) {
            assertThat(other.askAll("mg b0 v q\r\nmg a0 v q\r\nms b0 1 q\r\nx\r\n"))
                    .isEqualTo(REFUSED + "VA 1\r\nA\r\n" + REFUSED);
        }
    }

    @Test
    void aFailedPartOfAGetIsAnErrorAndTheConnectionLives() {
        assertThat(client.ask("get a0 b0 c0\r\n")).isEqualTo(TIMED_OUT);
        assertThat(client.ask("get a0 c0\r\n")).isEqualTo("VALUE a0 0 1\r\nA\r\nEND\r\n");
    }

    @Test
    void answersKeepTheirTurnWhenOneServerIsSlow() {
        failing.now(Behaviour.delays(40, "END\r\n"));

        client.send("mg b0 v q\r\nget b0\r\nget a0\r\nmn\r\nget a0 b0\r\nincr b0 1 noreply\r\nget a0\r\n");

        assertThat(client.reply()).isEqualTo("END\r\n");
        assertThat(client.reply()).isEqualTo("END\r\n");
        assertThat(client.reply()).isEqualTo("VALUE a0 0 1\r\nA\r\nEND\r\n");
        assertThat(client.reply()).isEqualTo("MN\r\n");
        assertThat(client.reply()).isEqualTo("VALUE a0 0 1\r\nA\r\nEND\r\n");
        assertThat(client.reply()).isEqualTo("VALUE a0 0 1\r\nA\r\nEND\r\n");
    }

    @Test
    void anErrorOfOneServerIsTheAnswerOfAll() {
        failing.now(Behaviour.replies("SERVER_ERROR busy\r\n"));

        assertThat(client.ask("flush_all\r\n")).isEqualTo("SERVER_ERROR busy\r\n");
        assertThat(client.ask("get a0 b0\r\n")).isEqualTo("SERVER_ERROR busy\r\n");
    }

    @Test
    void statisticsTellWhatHappened() {
        client.ask("get b0\r\n");

        assertThat(client.ask("stats\r\n")).contains("STAT curr_connections 1\r\n", "STAT servers 2\r\n").endsWith("END\r\n");
        // Another worker may have counted it a moment ago.
        Awaitility.await().untilAsserted(() -> assertThat(client.ask("stats servers\r\n"))
                .contains("STAT a:address 127.0.0.1:" + sound.port() + "\r\n", "STAT b:server_timedout 1\r\n"));
    }
}
