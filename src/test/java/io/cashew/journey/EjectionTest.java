package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.MemcachedServer;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.fixture.ScriptedServer;
import io.cashew.fixture.ScriptedServer.Behaviour;
import io.cashew.metrics.HealthCounters;
import io.cashew.pool.Pool;
import io.cashew.server.Server;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that go and come back, with real ones: who is asked, who is told what, and that no client pays for finding out.
///
/// With crc16 and modula the keys a0 and c0 belong to server a, b0 and d0 to server b.
@Timeout(60)
class EjectionTest {
    private static final String PING = "*1\r\n$4\r\nPING\r\n";

    private RedisServer a;
    private RedisServer b;
    private ProxyUnderTest proxy;
    private RespClient client;

    @BeforeEach
    void start() {
        a = RedisServer.start();
        b = RedisServer.start();
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            client.close();
            proxy.close();
        }
        a.close();
        b.close();
    }

    /// One failure ejects, for a tenth of a second.
    private void proxy(int portOfB, String... options) {
        proxy = ProxyUnderTest.with("""
                pool:
                  listen: free
                  redis: true
                  timeout: 300
                  hash: crc16
                  distribution: modula
                  auto_eject_hosts: true
                  server_failure_limit: 1
                  server_retry_timeout: 100
                %s
                  servers:
                   - 127.0.0.1:%d:1 a
                   - 127.0.0.1:%d:1 b
                """.formatted(String.join("\n", List.of(options).stream().map(line -> "  " + line).toList()), a.port(), portOfB)
                .replace("\n\n", "\n"));
        client = proxy.connect("pool");
    }

    private Pool pool() {
        return proxy.pool("pool");
    }

    private Server serverB() {
        return pool().servers().get(1);
    }

    private boolean ejected() {
        return pool().ejected(serverB());
    }

    private HealthCounters counted() {
        return pool().healthCounters(serverB());
    }

    @Test
    void oneClientHearsOfADeadServerAndNobodyPaysForFindingOutThatItIsStillDead() {
        proxy(b.port());
        b.kill();

        assertThat(client.call("SET", "b0", "1")).isEqualTo("-ERR Connection refused\r\n");
        while (counted().probeFailures < 3) {
            assertThat(client.call("SET", "b0", "2")).isEqualTo("+OK\r\n");
        }

        assertThat(counted().ejections).isEqualTo(1);
        assertThat(a.call("GET", "b0")).isEqualTo("$1\r\n2\r\n");
    }

    @Test
    void aServerThatAnswersAgainTakesItsKeysBack() {
        proxy(b.port());
        b.kill();
        client.call("SET", "b0", "1");
        client.call("SET", "b0", "2");
        Awaitility.await().until(() -> counted().probeFailures > 0);

        b.restart();
        Awaitility.await().until(() -> !ejected());

        assertThat(client.call("SET", "b0", "3")).isEqualTo("+OK\r\n");
        assertThat(b.call("GET", "b0")).isEqualTo("$1\r\n3\r\n");
        assertThat(counted().readmissions).isEqualTo(1);
    }

    @Test
    void aServerThatAcceptsConnectionsAndAnswersNothingStaysOut() {
        proxy(b.port());
        b.pause();

        assertThat(client.call("SET", "b0", "1")).isEqualTo("-ERR Connection timed out\r\n");
        Awaitility.await().until(() -> counted().probeFailures >= 2);
        assertThat(ejected()).isTrue();
        assertThat(client.call("SET", "b0", "2")).isEqualTo("+OK\r\n");

        b.resume();
        Awaitility.await().until(() -> !ejected());
        assertThat(client.call("SET", "b0", "3")).isEqualTo("+OK\r\n");
        assertThat(b.call("GET", "b0")).isEqualTo("$1\r\n3\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-LOADING the dataset\r\n", "-ERR max number of clients reached\r\n", "nonsense\r\n"})
    void aServerThatSaysItCannotServeStaysOut(String answer) {
        try (var scripted = ScriptedServer.that(Behaviour.closes())) {
            proxy(scripted.port());
            client.call("SET", "b0", "1");
            scripted.takeReceived();
            scripted.now(Behaviour.replies(answer));

            Awaitility.await().until(() -> counted().probeFailures >= 2);
            client.call("SET", "b0", "2");

            assertThat(ejected()).isTrue();
            assertThat(scripted.takeReceived().replace(PING, "")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+PONG\r\n", "-NOAUTH Authentication required.\r\n", "-NOPERM no ping\r\n", "-MISCONF disk\r\n"})
    void aServerThatIsThereIsLetIn(String answer) {
        try (var scripted = ScriptedServer.that(Behaviour.closes())) {
            proxy(scripted.port());
            client.call("SET", "b0", "1");
            assertThat(ejected()).isTrue();
            scripted.now(Behaviour.replies(answer));

            Awaitility.await().until(() -> !ejected());
        }
    }

    @Test
    void withoutProbesARequestFindsOutAsWithTwemproxy() {
        proxy(b.port(), "server_probe: false");
        b.kill();

        client.call("SET", "b0", "1");
        Awaitility.await().until(() -> client.call("SET", "b0", "2").equals("-ERR Connection refused\r\n"));

        assertThat(counted().ejections).isEqualTo(2);
        assertThat(counted().flaps).isEqualTo(1);
        assertThat(counted().probes).isZero();
    }

    @Test
    void keysThatStayFailAtOnceAndAreAnsweredByTheirOwnServerOnly() {
        proxy(b.port(), "eject_mode: fail-fast");
        client.call("SET", "b0", "before");
        client.call("SET", "a0", "a");
        b.pause();
        assertThat(client.call("GET", "b0")).isEqualTo("-ERR Connection timed out\r\n");

        String error = "-ERR server is ejected; its keys are served again when it is back\r\n";
        long start = System.nanoTime();
        assertThat(client.pipeline(List.of(
                        words("GET b0"), words("SET d0 elsewhere"), words("GET a0"), words("MGET a0 b0"), words("DEL a0 b0"),
                        words("MGET a0 c0"))))
                .containsExactly(error, error, "$1\r\na\r\n", error, error, "*2\r\n$1\r\na\r\n$-1\r\n");
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(250));
        assertThat(a.size()).isEqualTo(1);

        b.resume();
        Awaitility.await().until(() -> !ejected());
        assertThat(client.call("GET", "b0")).isEqualTo("$6\r\nbefore\r\n");
        assertThat(a.size()).isEqualTo(1);
    }

    @Test
    void keysOfTheOnlyServerStayToo() {
        proxy = ProxyUnderTest.with("""
                pool:
                  listen: free
                  redis: true
                  auto_eject_hosts: true
                  server_failure_limit: 1
                  eject_mode: fail-fast
                  servers:
                   - 127.0.0.1:%d:1 b
                """.formatted(b.port()));
        client = proxy.connect("pool");
        b.kill();
        client.call("GET", "k");

        assertThat(client.call("GET", "k")).startsWith("-ERR server is ejected");
    }

    @Test
    void aServerThatIsProbedWhileItLivesIsEjectedBeforeARequestFails() {
        proxy(b.port(), "server_probe_interval: 20", "server_probe_failures: 2");
        Awaitility.await().until(() -> counted().probes >= 3);
        assertThat(counted().probeFailures).isZero();

        b.kill();
        Awaitility.await().until(this::ejected);

        assertThat(counted().probeFailures).isGreaterThanOrEqualTo(2);
        assertThat(pool().counters(serverB()).requests).isZero();
        assertThat(client.call("SET", "b0", "1")).isEqualTo("+OK\r\n");
        b.restart();
        Awaitility.await().until(() -> !ejected());
    }

    @Test
    void aPoolProbesOnceWhateverItsNumberOfWorkers() {
        try (var scripted = ScriptedServer.that(Behaviour.replies("+PONG\r\n"))) {
            proxy(scripted.port(), "server_probe_interval: 3600000");
            Awaitility.await().until(() -> counted().probes == 1 && scripted.connected() == 0);

            assertThat(pool().healthCounters(pool().servers().getFirst()).probes).isEqualTo(1);
            assertThat(scripted.takeReceived()).isEqualTo(PING);
            assertThat(scripted.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aProbeIsGreetedAsARequestIs() {
        var locked = RedisServer.builder().password("sesame").start();
        try (locked) {
            proxy = ProxyUnderTest.with("""
                    pool:
                      listen: free
                      redis: true
                      redis_auth: wrong
                      auto_eject_hosts: true
                      server_retry_timeout: 50
                      server_probe_interval: 20
                      servers:
                       - 127.0.0.1:%d:1 a
                       - 127.0.0.1:%d:1 b
                    """.formatted(a.port(), locked.port()));
            client = proxy.connect("pool");

            Awaitility.await().until(() -> ejected() && counted().probeFailures > 4);

            assertThat(counted().readmissions).isZero();
        }
    }

    @Test
    void aRestartThatEndsTheConnectionsOfAllWorkersIsOneFailure() {
        proxy = ProxyUnderTest.with("""
                pool:
                  listen: free
                  redis: true
                  hash: crc16
                  distribution: modula
                  preconnect: true
                  auto_eject_hosts: true
                  server_failure_limit: 2
                  servers:
                   - 127.0.0.1:%d:1 a
                   - 127.0.0.1:%d:1 b
                """.formatted(a.port(), b.port()));
        client = proxy.connect("pool");
        Awaitility.await().until(() -> pool().counters(serverB()).connections == 2);

        b.kill();
        Awaitility.await().until(() -> pool().counters(serverB()).connections == 0);

        assertThat(ejected()).isFalse();
        assertThat(client.call("GET", "b0")).isEqualTo("-ERR Connection refused\r\n");
        assertThat(ejected()).isTrue();
    }

    @Test
    void aPoolThatEndsLeavesNoProbeBehind() {
        try (var scripted = ScriptedServer.that(Behaviour.keepsSilent())) {
            proxy(scripted.port(), "server_probe_interval: 10", "server_probe_timeout: 60000");
            Awaitility.await().until(() -> scripted.takeReceived().contains(PING));

            client.close();
            proxy.close();
            proxy = null;

            Awaitility.await().until(() -> scripted.connected() == 0);
        }
    }

    @Test
    void aMemcachedServerIsAskedForItsVersion() {
        try (var memcached = MemcachedServer.start();
                var scripted = ScriptedServer.that(Behaviour.closes())) {
            proxy = ProxyUnderTest.with("""
                    pool:
                      listen: free
                      hash: crc16
                      distribution: modula
                      auto_eject_hosts: true
                      server_failure_limit: 1
                      server_retry_timeout: 50
                      server_probe_interval: 20
                      servers:
                       - 127.0.0.1:%d:1 a
                       - 127.0.0.1:%d:1 b
                    """.formatted(memcached.port(), scripted.port()));
            client = proxy.connect("pool");
            Awaitility.await().until(() -> ejected() && counted().probeFailures > 3);
            assertThat(pool().healthCounters(pool().servers().getFirst()).probeFailures).isZero();

            scripted.now(Behaviour.replies("VERSION 1.6.18\r\n"));
            Awaitility.await().until(() -> !ejected());

            assertThat(scripted.takeReceived().replace("version\r\n", "")).isEmpty();
        }
    }

    private static String[] words(String command) {
        return command.split(" ");
    }
}
