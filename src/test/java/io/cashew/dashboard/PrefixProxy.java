package io.cashew.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A reverse proxy that shows a server below [#PREFIX], and nothing beside it, as an ingress does. It tells the server nothing of
/// that.
final class PrefixProxy implements AutoCloseable {
    static final String PREFIX = "/ops/cashew/";

    /// Between two stations only, or set by the client itself.
    private static final Set<String> NOT_FORWARDED = Set.of("connection", "host", "content-length", "transfer-encoding", "upgrade");

    private final int serverPort;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger requests = new AtomicInteger();
    private int port;
    private HttpServer listener;

    private PrefixProxy(int serverPort) {
        this.serverPort = serverPort;
        listen();
    }

    static PrefixProxy to(int serverPort) {
        return new PrefixProxy(serverPort);
    }

    String url() {
        return "http://127.0.0.1:" + port + PREFIX;
    }

    /// How many requests there have been so far.
    int requests() {
        return requests.get();
    }

    /// Refuses connections from now on, and ends those there are.
    void refuse() {
        listener.stop(0);
    }

    /// Listens, at the same port as before.
    void listen() {
        try {
            listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = listener.getAddress().getPort();
        listener.setExecutor(executor);
        listener.createContext(PREFIX, this::forward);
        listener.start();
    }

    private void forward(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        String path = exchange.getRequestURI().toString().substring(PREFIX.length() - 1);
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serverPort + path))
                .method(exchange.getRequestMethod(), BodyPublishers.noBody());
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_FORWARDED.contains(name.toLowerCase())) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try (exchange) {
            var response = client.send(request.build(), BodyHandlers.ofInputStream());
            response.headers().map().forEach((name, values) -> {
                if (!NOT_FORWARDED.contains(name.toLowerCase())) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            long length = response.headers().firstValueAsLong("content-length").orElse(0);
            exchange.sendResponseHeaders(response.statusCode(), response.statusCode() == 304 ? -1 : length);
            try (InputStream in = response.body(); OutputStream out = exchange.getResponseBody()) {
                pass(in, out);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// At once, not when a buffer is full: events have to be seen when they happen.
    private static void pass(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[8192];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            out.write(buffer, 0, length);
            out.flush();
        }
    }

    @Override
    public void close() {
        refuse();
        client.shutdownNow();
        executor.shutdownNow();
    }
}
