package io.cashew.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.metrics.LogLine;
import io.cashew.protocol.Client;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Request;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/// Lines about some of the requests of a pool, on a logger of their own, `io.cashew.access`.
///
/// A log may be slow, and an event loop must not wait for it: lines are written by a thread that is there while there are any.
/// What comes faster than a thousand in a second, or than the log takes, is dropped, and whoever brings it is told so.
///
/// Thread-safe.
public final class AccessLog {
    private static final Logger LOG = Logger.getLogger("io.cashew.access");

    private static final int MOST_PER_SECOND = 1000;
    private static final int MOST_WAITING = 1024;
    private static final int LONGEST_KEY = 64;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// One request. `key` and `server` are null if there is none to be shown; `failure` is if a server has answered.
    record Line(Client client, String command, byte[] key, String server, long micros, Failure failure) {}

    private final String pool;
    private final int oneIn;
    private final boolean keys;
    private final BlockingQueue<Line> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicLong secondBegan = new AtomicLong(System.nanoTime());
    private final AtomicInteger left = new AtomicInteger(MOST_PER_SECOND);

    /// About one of `oneIn` requests of the pool is written, none if that is 0; with its first key if there are to be `keys`.
    public AccessLog(String pool, int oneIn, boolean keys) {
        this.pool = pool;
        this.oneIn = oneIn;
        this.keys = keys;
    }

    boolean isOn() {
        return oneIn > 0;
    }

    int oneIn() {
        return oneIn;
    }

    /// The beginning of the first key of `request`; null if it has none, or none is to be shown.
    byte[] key(Request request) {
        if (!keys || request.keyCount() == 0) {
            return null;
        }
        byte[] key = new byte[Math.min(request.wordLength(request.keyWord(0)), LONGEST_KEY)];
        for (int i = 0; i < key.length; i++) {
            key[i] = request.wordByte(request.keyWord(0), i);
        }
        return key;
    }

    /// Whether one more line may be written at `now` ([System#nanoTime()]); if so, it is taken to be.
    boolean admits(long now) {
        long began = secondBegan.get();
        if (now - began >= SECOND_NANOS && secondBegan.compareAndSet(began, now)) {
            left.set(MOST_PER_SECOND);
        }
        // Many ask in vain, and need not disturb each other.
        return left.get() > 0 && left.getAndDecrement() > 0;
    }

    /// Whether `line` is going to be written, for which nobody waits.
    boolean write(Line line) {
        boolean taken = waiting.offer(line);
        if (writing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("access-log-" + pool).start(this::write);
        }
        return taken;
    }

    private void write() {
        do {
            for (Line line = waiting.poll(); line != null; line = waiting.poll()) {
                print(line);
            }
            writing.set(false);
            // One may have come since.
        } while (!waiting.isEmpty() && writing.compareAndSet(false, true));
    }

    private void print(Line line) {
        LogLine.about("pool", pool)
                .and("client", line.client().id())
                .and("address", line.client().addressText())
                .and("command", line.command())
                .and("key", line.key() == null ? null : escaped(new String(line.key(), ISO_8859_1)))
                .and("server", line.server())
                .and("micros", line.micros())
                .and("outcome", outcome(line))
                .write(LOG, Logger.Level.INFO, text(pool, line));
    }

    /// The fields with their names; a field that has nothing to say is left out.
    static String text(String pool, Line line) {
        var text = new StringBuilder("pool=").append(quoted(pool));
        text.append(" client=").append(line.client().id());
        if (line.client().address() != null) {
            text.append(" address=").append(line.client().addressText());
        }
        text.append(" command=").append(line.command());
        if (line.key() != null) {
            text.append(" key=").append(quoted(new String(line.key(), ISO_8859_1)));
        }
        if (line.server() != null) {
            text.append(" server=").append(quoted(line.server()));
        }
        text.append(" micros=").append(line.micros());
        return text.append(" outcome=").append(outcome(line)).toString();
    }

    private static String outcome(Line line) {
        return line.failure() == null ? "answered" : line.failure().label();
    }

    private static String quoted(String content) {
        return '"' + escaped(content) + '"';
    }

    /// What a client or a configuration says cannot end its field, nor the line.
    private static String escaped(String content) {
        var text = new StringBuilder();
        content.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').append((char) c);
            } else if (c < ' ' || c > '~') {
                text.append(String.format(c > 0xff ? "\\u%04x" : "\\x%02x", c));
            } else {
                text.append((char) c);
            }
        });
        return text.toString();
    }
}
