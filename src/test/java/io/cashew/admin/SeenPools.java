package io.cashew.admin;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.MemcacheClient;
import io.cashew.fixture.MemcachedServers;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The pools that the tests of this package look at from outside, over real servers:
///
/// | pool | |
/// |---|---|
/// | `ring` | ketama with hash tags over the servers a, b, c |
/// | `slots` | modula over a unix socket and two addresses without names, with weights |
/// | `cache` | memcached, ketama over the servers a, b, c |
/// | `lottery` | random over a, b, c |
/// | [#ODD] | one server with a name that needs encoding, a password on both sides |
/// | `dead` | its only server refuses connections and is ejected by the first request |
/// | `halved` | a live server and one like that |
public final class SeenPools implements QuarkusTestResourceLifecycleManager {
    static final String ODD = "odd pool/ü:1";
    static final String ODD_SERVER = "rack-1/ö:2%2F?#";
    static final String PASSWORD = "sesame-open-wide";

    /// Of the user `root` of REST, who may change things.
    static final String ADMIN_PASSWORD = "open:barley";
    /// Of the user `guest`, who may read; it is in a file.
    static final String VIEWER_PASSWORD = "just-looking";

    private static final List<RedisServer> SERVERS = new ArrayList<>();
    private static RedisServer secured;
    private static MemcachedServers memcacheds;
    private static int statisticsPort;
    private static final Map<String, Integer> PORTS = new LinkedHashMap<>();

    private final Map<String, String> config = new LinkedHashMap<>();

    @Override
    public Map<String, String> start() {
        try {
            Files.writeString(passwordFile(), VIEWER_PASSWORD + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SERVERS.add(RedisServer.builder().unixSocket().start());
        SERVERS.add(RedisServer.start());
        SERVERS.add(RedisServer.start());
        secured = RedisServer.builder().password(PASSWORD).start();

        pool("ring", tcp(0) + ":1 a", tcp(1) + ":1 b", tcp(2) + ":1 c");
        set("ring", "hash-tag", "{}");
        set("ring", "slow-log-threshold", "1ms");
        pool("slots", SERVERS.get(0).unixSocket() + ":1", tcp(1) + ":2", tcp(2) + ":3");
        set("slots", "distribution", "modula");
        set("slots", "hash", "murmur");
        memcacheds = MemcachedServers.start(3);
        pool("cache", memcached(0) + ":1 a", memcached(1) + ":1 b", memcached(2) + ":1 c");
        set("cache", "protocol", "memcache");
        pool("lottery", tcp(0) + ":1 a", tcp(1) + ":1 b", tcp(2) + ":1 c");
        set("lottery", "distribution", "random");
        pool(ODD, "127.0.0.1:" + secured.port() + ":1 " + ODD_SERVER);
        set(ODD, "password", PASSWORD);
        pool("dead", "127.0.0.1:" + FreePorts.next() + ":1 gone");
        ejecting("dead");
        pool("halved", tcp(0) + ":1 here", "127.0.0.1:" + FreePorts.next() + ":1 gone");
        ejecting("halved");
        config.put("cashew.workers", "2");
        // Several tests guess passwords, all from one address
        config.put("cashew.limits.password-attempts", "1000");
        config.put("cashew.rest.users.root.password", ADMIN_PASSWORD);
        config.put("cashew.rest.users.root.role", "admin");
        config.put("cashew.rest.users.guest.password-file", passwordFile().toString());
        statisticsPort = FreePorts.next();
        config.put("cashew.statistics.port", String.valueOf(statisticsPort));
        config.put("cashew.statistics.address", "127.0.0.1");
        config.put("quarkus.http.test-port", "0");
        config.put("quarkus.management.test-port", "0");
        return config;
    }

    /// Where the password of `guest` is.
    static Path passwordFile() {
        return Path.of(System.getProperty("java.io.tmpdir"), "cashew-guest-" + ProcessHandle.current().pid());
    }

    private static String tcp(int server) {
        return "127.0.0.1:" + SERVERS.get(server).port();
    }

    private static String memcached(int server) {
        return "127.0.0.1:" + memcacheds.get(server).port();
    }

    private void pool(String name, String... servers) {
        PORTS.put(name, FreePorts.next());
        set(name, "listen", "127.0.0.1:" + PORTS.get(name));
        set(name, "protocol", "redis");
        for (int i = 0; i < servers.length; i++) {
            set(name, "servers[" + i + "]", servers[i]);
        }
    }

    private void ejecting(String pool) {
        set(pool, "auto-eject", "true");
        set(pool, "server-failure-limit", "1");
        set(pool, "server-retry-timeout", "1h");
    }

    private void set(String pool, String key, String value) {
        config.put("cashew.pools.\"" + pool + "\"." + key, value);
    }

    /// The servers a, b, c; the first also listens on a unix socket.
    static RedisServer server(int index) {
        return SERVERS.get(index);
    }

    /// The servers of the memcached pool.
    static MemcachedServers memcacheds() {
        return memcacheds;
    }

    static int statisticsPort() {
        return statisticsPort;
    }

    /// Asks pool `ring` for the key `{slow}ü`, which takes 300 ms.
    static void askSlowly() {
        SERVERS.forEach(server -> server.call("CLIENT", "PAUSE", "300"));
        try (var client = connect("ring")) {
            client.call("CLIENT", "SETNAME", "patient");
            client.call("GET", new String("{slow}ü".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }
    }

    /// A client of the memcached pool.
    static MemcacheClient connectToCache() {
        return MemcacheClient.connect(PORTS.get("cache"));
    }

    /// A client of `pool`, which is one of Redis.
    /// A request over REST of the one who may change things.
    static RequestSpecification asAdmin() {
        return RestAssured.given().auth().preemptive().basic("root", ADMIN_PASSWORD);
    }

    static RespClient connect(String pool) {
        return RespClient.connect(PORTS.get(pool));
    }

    static List<String> names() {
        return List.copyOf(PORTS.keySet());
    }

    @Override
    public void stop() {
        passwordFile().toFile().delete();
        SERVERS.forEach(RedisServer::close);
        SERVERS.clear();
        PORTS.clear();
        if (secured != null) {
            secured.close();
        }
        if (memcacheds != null) {
            memcacheds.close();
        }
    }
}
