package io.cashew.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What is different between two configurations of one pool.
///
/// @param from what is in force
/// @param to   what is wished
public record PoolDifference(PoolConfig from, PoolConfig to) {
    /// Clients under way have begun with them: what has been said in one language means nothing in another, and a client keeps
    /// the number of its database.
    private static final Set<PoolKey> NEVER_LIVE = EnumSet.of(PoolKey.PROTOCOL, PoolKey.DATABASE, PoolKey.DATABASES);

    /// The system takes them when a listening socket is opened.
    private static final Set<PoolKey> OF_SOCKETS = EnumSet.of(PoolKey.BACKLOG, PoolKey.REUSE_PORT);

    /// Every key but the servers.
    public List<SettingChange> settings() {
        return Arrays.stream(PoolKey.values())
                .filter(key -> key != PoolKey.SERVERS && !value(from, key).equals(value(to, key)))
                .map(key -> new SettingChange(key.directive(), text(value(from, key)), text(value(to, key)), isLive(key)))
                .toList();
    }

    private boolean isLive(PoolKey key) {
        return !NEVER_LIVE.contains(key)
                && !(OF_SOCKETS.contains(key) && addresses(from).anyMatch(addresses(to).toList()::contains));
    }

    /// Where `pool` listens.
    static Stream<String> addresses(PoolConfig pool) {
        return Stream.concat(Stream.of(pool.listen()), pool.tls().listen().stream()).map(ListenAddress::text);
    }

    private static Object value(PoolConfig pool, PoolKey key) {
        // By the name it has in twemproxy's file, where it is a yes or a no.
        return key == PoolKey.PROTOCOL ? pool.protocol() == ProtocolName.REDIS : key.value(pool);
    }

    private static String text(Object value) {
        return Shown.setting(value).orElse("");
    }
}
