package io.cashew.protocol.memcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.CutStream;
import io.cashew.fixture.Escapes;
import io.cashew.fixture.Transcript;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemcacheRequestDecoderTest {
    private static final String KEY_250 = "k".repeat(250);
    private static final String NOT_HTTP =
            "closed: CLIENT_ERROR this port speaks memcached's text protocol, not HTTP\\r\\n";
    private static final String FLAGS = "MS ".repeat(17);

    /// Bytes as transcripts write them, and what becomes of each request in them. Items may have 1024 bytes.
    static Stream<Arguments> requests() {
        return Stream.of(
                // Reading
                row("get k\\r\\n", "get[k]: get k\\r\\n"),
                row("get a b a\\r\\n", "get[a, b, a]: get a b a\\r\\n"),
                row("gets a b\\r\\n", "gets[a, b]: gets a b\\r\\n"),
                row("gat 10 a b\\r\\n", "gat[a, b]: gat 10 a b\\r\\n"),
                row("gats -1 a\\r\\n", "gats[a]: gats -1 a\\r\\n"),
                row("  get   a  b \\r\\n", "get[a, b]: get   a  b \\r\\n"),
                row("get k\\n", "get[k]: get k\\r\\n"),
                row("get \\xff\\x80\\r\\n", "get[\\xff\\x80]: get \\xff\\x80\\r\\n"),
                row("get " + KEY_250 + "\\r\\n", "get[" + KEY_250 + "]: get " + KEY_250 + "\\r\\n"),
                row("get k" + KEY_250 + "\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                row("get a k" + KEY_250 + "\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                row("get\\r\\n", "complaint: ERROR\\r\\n"),
                row("gat 10\\r\\n", "complaint: ERROR\\r\\n"),
                row("get a\\tb\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                row("get a\\x00\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                row("get a\\x7f\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                row("get a\\r\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                row("get a\\rb\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                // Storing
                row("set k 0 0 1\\r\\na\\r\\n", "set[k]: set k 0 0 1\\r\\na\\r\\n"),
                row("set k 0 0 0\\r\\n\\r\\n", "set[k]: set k 0 0 0\\r\\n\\r\\n"),
                row("set k 4294967295 -2147483648 003\\r\\n\\r\\n\\x00\\r\\n",
                        "set[k]: set k 4294967295 -2147483648 003\\r\\n\\r\\n\\x00\\r\\n"),
                row("cas k 1 2 1 18446744073709551615\\r\\na\\r\\n",
                        "cas[k]: cas k 1 2 1 18446744073709551615\\r\\na\\r\\n"),
                row("append k 0 0 1 noreply\\r\\na\\r\\n", "unheard append[k]: append k 0 0 1\\r\\na\\r\\n"),
                row("set  k 0  0 1   noreply \\r\\na\\r\\n", "unheard set[k]: set  k 0  0 1   \\r\\na\\r\\n"),
                row("set k 0 0 3\\nabc\\r\\n", "set[k]: set k 0 0 3\\r\\nabc\\r\\n"),
                row("cas k 0 0 3 7 noreply\\nabc\\r\\n", "unheard cas[k]: cas k 0 0 3 7\\r\\nabc\\r\\n"),
                row("set k 0 0 1\\r\\nab\\r\\n", "closed: CLIENT_ERROR bad data chunk\\r\\n"),
                row("set k 0 0 3\\r\\nab\\r\\nget k\\r\\n", "closed: CLIENT_ERROR bad data chunk\\r\\n"),
                row("set k 0 0 1\\r\\na\\nget k\\r\\n", "closed: CLIENT_ERROR bad data chunk\\r\\n"),
                row("set k 0 0 1\\r\\na\\rget k\\r\\n", "closed: CLIENT_ERROR bad data chunk\\r\\n"),
                // Values nobody asked for are swallowed
                row("set k" + KEY_250 + " 0 0 7\\r\\nversion\\r\\nmn\\r\\n",
                        "complaint: CLIENT_ERROR bad command line format\\r\\n", "mn[]: mn\\r\\n"),
                row("set k x 0 7\\r\\nversion\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                row("set k -1 0 7\\r\\nversion\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                row("set k 4294967296 0 7\\r\\nversion\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                row("set k 0 2147483648 7\\r\\nversion\\r\\n", "complaint: CLIENT_ERROR bad command line format\\r\\n"),
                row("set k 0 x 7 noreply\\r\\nversion\\r\\nmn\\r\\n", "complaint: ", "mn[]: mn\\r\\n"),
                row("set k\\x00 0 0 7\\r\\nversion\\r\\nmn\\r\\n",
                        "complaint: CLIENT_ERROR bad command line format\\r\\n", "mn[]: mn\\r\\n"),
                row("set k 0 0 7 junk\\r\\nversion\\r\\nmn\\r\\n", "complaint: ERROR\\r\\n", "mn[]: mn\\r\\n"),
                row("set k 0 0 7 noreply junk\\r\\nversion\\r\\nmn\\r\\n", "complaint: ERROR\\r\\n", "mn[]: mn\\r\\n"),
                row("cas k 0 0 7\\r\\nversion\\r\\nmn\\r\\n", "complaint: ERROR\\r\\n", "mn[]: mn\\r\\n"),
                row("cas k 0 0 7 18446744073709551616\\r\\nversion\\r\\nmn\\r\\n",
                        "complaint: CLIENT_ERROR bad command line format\\r\\n", "mn[]: mn\\r\\n"),
                row("cas k 0 0 7 -1\\r\\nversion\\r\\nmn\\r\\n",
                        "complaint: CLIENT_ERROR bad command line format\\r\\n", "mn[]: mn\\r\\n"),
                row("set k 0 0 1024\\r\\n\\R{1024,78}\\r\\n", "set[k]: set k 0 0 1024\\r\\n\\R{1024,78}\\r\\n"),
                row("set k 0 0 1025\\r\\n\\R{1025,78}\\r\\nmn\\r\\n",
                        "complaint: SERVER_ERROR object too large for cache\\r\\n",
                        "unheard delete[k]: delete k\\r\\n", "mn[]: mn\\r\\n"),
                row("set k 0 0 1025 noreply\\r\\n\\R{1025,78}\\r\\nmn\\r\\n",
                        "complaint: ", "unheard delete[k]: delete k\\r\\n", "mn[]: mn\\r\\n"),
                row("ms k 1025 q\\r\\n\\R{1025,78}\\r\\n",
                        "complaint: SERVER_ERROR object too large for cache\\r\\n",
                        "unheard delete[k]: delete k\\r\\n"),
                row("add k 0 0 1025\\r\\n\\R{1025,78}\\r\\nmn\\r\\n",
                        "complaint: SERVER_ERROR object too large for cache\\r\\n", "mn[]: mn\\r\\n"),
                row("set k 0 0 1025\\r\\n\\R{1026,78}\\r\\nmn\\r\\n",
                        "complaint: SERVER_ERROR object too large for cache\\r\\n",
                        "closed: CLIENT_ERROR bad data chunk\\r\\n"),
                // Nobody knows where such a value ends
                row("set k 0 0\\r\\nversion\\r\\n", "closed: ERROR\\r\\n"),
                row("set k 0 0 x\\r\\nversion\\r\\n", "closed: CLIENT_ERROR bad command line format\\r\\n"),
                row("set k 0 0 +7\\r\\nversion\\r\\n", "closed: CLIENT_ERROR bad command line format\\r\\n"),
                row("set k 0 0 -1\\r\\nversion\\r\\n", "closed: CLIENT_ERROR bad command line format\\r\\n"),
                row("set k 0 0 4294967303\\r\\nversion\\r\\n", "closed: CLIENT_ERROR bad command line format\\r\\n"),
                row("set k 0 0 2147483646\\r\\nversion\\r\\n", "closed: CLIENT_ERROR bad command line format\\r\\n"),
                row("ms k S7\\r\\nversion\\r\\n", "closed: CLIENT_ERROR bad command line format\\r\\n"),
                row("ms k\\r\\nversion\\r\\n", "closed: ERROR\\r\\n"),
                // Changing
                row("incr n 1\\r\\n", "incr[n]: incr n 1\\r\\n"),
                row("incr n x\\r\\n", "incr[n]: incr n x\\r\\n"),
                row("decr n 1 noreply\\r\\n", "unheard decr[n]: decr n 1\\r\\n"),
                row("incr n noreply\\r\\n", "complaint: "),
                row("incr n 1 x\\r\\n", "complaint: ERROR\\r\\n"),
                row("touch k 10 noreply\\n", "unheard touch[k]: touch k 10\\r\\n"),
                row("delete k\\r\\n", "delete[k]: delete k\\r\\n"),
                row("delete k 0\\r\\n", "delete[k]: delete k 0\\r\\n"),
                row("delete k noreply\\r\\n", "unheard delete[k]: delete k\\r\\n"),
                row("delete k 0 noreply\\r\\n", "unheard delete[k]: delete k 0\\r\\n"),
                row("delete noreply\\r\\n", "delete[noreply]: delete noreply\\r\\n"),
                row("delete\\r\\n", "complaint: ERROR\\r\\n"),
                // Meta
                row("mg k\\r\\n", "mg[k]: mg k\\r\\n"),
                row("mg k v k O12 t\\r\\n", "mg[k]: mg k v k O12 t\\r\\n"),
                row("mg k v q O12\\r\\n", "unheard mg[k]: mg k v O12\\r\\n"),
                row("mg k q\\n", "unheard mg[k]: mg k\\r\\n"),
                row("mg a2V5 b v q\\r\\n", "unheard mg[a2V5] by key: mg a2V5 b v\\r\\n"),
                row("ms a2V5 1 q b T9\\r\\na\\r\\n", "unheard ms[a2V5] by key: ms a2V5 1 b T9\\r\\na\\r\\n"),
                row("mg k q v q\\r\\n", "complaint: CLIENT_ERROR duplicate flag\\r\\n"),
                row("mg !!! b\\r\\n", "complaint: CLIENT_ERROR error decoding key\\r\\n"),
                row("mg a2V b\\r\\n", "complaint: CLIENT_ERROR error decoding key\\r\\n"),
                row("ms !!! 7 b q\\r\\nversion\\r\\nmn\\r\\n",
                        "complaint: CLIENT_ERROR error decoding key\\r\\n", "mn[]: mn\\r\\n"),
                row("ms k 7 q q\\r\\nversion\\r\\nmn\\r\\n",
                        "complaint: CLIENT_ERROR duplicate flag\\r\\n", "mn[]: mn\\r\\n"),
                row("ms k 7 " + FLAGS + "\\r\\nversion\\r\\nmn\\r\\n",
                        "complaint: CLIENT_ERROR options flags too long\\r\\n", "mn[]: mn\\r\\n"),
                row("md k q\\r\\nma n D5 v\\r\\nme k\\r\\n",
                        "unheard md[k]: md k\\r\\n", "ma[n]: ma n D5 v\\r\\n", "me[k]: me k\\r\\n"),
                // The pool
                row("flush_all 10 noreply\\r\\n", "unheard flush_all[]: flush_all 10\\r\\n"),
                row("verbosity noreply\\r\\n", "unheard verbosity[]: verbosity\\r\\n"),
                row("version noreply\\r\\n", "version[]: version noreply\\r\\n"),
                row("quit\\r\\nget k\\r\\n", "quit[]: quit\\r\\n", "get[k]: get k\\r\\n"),
                // What is no command
                row("\\r\\n", "complaint: ERROR\\r\\n"),
                row("   \\n", "complaint: ERROR\\r\\n"),
                row("GET k\\r\\n", "complaint: ERROR\\r\\n"),
                row("getting k\\r\\n", "complaint: ERROR\\r\\n"),
                row("a_name_that_is_much_longer k\\r\\n", "complaint: ERROR\\r\\n"),
                row("PING\\r\\n", "closed: -ERR this port speaks memcached's text protocol, not Redis\\r\\n"),
                row("mn\\r\\nPING\\r\\n", "mn[]: mn\\r\\n", "complaint: ERROR\\r\\n"),
                row("mn\\r\\nPOST / HTTP/1.1\\r\\n", "mn[]: mn\\r\\n", NOT_HTTP),
                row("POST / HTTP/1.1\\r\\n", NOT_HTTP),
                row("\\x80\\x00", "closed: "));
    }

    /// With blanks before, with a flag or a word that is taken out, and with what cannot be cut because it is written anew.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "set k 0 0 10\r\n0123456789\r\n", "  set k 0 0 10\r\n\r\n345\r\n890\r\n", "cas k 0 0 10 7\r\n0123456789\r\n",
                "set k 0 0 10 noreply\r\n0123456789\r\n", "ms k 10 q T30\r\n0123456789\r\n", "set k 0 0 10\n0123456789\r\n"
            })
    void aValueCanBeCutOut(String message) {
        String stream = message + "get k\r\n" + message;
        var expected = List.of(message, "get k\r\n", message);
        int cuts = 0;
        for (int first = 1; first < stream.length(); first++) {
            for (int second = first; second < stream.length(); second++) {
                var decoder = new MemcacheRequestDecoder(Limits.memcache(1024));
                var request = new Request();
                var decoded = CutStream.decode(
                        decoder, (bytes, from, to) -> decoder.decode(bytes, from, to, request), stream, first, second);
                // What is taken out of a line leaves its last bytes where they were.
                assertThat(decoded.messages()).as("%d, %d", first, second).hasSize(3);
                if (!message.matches("(?s).*( noreply| q).*")) {
                    assertThat(decoded.messages()).as("%d, %d", first, second).isEqualTo(expected);
                }
                assertThat(decoded.messages().getLast()).endsWith(message.substring(message.indexOf('\n')));
                cuts += decoded.cuts();
            }
        }

        assertThat(cuts > 0).isEqualTo(message.contains("\r\n0") || message.contains("\r\n\r"));
    }

    private static Arguments row(String stream, String... expected) {
        return Arguments.of(stream, List.of(expected));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void eachRequestIsFoundAndForwardedOrComplainedAbout(String escaped, List<String> expected) {
        String stream = Escapes.decode(escaped);

        assertThat(Pieces.requests(stream)).isEqualTo(expected.stream().map(Escapes::decode).toList());
    }

    static Stream<String> streams() {
        return Stream.concat(
                requests().map(row -> Escapes.decode((String) row.get()[0])),
                Transcript.all(Path.of("src/test/resources/transcripts")).stream()
                        .filter(transcript -> transcript.name().startsWith("mc-"))
                        .flatMap(transcript -> transcript.sent().values().stream())
                        .filter(stream -> stream.length() < 100_000)
                        .distinct());
    }

    @ParameterizedTest
    @MethodSource("streams")
    void howAStreamIsCutMakesNoDifference(String stream) {
        var whole = Pieces.requests(stream);

        assertThat(Pieces.requests(stream, Pieces.everywhere(stream.length()))).isEqualTo(whole);
        for (int cut = 1; cut < stream.length(); cut++) {
            assertThat(Pieces.requests(stream, cut)).as("cut before byte %d", cut).isEqualTo(whole);
        }
    }

    @Test
    void aLineMayHaveAsManyBytesAsMemcachedReads() {
        String line = "mg k" + " ".repeat(2042);

        assertThat(Pieces.requests(line + "\r\n")).containsExactly("mg[k]: " + line + "\r\n");
        assertThat(Pieces.requests(line + " \r\n")).containsExactly("closed: CLIENT_ERROR line too long\r\n");
        assertThat(Pieces.requests(line + "   ")).containsExactly("closed: CLIENT_ERROR line too long\r\n");
        assertThat(Pieces.requests(" ".repeat(2049))).containsExactly("closed: CLIENT_ERROR line too long\r\n");
    }

    @Test
    void aGetMayHaveManyKeysAndAGatMayNot() {
        String keys = " key".repeat(100_000) + "\r\n";

        assertThat(Pieces.requests("get" + keys)).singleElement().asString().endsWith(": get" + keys);
        assertThat(Pieces.requests("gat 0" + keys)).containsExactly("closed: CLIENT_ERROR line too long\r\n");
        assertThat(Pieces.requests("get" + keys.repeat(3).replace("\r\n", "")))
                .containsExactly("closed: CLIENT_ERROR line too long\r\n");
    }

    @Test
    void itSaysHowMuchOfAValueIsMissing() {
        var decoder = new MemcacheRequestDecoder(Limits.memcache(1024 * 1024));
        var bytes = "set k 0 0 1000000\r\nabc".getBytes(StandardCharsets.US_ASCII);

        long end = decoder.decode(MemorySegment.ofArray(bytes), 0, bytes.length, new Request());

        assertThat(end).isEqualTo(RequestDecoder.INCOMPLETE);
        assertThat(decoder.missing()).isEqualTo(999_999);
    }

    @Test
    void aValueThatIsTooLargeIsNotKept() {
        var decoder = new MemcacheRequestDecoder(Limits.memcache(10));
        var request = new Request();
        var line = MemorySegment.ofArray("set k 0 0 1000\r\n".getBytes(StandardCharsets.US_ASCII));
        var part = MemorySegment.ofArray(new byte[900]);

        assertThat(decoder.decode(line, 0, line.byteSize(), request)).isEqualTo(line.byteSize());
        assertThat(decoder.decode(part, 0, 900, request)).isEqualTo(900);
        assertThat(request.wordCount()).isZero();
    }
}
