package io.cashew.config;

import java.time.Duration;

/// What is written down about the requests of a pool.
///
/// @param slowThreshold from how long on a request is slow; zero for none is
/// @param slowEntries   how many slow ones are remembered, at least 1
/// @param accessEvery   of how many requests one is written to the access log, by chance; 0 for none is
/// @param accessKeys    whether keys are written there
public record RequestLogConfig(Duration slowThreshold, int slowEntries, int accessEvery, boolean accessKeys) {
    /// What holds where nothing is configured.
    public static final RequestLogConfig DEFAULT = new RequestLogConfig(Duration.ZERO, 128, 0, true);
}
