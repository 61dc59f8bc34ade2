package io.cashew.server;

/// When a server is ejected, for how long, and how it comes back.
///
/// @param eject whether servers are ejected at all (`auto_eject_hosts`)
/// @param failureLimit consecutive failures that eject a server (`server_failure_limit`); below 1 counts as 1
/// @param slots how many of a server's connections count their failures apart, at least 1: as many as each worker has, as
///         twemproxy counts, or one for all of them
/// @param retryNanos how long a server stays out the first time (`server_retry_timeout`)
/// @param retryMaxNanos how long it stays out at most, however often it fails; at least `retryNanos`
/// @param jitter up to what part of its time a server stays out longer, by chance; 0 to 1
/// @param flapWindowNanos a server that fails again this soon after its return is unsteady
/// @param probesReturning whether a server has to answer a probe before it comes back
/// @param probeIntervalNanos how often servers that take part are probed; 0 for never
/// @param probeFailures probes in a row without a good answer that eject a server; below 1 counts as 1
/// @param probeSuccesses probes in a row an ejected server must answer; below 1 counts as 1
public record HealthSettings(
        boolean eject,
        int failureLimit,
        int slots,
        long retryNanos,
        long retryMaxNanos,
        double jitter,
        long flapWindowNanos,
        boolean probesReturning,
        long probeIntervalNanos,
        int probeFailures,
        int probeSuccesses) {
    /// twemproxy's own settings, and what it does.
    public HealthSettings(boolean eject, int failureLimit, long retryNanos) {
        this(eject, failureLimit, 1, retryNanos, retryNanos, 0, 0, false, 0, 1, 1);
    }

    /// For whom failures have no consequences.
    static final HealthSettings NEVER_EJECTS = new HealthSettings(false, 1, 0);

    /// With more doublings than this every time a user can write is above every maximum a user can write.
    private static final int DOUBLINGS = 31;

    /// Between two probes of a returning server that has to answer several, if there is no interval to go by.
    private static final long BETWEEN_PROBES = 1_000_000_000L;

    /// How long a server is out that has `offences` to its name: flaps before this ejection, and failed probes since.
    ///
    /// ```
    ///   min(retry × 2^offences, retry max) × (1 + jitter × chance)
    /// ```
    ///
    /// `chance` is at least 0 and below 1. The first time out is never shorter than the configuration says.
    long outNanos(int offences, double chance) {
        long doubled = retryNanos;
        for (int i = 0; i < Math.min(offences, DOUBLINGS) && doubled < retryMaxNanos; i++) {
            doubled *= 2;
        }
        long bounded = Math.min(doubled, Math.max(retryNanos, retryMaxNanos));
        return bounded + (long) (bounded * jitter * chance);
    }

    /// Whether servers are ever probed.
    public boolean probes() {
        return eject && (returnsByProbe() || probeIntervalNanos > 0);
    }

    /// Without a time out there is nothing to return from: the next request tries the server again.
    boolean returnsByProbe() {
        return probesReturning && retryNanos > 0;
    }

    long betweenProbesNanos() {
        return probeIntervalNanos > 0 ? probeIntervalNanos : Math.min(BETWEEN_PROBES, retryNanos);
    }
}
