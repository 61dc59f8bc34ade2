package io.cashew.protocol.redis;

import static io.cashew.protocol.redis.RespBytes.bytes;
import static io.cashew.protocol.redis.RespBytes.everyByte;
import static io.cashew.protocol.redis.RespBytes.replies;
import static io.cashew.protocol.redis.RespBytes.someCuts;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.CutStream;
import io.cashew.fixture.Escapes;
import io.cashew.fixture.Transcript;
import io.cashew.protocol.Limits;
import io.cashew.protocol.ResponseDecoder;
import io.cashew.protocol.redis.RespBytes.Decoded;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisResponseDecoderTest {
    private static final Limits TIGHT = new Limits(8, 64, 32, 200);

    static Stream<String> receivedByClients() {
        return Transcript.all(Path.of("src/test/resources/transcripts")).stream()
                .flatMap(transcript -> transcript.steps().stream())
                .filter(Transcript.Step.Received.class::isInstance)
                .map(step -> ((Transcript.Step.Received) step).bytes())
                .filter(bytes -> !bytes.isEmpty());
    }

    static Stream<String> handWritten() {
        return Stream.of(
                "+OK\r\n-ERR x\r\n:42\r\n$5\r\nvalue\r\n$-1\r\n*-1\r\n*0\r\n",
                "*2\r\n*2\r\n:1\r\n$1\r\na\r\n*1\r\n*0\r\n+after\r\n",
                "$0\r\n\r\n$2\r\n\r\n\r\n",
                "+\r\n-\r\n:\r\n",
                "-OOM\r\n-OOM command\r\n-OOMX\r\n-BUSYKEY x\r\n-BUSY x\r\n-LOADING\r\n-oom\r\n*1\r\n-OOM\r\n",
                "*3\r\n$1\r\na\r\n",
                "_\r\n#t\r\n#f\r\n,1.5\r\n,-inf\r\n,nan\r\n(3492890328409238509324850943850943825024385\r\n",
                "=7\r\ntxt:a\r\n\r\n!5\r\nERR x\r\n~0\r\n%0\r\n>0\r\n",
                "%2\r\n+a\r\n~2\r\n:1\r\n%1\r\n_\r\n*-1\r\n$1\r\nb\r\n>1\r\n",
                "|1\r\n+ttl\r\n:5\r\n*2\r\n|2\r\n+a\r\n_\r\n+b\r\n|1\r\n_\r\n_\r\n#t\r\n$1\r\nx\r\n+last\r\n+next\r\n");
    }

    @ParameterizedTest
    @MethodSource({"receivedByClients", "handWritten"})
    void piecesGiveWhatTheWholeGives(String received) {
        byte[] bytes = bytes(received);
        Decoded whole = replies(decoder(), bytes);

        if (bytes.length <= 3000) {
            assertThat(replies(decoder(), bytes, everyByte(bytes.length))).isEqualTo(whole);
        }
        int step = Math.max(1, bytes.length / 500);
        for (int cut = 1; cut < bytes.length; cut += step) {
            assertThat(replies(decoder(), bytes, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    /// However the pieces end, a value that is the whole reply can be cut out, and nothing else.
    @ParameterizedTest
    @CsvSource({
        "'$10\\r\\n0123456789\\r\\n+OK\\r\\n$3\\r\\nabc\\r\\n:1\\r\\n$0\\r\\n\\r\\n$-1\\r\\n$2\\r\\n\\r\\n\\r\\n', true",
        "'*2\\r\\n$10\\r\\n0123456789\\r\\n$3\\r\\nabc\\r\\n-ERR 0123456789\\r\\n',                             false"
    })
    void aValueCanBeCutOut(String escaped, boolean cut) {
        String stream = Escapes.decode(escaped);
        List<String> whole = cutOut(stream).messages();
        assertThat(String.join("", whole)).isEqualTo(stream);
        int cuts = 0;

        for (int first = 1; first < stream.length(); first++) {
            for (int second = first; second < stream.length(); second++) {
                var decoded = cutOut(stream, first, second);
                assertThat(decoded.messages()).as("%d, %d", first, second).isEqualTo(whole);
                cuts += decoded.cuts();
            }
        }

        assertThat(cuts > 0).isEqualTo(cut);
        assertThat(cutOut(stream, everyByte(stream.length())).messages()).isEqualTo(whole);
    }

    @Test
    void aValueThatIsCutOutIsAsLongAsWasSaid() {
        var decoder = decoder();
        byte[] start = bytes("$10\r\n01");
        assertThat(decoder.decode(MemorySegment.ofArray(start), 0, start.length)).isEqualTo(ResponseDecoder.INCOMPLETE);
        decoder.cutOut();

        byte[] rest = bytes("$10\r\n+O");

        assertThat(decoder.decode(MemorySegment.ofArray(rest), 0, rest.length)).isEqualTo(ResponseDecoder.MALFORMED);
    }

    private static CutStream.Decoded cutOut(String stream, int... ends) {
        var decoder = decoder();
        return CutStream.decode(decoder, decoder::decode, stream, ends);
    }

    @ParameterizedTest
    @MethodSource("handWritten")
    void whatIsForgottenEndsWhereItEnds(String received) {
        byte[] bytes = bytes(received);
        List<Long> whole = ends(bytes, bytes.length, false);
        for (int piece = 1; piece < 9; piece++) {
            assertThat(ends(bytes, piece, true)).as("pieces of %d", piece).isEqualTo(whole);
        }
    }

    /// Where replies end that come in pieces.
    private static List<Long> ends(byte[] bytes, int piece, boolean forgets) {
        var decoder = decoder();
        var ends = new ArrayList<Long>();
        long from = 0;
        for (int come = piece; from < bytes.length && come < bytes.length + piece; come += piece) {
            int to = Math.min(come, bytes.length);
            // What has been forgotten is not there any more, and neither is what has not come.
            byte[] there = Arrays.copyOfRange(bytes, (int) from, to);
            long at = 0;
            while (at < there.length) {
                long end = decoder.decode(MemorySegment.ofArray(there), at, there.length);
                if (end == ResponseDecoder.MALFORMED) {
                    ends.add(end);
                    return ends;
                }
                if (end == ResponseDecoder.INCOMPLETE) {
                    at += forgets ? decoder.forget() : 0;
                    assertThat(there.length - at).isLessThan(forgets ? 64 : Long.MAX_VALUE);
                    break;
                }
                at = end;
                ends.add(from + end);
            }
            from += at;
        }
        return ends;
    }

    @Test
    void repliesEndWhereTheyEnd() {
        var decoded = replies(decoder(), bytes("*2\r\n*2\r\n:1\r\n$-1\r\n$4\r\na\r\nb\r\n+OK\r\n"));

        assertThat(decoded.messages())
                .containsExactly(
                        List.of("*2\r\n*2\r\n:1\r\n$-1\r\n$4\r\na\r\nb\r\n", "unable false"), List.of("+OK\r\n", "unable false"));
        assertThat(decoded.left()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$-2\\r\\n", "$-1x", "$-\\r", "*-2", "*-11", "$+1", "$\\r\\n", "*\\r\\n", "$1\\rx", "$65\\r\\n", "$99999999999",
                "$000000000000000000001", "*2147483648", "*99999999999999999999999", "$1\\r\\nabc", "$1\\r\\na\\rx",
                "x", "\\r\\n", "\\x00", "*1\\r\\n.", "$1\\na",
                "_x\\r\\n", "#\\r\\n", "#x\\r\\n", "#tf\\r\\n", "%-1\\r\\n", "~-1\\r\\n", ">-1\\r\\n", "|-1\\r\\n", "=-1\\r\\n",
                "!-1\\r\\n",
                "!1\\r\\nabc", "=65\\r\\n", "%2147483648", "*1\\r\\n>0\\r\\n", "|1\\r\\n+a\\r\\n+b\\r\\n>0\\r\\n",
                "$?\\r\\n", "*?\\r\\n", "%?\\r\\n", "~?\\r\\n", ";4\\r\\n", ".\\r\\n",
                "+a\\rb\\r\\n", "+a\\nb\\r\\n", "-ERR\\r\\r\\n", ":1\\n+OK\\r\\n"
            })
    void whatIsNotAReplyIsMalformed(String escaped) {
        byte[] bytes = bytes(Escapes.decode(escaped));

        assertThat(replies(new RedisResponseDecoder(TIGHT, Dialect.RESP3), bytes).end()).isEqualTo("malformed");
        assertThat(replies(new RedisResponseDecoder(TIGHT, Dialect.RESP3), bytes, everyByte(bytes.length)).end())
                .isEqualTo("malformed");
    }

    /// Each of them alone, inside each aggregate, and behind an attribute, cut at every place.
    @Test
    void everyTypeEndsWhereItEndsWhereverItIs() {
        var scalars = List.of(
                "+OK\r\n", "-ERR x\r\n", ":-7\r\n", "$3\r\na\r\n\r\n", "$-1\r\n", "*-1\r\n", "*0\r\n", "_\r\n", "#f\r\n",
                ",1e10\r\n",
                "(-12345678901234567890\r\n", "=6\r\nmkd:#a\r\n", "!6\r\nERR\r\nx\r\n", "%0\r\n", "~0\r\n");
        for (String a : scalars) {
            for (String b : scalars) {
                for (String reply : List.of(
                        a, "*2\r\n" + a + b, "%1\r\n" + a + b, "~2\r\n" + a + b, ">2\r\n" + a + b, "|1\r\n" + a + b + b,
                        "*2\r\n|1\r\n" + a + b + a + b, "%1\r\n" + a + "~1\r\n%1\r\n*1\r\n" + b + a)) {
                    byte[] bytes = bytes(reply + "+after\r\n");
                    var expected = List.of(reply, "+after\r\n");
                    for (int cut = 1; cut < bytes.length; cut++) {
                        assertThat(replies(decoder(), bytes, cut).messages()).extracting(List::getFirst).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"_\\r\\n", "#t\\r\\n", ",1\\r\\n", "(1\\r\\n", "%1\\r\\n", "~1\\r\\n", ">1\\r\\n", "|1\\r\\n",
            "=5\\r\\n", "!5\\r\\n"})
    void whatIsOfResp3IsMalformedInResp2(String escaped) {
        byte[] bytes = bytes(Escapes.decode(escaped));

        assertThat(replies(new RedisResponseDecoder(Limits.REDIS), bytes).end()).isEqualTo("malformed");
        assertThat(replies(new RedisResponseDecoder(Limits.REDIS), bytes, everyByte(bytes.length)).end()).isEqualTo("malformed");
    }

    @Test
    void aPushIsNoReply() {
        byte[] bytes = bytes(">2\r\n+invalidate\r\n_\r\n+OK\r\n");
        var decoder = decoder();

        long end = decoder.decode(MemorySegment.ofArray(bytes), 0, bytes.length);

        assertThat(decoder.unsolicited()).isTrue();
        assertThat(decoder.decode(MemorySegment.ofArray(bytes), end, bytes.length)).isEqualTo(bytes.length);
        assertThat(decoder.unsolicited()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"OOM, true", "BUSY, true", "LOADING, true", "OOM x, true", "BUSYKEY x, false", "OO, false", "oom, false",
            "ERR OOM, false"})
    void aServerThatCannotServeSaysSo(String error, boolean unable) {
        assertThat(replies(decoder(), bytes("-" + error + "\r\n")).messages().getFirst().getLast()).isEqualTo("unable " + unable);
    }

    @Test
    void aLineMayBeAsLongAsTheLimitHoweverItArrives() {
        byte[] longest = bytes("+" + "a".repeat(TIGHT.line() - 3) + "\r\n");
        byte[] tooLong = bytes("+" + "a".repeat(TIGHT.line() - 2) + "\r\n");

        for (int[] cuts : List.of(new int[0], new int[] {5}, everyByte(longest.length), everyByte(tooLong.length))) {
            assertThat(replies(new RedisResponseDecoder(TIGHT, Dialect.RESP3), longest, cuts).messages()).hasSize(1);
            assertThat(replies(new RedisResponseDecoder(TIGHT, Dialect.RESP3), tooLong, cuts).end()).isEqualTo("malformed");
        }
    }

    @Test
    void aReplyMayBeAsLongAsTheLimitHoweverItArrives() {
        String element = "$10\r\n0123456789\r\n";
        byte[] fits = bytes("*11\r\n" + element.repeat(11) + "$3\r\nabc\r\n");
        byte[] tooLong = bytes("*12\r\n" + element.repeat(12));

        for (int[] cuts : List.of(new int[0], new int[] {5}, everyByte(tooLong.length - 1))) {
            assertThat(replies(new RedisResponseDecoder(TIGHT, Dialect.RESP3), fits, everyByte(fits.length)).messages()).hasSize(2);
            assertThat(replies(new RedisResponseDecoder(TIGHT, Dialect.RESP3), tooLong, cuts).end()).isEqualTo("malformed");
        }
    }

    @Test
    void aMillionNestedArraysCostNoMemory() {
        byte[] deep = bytes("*1\r\n".repeat(1_000_000) + ":1\r\n");

        assertThat(replies(decoder(), deep).messages()).hasSize(1);
        assertThat(replies(decoder(), deep, 1, 3_999_999, 4_000_002).messages()).hasSize(1);
    }

    /// What has been read may be overwritten between two calls: it is not read again.
    @Test
    void elementsThatTrickleInAreReadOnce() {
        byte[] bytes = bytes("*40\r\n" + "$3\r\nabc\r\n:12\r\n".repeat(20));
        var decoder = decoder();

        for (int arrived = 1; arrived < bytes.length; arrived++) {
            byte[] memory = Arrays.copyOf(bytes, arrived);
            // The longest element has nine bytes.
            Arrays.fill(memory, 0, Math.max(0, arrived - 9), (byte) '!');
            assertThat(decoder.decode(MemorySegment.ofArray(memory), 0, arrived))
                    .as("after %d bytes", arrived)
                    .isEqualTo(ResponseDecoder.INCOMPLETE);
        }

        assertThat(decoder.decode(MemorySegment.ofArray(bytes), 0, bytes.length)).isEqualTo(bytes.length);
    }

    @Test
    void aLineThatTricklesInIsSearchedOnce() {
        byte[] bytes = bytes("*2\r\n+" + "a".repeat(2000) + "\r\n+b\r\n");
        var decoder = decoder();

        for (int arrived = 6; arrived < 2006; arrived++) {
            byte[] memory = Arrays.copyOf(bytes, arrived);
            for (int i = 5; i + 2 < arrived - 1; i += 2) {
                memory[i] = '\r';
                memory[i + 1] = '\n';
            }
            assertThat(decoder.decode(MemorySegment.ofArray(memory), 0, arrived)).isEqualTo(ResponseDecoder.INCOMPLETE);
        }

        assertThat(decoder.decode(MemorySegment.ofArray(bytes), 0, bytes.length)).isEqualTo(bytes.length);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noiseIsReadTheSameInPieces(long seed) {
        var random = new SplittableRandom(seed);
        String[] pieces = {
            "*", "$", "+", "-", ":", "1", "2", "0", "-1", "\r\n", "\r", "\n", "*2\r\n", "*0\r\n", "$3\r\nabc\r\n", ":7\r\n",
            "+OK\r\n",
            "-LOADING x\r\n", "%", "~1\r\n", "%1\r\n", "|1\r\n", ">1\r\n", "_\r\n", "#", "t", ",", "(", "!1\r\nx\r\n", "=", "_",
            "$-1\r\n", "*-1\r\n", "a", "\0", "\u00ff", "0123456789012345"
        };
        for (int run = 0; run < 20_000; run++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(1, 16); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = bytes(text.toString());

            Decoded whole = replies(new RedisResponseDecoder(TIGHT, Dialect.RESP3), bytes);

            assertThat(replies(new RedisResponseDecoder(TIGHT, Dialect.RESP3), bytes, everyByte(bytes.length))).as(text.toString())
                    .isEqualTo(whole);
            assertThat(replies(new RedisResponseDecoder(TIGHT, Dialect.RESP3), bytes, someCuts(random, bytes.length)))
                    .as(text.toString()).isEqualTo(whole);
        }
    }

    private static RedisResponseDecoder decoder() {
        return new RedisResponseDecoder(Limits.REDIS, Dialect.RESP3);
    }
}
