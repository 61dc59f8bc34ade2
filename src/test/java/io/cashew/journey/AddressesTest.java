package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The kinds of addresses a pool can listen on and reach its servers at.
@Timeout(30)
class AddressesTest {
    private static RedisServer server;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aPoolListensOnAUnixSocketWithThePermissionsItIsGiven() throws IOException {
        Path socket = folder.resolve("pool.sock");

        try (var proxy = ProxyUnderTest.with(pool(socket + " 0660", "127.0.0.1"))) {
            assertThat(pingThrough(socket)).isEqualTo("+PONG\r\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-rw----");
        }
    }

    @Test
    void aSocketLeftBehindIsReplaced() throws IOException {
        Path socket = folder.resolve("left.sock");
        try (var left = java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(socket));
        }

        try (var proxy = ProxyUnderTest.with(pool(socket.toString(), "127.0.0.1"))) {
            assertThat(pingThrough(socket)).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void aFileThatIsNotASocketIsNotRemoved() throws IOException {
        Path file = Files.writeString(folder.resolve("precious"), "data");

        assertThatThrownBy(() -> ProxyUnderTest.with(pool(file.toString(), "127.0.0.1")).close())
                .hasMessageContaining("precious")
                .hasMessageContaining("not a socket");

        assertThat(file).hasContent("data");
    }

    @Test
    void aServerIsReachedByItsHostName() {
        try (var proxy = ProxyUnderTest.with(pool("free", "localhost")); var client = proxy.connect("pool")) {
            assertThat(client.call("SET", "k", "by name")).isEqualTo("+OK\r\n");
        }
        assertThat(server.call("GET", "k")).isEqualTo("$7\r\nby name\r\n");
    }

    @Test
    void twoPoolsOnOneAddressAreRefusedByName() {
        try (var first = ProxyUnderTest.with(pool("free", "127.0.0.1"))) {
            String taken = "127.0.0.1:" + first.port("pool");

            assertThatThrownBy(() -> ProxyUnderTest.with(pool(taken, "127.0.0.1")).close())
                    .hasMessageContaining("pool 'pool'")
                    .hasMessageContaining(taken);
        }
    }

    private static String pool(String listen, String host) {
        return """
                pool:
                  listen: %s
                  redis: true
                  servers:
                   - %s:%d:1 only
                """
                .formatted(listen, host, server.port());
    }

    private static String pingThrough(Path socket) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap("PING\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer reply = ByteBuffer.allocate(64);
            while (reply.position() < 7 && channel.read(reply) >= 0) {}
            return new String(reply.array(), 0, reply.position(), StandardCharsets.US_ASCII);
        }
    }
}
