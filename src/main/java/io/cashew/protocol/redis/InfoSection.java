package io.cashew.protocol.redis;

import java.util.Locale;

/// The sections of the answer to `INFO`, in the order in which they are told.
enum InfoSection {
    SERVER,
    CLIENTS,
    MEMORY,
    PERSISTENCE,
    STATS,
    REPLICATION,
    CPU,
    MODULES,
    COMMANDSTATS,
    ERRORSTATS,
    CLUSTER,
    KEYSPACE,
    CASHEW,
    CASHEW_SERVERS;

    /// As clients ask for it.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What stands above its fields.
    String title() {
        return this == CPU ? "CPU" : name().charAt(0) + word().substring(1);
    }
}
