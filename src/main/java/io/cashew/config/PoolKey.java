package io.cashew.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The keys of a pool, one row each: how a nutcracker.yml writes it, and how it is written below `cashew.pools."name"`.
enum PoolKey {
    LISTEN("listen", "listen"),
    SERVERS("servers", "servers"),
    HASH("hash", "hash"),
    HASH_TAG("hash_tag", "hash-tag"),
    DISTRIBUTION("distribution", "distribution"),
    TIMEOUT("timeout", "timeout"),
    BACKLOG("backlog", "backlog"),
    CLIENT_CONNECTIONS("client_connections", "client-connections"),
    PROTOCOL("redis", "protocol"),
    PASSWORD("redis_auth", "password"),
    DATABASE("redis_db", "database"),
    PRECONNECT("preconnect", "preconnect"),
    AUTO_EJECT("auto_eject_hosts", "auto-eject"),
    SERVER_CONNECTIONS("server_connections", "server-connections"),
    SERVER_RETRY_TIMEOUT("server_retry_timeout", "server-retry-timeout"),
    SERVER_FAILURE_LIMIT("server_failure_limit", "server-failure-limit"),
    TCP_KEEPALIVE("tcpkeepalive", "tcp-keepalive"),
    REUSE_PORT("reuseport", "reuse-port"),
    /// Not one of twemproxy's.
    ITEM_SIZE_MAX("item_size_max", "item-size-max");

    private final String directive;
    private final String property;

    PoolKey(String directive, String property) {
        this.directive = directive;
        this.property = property;
    }

    /// The key in a nutcracker.yml, which calls it a directive.
    String directive() {
        return directive;
    }

    /// The last part of the property's name.
    String property() {
        return property;
    }

    static Optional<PoolKey> ofDirective(String directive) {
        return Arrays.stream(values()).filter(key -> key.directive.equals(directive)).findFirst();
    }

    static Optional<PoolKey> ofProperty(String property) {
        return Arrays.stream(values()).filter(key -> key.property.equals(property)).findFirst();
    }

    static String allDirectives() {
        return Arrays.stream(values()).map(PoolKey::directive).collect(Collectors.joining(", "));
    }

    static String allProperties() {
        return Arrays.stream(values()).map(PoolKey::property).collect(Collectors.joining(", "));
    }
}
