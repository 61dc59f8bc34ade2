package io.cashew.benchmark;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// What came of the requests of one kind of keys.
final class FaultTally {
    private final Map<String, Long> errors = new ConcurrentHashMap<>();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong right = new AtomicLong();
    private volatile boolean recovering;
    private volatile long recovered;

    void judge(String key, String reply, boolean askedAfterTheFault) {
        if (reply.startsWith("-")) {
            error(reply.substring(1).replaceFirst("^ERR ", "").trim());
        } else if (reply.equals(FaultStage.value(key))) {
            right.incrementAndGet();
            if (askedAfterTheFault && recovered == 0) {
                recovered = System.nanoTime();
            }
        } else if (reply.equals("$-1\r\n")) {
            error("(nil)");
        } else {
            wrong.incrementAndGet();
        }
    }

    /// The fault is over: the first good answer to what is asked from now on is the end of its effects.
    void recover() {
        recovering = true;
    }

    boolean recovering() {
        return recovering;
    }

    /// When that answer came; 0 if it has not.
    long recovered() {
        return recovered;
    }

    void error(String text) {
        errors.merge(text, 1L, Long::sum);
    }

    @Override
    public String toString() {
        String texts = errors.isEmpty()
                ? "no errors"
                : new TreeMap<>(errors).entrySet().stream()
                        .map(entry -> entry.getKey() + " ×" + entry.getValue())
                        .collect(Collectors.joining(", "));
        return texts + ", wrong " + wrong;
    }
}
