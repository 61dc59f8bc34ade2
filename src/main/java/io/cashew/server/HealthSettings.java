package io.cashew.server;

/// When a server is ejected and for how long (`auto_eject_hosts`, `server_failure_limit`, `server_retry_timeout`).
///
/// @param eject whether servers are ejected at all
/// @param failureLimit consecutive failures that eject a server; below 1 counts as 1
public record HealthSettings(boolean eject, int failureLimit, long retryNanos) {}
