package io.cashew.protocol.memcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Command.Spread;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemcacheSessionTest {
    private final Map<String, String> statistics = new LinkedHashMap<>();
    private final MemcacheSession session =
            new MemcacheSession(new MemcacheSessionSettings(() -> statistics, () -> Map.of("one:requests", "5")));

    @ParameterizedTest
    @ValueSource(strings = {"get k", "set k 0 0 1\r\na", "mg k", "version", "flush_all", "verbosity 1", "me k"})
    void whatIsForServersIsLeftToThem(String request) {
        assertThat(answer(request)).isNull();
    }

    @Test
    void whatIsWrongIsComplainedAbout() {
        assertThat(answer("nosuch")).isEqualTo("ERROR\r\n");
        assertThat(answer("set k x 0 1\r\na")).isEqualTo("CLIENT_ERROR bad command line format\r\n");
    }

    @Test
    void theMetaNoOperationIsAnsweredHere() {
        assertThat(answer("mn")).isEqualTo("MN\r\n");
    }

    @Test
    void whatIsRefusedSaysWhy() {
        assertThat(answer("shutdown"))
                .isEqualTo("CLIENT_ERROR shutdown is not supported by this pool: servers are administered directly\r\n");
    }

    @Test
    void quitIsTakenWithoutAWord() {
        assertThat(session.leaving()).isFalse();

        assertThat(answer("quit")).isEmpty();

        assertThat(session.leaving()).isTrue();
    }

    @Test
    void statisticsAreThoseOfTheMoment() {
        assertThat(answer("stats")).isEqualTo("END\r\n");

        statistics.put("pid", "42");
        statistics.put("uptime", "1");

        assertThat(answer("stats")).isEqualTo("STAT pid 42\r\nSTAT uptime 1\r\nEND\r\n");
        assertThat(answer("stats servers")).isEqualTo("STAT one:requests 5\r\nEND\r\n");
        assertThat(answer("stats slabs")).startsWith("CLIENT_ERROR ").contains("'stats servers'");
        assertThat(answer("stats nosuch")).isEqualTo("ERROR\r\n");
    }

    @Test
    void everyCommandThatNoServerHearsOfIsAnswered() {
        assertThat(Arrays.stream(MemcacheCommand.values())
                        .filter(row -> row.spread() == Spread.LOCAL || row.spread() == Spread.REFUSED))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(answer(row.label())).isNotNull());
    }

    private String answer(String line) {
        var request = new Request();
        byte[] bytes = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
        new MemcacheRequestDecoder(Limits.memcache(1024)).decode(MemorySegment.ofArray(bytes), 0, bytes.length, request);
        byte[] answer = session.answer(request);
        return answer == null ? null : new String(answer, StandardCharsets.US_ASCII);
    }
}
