package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServer;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.pool.Pool;
import io.cashew.protocol.CloseCause;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who speaks another language is told so once and sent away, counted by what it speaks, and no server hears of it; who only
/// looks like it is served.
@Timeout(30)
class WrongDoorTest {
    private static final String TLS = "\\x16\\x03\\x01\\x00\\x10\\x01\\x00\\x00\\x0c";
    private static final String SSH = "SSH-2.0-OpenSSH_9.2p1\\r\\n";
    private static final String PROXY_V1 = "PROXY TCP4 10.0.0.9 10.0.0.1 4711 22121\\r\\nPING\\r\\n";
    private static final String PROXY_V2 =
            "\\r\\n\\r\\n\\x00\\r\\nQUIT\\n\\x21\\x11\\x00\\x0c\\x0a\\x00\\x00\\x09\\x0a\\x00\\x00\\x01\\x12\\x67\\x56\\x69";
    private static final String BINARY =
            "\\x80\\x0a\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00";

    private static RedisServer redis;
    private static MemcachedServer memcached;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        memcached = MemcachedServer.start();
        proxy = ProxyUnderTest.with(
                """
                redis:
                  listen: free
                  redis: true
                  servers:
                   - 127.0.0.1:%d:1 only
                memcached:
                  listen: free
                  servers:
                   - 127.0.0.1:%d:1 only
                """
                        .formatted(redis.port(), memcached.port()));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        memcached.close();
        redis.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "HTTP            | GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\nSET smuggled 1\\r\\n | -ERR this port speaks Redis, not HTTP",
        "HTTP            | POST / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\nSET smuggled 1\\r\\n | -ERR this port speaks Redis, not HTTP",
        "HTTP            | PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n | -ERR this port speaks Redis, not HTTP",
        "TLS             | " + TLS + " | -ERR this port speaks Redis, not TLS",
        "SSH             | " + SSH + " | -ERR this port speaks Redis, not SSH",
        "PROXY_PROTOCOL  | " + PROXY_V1 + " | -ERR this port speaks Redis, not the PROXY protocol",
        "PROXY_PROTOCOL  | " + PROXY_V2 + " | -ERR this port speaks Redis, not the PROXY protocol",
        "MEMCACHE_BINARY | " + BINARY + " | ''",
        "MEMCACHE        | version\\r\\n | CLIENT_ERROR this port speaks Redis, not memcached's protocol",
        "MEMCACHE        | stats\\r\\n | CLIENT_ERROR this port speaks Redis, not memcached's protocol",
        "MEMCACHE        | gets a b\\r\\n | CLIENT_ERROR this port speaks Redis, not memcached's protocol",
        "MEMCACHE        | mg k v\\r\\n | CLIENT_ERROR this port speaks Redis, not memcached's protocol",
        "MEMCACHE        | mn\\r\\n | CLIENT_ERROR this port speaks Redis, not memcached's protocol",
        "MEMCACHE        | set k 0 0 14\\r\\nSET smuggled 1\\r\\n | CLIENT_ERROR this port speaks Redis, not memcached's protocol",
        "MEMCACHE        | append k 0 0 1 noreply\\r\\na\\r\\n | CLIENT_ERROR this port speaks Redis, not memcached's protocol",
        "MEMCACHE        | cas k 0 0 1 7\\r\\na\\r\\n | CLIENT_ERROR this port speaks Redis, not memcached's protocol",
    })
    void aRedisPoolSendsAway(CloseCause cause, String said, String answer) {
        isSentAway("redis", cause, said, answer);

        assertThat(redis.call("EXISTS", "smuggled")).isEqualTo(":0\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "HTTP            | GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\nmn\\r\\n | CLIENT_ERROR this port speaks memcached's text protocol, not HTTP",
        "TLS             | " + TLS + " | CLIENT_ERROR this port speaks memcached's text protocol, not TLS",
        "SSH             | " + SSH + " | CLIENT_ERROR this port speaks memcached's text protocol, not SSH",
        "PROXY_PROTOCOL  | " + PROXY_V1 + " | CLIENT_ERROR this port speaks memcached's text protocol, not the PROXY protocol",
        "PROXY_PROTOCOL  | " + PROXY_V2 + " | CLIENT_ERROR this port speaks memcached's text protocol, not the PROXY protocol",
        "MEMCACHE_BINARY | " + BINARY + " | ''",
        "REDIS           | *1\\r\\n$4\\r\\nPING\\r\\n | -ERR this port speaks memcached's text protocol, not Redis",
        "REDIS           | *3\\r\\n$3\\r\\nSET\\r\\n$1\\r\\nk\\r\\n$9\\r\\nflush_all\\r\\n | -ERR this port speaks memcached's text protocol, not Redis",
        "REDIS           | PING\\r\\n | -ERR this port speaks memcached's text protocol, not Redis",
        "REDIS           | AUTH sekret\\r\\n | -ERR this port speaks memcached's text protocol, not Redis",
    })
    void aMemcachedPoolSendsAway(CloseCause cause, String said, String answer) {
        isSentAway("memcached", cause, said, answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "PING", "ping", "INFO", "SET k HTTP/1.1", "set k 0", "SET k 0 EX 10", "GET GET", "append k 5", "touch a 0", "incr n",
        "DEL SSH-2.0", "ECHO PROXY", "decr n", "QUIT"
    })
    void aRedisPoolServesInlineCommands(String line) {
        redis.call("DEL", "k", "n");
        long before = sentAway("redis");
        try (var client = proxy.connect("redis")) {
            assertThat(client.send(line + "\r\n").reply()).doesNotStartWith("-");
        }
        assertThat(sentAway("redis")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SHUTDOWN NOSAVE", "GET a b", "SET k 0 0 x", "PROXY", "nosuchcommand", "VERSION", "host k", "GET / HTTP", "replace k v"
    })
    void whatMayBeAMistakeIsToldSoAndMayTryAgain(String line) {
        long before = sentAway("redis");
        try (var client = proxy.connect("redis")) {
            assertThat(client.send(line + "\r\n").reply()).startsWith("-ERR ");
            assertThat(client.send("PING\r\n").reply()).isEqualTo("+PONG\r\n");
        }
        assertThat(sentAway("redis")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "get k", "gets k", "gat 0 k", "gats 0 k", "delete k", "incr k 1", "decr k 1", "touch k 0", "mg k v", "md k", "ma k", "me k",
        "version", "verbosity 1", "stats", "cache_memlimit 1", "set k 0 0 1\\r\\na", "add k 0 0 1\\r\\na",
        "replace k 0 0 1\\r\\na", "append k 0 0 1\\r\\na", "prepend k 0 0 1\\r\\na", "cas k 0 0 1 7\\r\\na", "ms k 1\\r\\na", "",
        "GET k", "*", "*k", "nosuchcommand"
    })
    void aMemcachedPoolAnswersWhateverMayBeMeantForIt(String line) {
        long before = sentAway("memcached");
        try (var client = MemcacheClient.connect(proxy.port("memcached"))) {
            assertThat(client.askAll(Escapes.decode(line) + "\r\n")).isNotEmpty();
        }
        assertThat(sentAway("memcached")).isEqualTo(before);
    }

    private static void isSentAway(String name, CloseCause cause, String said, String answer) {
        Pool pool = proxy.pool(name);
        long before = pool.closed(cause);
        long served = pool.counters(pool.servers().getFirst()).requests;
        try (var client = proxy.connect(name)) {
            assertThat(client.send(RespClient.bytes(Escapes.decode(said))).untilClosed())
                    .isEqualTo(answer.isEmpty() ? "" : answer + "\r\n");
        }
        assertThat(pool.closed(cause)).isEqualTo(before + 1);
        assertThat(pool.counters(pool.servers().getFirst()).requests).as("requests of the server").isEqualTo(served);
    }

    private static long sentAway(String name) {
        return Arrays.stream(CloseCause.values()).mapToLong(proxy.pool(name)::closed).sum();
    }
}
