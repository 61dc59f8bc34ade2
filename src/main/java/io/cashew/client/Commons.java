package io.cashew.client;

import io.cashew.forwarding.Forwarder;
import io.cashew.metrics.PoolCounters;
import io.cashew.transport.IoLoop;

/// What the clients of one worker have in common.
///
/// @param outcomes where it is told why clients are sent away and why their requests come to nothing
/// @param journal where it is noted what is slow
public record Commons(
        ClientSettings settings,
        Forwarder forwarder,
        PoolCounters counters,
        Outcomes outcomes,
        IoLoop loop,
        Journal journal) {
    /// The same for clients that are treated as `settings` say.
    Commons with(ClientSettings settings) {
        return new Commons(settings, forwarder, counters, outcomes, loop, journal);
    }
}
