package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams of three servers, read together as those of one.
@Timeout(60)
class StreamsTest {
    private static final int STREAMS = 9;

    private static RedisServers servers;
    private static RedisServer alone;
    private static ProxyUnderTest proxy;

    private final Random random = new Random(21);
    private RespClient pool;
    private RespClient direct;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(3);
        alone = RedisServer.start();
        proxy = ProxyUnderTest.with(servers.yaml("pool", "hash: md5"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
        alone.close();
    }

    @BeforeEach
    void fill() {
        servers.flush();
        alone.flush();
        pool = proxy.connect("pool");
        direct = alone.connect();
        for (int stream = 0; stream < STREAMS; stream++) {
            for (int id = 1; id <= stream % 4 * 3; id++) {
                alike("XADD", "s" + stream, id + "-1", "field", "of " + stream, "n", "" + id);
            }
            alike("XGROUP", "CREATE", "s" + stream, "group", "0", "MKSTREAM");
        }
        assertThat(IntStream.range(0, 3).allMatch(server -> servers.get(server).size() > 0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void streamsAreReadInTheOrderOfTheRequest(String dialect) {
        hello(dialect);
        for (int i = 0; i < 300; i++) {
            var words = new ArrayList<>(List.of("XREAD"));
            if (random.nextBoolean()) {
                words.addAll(List.of("count", "" + (1 + random.nextInt(3))));
            }
            addStreams(words, "0", "3-1", "$", "99-0", "2");
            alike(words.toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void groupsGetWhatIsTheirs(String dialect) {
        hello(dialect);
        for (int i = 0; i < 300; i++) {
            var words = new ArrayList<>(List.of("XREADGROUP", "GROUP", "group", "streams"));
            if (random.nextBoolean()) {
                words.addAll(List.of("COUNT", "1"));
            }
            if (random.nextInt(4) == 0) {
                words.add("NOACK");
            }
            addStreams(words, ">", ">", ">", "0", "1-1");
            alike(words.toArray(String[]::new));
            String stream = "s" + random.nextInt(STREAMS);
            alike("XADD", stream, (100 + i) + "-0", "f", "v");
            alike("XACK", stream, "group", "1-1");
            alike("XPENDING", stream, "group");
        }
    }

    @Test
    void whatOneServerRefusesIsRefused() {
        alike("XREAD", "STREAMS", "s0", "s1", "s2", "s3", "0", "0", "x", "0");
        alike("XREAD", "COUNT", "x", "STREAMS", "s0", "s1", "s2", "s3", "0", "0", "0", "0");
        alike("XREAD", "STREAMS", "s0", "s1", "s2", "s3", "0", "0", "0");
        alike("XREADGROUP", "GROUP", "nobody", "c", "STREAMS", "s3", "s3", ">", ">");
        assertThat(pool.call("XREADGROUP", "GROUP", "nobody", "c", "STREAMS", "s0", "s1", "s2", "s3", ">", ">", ">", ">"))
                .startsWith("-NOGROUP ");
        alike("SET", "text", "v");
        alike("XREAD", "STREAMS", "s0", "s1", "text", "s3", "0", "0", "0", "0");
    }

    @Test
    void whoWaitsWaitsAtOneServer() {
        assertThat(pool.call("XREAD", "BLOCK", "10", "STREAMS", "s0", "s1", "s2", "s3", "$", "$", "$", "$"))
                .startsWith("-CROSSSLOT ");
        alike("XREAD", "BLOCK", "10", "STREAMS", "s1", "0");
    }

    private void addStreams(List<String> words, String... ids) {
        words.add("STREAMS");
        int count = 1 + random.nextInt(5);
        IntStream.range(0, count).forEach(i -> words.add("s" + random.nextInt(STREAMS)));
        IntStream.range(0, count).forEach(i -> words.add(ids[random.nextInt(ids.length)]));
    }

    private void hello(String dialect) {
        pool.call("HELLO", dialect);
        direct.call("HELLO", dialect);
    }

    private void alike(String... words) {
        assertThat(pool.call(words)).as("%s", (Object) words).isEqualTo(direct.call(words));
    }
}
