package io.cashew.protocol.redis;

import static io.cashew.protocol.redis.RespBytes.bytes;
import static io.cashew.protocol.redis.RespBytes.everyByte;
import static io.cashew.protocol.redis.RespBytes.requests;
import static io.cashew.protocol.redis.RespBytes.someCuts;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.CutStream;
import io.cashew.fixture.Transcript;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import io.cashew.protocol.redis.RespBytes.Decoded;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisRequestDecoderTest {
    private static final Limits TIGHT = new Limits(8, 64, 32, 200);

    static Stream<String> sentByClients() {
        return Transcript.all(Path.of("src/test/resources/transcripts")).stream()
                .flatMap(transcript -> transcript.sent().values().stream());
    }

    static Stream<String> handWritten() {
        return Stream.of(
                "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n",
                "*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n",
                "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$4\r\n\r\n\r\n\r\n",
                "*2\r\n$28\r\nanamethatisfartoolongforthese\r\n$1\r\nk\r\n",
                "*02\r\n$3\r\nGET\r\n$1\r\nk\r\nPING\r\n",
                "*2\r\n$003\r\nGET\r\n$00\r\n\r\n",
                "*0\r\n*-1\r\n*-7\r\nPING\r\n",
                "\r\n\n  \r\nPING\nGET \"a b\" 'c d'\r\n",
                "SET k \"\\x41\\n\\\"\" \r\n*1\r\n$4\r\nQUIT\r\n",
                "*1\r\n$1\r\na\rb",
                "*1\r\n+OK\r\n",
                "*x\r\n",
                "GET \"unbalanced\r\n",
                "*3\r\n$4\r\nMGET\r\n$1\r\na\r\n$1\r\nb\r\n*4\r\n$4\r\nEVAL\r\n$0\r\n\r\n$1\r\n1\r\n$1\r\nk\r\n");
    }

    @ParameterizedTest
    @MethodSource({"sentByClients", "handWritten"})
    void piecesGiveWhatTheWholeGives(String sent) {
        byte[] bytes = bytes(sent);
        Decoded whole = requests(decoder(), bytes);

        if (bytes.length <= 3000) {
            assertThat(requests(decoder(), bytes, everyByte(bytes.length))).isEqualTo(whole);
        }
        int step = Math.max(1, bytes.length / 500);
        for (int cut = 1; cut < bytes.length; cut += step) {
            assertThat(requests(decoder(), bytes, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    /// A word as long as a line may be, and longer: 32 bytes.
    private static final String LONG = "$40\r\n0123456789012345678901234567890123456789\r\n";

    static Stream<String> withAValueThatMayBeCutOut() {
        return Stream.of(
                "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n" + LONG,
                "*5\r\n$3\r\nset\r\n$1\r\nk\r\n" + LONG + "$2\r\nEX\r\n$2\r\n10\r\n",
                "*4\r\n$4\r\nHSET\r\n$1\r\nh\r\n" + LONG + LONG);
    }

    static Stream<String> withoutAValueThatMayBeCutOut() {
        return Stream.of(
                // A key, or what may be one, or part of what is split or answered here.
                "*2\r\n$3\r\nGET\r\n" + LONG,
                "*3\r\n$4\r\nMSET\r\n$1\r\nk\r\n" + LONG,
                "*4\r\n$4\r\nEVAL\r\n" + LONG + "$1\r\n1\r\n$1\r\nk\r\n",
                "*2\r\n$4\r\nECHO\r\n" + LONG,
                "*3\r\n$6\r\nNOSUCH\r\n$1\r\nk\r\n" + LONG,
                "*1\r\n" + LONG,
                // Too short to be worth it.
                "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\nabc\r\n");
    }

    @ParameterizedTest
    @MethodSource("withAValueThatMayBeCutOut")
    void aValueCanBeCutOut(String message) {
        assertThat(cutAnywhere(message)).isPositive();
    }

    @ParameterizedTest
    @MethodSource("withoutAValueThatMayBeCutOut")
    void whatSomebodyReadsIsNotCutOut(String message) {
        assertThat(cutAnywhere(message)).isZero();
    }

    /// Decodes the message and another one behind it, in pieces of all sizes, and returns how often something was cut out.
    private static int cutAnywhere(String message) {
        String stream = message + message + "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n";
        List<String> expected = List.of(message, message, "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n");
        assertThat(cutOut(stream, everyByte(stream.length())).messages()).isEqualTo(expected);
        int cuts = 0;
        for (int first = 1; first < stream.length(); first++) {
            for (int second = first; second < stream.length(); second += 3) {
                var decoded = cutOut(stream, first, second);
                assertThat(decoded.messages()).as("%d, %d", first, second).isEqualTo(expected);
                cuts += decoded.cuts();
            }
        }
        return cuts;
    }

    private static CutStream.Decoded cutOut(String stream, int... ends) {
        var decoder = new RedisRequestDecoder(TIGHT);
        var request = new Request();
        return CutStream.decode(decoder, (bytes, from, to) -> decoder.decode(bytes, from, to, request), stream, ends);
    }

    /// The words behind it are where they are, and it is as long as it was.
    @Test
    void aRequestKnowsItsWordsWithoutTheirBytes() {
        var decoder = new RedisRequestDecoder(TIGHT);
        var request = new Request();
        byte[] start = bytes("*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$40\r\n01234");
        assertThat(decoder.decode(MemorySegment.ofArray(start), 0, start.length, request)).isEqualTo(RequestDecoder.INCOMPLETE);
        assertThat(decoder.opaque()).isEqualTo(40);
        assertThat(decoder.opaqueAt()).isEqualTo(start.length - 5);
        decoder.cutOut();

        byte[] rest = bytes("*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$40\r\n\r\n$2\r\nEX\r\n$2\r\n10\r\n");
        assertThat(decoder.decode(MemorySegment.ofArray(rest), 0, rest.length, request)).isEqualTo(rest.length);

        assertThat(request.wordLength(2)).isEqualTo(40);
        assertThat(request.wordIs(3, "ex")).isTrue();
        assertThat(request.wordNumber(4)).isEqualTo(10);
        assertThat(request.keyCount()).isEqualTo(1);
        assertThat(request.length()).isEqualTo(rest.length);
    }

    @Test
    void whatWasCutOutCountsForTheLimits() {
        String key = "*5\r\n$4\r\nHSET\r\n$1\r\nh\r\n";
        var decoder = new RedisRequestDecoder(TIGHT);
        var request = new Request();
        String longest = "$64\r\n";
        byte[] start = bytes(key + longest + "0123");
        decoder.decode(MemorySegment.ofArray(start), 0, start.length, request);
        decoder.cutOut();

        byte[] rest = bytes(key + longest + "\r\n$64\r\n" + "x".repeat(64) + "\r\n$64\r\n");

        assertThat(decoder.decode(MemorySegment.ofArray(rest), 0, rest.length, request)).isEqualTo(RequestDecoder.MALFORMED);
        assertThat(RespBytes.text(decoder.complaint())).isEqualTo("-ERR Protocol error: too big request\r\n");
    }

    @Test
    void requestsAreForwardedAsTheyCame() {
        var decoded = requests(decoder(), bytes("*2\r\n$3\r\nGeT\r\n$1\r\nk\r\n"));

        assertThat(decoded.messages()).containsExactly(List.of("GeT", "k", "*2\r\n$3\r\nGeT\r\n$1\r\nk\r\n", "GET", "key 1"));
    }

    @Test
    void leadingZerosAreWrittenAnew() {
        var decoded = requests(decoder(), bytes("*02\r\n$0003\r\nGET\r\n$00\r\n\r\n"));

        assertThat(decoded.messages()).containsExactly(List.of("GET", "", "*2\r\n$3\r\nGET\r\n$0\r\n\r\n", "GET", "key 1"));
    }

    @Test
    void inlineRequestsAreWrittenAnew() {
        var decoded = requests(decoder(), bytes("get \"a b\"\r\n"));

        assertThat(decoded.messages()).containsExactly(List.of("get", "a b", "*2\r\n$3\r\nget\r\n$3\r\na b\r\n", "GET", "key 1"));
    }

    @ParameterizedTest
    @CsvSource({
        "'*9\\r\\n',                         invalid multibulk length",
        "'*2147483648\\r\\n',                invalid multibulk length",
        "'*99999999999999999999999999',      invalid multibulk length",
        "'*000000000000000000001\\r\\n',     invalid multibulk length",
        "'*\\r\\n',                          invalid multibulk length",
        "'*-\\r\\n',                         invalid multibulk length",
        "'*+1\\r\\n',                        invalid multibulk length",
        "'*1\\n$4\\r\\nPING\\r\\n',          invalid multibulk length",
        "'*1\\rx',                           invalid multibulk length",
        "'*1\\r\\n$-1\\r\\n',                invalid bulk length",
        "'*1\\r\\n$65\\r\\n',                invalid bulk length",
        "'*1\\r\\n$4294967300\\r\\nPING',    invalid bulk length",
        "'*1\\r\\n$18446744073709551620\\r', invalid bulk length",
        "'*1\\r\\n$\\r\\n',                  invalid bulk length",
        "'*1\\r\\nPING\\r\\n',               'expected ''$'', got ''P'''",
        "'*1\\r\\n\\x07',                    'expected ''$'', got ''?'''",
        "'*1\\r\\n$1\\r\\nab',               bulk string is not as long as announced",
        "'*1\\r\\n$1\\r\\na\\rb',            bulk string is not as long as announced",
        "'GET ''a\\r\\n',                    unbalanced quotes in request"
    })
    void whatIsNotTheProtocolIsSaidSo(String escaped, String problem) {
        byte[] bytes = bytes(io.cashew.fixture.Escapes.decode(escaped));
        var decoder = new RedisRequestDecoder(TIGHT);

        assertThat(requests(decoder, bytes).end()).isEqualTo("-ERR Protocol error: " + problem + "\r\n");
        assertThat(requests(new RedisRequestDecoder(TIGHT), bytes, everyByte(bytes.length)).end())
                .isEqualTo("-ERR Protocol error: " + problem + "\r\n");
    }

    @Test
    void anInlineRequestMayBeAsLongAsTheLimit() {
        byte[] longest = bytes("a".repeat(TIGHT.line()) + "\n");
        byte[] tooLong = bytes("a".repeat(TIGHT.line() + 1) + "\n");

        for (int[] cuts : List.of(new int[0], everyByte(longest.length))) {
            assertThat(requests(new RedisRequestDecoder(TIGHT), longest, cuts).messages()).hasSize(1);
            assertThat(requests(new RedisRequestDecoder(TIGHT), tooLong, cuts).end())
                    .isEqualTo("-ERR Protocol error: too big inline request\r\n");
        }
    }

    @Test
    void aRequestMayBeAsLongAsTheLimit() {
        String word = "$60\r\n" + "v".repeat(60) + "\r\n";
        String fits = "*3\r\n" + word + word + "$55\r\n" + "v".repeat(55) + "\r\n";
        String tooLong = "*3\r\n" + word + word + "$63\r\n";

        assertThat(requests(new RedisRequestDecoder(TIGHT), bytes(fits)).messages()).hasSize(1);
        assertThat(requests(new RedisRequestDecoder(TIGHT), bytes(tooLong)).end())
                .isEqualTo("-ERR Protocol error: too big request\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*1048576\r\n", "*1\r\n$536870912\r\n", "*1\r\n$536870912\r\nabc"})
    void aClaimWithinTheLimitsWaitsAndAllocatesNothing(String claim) {
        assertThat(requests(decoder(), bytes(claim)).end()).isEqualTo("INCOMPLETE");
    }

    @Test
    void itTellsHowMuchOfAWordIsMissing() {
        var decoder = decoder();
        byte[] part = bytes("*1\r\n$1000\r\nabc");

        decoder.decode(MemorySegment.ofArray(part), 0, part.length, new Request());

        assertThat(decoder.missing()).isEqualTo(997 + 2);
    }

    /// Whatever has been read may be overwritten between two calls without changing the outcome: it is not read again.
    @Test
    void wordsThatTrickleInAreReadOnce() {
        byte[] bytes = bytes("*4\r\n$4\r\nMGET\r\n" + "$3\r\nabc\r\n".repeat(3));
        var decoder = decoder();
        var request = new Request();

        for (int arrived = 1; arrived < bytes.length; arrived++) {
            byte[] memory = Arrays.copyOf(bytes, arrived);
            // The header line under way and the end of the word under way are what may be looked at again.
            Arrays.fill(memory, 0, Math.max(0, arrived - 8), (byte) '!');
            long end = decoder.decode(MemorySegment.ofArray(memory), 0, arrived, request);
            assertThat(end).as("after %d bytes", arrived).isEqualTo(RequestDecoder.INCOMPLETE);
        }

        assertThat(decoder.decode(MemorySegment.ofArray(bytes), 0, bytes.length, request)).isEqualTo(bytes.length);
        assertThat(request.keyCount()).isEqualTo(3);
    }

    @Test
    void anInlineRequestThatTricklesInIsSearchedOnce() {
        byte[] bytes = bytes("SET key " + "v".repeat(500) + "\r\n");
        var decoder = decoder();
        var request = new Request();

        for (int arrived = 1; arrived < bytes.length; arrived++) {
            byte[] memory = Arrays.copyOf(bytes, arrived);
            Arrays.fill(memory, 0, arrived - 1, (byte) '\n');
            memory[0] = 'S';
            assertThat(decoder.decode(MemorySegment.ofArray(memory), 0, arrived, request)).isEqualTo(RequestDecoder.INCOMPLETE);
        }

        assertThat(decoder.decode(MemorySegment.ofArray(bytes), 0, bytes.length, request)).isEqualTo(bytes.length);
    }

    @Test
    void whatLiesBehindARequestChangesNothing() {
        byte[] bytes = bytes("*2\r\n$3\r\nget\r\n$1\r\nk\r\n");
        var request = new Request();
        for (int filler = 0; filler < 256; filler++) {
            byte[] memory = Arrays.copyOf(bytes, bytes.length + 16);
            Arrays.fill(memory, bytes.length, memory.length, (byte) filler);

            assertThat(decoder().decode(MemorySegment.ofArray(memory), 0, bytes.length, request)).isEqualTo(bytes.length);
            assertThat(request.command()).isEqualTo(RedisCommand.GET);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noiseIsReadTheSameInPieces(long seed) {
        var random = new SplittableRandom(seed);
        String[] pieces = {
            "*", "$", "1", "2", "0", "-", "\r\n", "\r", "\n", "3\r\nGET\r\n", "*2\r\n", "*1\r\n$4\r\nPING\r\n", "$1\r\nk\r\n", "\"",
            "'", "\\x4", " ", "a", "\0", "\u00ff", "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n", "$5\r\nhello\r\n", "99999999999", "EVAL",
            "$8\r\nXREADGROUP"
        };
        for (int run = 0; run < 20_000; run++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = bytes(text.toString());

            Decoded whole = requests(new RedisRequestDecoder(TIGHT), bytes);

            assertThat(requests(new RedisRequestDecoder(TIGHT), bytes, everyByte(bytes.length))).as(text.toString())
                    .isEqualTo(whole);
            assertThat(requests(new RedisRequestDecoder(TIGHT), bytes, someCuts(random, bytes.length))).as(text.toString())
                    .isEqualTo(whole);
        }
    }

    /// A request that is said to be incomplete can still become one.
    @Test
    void whatIsIncompleteCanBeCompleted() {
        var random = new SplittableRandom(11);
        String alphabet = "*$0123-\r\na";
        int seen = 0;
        for (int run = 0; run < 30_000; run++) {
            var text = new StringBuilder("*");
            for (int i = random.nextInt(0, 10); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Decoded decoded = requests(new RedisRequestDecoder(TIGHT), bytes(text.toString()));
            if (!decoded.end().equals("INCOMPLETE") || decoded.left() == 0) {
                continue;
            }
            String part = text.substring(text.length() - decoded.left());
            if (announcesWhatIsRefused(part)) {
                continue;
            }
            assertThat(completions(part).anyMatch(RedisRequestDecoderTest::isComplete))
                    .as(io.cashew.fixture.Escapes.encode(part))
                    .isTrue();
            seen++;
        }
        assertThat(seen).isGreaterThan(500);
    }

    /// That is noticed at the end of the line, not before.
    private static boolean announcesWhatIsRefused(String part) {
        return Pattern.compile("\\*0*([1-9]\\d|9)|\\$0*([7-9]\\d|6[5-9]|\\d{3}|-)").matcher(part).find();
    }

    /// Tries what a well-meaning peer would go on with.
    private static Stream<String> completions(String part) {
        if (!part.startsWith("*")) {
            return Stream.of(part + "\n", part + "'\n", part + "\"\n");
        }
        Stream<String> headers = Stream.of("", "\n", "\r\n", "1\r\n", "0\r\n", "$0\r\n");
        return headers.flatMap(header -> IntStream.rangeClosed(0, TIGHT.bulk() + 2)
                .mapToObj(fill -> part + header + "a".repeat(fill))
                .flatMap(text -> Stream.of("", "\r\n", "\n").map(text::concat)))
                .flatMap(text -> IntStream.rangeClosed(0, TIGHT.words()).mapToObj(words -> text + "$0\r\n\r\n".repeat(words)));
    }

    private static boolean isComplete(String text) {
        byte[] bytes = bytes(text);
        long end = new RedisRequestDecoder(TIGHT).decode(MemorySegment.ofArray(bytes), 0, bytes.length, new Request());
        return end == bytes.length;
    }

    private static RedisRequestDecoder decoder() {
        return new RedisRequestDecoder(Limits.REDIS);
    }
}
