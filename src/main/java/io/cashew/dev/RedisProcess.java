package io.cashew.dev;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One redis-server on a free loopback port. It keeps nothing, and it does not outlive this process, however that ends.
///
/// ```
///   Cashew ──standard input──▶ sh ──▶ redis-server
/// ```
///
/// The shell waits for the end of its input, which comes when we close the pipe or when the system does because we are
/// gone, and then ends the server.
final class RedisProcess {
    private static final String LIFELINE = "\"$@\" & read -r nothing; kill $!; wait $!";
    private static final long PATIENCE_MILLIS = 10_000;

    private final int port;
    private final Path log;
    private final Process shell;

    private RedisProcess(int port, Path log, Process shell) {
        this.port = port;
        this.log = log;
        this.shell = shell;
    }

    /// Starts `binary`, which works and logs in `directory`; returns when it answers.
    static RedisProcess start(Path binary, Path directory) throws IOException {
        int port = freePort();
        Path log = directory.resolve("redis-server.log");
        List<String> command = new ArrayList<>(List.of("sh", "-c", LIFELINE, "sh", binary.toString()));
        command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
        command.addAll(List.of("--save", "", "--appendonly", "no"));
        Process shell = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        RedisProcess server = new RedisProcess(port, log, shell);
        server.awaitReady();
        return server;
    }

    int port() {
        return port;
    }

    private void awaitReady() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!answers()) {
            if (System.nanoTime() - deadline > 0 || interrupted()) {
                stop();
                throw new IOException("redis-server on port " + port + " does not answer:\n" + Files.readString(log));
            }
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream replies = socket.getInputStream();
            return replies.read() == '+';
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean interrupted() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Returns when the server is gone.
    void stop() {
        try {
            shell.getOutputStream().close();
            if (shell.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (IOException alreadyClosed) {
            // The shell is gone, or will be killed below.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
