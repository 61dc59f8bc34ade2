package io.cashew.dashboard;

import io.cashew.fixture.FreePorts;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The pools on the dashboard, over real servers:
///
/// | pool | |
/// |---|---|
/// | `sessions` | ketama over the servers north, east and south, of which the last has half the weight; what fails is ejected |
/// | `carts` | two servers |
/// | [#HOSTILE] | a pool and a server with names that are markup; not with [#HARMLESS] |
public final class ShownPools implements QuarkusTestResourceLifecycleManager {
    /// An argument: without the pool that only tests have.
    static final String HARMLESS = "harmless";

    static final String HOSTILE = "<img src=x onerror=document.title='pool'>";
    static final String HOSTILE_SERVER = "<svg/onload=document.title='server'>";

    private static final List<RedisServer> SERVERS = new ArrayList<>();
    private static final Map<String, Integer> PORTS = new LinkedHashMap<>();

    private final Map<String, String> config = new LinkedHashMap<>();
    private boolean harmless;

    @Override
    public void init(Map<String, String> arguments) {
        harmless = arguments.containsKey(HARMLESS);
    }

    @Override
    public Map<String, String> start() {
        for (int i = 0; i < 3; i++) {
            SERVERS.add(RedisServer.start());
        }
        pool("sessions", address(0) + ":2 north", address(1) + ":2 east", address(2) + ":1 south");
        set("sessions", "hash-tag", "{}");
        set("sessions", "auto-eject", "true");
        set("sessions", "server-failure-limit", "1");
        set("sessions", "server-retry-timeout", "1s");
        pool("carts", address(0) + ":1 one", address(2) + ":1 two");
        if (!harmless) {
            pool(HOSTILE, address(2) + ":1 " + HOSTILE_SERVER);
        }
        config.put("quarkus.http.test-port", "0");
        config.put("quarkus.management.test-port", "0");
        return config;
    }

    private static String address(int server) {
        return "127.0.0.1:" + SERVERS.get(server).port();
    }

    private void pool(String name, String... servers) {
        PORTS.put(name, FreePorts.next());
        set(name, "listen", "127.0.0.1:" + PORTS.get(name));
        set(name, "protocol", "redis");
        for (int i = 0; i < servers.length; i++) {
            set(name, "servers[" + i + "]", servers[i]);
        }
    }

    private void set(String pool, String key, String value) {
        config.put("cashew.pools.\"" + pool + "\"." + key, value);
    }

    /// The server east of the pool `sessions`.
    static RedisServer east() {
        return SERVERS.get(1);
    }

    static List<String> names() {
        return List.copyOf(PORTS.keySet());
    }

    static RespClient connect(String pool) {
        return RespClient.connect(PORTS.get(pool));
    }

    @Override
    public void stop() {
        SERVERS.forEach(RedisServer::close);
        SERVERS.clear();
        PORTS.clear();
    }
}
