package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ChaosRelay;
import io.cashew.fixture.Escapes;
import io.cashew.fixture.Fault.End;
import io.cashew.fixture.Fault.Unsolicited;
import io.cashew.fixture.Fault.Way;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.ScriptedServer.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes a server was not asked for end its connection; they never make one request's answer another's.
@Timeout(60)
class NoiseTest {
    private static final String NOISE = "\0?!";

    private RedisServer server;
    private ChaosRelay relay;
    private ProxyUnderTest proxy;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        relay = ChaosRelay.to(server.port());
        proxy = ProxyUnderTest.with("""
                noisy:
                  listen: free
                  redis: true
                  timeout: 2000
                  servers:
                   - 127.0.0.1:%d:1
                """.formatted(relay.port()));
    }

    @AfterEach
    void stop() {
        proxy.close();
        relay.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "+almost", "$", "$5\\r\\nab", "*1\\r\\n", ":1", "-ERR", "+whole\\r\\n", "\\x00"})
    void bytesFromAnIdleServerNeverBecomePartOfAnAnswer(String bytes) {
        try (var client = proxy.connect("noisy")) {
            assertThat(client.call("SET", "k", "value")).isEqualTo("+OK\r\n");

            relay.afflict(new Unsolicited(Way.TO_CLIENT, 0, Escapes.decode(bytes)));

            // Asking at once would tell whether the bytes or the request came first, not what becomes of the bytes.
            Awaitility.await().until(() -> relay.connected() == 0);
            assertThat(client.call("GET", "k")).isEqualTo("$5\r\nvalue\r\n");
        }
    }

    @Test
    void whatComesTogetherWithTheAnswerToTheGreetingIsNobodysAnswer() {
        Behaviour surplus = (request, connection) -> Behaviour.replies(
                        RespClient.text(request).contains("AUTH") ? "+OK\r\n+surplus\r\n" : "+right\r\n")
                .on(request, connection);
        try (var talkative = ScriptedServer.that(surplus);
                var proxy = ProxyUnderTest.with("""
                        greeted:
                          listen: free
                          redis: true
                          redis_auth: sekret
                          servers:
                           - 127.0.0.1:%d:1
                        """.formatted(talkative.port()));
                var client = proxy.connect("greeted")) {
            client.call("AUTH", "sekret");

            assertThat(client.call("GET", "k")).isEqualTo("-ERR Invalid argument\r\n");

            assertThat(talkative.takeReceived()).doesNotContain("GET");
        }
    }

    /// The noise comes at every position of the answers in turn. What it hits may be lost or spoilt, and it may be taken for
    /// part of the answer it came in; everything before it is right, and everything behind it right or an error.
    @Test
    void noiseBetweenAnswersMovesNone() {
        List<String[]> commands = List.of(
                words("SET", "a", "1"), words("INCRBY", "b", "20"), words("GET", "a"), words("GET", "none"), words("SET", "c", "3"),
                words("RPUSH", "l", "x", "yy"), words("LRANGE", "l", "0", "9"), words("SET", "d", "4"), words("INCRBY", "e", "500"),
                words("LLEN", "a"), words("GET", "b"));
        List<String> right = answers(commands);
        int length = right.stream().mapToInt(String::length).sum();

        for (int position = 0; position < length; position++) {
            server.flush();
            relay.cut(End.FIN);
            Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> relay.connected() == 0);
            relay.afflictNew(new Unsolicited(Way.TO_CLIENT, position, NOISE));

            List<String> answers = answers(commands);

            assertThat(wrong(answers, right)).as("noise at position %d: %s", position, answers).isEmpty();
        }
    }

    private List<String> answers(List<String[]> commands) {
        try (var client = proxy.connect("noisy")) {
            return client.pipeline(commands);
        }
    }

    private static List<String> wrong(List<String> answers, List<String> right) {
        var wrong = new ArrayList<String>();
        for (int i = 0; i < answers.size(); i++) {
            String answer = answers.get(i);
            boolean own = answer.equals(right.get(i)) || answer.replace(NOISE, "").equals(right.get(i));
            if (!own && !answer.equals("-ERR Invalid argument\r\n")) {
                wrong.add(right.get(i) + " became " + answer);
            }
        }
        return wrong;
    }

    private static String[] words(String... words) {
        return words;
    }
}
