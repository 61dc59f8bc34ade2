package io.cashew.protocol.memcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.CutStream;
import io.cashew.fixture.Escapes;
import io.cashew.protocol.ResponseDecoder;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemcacheResponseDecoderTest {
    static List<String> replies() {
        return List.of(
                "STORED\\r\\n", "NOT_STORED\\r\\n", "EXISTS\\r\\n", "NOT_FOUND\\r\\n", "DELETED\\r\\n", "TOUCHED\\r\\n",
                "OK\\r\\n", "RESET\\r\\n", "VERSION 1.6.18\\r\\n", "ERROR\\r\\n", "ERROR shutdown not enabled\\r\\n",
                "CLIENT_ERROR bad command line format\\r\\n", "SERVER_ERROR out of memory storing object\\r\\n",
                "0\\r\\n", "18446744073709551615\\r\\n", "END\\r\\n",
                "VALUE k 0 1\\r\\na\\r\\nEND\\r\\n", "VALUE k 0 0\\r\\n\\r\\nEND\\r\\n",
                "VALUE a 0 5 17\\r\\nEND\\r\\n\\r\\nVALUE b 1 3\\r\\n\\r\\n\\x00\\r\\nEND\\r\\n",
                "VALUE a 0 1\\r\\nx\\r\\nSERVER_ERROR out of memory writing get response\\r\\n",
                "HD\\r\\n", "HD kfoo O1 c17\\r\\n", "VA 3\\r\\nabc\\r\\n", "VA 0 s0 kk\\r\\n\\r\\n", "EN\\r\\n", "EN kk O1\\r\\n",
                "NS\\r\\n", "EX\\r\\n", "NF\\r\\n", "MN\\r\\n", "ME k exp=-1 la=2 cas=24 fetch=no cls=1 size=61\\r\\n",
                "STAT pid 1\\r\\nSTAT uptime 2\\r\\nEND\\r\\n");
    }

    static List<String> garbage() {
        return List.of(
                "\\r\\n", "\\n", "STORED\\n", "stored\\r\\n", "STORE\\r\\n", "STOREDS\\r\\n", "-1\\r\\n", "1x\\r\\n", " END\\r\\n",
                "BUSY currently processing\\r\\n", "VALUE k 0\\r\\n", "VALUE k 0 x\\r\\n", "VALUE k 0 -1\\r\\n",
                "VALUE k 0 99999999999\\r\\n", "VALUE k 0 1\\r\\nab\\r\\nEND\\r\\n", "VALUE k 0 1\\r\\na\\r\\nSTORED\\r\\n",
                "VALUE k 0 1\\r\\na\\r\\nVA 1\\r\\na\\r\\n", "VA\\r\\n", "VA x\\r\\n", "VA 1\\r\\nab\\r\\n", "\\x81\\x00\\r\\n",
                "+OK\\r\\n",
                "\\R{9000,41}");
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyEndsWhereItEndsHoweverItIsCut(String escaped) {
        String reply = Escapes.decode(escaped);
        String stream = reply + "STORED\r\n" + reply;
        var expected = List.of(reply, "STORED\r\n", reply);

        assertThat(Pieces.replies(stream)).isEqualTo(expected);
        assertThat(Pieces.replies(stream, Pieces.everywhere(stream.length()))).isEqualTo(expected);
        for (int cut = 1; cut < stream.length(); cut++) {
            assertThat(Pieces.replies(stream, cut)).as("cut before byte %d", cut).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyEndsWhereItEndsWithItsValueCutOut(String escaped) {
        String reply = Escapes.decode(escaped);
        String stream = reply + "STORED\r\n" + reply;
        var expected = List.of(reply, "STORED\r\n", reply);
        int cuts = 0;

        for (int first = 1; first < stream.length(); first++) {
            for (int second = first; second < stream.length(); second++) {
                var decoder = new MemcacheResponseDecoder();
                var decoded = CutStream.decode(decoder, decoder::decode, stream, first, second);
                assertThat(decoded.messages()).as("%d, %d", first, second).isEqualTo(expected);
                cuts += decoded.cuts();
            }
        }

        boolean hasValue = reply.matches("(?s)(VALUE k 0 1|VALUE a|VA 3).*");
        assertThat(cuts > 0).isEqualTo(hasValue);
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void whatIsNoReplyIsSaidToBeNone(String escaped) {
        String stream = Escapes.decode(escaped);

        assertThat(Pieces.replies(stream)).containsExactly("malformed");
        assertThat(Pieces.replies(stream, Pieces.everywhere(stream.length()))).containsExactly("malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"VALUE k 0 1000000\r\nabc", "VALUE a 0 1\r\nx\r\nVALUE k 0 1000000\r\nabc", "VA 1000000 t1\r\nabc"})
    void itSaysHowMuchOfAValueIsMissing(String start) {
        var decoder = new MemcacheResponseDecoder();
        var bytes = start.getBytes(StandardCharsets.US_ASCII);

        long end = decoder.decode(MemorySegment.ofArray(bytes), 0, bytes.length);

        assertThat(end).isEqualTo(ResponseDecoder.INCOMPLETE);
        assertThat(decoder.missing()).isEqualTo(999_999);
    }

    @Test
    void aServerThatCannotStoreIsNotUnable() {
        var decoder = new MemcacheResponseDecoder();
        var bytes = "SERVER_ERROR out of memory storing object\r\n".getBytes(StandardCharsets.US_ASCII);

        decoder.decode(MemorySegment.ofArray(bytes), 0, bytes.length);

        assertThat(decoder.serverIsUnable()).isFalse();
    }
}
