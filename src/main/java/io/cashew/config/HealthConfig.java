package io.cashew.config;

import java.time.Duration;
import java.util.Optional;

/// What a pool does about servers that fail, beyond twemproxy's own settings.
///
/// @param ejectMode       what becomes of the keys of an ejected server
/// @param failureMerge    count all connections of a server that end by one event as one failure
/// @param probe           whether an ejected server has to answer a probe before it comes back
/// @param probeTimeout    of one probe, connecting included; empty for that of a request
/// @param probeInterval   how often servers that take part are probed; empty for never
/// @param probeFailures   probes in a row without a good answer that eject a server; 0 behaves like 1
/// @param probeSuccesses  probes in a row an ejected server must answer; 0 behaves like 1
/// @param retryTimeoutMax how long a server stays ejected at most; empty for `serverRetryTimeout`, which then never grows
/// @param retryJitter     percent of its time that a server stays out longer at most, by chance
/// @param flapWindow      a server that is ejected again this soon after its return stays out for longer
public record HealthConfig(
        EjectMode ejectMode,
        boolean failureMerge,
        boolean probe,
        Optional<Duration> probeTimeout,
        Optional<Duration> probeInterval,
        int probeFailures,
        int probeSuccesses,
        Optional<Duration> retryTimeoutMax,
        int retryJitter,
        Duration flapWindow) {
    /// What holds where nothing is configured.
    public static final HealthConfig DEFAULT = new HealthConfig(
            EjectMode.REHASH, false, true, Optional.empty(), Optional.empty(), 3, 1, Optional.empty(), 0,
            Duration.ofMinutes(5));
}
