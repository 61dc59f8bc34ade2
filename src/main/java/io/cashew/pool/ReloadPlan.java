package io.cashew.pool;

import io.cashew.config.PoolConfig;
import io.cashew.config.PoolDifference;
import io.cashew.config.ServerConfig;
import io.cashew.config.SettingChange;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What another configuration would change, pool by pool: first those that it has, in its order, then those that go.
public record ReloadPlan(List<PoolPlan> pools, List<String> obstacles) {
    /// What becomes of a pool.
    public enum Fate {
        ADDED,
        REMOVED,
        CHANGED,
        UNCHANGED
    }

    /// @param settings which keys change; of a pool that stays
    /// @param servers  which servers come, go, or are changed; of a pool that stays
    /// @param keys     which part of the keys gets another server; of a pool that changes
    public record PoolPlan(
            String pool, Fate fate, List<SettingChange> settings, List<ServerChange> servers, Optional<KeyMoves> keys) {}

    /// @param from `host:port:weight`; empty for one that comes
    /// @param to   the same; empty for one that goes
    public record ServerChange(String server, Optional<String> from, Optional<String> to) {}

    /// @param obstacles why it cannot be done while the pools run, with the remedy; empty if it can
    public ReloadPlan {
        pools = List.copyOf(pools);
        obstacles = List.copyOf(obstacles);
    }

    static ReloadPlan of(List<PoolConfig> running, List<PoolConfig> wished) {
        Map<String, PoolConfig> gone = new HashMap<>();
        Map<SocketAddress, String> taken = new HashMap<>();
        running.forEach(pool -> {
            gone.put(pool.name(), pool);
            addresses(pool).forEach(address -> taken.put(address, pool.name()));
        });
        List<PoolPlan> plans = new ArrayList<>();
        List<String> obstacles = new ArrayList<>();
        for (PoolConfig pool : wished) {
            plans.add(plan(Optional.ofNullable(gone.remove(pool.name())), pool, obstacles));
            for (SocketAddress address : addresses(pool)) {
                String owner = taken.getOrDefault(address, pool.name());
                if (!owner.equals(pool.name())) {
                    obstacles.add(("pool '%s': listens on %s, which pool '%s' has: "
                            + "let that go with one reload, and take it with the next").formatted(pool.name(), address, owner));
                }
            }
        }
        running.stream()
                .filter(pool -> gone.containsKey(pool.name()))
                .map(pool -> new PoolPlan(pool.name(), Fate.REMOVED, List.of(), List.of(), Optional.empty()))
                .forEach(plans::add);
        return new ReloadPlan(plans, obstacles);
    }

    private static List<SocketAddress> addresses(PoolConfig pool) {
        return Door.of(pool, Optional.empty()).stream().map(Door::address).toList();
    }

    private static PoolPlan plan(Optional<PoolConfig> present, PoolConfig wished, List<String> obstacles) {
        if (present.isEmpty()) {
            return new PoolPlan(wished.name(), Fate.ADDED, List.of(), List.of(), Optional.empty());
        }
        PoolConfig running = present.get();
        if (running.equals(wished)) {
            return new PoolPlan(wished.name(), Fate.UNCHANGED, List.of(), List.of(), Optional.empty());
        }
        List<SettingChange> settings = new PoolDifference(running, wished).settings();
        settings.stream()
                .filter(setting -> !setting.live())
                .map(setting -> ("pool '%s': \"%s\" cannot change from \"%s\" to \"%s\" while it runs: "
                        + "restart Cashew, or give the pool another name and address")
                        .formatted(wished.name(), setting.key(), setting.from(), setting.to()))
                .forEach(obstacles::add);
        return new PoolPlan(
                wished.name(), Fate.CHANGED, settings, serverChanges(running, wished), Optional.of(KeyMoves.of(running, wished)));
    }

    private static List<ServerChange> serverChanges(PoolConfig running, PoolConfig wished) {
        Map<String, String> gone = new HashMap<>();
        running.servers().forEach(server -> gone.put(server.name(), text(server)));
        List<ServerChange> changes = new ArrayList<>();
        for (var server : wished.servers()) {
            Optional<String> before = Optional.ofNullable(gone.remove(server.name()));
            if (!before.equals(Optional.of(text(server)))) {
                changes.add(new ServerChange(server.name(), before, Optional.of(text(server))));
            }
        }
        running.servers().stream()
                .filter(server -> gone.containsKey(server.name()))
                .map(server -> new ServerChange(server.name(), Optional.of(text(server)), Optional.empty()))
                .forEach(changes::add);
        return changes;
    }

    private static String text(ServerConfig server) {
        return server.address() + ":" + server.weight();
    }

    /// Whether everything stays as it is.
    public boolean changesNothing() {
        return pools.stream().allMatch(pool -> pool.fate() == Fate.UNCHANGED);
    }
}
