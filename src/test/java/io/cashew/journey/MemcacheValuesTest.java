package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.ProxyUnderTest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Values of all sizes, and many of them at once.
@Timeout(60)
class MemcacheValuesTest {
    private static final int MEBIBYTE = 1024 * 1024;

    private static MemcachedServers servers;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start() {
        servers = MemcachedServers.start(3, "-I", "32m", "-m", "512");
        proxy = ProxyUnderTest.with(servers.yaml("usual") + servers.yaml("large", "item_size_max: " + 24 * MEBIBYTE));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2_000, 8_191, 8_193, 65_536, 500_000, MEBIBYTE, 10 * MEBIBYTE, 24 * MEBIBYTE})
    void aValueComesBackAsItWasStored(int size) {
        try (var client = MemcacheClient.connect(proxy.port("large"))) {
            String value = value(size);

            assertThat(client.ask("set v 1 0 " + size + "\r\n" + value + "\r\n")).isEqualTo("STORED\r\n");
            assertThat(client.ask("get v\r\n").equals("VALUE v 1 " + size + "\r\n" + value + "\r\nEND\r\n")).isTrue();
            assertThat(client.askAll("ms w " + size + " q\r\n" + value + "\r\n")).isEmpty();
            assertThat(client.ask("mg w v\r\n").equals("VA " + size + "\r\n" + value + "\r\n")).isTrue();
            assertThat(client.askAll("set x 0 0 " + size + " noreply\n" + value + "\r\n")).isEmpty();
            assertThat(client.ask("get v x nope\r\n")
                            .equals("VALUE v 1 " + size + "\r\n" + value + "\r\nVALUE x 0 " + size + "\r\n" + value
                                    + "\r\nEND\r\n"))
                    .isTrue();
        }
    }

    @Test
    void aValueAboveTheLimitIsRefusedAndLetGoBy() {
        try (var client = MemcacheClient.connect(proxy.port("usual"))) {
            String value = value(MEBIBYTE + 1);

            assertThat(client.ask("set big 0 0 " + value.length() + "\r\n" + value + "\r\n"))
                    .isEqualTo("SERVER_ERROR object too large for cache\r\n");
            assertThat(client.ask("get big\r\n")).isEqualTo("END\r\n");
        }
    }

    /// What a reader relies on: a value that could not be replaced is not there any more.
    @Test
    void aValueThatIsTooLargeLeavesNoStaleOneBehind() {
        try (var client = MemcacheClient.connect(proxy.port("usual"))) {
            String value = value(MEBIBYTE + 1);
            client.ask("set stale 0 0 3\r\nold\r\n");

            client.ask("set stale 0 0 " + value.length() + "\r\n" + value + "\r\n");

            assertThat(client.ask("get stale\r\n")).isEqualTo("END\r\n");
        }
    }

    @Test
    void aGetMayAskForTenThousandKeys() {
        try (var client = MemcacheClient.connect(proxy.port("usual"))) {
            var stored = new StringBuilder();
            var expected = new StringBuilder();
            for (int i = 0; i < 10_000; i++) {
                if (i % 3 != 0) {
                    stored.append("set many:%d 0 0 %d noreply\r\n%d\r\n".formatted(i, String.valueOf(i).length(), i));
                    expected.append("VALUE many:%d 0 %d\r\n%d\r\n".formatted(i, String.valueOf(i).length(), i));
                }
            }
            assertThat(client.askAll(stored.toString())).isEmpty();

            String keys = IntStream.range(0, 10_000).mapToObj(i -> " many:" + i).collect(Collectors.joining());

            assertThat(client.ask("get" + keys + "\r\n")).isEqualTo(expected + "END\r\n");
        }
    }

    private static String value(int size) {
        var value = new StringBuilder(size);
        for (int i = 0; value.length() < size; i++) {
            value.append(i).append("\r\n");
        }
        value.setLength(size);
        return value.toString();
    }
}
