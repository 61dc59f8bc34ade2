package io.cashew.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Client;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    private final Client client = new Client(7, new InetSocketAddress("127.0.0.1", 4711), null);

    @Test
    void aLineHasAllFields() {
        var line = new AccessLog.Line(client, "get", "user:1".getBytes(ISO_8859_1), "b", 1234, null);

        assertThat(AccessLog.text("alpha", line)).isEqualTo("pool=\"alpha\" client=7 address=127.0.0.1:4711 command=get"
                + " key=\"user:1\" server=\"b\" micros=1234 outcome=answered");
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        var line = new AccessLog.Line(new Client(7, null, null), "mget", null, null, 0, Failure.SERVER_TIMED_OUT);

        assertThat(AccessLog.text("alpha", line))
                .isEqualTo("pool=\"alpha\" client=7 command=mget micros=0 outcome=server_timed_out");
    }

    @Test
    void aKeyCannotPassForAnotherFieldOrLine() {
        var line = new AccessLog.Line(client, "get", "\" outcome=x\\\r\n\u0000\u00ff".getBytes(ISO_8859_1), "ü€", 1, null);

        assertThat(AccessLog.text("alpha", line))
                .contains("key=\"\\\" outcome=x\\\\\\x0d\\x0a\\x00\\xff\" server=\"\\xfc\\u20ac\"");
    }

    @Test
    void keysAreShortenedOrHidden() {
        var request = new Request();
        request.addWord(0, 3);
        request.addWord(4, 100);
        request.place(MemorySegment.ofArray(("GET " + "k".repeat(100)).getBytes(ISO_8859_1)), 0, 104);
        assertThat(new AccessLog("alpha", 1, true).key(request)).isNull();

        request.addKey(1);

        assertThat(new AccessLog("alpha", 1, true).key(request)).asString(ISO_8859_1).isEqualTo("k".repeat(64));
        assertThat(new AccessLog("alpha", 1, false).key(request)).isNull();
    }

    @Test
    void aThousandLinesASecondAreEnough() {
        var log = new AccessLog("alpha", 1, true);
        long now = System.nanoTime();

        assertThat(IntStream.range(0, 1500).filter(_ -> log.admits(now)).count()).isEqualTo(1000);
        assertThat(log.admits(now + TimeUnit.SECONDS.toNanos(2))).isTrue();
    }
}
