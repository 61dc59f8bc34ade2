package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.Transcript;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How bytes are cut into packets makes no difference to what is answered.
///
/// Every stream ends with the client shutting down its sending side, which makes the proxy close once it has answered:
/// so the end of the answers is seen, not guessed.
@Timeout(60)
class ChunkingTest {
    /// Streams longer than this are cut at a sample of positions, the first and last ones among them.
    private static final int CUT_EVERYWHERE = 1_000;

    private static final int SAMPLE = 100;

    /// Answers that are never the same twice.
    private static final Set<String> CHANGING = Set.of("redis-unsupported-info");

    private static RedisServers servers;
    private static ProxyUnderTest proxy;
    private static RespClient first;
    private static RespClient second;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(2);
        // Short names that differ in one letter are neighbours for the default hash, and would all live on one server.
        proxy = ProxyUnderTest.with(servers.yaml("pool", "hash: md5"));
        first = servers.get(0).connect();
        second = servers.get(1).connect();
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
    }

    static Stream<String> recorded() {
        return Transcript.all(Path.of("src/test/resources/transcripts")).stream()
                .filter(transcript -> transcript.name().startsWith("redis-") && !CHANGING.contains(transcript.name()))
                .flatMap(transcript -> transcript.sent().values().stream())
                .distinct()
                .map(Escapes::encode);
    }

    static List<String> written() {
        return List.of(
                "*1\\r\\n$4\\r\\nPING\\r\\n",
                "*2\\r\\n$4\\r\\nECHO\\r\\n$0\\r\\n\\r\\n",
                "*2\\r\\n$4\\r\\nECHO\\r\\n$2\\r\\n\\r\\n\\r\\n",
                "*2\\r\\n$4\\r\\nECHO\\r\\n$10\\r\\n*1\\r\\n$4\\r\\nPI\\r\\n",
                "PING\\r\\n",
                "PING\\n",
                "  PING  \\r\\n",
                "ping hello\\r\\n",
                "PING \"hello\\x20world\"\\r\\n",
                "ECHO \"a\\\\x41\\\\n\\\\\"b\"\\r\\n",
                "ECHO 'it''s'\\r\\nPING\\r\\n",
                "ECHO 'it\\\\'s'\\r\\n",
                "ECHO \"unbalanced\\r\\n",
                "SET k \"\"\\r\\nGET k\\r\\n",
                "\\r\\n\\r\\nPING\\r\\n\\r\\n",
                "\\n\\nPING\\n",
                "*0\\r\\nPING\\r\\n",
                "*-1\\r\\n*1\\r\\n$4\\r\\nPING\\r\\n",
                "*1\\r\\n$4\\r\\nPING\\r\\nPING\\r\\n*1\\r\\n$4\\r\\nPING\\r\\n",
                "*3\\r\\n$3\\r\\nSET\\r\\n$1\\r\\nk\\r\\n$3\\r\\n\\x00\\xff\\x0a\\r\\n*2\\r\\n$3\\r\\nGET\\r\\n$1\\r\\nk\\r\\n",
                "*3\\r\\n$3\\r\\nset\\r\\n$0\\r\\n\\r\\n$0\\r\\n\\r\\n*2\\r\\n$3\\r\\ngEt\\r\\n$0\\r\\n\\r\\n",
                "*7\\r\\n$4\\r\\nMSET\\r\\n$2\\r\\nk1\\r\\n$1\\r\\na\\r\\n$1\\r\\nb\\r\\n$0\\r\\n\\r\\n$1\\r\\nc\\r\\n$2\\r\\n\\r\\n\\r\\n"
                        + "*5\\r\\n$4\\r\\nMGET\\r\\n$1\\r\\nc\\r\\n$2\\r\\nk1\\r\\n$1\\r\\nb\\r\\n$2\\r\\nno\\r\\n",
                "MSET k1 a k2 b s c\\r\\nMGET s k2 none k1\\r\\nEXISTS k1 s k1 none\\r\\nDEL k1 k2 s s\\r\\n",
                "MSET k1 a s b\\r\\nTOUCH k1 s x\\r\\nUNLINK k1 s x\\r\\nEXISTS k1 s\\r\\n",
                "RPUSH l a b c d\\r\\nLRANGE l 0 -1\\r\\nLPOP l 2\\r\\n",
                "HSET h a 1 b 2\\r\\nHGETALL h\\r\\nHINCRBY h a x\\r\\n",
                "SADD k 1\\r\\nGET k\\r\\nPING\\r\\n",
                "INCR n\\r\\nINCR n\\r\\nINCR n\\r\\nDEL n\\r\\nINCR n\\r\\n",
                "EVAL \"return {1,{2,'x',{}},false}\" 1 k\\r\\n",
                "GET\\r\\nGET a b\\r\\nNOSUCH\\r\\nPING\\r\\n",
                "QUIT\\r\\nPING\\r\\n",
                "SELECT 0\\r\\nSELECT 1\\r\\nSELECT x\\r\\n",
                "AUTH x\\r\\nAUTH a b\\r\\nAUTH a b c\\r\\n",
                "PING\\r\\n*1\\r\\n$x\\r\\nPING\\r\\n",
                "PING\\r\\n*x\\r\\n",
                "PING\\r\\n*1\\r\\n+PING\\r\\n",
                "PING\\r\\n*1\\r\\n$-5\\r\\n",
                "PING\\r\\n*99999999999\\r\\n",
                "PING\\r\\n*1\\r\\n$99999999999\\r\\n",
                "PING\\r\\n\\R{70000,61}",
                "PING\\r\\n*\\R{70000,31}",
                "PING\\r\\n*1\\r\\n$4\\r\\nPI",
                "SET big \\R{20000,62}\\r\\nSTRLEN big\\r\\nGET big\\r\\n");
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void recordedRequestsGetTheSameAnswersHoweverTheyAreCut(String escaped) {
        cutAnyhow(RespClient.bytes(Escapes.decode(escaped)));
    }

    @ParameterizedTest
    @MethodSource("written")
    void requestsGetTheSameAnswersHoweverTheyAreCut(String escaped) {
        String whole = cutAnyhow(RespClient.bytes(Escapes.decode(escaped)));

        assertThat(whole).isNotEmpty();
    }

    /// Returns what is answered to the whole stream.
    private static String cutAnyhow(byte[] stream) {
        String whole = answers(stream);

        if (stream.length <= CUT_EVERYWHERE) {
            int[] everywhere = IntStream.range(1, stream.length).toArray();
            assertThat(answers(stream, everywhere)).as("byte by byte").isEqualTo(whole);
        }
        cuts(stream.length).forEach(cut -> assertThat(answers(stream, cut))
                .as(() -> "cut before byte " + cut + ", behind "
                        + Escapes.encode(RespClient.text(Arrays.copyOfRange(stream, Math.max(0, cut - 20), cut))))
                .isEqualTo(whole));
        return whole;
    }

    private static IntStream cuts(int length) {
        if (length <= CUT_EVERYWHERE) {
            return IntStream.range(1, length);
        }
        return IntStream.concat(
                        new Random(length).ints(SAMPLE, 1, length),
                        IntStream.concat(IntStream.range(1, SAMPLE), IntStream.range(length - SAMPLE, length)))
                .distinct();
    }

    /// What an empty pool answers to `stream` sent in pieces that end before the bytes at `cuts`.
    private static String answers(byte[] stream, int... cuts) {
        first.call("FLUSHALL");
        second.call("FLUSHALL");
        try (var client = proxy.connect("pool")) {
            int from = 0;
            for (int cut : cuts) {
                client.sendIfOpen(Arrays.copyOfRange(stream, from, cut));
                // Time for the proxy to read this piece alone; were it not enough the test would only see less.
                LockSupport.parkNanos(50_000);
                from = cut;
            }
            client.sendIfOpen(Arrays.copyOfRange(stream, from, stream.length));
            // The id of a new stream entry is the time; HELLO tells the client's number.
            return client.shutdownOutput()
                    .untilClosed()
                    .replaceAll("\\b\\d{13}-\\d+", "ID")
                    .replaceAll("(?<=\r\nid\r\n:)\\d+", "ID");
        }
    }
}
