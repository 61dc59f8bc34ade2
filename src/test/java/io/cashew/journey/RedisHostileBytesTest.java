package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.Language;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisHostileBytesTest extends HostileBytesSuite {
    RedisHostileBytesTest() {
        super(Language.REDIS);
    }

    @Override
    List<String> requests() {
        return List.of(
                "*1\r\n$4\r\nPING\r\n",
                "*2\r\n$3\r\nGET\r\n$6\r\nfuzz:a\r\n",
                "*3\r\n$3\r\nSET\r\n$6\r\nfuzz:a\r\n$5\r\nvalue\r\n",
                "*4\r\n$4\r\nMGET\r\n$6\r\nfuzz:a\r\n$6\r\nfuzz:b\r\n$6\r\nfuzz:c\r\n",
                "*5\r\n$4\r\nMSET\r\n$6\r\nfuzz:a\r\n$1\r\n1\r\n$6\r\nfuzz:b\r\n$1\r\n2\r\n",
                "*4\r\n$3\r\nDEL\r\n$6\r\nfuzz:a\r\n$6\r\nfuzz:b\r\n$6\r\nfuzz:c\r\n",
                "*4\r\n$5\r\nRPUSH\r\n$6\r\nfuzz:l\r\n$1\r\n1\r\n$1\r\n2\r\n",
                "*4\r\n$6\r\nLRANGE\r\n$6\r\nfuzz:l\r\n$1\r\n0\r\n$2\r\n-1\r\n",
                "*4\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n$1\r\n1\r\n$6\r\nfuzz:a\r\n",
                "*3\r\n$6\r\nOBJECT\r\n$8\r\nENCODING\r\n$6\r\nfuzz:a\r\n",
                "*2\r\n$7\r\nCOMMAND\r\n$5\r\nCOUNT\r\n",
                "SET fuzz:a \"quoted \\x41 value\"\r\n",
                "ECHO 'single'\r\n",
                "\r\n");
    }

    @Override
    List<String> hugeClaims() {
        return List.of(
                "*2147483647\r\n",
                "*1000000\r\n$3\r\nGET\r\n",
                "*2\r\n$3\r\nGET\r\n$536870912\r\nab",
                "*2\r\n$400000000\r\nab",
                "*1000000\r\n$4\r\nMGET\r\n$500000000\r\n");
    }

    /// Claims that Redis's limits forbid, with nothing behind them.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*2147483648\\r\\n",
                "*99999999999999999999\\r\\n",
                "*1\\r\\n$99999999999\\r\\n",
                "*1\\r\\n$536870913\\r\\n",
                "*1\\r\\n$9223372036854775808\\r\\n",
                "*1\\r\\n$-1\\r\\n",
                "*1\\r\\n$-2147483649\\r\\n",
                "*1\\r\\n*1\\r\\n$4\\r\\nPING\\r\\n",
                "*1\\r\\n:1\\r\\n",
                "*1\\r\\n$\\r\\n",
                "*a\\r\\n",
                "*1\\r\\n$1a\\r\\n"
            })
    void impossibleClaimsGetOneProtocolErrorBehindEarlierRepliesAndAClose(String claim) {
        try (var client = proxy.connect("pool")) {
            client.send("PING\r\n" + Escapes.decode(claim));

            assertThat(client.untilClosed()).matches("\\+PONG\r\n-ERR Protocol error[^\r\n]*\r\n");
        }
    }
}
