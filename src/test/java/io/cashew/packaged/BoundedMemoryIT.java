package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process of little memory, and clients that want much of it: nobody runs out, and others are served.
@Timeout(120)
class BoundedMemoryIT {
    private static final int MEGABYTE = 1024 * 1024;

    @TempDir
    Path directory;

    private RedisServer redis;
    private PackagedCashew cashew;
    private int port;

    @BeforeEach
    void start() throws IOException {
        redis = RedisServer.start();
        port = FreePorts.next();
        Path file = Files.writeString(
                directory.resolve("nutcracker.yml"),
                """
                alpha:
                  listen: 127.0.0.1:%d
                  redis: true
                  backlog: 4096
                  servers:
                   - 127.0.0.1:%d:1 one
                """
                        .formatted(port, redis.port()));
        cashew = PackagedCashew.startWith(
                        List.of("-XX:+UseSerialGC", "-Xmx96m", "-XX:MaxDirectMemorySize=64m"),
                        directory,
                        "-c",
                        file.toString())
                .awaitReady();
    }

    @AfterEach
    void stop() {
        cashew.terminate();
        cashew.exitCode();
        cashew.close();
        redis.close();
        assertThat(cashew.output()).doesNotContain("OutOfMemory").doesNotContain("LEAK");
    }

    @Test
    void aMillionRequestsWhoseRepliesNobodyReadsWaitOutsideAndAreAllAnsweredInTheEnd() throws Exception {
        int requests = 1_000_000;
        redis.call("SET", "k", "v".repeat(100));
        try (var deaf = socket()) {
            Thread sender = Thread.ofVirtual().start(() -> send(deaf, "GET k\r\n".repeat(1000), requests / 1000));
            // It stands still when neither its requests nor their replies find room any more.
            othersAreServed();

            byte[] reply = ("$100\r\n" + "v".repeat(100) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < requests; i++) {
                assertThat(deaf.getInputStream().readNBytes(reply.length)).isEqualTo(reply);
            }
            sender.join();
        }
    }

    @Test
    void aThousandClientsThatDoNotReadAMegabyteEachDoNotHurtOthers() throws Exception {
        redis.call("SET", "big", "x".repeat(MEGABYTE));
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                Socket socket = socket();
                slow.add(socket);
                send(socket, "GET big\r\n", 1);
            }
            othersAreServed();

            int whole = 0;
            for (Socket socket : slow) {
                whole += isWhole(socket) ? 1 : 0;
            }
            // Whoever was ended for holding too much was ended cleanly; whoever was not has everything.
            assertThat(whole).isPositive();
            othersAreServed();
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void fiveThousandRequestsThatNeverEndDoNotHurtOthers() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 5000; i++) {
                Socket socket = socket();
                slow.add(socket);
                send(socket, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$500000000\r\nxxxx", 1);
            }
            othersAreServed();
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private void othersAreServed() {
        try (var client = RespClient.connect(port)) {
            for (int i = 0; i < 500; i++) {
                assertThat(client.call("SET", "other", "value " + i)).isEqualTo("+OK\r\n");
                assertThat(client.call("GET", "other")).endsWith("value " + i + "\r\n");
            }
        }
    }

    private static boolean isWhole(Socket socket) throws IOException {
        byte[] head = ("$" + MEGABYTE + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try {
            return socket.getInputStream().readNBytes(head.length + MEGABYTE + 2).length == head.length + MEGABYTE + 2;
        } catch (SocketException reset) {
            return false;
        }
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
        return socket;
    }

    private static void send(Socket socket, String bytes, int times) {
        byte[] block = bytes.getBytes(StandardCharsets.US_ASCII);
        try {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < times; i++) {
                out.write(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
