package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.fixture.FarMachine;
import io.cashew.fixture.FreePorts;
import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.metrics.ServerCounters;
import io.cashew.pool.Pool;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients and servers that are gone without a word.
@Timeout(60)
class VanishedPeerTest {
    private static final LimitsConfig SOON = LimitsOf.written("vanished", "4s");

    private final int port = FreePorts.next();

    @Test
    void clientsAndServersAreWatched() {
        try (var server = RedisServer.start();
                var proxy = ProxyUnderTest.with(pool("free", "127.0.0.1", server.port(), "timeout: 400"));
                var client = proxy.connect("far")) {
            client.call("PING");
            client.call("GET", "k");

            List<EpollSocketChannel> channels = connections(proxy);

            assertThat(channels).hasSize(2)
                    .allMatch(channel -> channel.config().isKeepAlive())
                    .allMatch(channel -> channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE) == 30);
            assertThat(channels).filteredOn(channel -> channel.remoteAddress().getPort() == server.port())
                    .extracting(channel -> channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT))
                    .containsExactly(60_000);
            assertThat(channels).filteredOn(channel -> channel.localAddress().getPort() == proxy.port("far"))
                    .extracting(channel -> channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT))
                    .containsExactly(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutATimeOfOursTheKeyOfTwemproxyDecides(boolean keepAlive) {
        var none = LimitsOf.written("vanished", "0s");
        try (var server = RedisServer.start();
                var proxy = ProxyUnderTest.with(pool("free", "127.0.0.1", server.port(), "tcpkeepalive: " + keepAlive), none);
                var client = proxy.connect("far")) {
            client.call("GET", "k");

            assertThat(connections(proxy)).hasSize(2)
                    .allMatch(channel -> channel.config().isKeepAlive() == keepAlive)
                    .allMatch(channel -> channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT) == 0);
        }
    }

    @Test
    void aServerThatVanishesFailsWhatWaitsForItAlsoWithoutATimeout() {
        try (var machine = farMachine(); var proxy = proxyTo(machine)) {
            try (var client = RespClient.connect(machine.nearAddress(), port)) {
                assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");

                machine.vanish();

                assertThat(client.call("GET", "k")).startsWith("-ERR ");
                assertThat(failures(proxy.pool("far"))).isEqualTo(1);
            }
        }
    }

    @Test
    void clientsAndServersThatVanishWhileNothingIsSaidAreForgotten() {
        try (var machine = farMachine(); var proxy = proxyTo(machine)) {
            Pool pool = proxy.pool("far");
            machine.run("bash", "bash", "-c", "exec 3<>/dev/tcp/" + machine.nearAddress() + "/" + port + "; exec sleep 60");
            try (var client = RespClient.connect(machine.nearAddress(), port)) {
                assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");
                await().until(() -> pool.clients() == 2);

                machine.vanish();

                await().until(() -> pool.clients() == 1 && counted(pool).connections == 0);
                assertThat(failures(pool)).isEqualTo(1);
                assertThat(pool.counters().clientErrors).isEqualTo(1);
                assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
            }
        }
    }

    private static FarMachine farMachine() {
        var machine = FarMachine.connect();
        assumeTrue(machine.isPresent(), "no network of one's own without the rights of an administrator");
        return machine.get();
    }

    /// A proxy that listens where `machine` reaches it, with a server there that is up.
    private ProxyUnderTest proxyTo(FarMachine machine) {
        int server = FreePorts.next();
        machine.run("redis-server", "redis-server", "--bind", machine.address(), "--port", String.valueOf(server),
                "--protected-mode", "no", "--save", "");
        await().ignoreExceptions().until(() -> {
            try (var direct = RespClient.connect(machine.address(), server)) {
                return direct.call("PING").equals("+PONG\r\n");
            }
        });
        return ProxyUnderTest.with(pool(machine.nearAddress() + ":" + port, machine.address(), server, "timeout: 0"), SOON);
    }

    private static String pool(String listen, String host, int port, String option) {
        return """
                far:
                  listen: %s
                  redis: true
                  %s
                  servers:
                   - %s:%d:1 one
                """.formatted(listen, option, host, port);
    }

    private static List<EpollSocketChannel> connections(ProxyUnderTest proxy) {
        return proxy.channels().stream()
                .filter(EpollSocketChannel.class::isInstance)
                .map(EpollSocketChannel.class::cast)
                .toList();
    }

    private static ServerCounters counted(Pool pool) {
        return pool.counters(pool.servers().getFirst());
    }

    private static long failures(Pool pool) {
        return counted(pool).errors + counted(pool).timeouts;
    }
}
