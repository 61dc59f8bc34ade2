package io.cashew.client;

import java.util.concurrent.TimeUnit;

/// How long one client has been silent, or slow with what it has begun to say, and how long it may be. Times are those of the loop.
final class Patience {
    /// A request that comes slower than this, once its time is up, is not meant to be finished.
    private static final int SLOWEST_BYTES_PER_SECOND = 16 * 1024;

    private final ClientSettings settings;
    private final long since;
    private long lastHeard;
    private boolean unfinished;
    private long unfinishedSince;

    Patience(ClientSettings settings, long now) {
        this.settings = settings;
        this.since = now;
        this.lastHeard = now;
    }

    void heard(long now) {
        lastHeard = now;
    }

    /// Of what has been heard last, all that could be has been read, which leaves something of a request or not.
    void read(boolean left) {
        if (left && !unfinished) {
            unfinishedSince = lastHeard;
        }
        unfinished = left;
    }

    /// A request is complete; one behind it has all the time again.
    void requestTaken() {
        unfinished = false;
    }

    /// Whether a request has been begun and not been finished.
    boolean unfinished() {
        return unfinished;
    }

    /// Whether the rest of a request, of which `arrived` bytes are there, takes too long; more time for what is long.
    boolean isOverForRest(long now, int arrived) {
        long allowance = arrived / SLOWEST_BYTES_PER_SECOND * TimeUnit.SECONDS.toNanos(1);
        return isOver(settings.unfinishedNanos(), now - unfinishedSince - allowance);
    }

    /// Whether a client that is leaving takes too long to read what it is owed.
    boolean isOverForLeaving(long now) {
        return isOver(settings.unfinishedNanos(), now - lastHeard);
    }

    /// Whether a client that is owed nothing has been silent for too long.
    boolean isOverForSilence(long now) {
        return isOver(settings.idleNanos(), now - lastHeard);
    }

    long connectedNanos(long now) {
        return now - since;
    }

    long silentNanos(long now) {
        return now - lastHeard;
    }

    /// A patience of 0 never ends.
    private static boolean isOver(long patience, long waited) {
        return patience > 0 && waited > patience;
    }
}
