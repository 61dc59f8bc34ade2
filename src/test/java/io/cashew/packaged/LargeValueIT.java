package io.cashew.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A value of 64 MiB in a process whose heap has no room for it, on the one worker that everybody shares.
@Timeout(120)
class LargeValueIT {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final int MEBIBYTES = 64;
    private static final int SIZE = MEBIBYTES * MEBIBYTE;

    @TempDir
    Path directory;

    private MemcachedServer memcached;
    private PackagedCashew cashew;
    private int port;

    @BeforeEach
    void start() throws IOException {
        memcached = MemcachedServer.start("-I", "65m", "-m", "1024");
        port = FreePorts.next();
        Path file = Files.writeString(
                directory.resolve("nutcracker.yml"),
                """
                alpha:
                  listen: 127.0.0.1:%d
                  item_size_max: %d
                  servers:
                   - 127.0.0.1:%d:1 one
                """
                        .formatted(port, SIZE, memcached.port()));
        cashew = PackagedCashew.startWith(
                        List.of("-XX:+UseSerialGC", "-Xmx96m", "-XX:MaxDirectMemorySize=256m", "-Dcashew.workers=1"),
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
        memcached.close();
        assertThat(cashew.output()).doesNotContain("OutOfMemory").doesNotContain("LEAK");
    }

    @Test
    void itComesAndGoesWhileOthersAreAnswered() throws Exception {
        var over = new AtomicBoolean();
        var answers = new AtomicLong();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
            var neighbour = threads.submit(() -> askUntil(over, answers));
            try {
                store(socket, answers);
                for (int i = 0; i < 3; i++) {
                    fetch(socket, answers);
                }
            } finally {
                over.set(true);
            }
            neighbour.get();
        }
    }

    private static void store(Socket socket, AtomicLong answers) throws IOException {
        send(socket, "set big 7 0 " + SIZE + "\r\n");
        for (int i = 0; i < MEBIBYTES; i++) {
            socket.getOutputStream().write(mebibyte(i));
            awaitProgress(answers);
        }
        send(socket, "\r\n");
        assertThat(text(socket.getInputStream().readNBytes(8))).isEqualTo("STORED\r\n");
    }

    private static void fetch(Socket socket, AtomicLong answers) throws IOException {
        send(socket, "get big\r\n");
        InputStream in = new BufferedInputStream(socket.getInputStream());
        String head = "VALUE big 7 " + SIZE + "\r\n";
        assertThat(text(in.readNBytes(head.length()))).isEqualTo(head);
        for (int i = 0; i < MEBIBYTES; i++) {
            assertThat(in.readNBytes(MEBIBYTE)).as("number %d", i).isEqualTo(mebibyte(i));
            awaitProgress(answers);
        }
        assertThat(text(in.readNBytes(7))).isEqualTo("\r\nEND\r\n");
    }

    /// Waits until the neighbour has had one more answer, and that to a request that it sent meanwhile.
    private static void awaitProgress(AtomicLong answers) {
        long before = answers.get();
        Awaitility.await("answers to another client")
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> answers.get() > before + 1);
    }

    private Void askUntil(AtomicBoolean over, AtomicLong answers) {
        try (var client = MemcacheClient.connect(port)) {
            for (long i = 0; !over.get(); i = answers.incrementAndGet()) {
                String value = "value " + i;
                assertThat(client.ask("set small 0 0 %d\r\n%s\r\n".formatted(value.length(), value)))
                        .isEqualTo("STORED\r\n");
                assertThat(client.ask("get small\r\n"))
                        .isEqualTo("VALUE small 0 %d\r\n%s\r\nEND\r\n".formatted(value.length(), value));
            }
        }
        return null;
    }

    /// Bytes of every kind, which differ from one number to the next.
    private static byte[] mebibyte(int number) {
        byte[] bytes = new byte[MEBIBYTE];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
