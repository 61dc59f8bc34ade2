package io.cashew.benchmark;

import io.cashew.fixture.RespClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/// Asks for keys at a fixed rate over many connections, whether or not answers come, as many people do who do not know of each
/// other. A request's time runs from the moment it was due: if anything stands still, what should have been asked meanwhile
/// counts as waiting, too.
///
/// One thread sends and receives everything.
final class SteadyLoad implements AutoCloseable {
    /// How often it looks whether something is due, or has come.
    private static final long PAUSE_NANOS = 30_000;

    private static final int MAX_REPLIES = 1_000_000;

    private final List<Connection> connections = new ArrayList<>();
    private final List<byte[]> requests;
    private final long intervalNanos;
    private final Selector selector;
    private final Thread thread;
    private final long[] due = new long[MAX_REPLIES];
    private final long[] took = new long[MAX_REPLIES];
    private volatile int asked;
    private volatile int replies;
    private volatile long errors;
    private volatile boolean enough;
    private volatile boolean stopped;
    private volatile IOException failure;

    private SteadyLoad(int port, List<String> keys, int connections, int perSecond) throws IOException {
        this.requests = keys.stream().map(key -> RespClient.encode("GET", key)).toList();
        this.intervalNanos = 1_000_000_000L / perSecond;
        this.selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            this.connections.add(new Connection(port));
        }
        this.thread = Thread.ofPlatform().name("steady load").start(this::run);
    }

    /// Starts to ask for `keys`, one after the other, `perSecond` of them in a second, at a proxy on 127.0.0.1.
    static SteadyLoad start(int port, List<String> keys, int connections, int perSecond) {
        try {
            return new SteadyLoad(port, keys, connections, perSecond);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Replies so far.
    int replies() {
        return replies;
    }

    /// How many of them were errors.
    long errors() {
        return errors;
    }

    /// How long the requests took that were due between `from` and `to` ([System#nanoTime()]) and have been answered, the
    /// shortest first, in nanoseconds.
    long[] took(long from, long to) {
        int count = replies;
        long[] some = new long[count];
        int found = 0;
        for (int i = 0; i < count; i++) {
            if (due[i] >= from && due[i] < to) {
                some[found++] = took[i];
            }
        }
        long[] sorted = Arrays.copyOf(some, found);
        Arrays.sort(sorted);
        return sorted;
    }

    /// Asks no more, and returns when everything has been answered, which must be the case within three seconds.
    void awaitAnswers() {
        enough = true;
        Awaitility.await().atMost(Duration.ofSeconds(3)).until(() -> failure != null || replies == asked);
    }

    private void run() {
        try {
            long next = System.nanoTime();
            for (; !stopped; LockSupport.parkNanos(PAUSE_NANOS)) {
                for (long now = System.nanoTime(); next <= now && !enough; next += intervalNanos) {
                    connections.get(asked % connections.size()).ask(requests.get(asked % requests.size()), next);
                    asked++;
                }
                selector.selectNow(key -> ((Connection) key.attachment()).receive());
                if (failure != null) {
                    return;
                }
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    /// Stops asking; what has not been answered is forgotten.
    @Override
    public void close() throws IOException {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Connection connection : connections) {
            connection.channel.close();
        }
        selector.close();
        if (failure != null) {
            throw failure;
        }
    }

    /// One of the connections, and when the requests were due that it has not got the answers of.
    private final class Connection {
        private final SocketChannel channel;
        private final ArrayDeque<Long> asked = new ArrayDeque<>();
        private final ByteBuffer received = ByteBuffer.allocate(64 * 1024);
        private final StringBuilder line = new StringBuilder();
        private int body;

        Connection(int port) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void ask(byte[] request, long at) throws IOException {
            asked.add(at);
            if (channel.write(ByteBuffer.wrap(request)) < request.length) {
                throw new IOException("the proxy does not read");
            }
        }

        void receive() {
            try {
                if (channel.read(received.clear()) < 0) {
                    throw new IOException("the proxy has ended a connection");
                }
                received.flip();
                while (received.hasRemaining()) {
                    parse(System.nanoTime());
                }
            } catch (IOException e) {
                failure = e;
            }
        }

        /// `$<length>CRLF<body>CRLF`, or a line.
        private void parse(long now) {
            if (body > 0) {
                int part = Math.min(body, received.remaining());
                received.position(received.position() + part);
                body -= part;
                if (body == 0) {
                    answered(now);
                }
                return;
            }
            char c = (char) received.get();
            if (c != '\n') {
                line.append(c);
                return;
            }
            String head = line.toString().trim();
            line.setLength(0);
            if (head.startsWith("$") && !head.equals("$-1")) {
                body = Integer.parseInt(head.substring(1)) + 2;
            } else {
                if (head.startsWith("-")) {
                    errors++;
                }
                answered(now);
            }
        }

        private void answered(long now) {
            int at = replies;
            due[at] = asked.remove();
            took[at] = now - due[at];
            replies = at + 1;
        }
    }
}
