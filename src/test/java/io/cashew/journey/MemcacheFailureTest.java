package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Language;
import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.ProtocolClient;
import io.cashew.fixture.ScriptedServer.Behaviour;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// With memcached a request gets no answer if its client did not want any.
class MemcacheFailureTest extends FailureSuite {
    private static final String TIMED_OUT = "SERVER_ERROR Connection timed out\r\n";
    private static final String REFUSED = "SERVER_ERROR Connection refused\r\n";

    MemcacheFailureTest() {
        super(Language.MEMCACHE);
    }

    @Override
    String halfAReply() {
        return "VALUE b0 0 10\r\nabc";
    }

    @Override
    List<String> nonsense() {
        return List.of("hello", "VALUE b0 0 x", "VALUE b0", "VA x", "$-1", "+OK");
    }

    @Override
    String marked(String mark) {
        return "mg a0 k O" + mark + "\r\n";
    }

    @Override
    String replyToMarked(String mark) {
        return "HD ka0 O" + mark + "\r\n";
    }

    @BeforeEach
    void store() {
        assertThat(client.ask("set a0 0 0 1\r\nA\r\n")).isEqualTo("STORED\r\n");
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
        assertThat(askAll(client, "set b0 0 0 1 noreply\r\nx\r\ndelete b0 noreply\r\n")).isEmpty();
        try (var other = connect("dead")) {
            assertThat(askAll(other, "set b0 0 0 1 noreply\r\nx\r\nflush_all noreply\r\n")).isEmpty();
            assertThat(askAll(other, "set b0 0 0 1\r\nx\r\nflush_all\r\n")).isEqualTo(REFUSED + REFUSED);
        }
    }

    @Test
    void aQuietRequestThatFailsSaysSo() {
        try (var other = connect("dead")) {
            assertThat(askAll(other, "mg b0 v q\r\nmg a0 v q\r\nms b0 1 q\r\nx\r\n"))
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

    private static String askAll(ProtocolClient client, String requests) {
        return ((MemcacheClient) client).askAll(requests);
    }
}
