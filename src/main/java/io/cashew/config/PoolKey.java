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
    // From here on they are not twemproxy's.
    ITEM_SIZE_MAX("item_size_max", "item-size-max"),
    DATABASES("databases", "databases"),
    RESOLVE_INTERVAL("server_resolve_interval", "server-resolve-interval"),
    ALLOW_FLUSH("allow_flush", "allow-flush"),
    CROSS_SERVER_LIMIT("cross_server_limit", "cross-server-limit"),
    EJECT_MODE("eject_mode", "eject-mode"),
    FAILURE_MERGE("server_failure_merge", "server-failure-merge"),
    PROBE("server_probe", "server-probe"),
    PROBE_TIMEOUT("server_probe_timeout", "server-probe-timeout"),
    PROBE_INTERVAL("server_probe_interval", "server-probe-interval"),
    PROBE_FAILURES("server_probe_failures", "server-probe-failures"),
    PROBE_SUCCESSES("server_probe_successes", "server-probe-successes"),
    RETRY_TIMEOUT_MAX("server_retry_timeout_max", "server-retry-timeout-max"),
    RETRY_JITTER("server_retry_jitter", "server-retry-jitter"),
    FLAP_WINDOW("server_flap_window", "server-flap-window"),
    TLS("tls", "tls"),
    LISTEN_TLS("listen_tls", "listen-tls"),
    CLIENT_AUTH("tls_client_auth", "tls-client-auth"),
    SERVER_TLS("server_tls", "server-tls"),
    SERVER_TLS_HOSTNAME("server_tls_hostname", "server-tls-hostname"),
    PASSWORD_FILE("redis_auth_file", "password-file"),
    USERS_FILE("users_file", "users-file"),
    SERVER_USER("server_auth_user", "server-user"),
    SERVER_PASSWORD("server_auth", "server-password"),
    SERVER_PASSWORD_FILE("server_auth_file", "server-password-file"),
    SLOW_LOG_THRESHOLD("slow_log_threshold", "slow-log-threshold"),
    SLOW_LOG_ENTRIES("slow_log_entries", "slow-log-entries"),
    ACCESS_LOG_EVERY("access_log_every", "access-log-every"),
    ACCESS_LOG_KEYS("access_log_keys", "access-log-keys");

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

    /// What `pool` has of it, with defaults in place.
    Object value(PoolConfig pool) {
        return switch (this) {
            case LISTEN -> pool.listen();
            case SERVERS -> pool.servers();
            case HASH -> pool.hash().label();
            case HASH_TAG -> pool.hashTag().map(tag -> "" + (char) (tag.open() & 0xff) + (char) (tag.close() & 0xff));
            case DISTRIBUTION -> pool.distribution().label();
            case TIMEOUT -> pool.timeout();
            case BACKLOG -> pool.backlog();
            case CLIENT_CONNECTIONS -> pool.clientConnections();
            case PROTOCOL -> pool.protocol();
            case PASSWORD -> pool.password();
            case DATABASE -> pool.database();
            case PRECONNECT -> pool.preconnect();
            case AUTO_EJECT -> pool.autoEjectHosts();
            case SERVER_CONNECTIONS -> pool.serverConnections();
            case SERVER_RETRY_TIMEOUT -> pool.serverRetryTimeout();
            case SERVER_FAILURE_LIMIT -> pool.serverFailureLimit();
            case TCP_KEEPALIVE -> pool.tcpKeepalive();
            case REUSE_PORT -> pool.reusePort();
            case ITEM_SIZE_MAX -> pool.itemSizeMax();
            case DATABASES -> pool.databases();
            case RESOLVE_INTERVAL -> pool.serverResolveInterval();
            case ALLOW_FLUSH -> pool.allowFlush();
            case CROSS_SERVER_LIMIT -> pool.crossServerLimit();
            case EJECT_MODE -> pool.health().ejectMode().label();
            case FAILURE_MERGE -> pool.health().failureMerge();
            case PROBE -> pool.health().probe();
            case PROBE_TIMEOUT -> pool.health().probeTimeout();
            case PROBE_INTERVAL -> pool.health().probeInterval();
            case PROBE_FAILURES -> pool.health().probeFailures();
            case PROBE_SUCCESSES -> pool.health().probeSuccesses();
            case RETRY_TIMEOUT_MAX -> pool.health().retryTimeoutMax();
            case RETRY_JITTER -> pool.health().retryJitter();
            case FLAP_WINDOW -> pool.health().flapWindow();
            case TLS -> pool.tls().entry();
            case LISTEN_TLS -> pool.tls().listen();
            case CLIENT_AUTH -> pool.tls().clientAuth().label();
            case SERVER_TLS -> pool.tls().serverEntry();
            case SERVER_TLS_HOSTNAME -> pool.tls().serverHostname();
            case PASSWORD_FILE -> pool.access().passwordFile();
            case USERS_FILE -> pool.access().usersFile();
            case SERVER_USER -> pool.access().serverUser();
            case SERVER_PASSWORD -> pool.access().serverPassword();
            case SERVER_PASSWORD_FILE -> pool.access().serverPasswordFile();
            case SLOW_LOG_THRESHOLD -> pool.requestLog().slowThreshold();
            case SLOW_LOG_ENTRIES -> pool.requestLog().slowEntries();
            case ACCESS_LOG_EVERY -> pool.requestLog().accessEvery();
            case ACCESS_LOG_KEYS -> pool.requestLog().accessKeys();
        };
    }
}
