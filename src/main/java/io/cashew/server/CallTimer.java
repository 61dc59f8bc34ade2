package io.cashew.server;

import io.cashew.transport.IoLoop;

/// Notices when the oldest call of a connection waits for too long. One timer per connection, not per call: it sleeps until that
/// call is due, and looks again.
final class CallTimer {
    private final CallQueue calls;
    private final IoLoop loop;
    private final Runnable whenOverdue;
    private final Runnable look = this::look;
    private long timeoutNanos;
    private long patience;
    private boolean armed;

    /// `timeoutNanos` is 0 if calls may take for ever.
    CallTimer(CallQueue calls, long timeoutNanos, IoLoop loop, Runnable whenOverdue) {
        this.calls = calls;
        this.timeoutNanos = timeoutNanos;
        this.loop = loop;
        this.whenOverdue = whenOverdue;
    }

    /// Calls may take this long from now on, 0 for ever.
    void timeout(long nanos) {
        timeoutNanos = nanos;
    }

    /// Calls may take so much longer, because the server has been asked to wait; [Long#MAX_VALUE] for ever.
    void patience(long nanos) {
        patience = nanos;
    }

    long patience() {
        return patience;
    }

    /// There is a call.
    void arm() {
        if (!armed && timeoutNanos > 0) {
            sleep(timeoutNanos);
        }
    }

    private void sleep(long nanos) {
        armed = true;
        loop.schedule(look, nanos);
    }

    private void look() {
        armed = false;
        if (calls.size() == 0 || patience == Long.MAX_VALUE || timeoutNanos == 0) {
            return;
        }
        long waited = System.nanoTime() - calls.oldest();
        long left = timeoutNanos - Math.max(0, waited - patience);
        if (left <= 0) {
            whenOverdue.run();
        } else {
            sleep(left);
        }
    }
}
