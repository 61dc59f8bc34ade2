package io.cashew.admin;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Paths of what has a name. Names may hold anything, a ring name like `/tmp/redis.sock:` too, and are one segment each.
final class Href {
    private Href() {}

    static String pool(String pool) {
        return "/pools/" + segment(pool);
    }

    static String server(String pool, String server) {
        return pool(pool) + "/servers/" + segment(server);
    }

    /// The page of clients behind the one with id `after`.
    static String clients(String pool, int after, int limit) {
        return pool(pool) + "/clients?after=" + after + "&limit=" + limit;
    }

    static String client(String pool, int id) {
        return pool(pool) + "/clients/" + id;
    }

    private static String segment(String name) {
        // The form encoding is stricter than a path needs, except that it writes a blank as a plus
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
