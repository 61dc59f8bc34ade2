package io.cashew.config;

import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import io.cashew.sharding.Shard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads all pools of a configuration, whichever way they were written, and compares them with each other.
final class PoolChecks {
    /// twemproxy's share of the ring for one of several equal servers is 40 digests; below one digest it has no point.
    private static final int DIGESTS_PER_SERVER = 40;

    private PoolChecks() {}

    /// `problems` may already hold what was found while the pools were collected.
    static Reading read(List<WrittenPool> written, Problems problems) {
        List<PoolConfig> pools = new ArrayList<>();
        List<ConfigWarning> warnings = new ArrayList<>();
        Map<String, WrittenPool> byName = new HashMap<>();
        Map<String, WrittenPool> byListen = new HashMap<>();
        for (WrittenPool pool : written) {
            Optional<PoolConfig> config = new PoolReader(pool, problems, warnings).read();
            checkName(pool, byName, problems);
            checkListen(pool, PoolKey.LISTEN, byListen, problems);
            checkListen(pool, PoolKey.LISTEN_TLS, byListen, problems);
            config.ifPresent(pools::add);
            config.ifPresent(accepted -> warn(accepted, pool.source(), warnings));
            if (problems.full()) {
                break;
            }
        }
        if (!problems.isEmpty()) {
            return new Reading.Refused(problems.inOrder());
        }
        pools.sort(Comparator.comparing(PoolConfig::name, Shard.RING_NAME_ORDER));
        return new Reading.Accepted(pools, warnings);
    }

    private static void checkName(WrittenPool pool, Map<String, WrittenPool> byName, Problems problems) {
        WrittenPool other = byName.putIfAbsent(pool.name(), pool);
        if (other != null) {
            String name = Shown.plain(pool.name());
            problems.add(pool.problem("'" + Shown.plain(pool.source()) + "' has pools with same name '" + name + "'",
                    "every pool has its own name; the other is in " + Shown.plain(other.source())
                            + lineOf(other.line())));
        }
    }

    private static void checkListen(
            WrittenPool pool, PoolKey key, Map<String, WrittenPool> byListen, Problems problems) {
        Optional<Written> listen = pool.value(key);
        if (listen.isEmpty()) {
            return;
        }
        // Texts are compared, as in twemproxy; of sockets, those that differ in permissions only are one
        String text = listen.get().text();
        String address = text.startsWith("/") ? text.split(" (?=[^ ]*$)", 2)[0] : text;
        WrittenPool other = byListen.putIfAbsent(address, pool);
        if (other != null) {
            problems.add(new ConfigProblem(listen.get().source(), listen.get().line(), Optional.empty(),
                    Optional.empty(), Optional.empty(),
                    "pools '" + Shown.plain(other.name()) + "' and '" + Shown.plain(pool.name())
                            + "' have the same listen address '" + Shown.value(address) + "'",
                    "every pool has its own"));
        }
    }

    private static String lineOf(OptionalInt line) {
        return line.isPresent() ? " line " + line.getAsInt() : "";
    }

    private static void warn(PoolConfig pool, String source, List<ConfigWarning> warnings) {
        boolean ketama = pool.distribution() == DistributionKind.KETAMA && pool.servers().size() > 1;
        if (ketama && pool.hash() == HashFunction.CRC32) {
            warnings.add(new ConfigWarning(source, pool.name(), "crc32 has only 32768 values and ketama's ring 2^32 "
                    + "points: practically every key goes to one server. crc32a has the full range, but moves keys"));
        }
        if (ketama) {
            long total = pool.servers().stream().mapToLong(ServerConfig::weight).sum();
            for (ServerConfig server : pool.servers()) {
                if ((double) server.weight() * DIGESTS_PER_SERVER * pool.servers().size() < total) {
                    warnings.add(new ConfigWarning(source, pool.name(), "server '" + Shown.plain(server.name())
                            + "' gets no keys: its weight " + server.weight() + " of " + total
                            + " is too small for a point on the ring"));
                }
            }
        }
        if (pool.password().isPresent() && pool.database() > 0) {
            warnings.add(new ConfigWarning(source, pool.name(), "with a password and a database, twemproxy selects the "
                    + "database before it authenticates, which fails: what it wrote may be in database 0, while "
                    + "Cashew uses " + pool.database()));
        }
        if (pool.protocol() == ProtocolName.MEMCACHE && pool.database() > 0) {
            warnings.add(new ConfigWarning(source, pool.name(), "memcached has no databases: database "
                    + pool.database() + " is ignored"));
        }
        if (!pool.autoEjectHosts() && !pool.health().equals(HealthConfig.DEFAULT)) {
            warnings.add(new ConfigWarning(source, pool.name(), "no server is ever ejected without auto_eject_hosts "
                    + "(auto-eject): what is said about probes, failures and ejected servers has no effect"));
        }
        if (pool.health().ejectMode() == EjectMode.FAIL_FAST && pool.distribution() == DistributionKind.RANDOM) {
            warnings.add(new ConfigWarning(source, pool.name(), "with distribution random no key belongs to a server: an "
                    + "ejected one gets no requests, as with eject_mode rehash"));
        }
        if (pool.clientConnections() > 0) {
            warnings.add(new ConfigWarning(source, pool.name(), "at most " + pool.clientConnections()
                    + " clients at a time are served; twemproxy read this limit and ignored it"));
        }
    }
}
