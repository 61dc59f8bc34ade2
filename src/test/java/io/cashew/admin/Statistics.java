package io.cashew.admin;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Reads a statistics port as collectors do.
final class Statistics {
    private static final List<String> OF_PROCESS = List.of("total_connections", "curr_connections", "timestamp");
    private static final Set<String> OF_POOL =
            Set.of("client_connections", "forward_error", "client_err", "server_ejects", "fragments", "client_eof");

    private Statistics() {}

    /// Everything there is to read at `port` of this machine until it is closed; nothing is said.
    static String read(int port) {
        return read(port, "");
    }

    /// The same after having said `request`.
    static String read(int port, String request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What Telegraf's input `twemproxy` makes of a document by its README, told to collect `pool`: a few figures of the process
    /// and of the pool by name; every object in the pool is a server, every number in it a field. As `measurement,tag field`.
    static Map<String, Number> telegraf(String document, String pool) {
        Map<String, Number> fields = new TreeMap<>();
        Map<String, Object> all = new JsonPath(document).getMap("");
        OF_PROCESS.forEach(name -> fields.put("twemproxy " + name, (Number) all.get(name)));
        ((Map<?, ?>) all.get(pool)).forEach((name, value) -> {
            if (OF_POOL.contains(name)) {
                fields.put("twemproxy_pool,pool=" + pool + " " + name, (Number) value);
            } else if (value instanceof Map<?, ?> server) {
                server.forEach((field, number) ->
                        fields.put("twemproxy_pool_server,pool=" + pool + ",server=" + name + " " + field, (Number) number));
            }
        });
        return fields;
    }

    /// What Munin's plugins draw of `figure`: a graph with one line for each server of each pool, told apart from figures by
    /// being objects.
    static Map<String, Number> munin(String document, String figure) {
        Map<String, Number> lines = new TreeMap<>();
        Map<String, Object> all = new JsonPath(document).getMap("");
        all.forEach((pool, object) -> {
            if (object instanceof Map<?, ?> inPool) {
                inPool.forEach((server, value) -> {
                    if (value instanceof Map<?, ?> ofServer) {
                        lines.put(pool + "_" + server, (Number) ofServer.get(figure));
                    }
                });
            }
        });
        return lines;
    }
}
