package io.cashew.protocol.memcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.WrittenBytes;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.protocol.Split;
import io.cashew.transport.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemcacheGatherTest {
    private final MemcacheProtocol protocol =
            new MemcacheProtocol(Limits.memcache(1024), new MemcacheSessionSettings(Map::of, Map::of));

    @Test
    void valuesComeInTheOrderOfTheKeys() {
        var gather = split("get a b c d", 0, 1, 0, 1);

        assertThat(join(gather, "VALUE a 0 1\r\nA\r\nVALUE c 5 1\r\nC\r\nEND\r\n",
                "VALUE b 0 2\r\nBB\r\nVALUE d 0 0\r\n\r\nEND\r\n"))
                .isEqualTo("VALUE a 0 1\r\nA\r\nVALUE b 0 2\r\nBB\r\nVALUE c 5 1\r\nC\r\nVALUE d 0 0\r\n\r\nEND\r\n");
    }

    @Test
    void keysThatAreNotThereAreLeftOut() {
        var gather = split("gets a b c d e", 0, 1, 0, 1, 0);

        assertThat(join(gather, "VALUE c 0 1 7\r\nC\r\nEND\r\n", "VALUE d 0 1 9\r\nD\r\nEND\r\n"))
                .isEqualTo("VALUE c 0 1 7\r\nC\r\nVALUE d 0 1 9\r\nD\r\nEND\r\n");
    }

    @Test
    void nothingFoundIsJustTheEnd() {
        assertThat(join(split("get a b", 0, 1), "END\r\n", "END\r\n")).isEqualTo("END\r\n");
    }

    @Test
    void aKeyAskedTwiceIsAnsweredTwice() {
        var gather = split("gat 0 a b a ab", 0, 1, 0, 0);

        assertThat(join(gather, "VALUE a 0 1\r\nA\r\nVALUE a 0 1\r\nA\r\nVALUE ab 0 1\r\nX\r\nEND\r\n", "END\r\n"))
                .isEqualTo("VALUE a 0 1\r\nA\r\nVALUE a 0 1\r\nA\r\nVALUE ab 0 1\r\nX\r\nEND\r\n");
    }

    @Test
    void valuesThatLookLikeRepliesAreValues() {
        var gather = split("get a b", 0, 1);

        assertThat(join(gather, "VALUE a 0 16\r\nEND\r\nVALUE b 0 1\r\nEND\r\n", "VALUE b 0 5\r\nEND\r\n\r\nEND\r\n"))
                .isEqualTo("VALUE a 0 16\r\nEND\r\nVALUE b 0 1\r\nVALUE b 0 5\r\nEND\r\n\r\nEND\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "SERVER_ERROR busy, END, SERVER_ERROR busy",
        "END, CLIENT_ERROR no, CLIENT_ERROR no",
        "ERROR, SERVER_ERROR busy, ERROR",
        "END, STORED, SERVER_ERROR a server answered a part of this command with an unexpected reply",
    })
    void theFirstErrorInServerOrderIsTheAnswer(String first, String second, String joined) {
        assertThat(join(split("get a b", 0, 1), first + "\r\n", second + "\r\n")).isEqualTo(joined + "\r\n");
    }

    @Test
    void anErrorBehindValuesIsTheAnswer() {
        var gather = split("get a b", 0, 1);

        assertThat(join(gather, "VALUE a 0 1\r\nA\r\nSERVER_ERROR out of memory\r\n", "END\r\n"))
                .isEqualTo("SERVER_ERROR out of memory\r\n");
    }

    @Test
    void valuesThatWereNotAskedForAreStrange() {
        var gather = split("get a b", 0, 1);

        assertThat(join(gather, "VALUE x 0 1\r\nA\r\nEND\r\n", "END\r\n")).startsWith("SERVER_ERROR ");
    }

    @Test
    void everyServerHasToSayOk() {
        assertThat(join(gather("flush_all", 3), "OK\r\n", "OK\r\n", "OK\r\n")).isEqualTo("OK\r\n");
        assertThat(join(gather("flush_all x", 3), "OK\r\n", "CLIENT_ERROR 1\r\n", "CLIENT_ERROR 2\r\n"))
                .isEqualTo("CLIENT_ERROR 1\r\n");
    }

    @Test
    void whoAskedForNoReplyGetsNone() {
        var gather = gather("set k 0 0 1 noreply\r\na", 1);

        assertThat(gather.silent()).isTrue();
        assertThat(join(gather, "SERVER_ERROR out of memory storing object\r\n")).isEmpty();
        assertThat(gather("flush_all noreply", 3).silent()).isTrue();
    }

    /// As measured with memcached 1.6.18.
    @ParameterizedTest
    @CsvSource({
        "mg k q, EN, true", "mg k q, EN kk O1, true", "mg k q, HD, false", "mg k q, VA 0, false", "mg k q, END, false",
        "ms k 1 q, HD, true", "ms k 1 q, NS, false", "ms k 1 q, EX, false", "ms k 1 q, NF, false",
        "md k q, HD O1, true", "md k q, NF, false", "md k q, EX, false",
        "ma n q, HD, true", "ma n q v, VA 1, true", "ma n q, NF, false",
        "me k q, EN, false", "mg k q, SERVER_ERROR busy, false", "ms k 1 q, CLIENT_ERROR invalid flag, false",
    })
    void quietRequestsDoNotHearWhatIsExpected(String request, String reply, boolean hidden) {
        String stream = reply + "\r\n" + (reply.startsWith("VA 0") ? "\r\n" : reply.startsWith("VA 1") ? "1\r\n" : "");
        var gather = gather(request.startsWith("ms") ? request + "\r\na" : request, 1);

        assertThat(gather.silent()).isFalse();
        assertThat(join(gather, stream)).isEqualTo(hidden ? "" : stream);
    }

    @Test
    void aSpentGatherServesTheNextRequest() {
        Gather spent = null;
        for (String[] turn : new String[][] {
            {"get a b", "VALUE a 0 1\r\nA\r\nEND\r\n", "END\r\n", "VALUE a 0 1\r\nA\r\nEND\r\n"},
            {"get a b", "ERROR\r\n", "VALUE b 0 1\r\nB\r\nEND\r\n", "ERROR\r\n"},
            {"get cc d", "VALUE cc 0 1\r\nC\r\nEND\r\n", "VALUE d 0 1\r\nD\r\nEND\r\n",
                "VALUE cc 0 1\r\nC\r\nVALUE d 0 1\r\nD\r\nEND\r\n"},
        }) {
            Gather gather = protocol.gather(decoded(turn[0]), split(0, 1), spent);

            assertThat(join(gather, turn[1], turn[2])).isEqualTo(turn[3]);
            assertThat(spent).isIn(null, gather);
            spent = gather;
        }
    }

    @Test
    void partsHaveTheirKeysInOrder() {
        var request = decoded("gat 30   a bb  c");
        var out = new WrittenBytes();

        int written = protocol.writePart(request, split(1, 0, 1), 1, out);

        assertThat(out.text()).isEqualTo("gat 30 a c\r\n").hasSize(written);
    }

    @Test
    void failuresAreSaidInWordsOfMemcached() {
        assertThat(said(Failure.SERVER_REFUSED)).isEqualTo("SERVER_ERROR Connection refused\r\n");
        assertThat(said(Failure.TOO_MANY_CLIENTS)).isEqualTo("ERROR Too many open connections\r\n");
        assertThat(Failure.values()).allSatisfy(failure -> assertThat(said(failure)).endsWith("\r\n"));
    }

    private String said(Failure failure) {
        return new String(protocol.sayFailure(failure), StandardCharsets.US_ASCII);
    }

    private Gather split(String line, int... partOfKey) {
        return protocol.gather(decoded(line), split(partOfKey), null);
    }

    private Gather gather(String line, int parts) {
        var split = new Split(parts);
        split.each(IntStream.range(0, parts).toArray(), 1);
        return protocol.gather(decoded(line), split, null);
    }

    private static Split split(int... serverOfKey) {
        var split = new Split(2);
        split.byServer(serverOfKey, serverOfKey.length);
        return split;
    }

    private Request decoded(String line) {
        var request = new Request();
        byte[] bytes = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
        assertThat(protocol.requestDecoder().decode(MemorySegment.ofArray(bytes), 0, bytes.length, request))
                .isEqualTo(bytes.length);
        return request;
    }

    /// Gives the parts their replies, the last part first.
    private static String join(Gather gather, String... replies) {
        for (int part = replies.length - 1; part >= 0; part--) {
            byte[] bytes = ("+++" + replies[part]).getBytes(StandardCharsets.US_ASCII);
            var frame = new Frame();
            frame.place(MemorySegment.ofArray(bytes), 3, bytes.length - 3, null);
            gather.part(part, frame);
        }
        long length = gather.length();
        var out = new WrittenBytes();
        gather.join(out);
        assertThat(out.text()).hasSize((int) length);
        return out.text();
    }
}
