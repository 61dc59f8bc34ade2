package io.cashew.protocol;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// The last requests of a pool whose answers took long.
///
/// Thread-safe. Its lock is held for as long as it takes to copy references.
public final class SlowLog {
    private volatile long thresholdNanos;
    private volatile int capacity;
    /// Oldest first.
    private final ArrayDeque<SlowRequest> entries = new ArrayDeque<>();
    private long nextId;

    /// Keeps the last `capacity` requests that took at least `thresholdNanos` nanoseconds; none if that is 0.
    public SlowLog(long thresholdNanos, int capacity) {
        use(thresholdNanos, capacity);
    }

    /// From now on keeps the last `capacity` requests that took at least `thresholdNanos`; what there is stays, as far as it fits.
    public synchronized void use(long thresholdNanos, int capacity) {
        this.thresholdNanos = thresholdNanos;
        this.capacity = capacity;
        while (entries.size() > capacity) {
            entries.removeFirst();
        }
    }

    /// What is slow, in nanoseconds; 0 if nothing is.
    public long thresholdNanos() {
        return thresholdNanos;
    }

    /// How many requests are kept at most.
    public int capacity() {
        return capacity;
    }

    /// Keeps a request, which is described as in [SlowRequest].
    public synchronized void add(
            Instant at, long micros, List<String> words, Client client, String clientName, String server, Failure failure) {
        if (entries.size() >= capacity) {
            entries.pollFirst();
        }
        entries.addLast(new SlowRequest(nextId++, at, micros, words, client, clientName, server, failure));
    }

    /// At most `count` of them, newest first.
    public synchronized List<SlowRequest> newest(int count) {
        List<SlowRequest> newest = new ArrayList<>(Math.min(count, entries.size()));
        Iterator<SlowRequest> backward = entries.descendingIterator();
        while (newest.size() < count && backward.hasNext()) {
            newest.add(backward.next());
        }
        return newest;
    }

    public synchronized int size() {
        return entries.size();
    }

    /// Forgets them. Numbers go on where they were.
    public synchronized void reset() {
        entries.clear();
    }
}
