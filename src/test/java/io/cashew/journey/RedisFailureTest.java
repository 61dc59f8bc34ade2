package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Language;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer.Behaviour;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// With Redis writes are split by server, too.
class RedisFailureTest extends FailureSuite {
    RedisFailureTest() {
        super(Language.REDIS);
    }

    @Override
    String halfAReply() {
        return "$10\r\nabc";
    }

    @Override
    List<String> nonsense() {
        return List.of("hello", "%1", "_", "$x", "$1x", "*y");
    }

    @Override
    String marked(String mark) {
        return RespClient.text(RespClient.encode("ECHO", mark));
    }

    @Override
    String replyToMarked(String mark) {
        return "$" + mark.length() + "\r\n" + mark + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({
        "dead, Connection refused",
        "nameless, Host is down",
        "pathless, No such file or directory",
    })
    void splitRequestsForAnUnreachableServerAreAnsweredWithTheReason(String pool, String reason) {
        try (var client = proxy.connect(pool)) {
            var replies = client.pipeline(List.of(
                    words("SET a0 v"), words("GET b0"), words("GET a0"), words("MGET a0 b0 a0"), words("GET b0"),
                    words("DEL b0 a0"), words("PING"), words("GET a0"), words("MSET a0 w b0 x"), words("GET a0")));

            String error = "-ERR " + reason + "\r\n";
            assertThat(replies)
                    .containsExactly(
                            "+OK\r\n", error, "$1\r\nv\r\n", error, error,
                            error, "+PONG\r\n", "$-1\r\n", error, "$1\r\nw\r\n");
        }
    }

    @Test
    void aPartThatFailsFailsTheWholeOfAWrite() {
        failing.now(Behaviour.closes());

        try (var client = proxy.connect("mixed")) {
            assertThat(client.pipeline(List.of(words("MSET a0 1 b0 2"), words("MGET b0 a0"), words("GET a0"))))
                    .containsExactly("-ERR unknown\r\n", "-ERR unknown\r\n", "$1\r\n1\r\n");
            assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
        }
    }

    private static String[] words(String command) {
        return command.split(" ");
    }
}
