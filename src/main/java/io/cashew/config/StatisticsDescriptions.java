package io.cashew.config;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/// What option `-D` shows: the fields of the statistics and their meaning.
final class StatisticsDescriptions {
    private static final Map<String, String> POOL = new LinkedHashMap<>();
    private static final Map<String, String> SERVER = new LinkedHashMap<>();

    static {
        POOL.put("client_eof", "client connections ended by the client");
        POOL.put("client_err", "client connections ended by an error");
        POOL.put("client_connections", "client connections open now");
        POOL.put("server_ejects", "times a server was ejected");
        POOL.put("forward_error", "requests answered with an error of the proxy");
        POOL.put("fragments", "parts made from requests for several servers");

        SERVER.put("server_eof", "connections ended by the server");
        SERVER.put("server_err", "connections that failed or could not be made");
        SERVER.put("server_timedout", "connections closed because a request timed out");
        SERVER.put("server_connections", "connections to the server open now");
        SERVER.put("server_ejected_at", "time of the last ejection, microseconds since 1970");
        SERVER.put("requests", "requests handed to the server");
        SERVER.put("request_bytes", "bytes of these requests");
        SERVER.put("responses", "responses passed on to clients");
        SERVER.put("response_bytes", "bytes of these responses");
        SERVER.put("in_queue", "requests waiting to be sent");
        SERVER.put("in_queue_bytes", "bytes of these requests");
        SERVER.put("out_queue", "requests sent and not yet answered");
        SERVER.put("out_queue_bytes", "bytes of these requests");
    }

    private StatisticsDescriptions() {}

    static void print(PrintStream err) {
        err.println("pool stats:");
        print(POOL, err);
        err.println();
        err.println("server stats:");
        print(SERVER, err);
    }

    private static void print(Map<String, String> fields, PrintStream err) {
        fields.forEach((name, meaning) -> err.println("  %-20s\"%s\"".formatted(name, meaning)));
    }
}
