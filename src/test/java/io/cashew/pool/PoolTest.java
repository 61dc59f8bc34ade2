package io.cashew.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cashew.client.Admission;
import io.cashew.config.NutcrackerFile;
import io.cashew.config.PoolConfig;
import io.cashew.config.Reading;
import io.cashew.fixture.FreePorts;
import io.cashew.fixture.LimitsOf;
import io.cashew.protocol.Failure;
import io.cashew.server.Resolver;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true));
    private final List<Context> contexts = new ArrayList<>();

    @TempDir
    Path directory;

    private ServerSocket silent;
    private int port;
    private Pool pool;

    @BeforeEach
    void start() throws Exception {
        // Takes connections and never answers.
        silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        port = FreePorts.next();
        String server = "127.0.0.1:" + silent.getLocalPort();
        Path file = directory.resolve("nutcracker.yml");
        Files.writeString(file, """
                pool:
                  listen: 127.0.0.1:%d
                  redis: true
                  auto_eject_hosts: true
                  server_failure_limit: 1
                  servers:
                    - %s:1 one
                    - %s:1 two
                    - %s:1 three
                """.formatted(port, server, server, server));
        contexts.add(((VertxInternal) vertx).createEventLoopContext());
        contexts.add(((VertxInternal) vertx).createEventLoopContext());
        pool = new Pool(vertx, config(file), LimitsOf.nothing(), Admission.ofProcess(1000), Resolver.SYSTEM,
                new TlsEntries(vertx, name -> Optional.empty()));
        done(pool.start(contexts));
    }

    @AfterEach
    void stop() throws Exception {
        done(pool.stop(0, 0));
        done(vertx.close());
        silent.close();
    }

    /// A worker that ejects a server itself may still have another's ejection in its queue; the last word counts.
    @Test
    void everyWorkerEndsWithTheLastRouter() throws Exception {
        var busy = new CountDownLatch(1);
        var ejectedElsewhere = new CountDownLatch(1);
        contexts.get(1).runOnContext(ignored -> {
            busy.countDown();
            try {
                ejectedElsewhere.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            fail(1);
            fail(2);
        });
        busy.await(10, TimeUnit.SECONDS);
        fail(0);
        ejectedElsewhere.countDown();
        await().until(() -> pool.back().health().ejected(2));

        for (int client = 0; client < 4; client++) {
            try (var socket = connect()) {
                assertThat(answer(socket, "GET key\r\n")).isEqualTo("-ERR Connection refused");
            }
        }
    }

    @Test
    void aPoolThatDrainsTakesNoNewClients() throws Exception {
        try (var waiting = connect()) {
            waiting.getOutputStream().write("GET key\r\n".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> pool.servers().stream().anyMatch(server -> pool.pending(server) > 0));

            Future<Void> stopped = pool.stop(0, TimeUnit.SECONDS.toNanos(1));

            await().untilAsserted(() -> assertThatThrownBy(() -> connect().close()).isInstanceOf(ConnectException.class));
            assertThat(stopped.isComplete()).isFalse();
            done(stopped);
            assertThat(pool.state()).isEqualTo(Pool.State.STOPPED);
        }
    }

    private void fail(int server) {
        pool.back().health().failed(server, 0, pool.back().health().opened(server, 0), Failure.SERVER_CLOSED, System.nanoTime());
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(500);
        return socket;
    }

    private static String answer(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var line = new StringBuilder();
        for (int b = socket.getInputStream().read(); b >= 0 && b != '\r'; b = socket.getInputStream().read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    private static PoolConfig config(Path file) throws IOException {
        return switch (NutcrackerFile.read(file)) {
            case Reading.Accepted accepted -> accepted.pools().getFirst();
            case Reading.Refused refused -> throw new AssertionError(refused.problems().toString());
        };
    }

    private static void done(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
