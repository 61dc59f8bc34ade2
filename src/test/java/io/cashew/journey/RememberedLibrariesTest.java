package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Functions that were loaded through the pool are given to a server that joins it.
@Timeout(60)
class RememberedLibrariesTest {
    private static final String LIBRARY = """
            #!lua name=counting
            redis.register_function('count', function(keys) return redis.call('incr', keys[1]) end)
            redis.register_function{function_name='read', callback=function(keys) return 7 end, flags={'no-writes'}}
            """;
    private static final String[] KEYS = {"a", "b", "c", "d", "e", "f", "g", "h"};
    private static final String NOT_FOUND = "-ERR Function not found\r\n";

    private RedisServers servers;
    private ProxyUnderTest proxy;
    private RespClient client;

    @BeforeEach
    void start() {
        servers = RedisServers.start(2);
        proxy = ProxyUnderTest.with(pool(1));
        client = proxy.connect("pool");
        assertThat(client.call("FUNCTION", "LOAD", LIBRARY)).isEqualTo("$8\r\ncounting\r\n");
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        servers.close();
    }

    @Test
    void aServerThatJoinsIsGivenThem() {
        join();

        for (String key : KEYS) {
            assertThat(client.call("FCALL", "count", "1", key)).isEqualTo(":1\r\n");
            assertThat(client.call("FCALL_RO", "read", "1", key)).isEqualTo(":7\r\n");
        }
        assertThat(servers.get(1).call("FUNCTION", "LIST")).contains("counting");
        assertThat(servers.get(1).size()).isPositive();
    }

    @Test
    void aServerThatHasLostThemIsNot() {
        servers.get(0).call("FUNCTION", "FLUSH");

        assertThat(client.call("FCALL", "count", "1", "a")).isEqualTo(NOT_FOUND);
    }

    @Test
    void whatIsDeletedIsNotBroughtBack() {
        client.call("FUNCTION", "DELETE", "counting");
        join();

        for (String key : KEYS) {
            assertThat(client.call("FCALL", "count", "1", key)).isEqualTo(NOT_FOUND);
        }
    }

    @Test
    void whatMayHaveBeenReplacedIsNotBroughtBack() {
        client.call("FUNCTION", "LOAD", "REPLACE", LIBRARY.replace("return 7", "return 8"));
        String other = LIBRARY.replace("counting", "other").replace("'count'", "'tally'").replace("'read'", "'see'");
        servers.get(1).call("FUNCTION", "LOAD", other);
        String dump = servers.get(1).call("FUNCTION", "DUMP");
        servers.get(1).call("FUNCTION", "FLUSH");
        String payload = dump.substring(dump.indexOf('\n') + 1, dump.length() - 2);
        assertThat(client.call("FUNCTION", "RESTORE", payload, "APPEND")).isEqualTo("+OK\r\n");
        join();
        assertThat(client.call("FCALL_RO", "read", "1", keyOfSecond())).isEqualTo(":8\r\n");

        servers.get(1).call("FUNCTION", "FLUSH");
        assertThat(client.call("FUNCTION", "RESTORE", payload, "FLUSH")).isEqualTo("+OK\r\n");
        assertThat(client.call("FCALL_RO", "see", "1", keyOfSecond())).isEqualTo(":7\r\n");
        assertThat(client.call("FCALL_RO", "read", "1", keyOfSecond())).isEqualTo(NOT_FOUND);
    }

    private void join() {
        proxy.reload(pool(2));
    }

    private String keyOfSecond() {
        for (int i = 0; ; i++) {
            client.call("SET", "key" + i, "v");
            if (servers.get(1).call("EXISTS", "key" + i).equals(":1\r\n")) {
                return "key" + i;
            }
        }
    }

    private String pool(int count) {
        String second = count == 1 ? "" : "   - 127.0.0.1:%d:1 b\n".formatted(servers.get(1).port());
        String pool = "pool:\n  listen: free\n  redis: true\n  hash: md5\n  servers:\n   - 127.0.0.1:%d:1 a\n";
        return pool.formatted(servers.get(0).port()) + second;
    }
}
