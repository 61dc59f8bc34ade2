import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Asks a Redis or memcached server, or a proxy, and measures how soon it answers.
///
/// Every byte of every reply is compared with what it has to be, so an error is never counted as a fast answer: it ends the
/// run. Keys are filled before they are asked for, through the same port.
///
/// ```
///   java Load.java        reads one job per line of standard input, words NAME=VALUE, and answers each with lines of JSON
///
///   do=fill               port= protocol=redis|memcache keys= keyLength= valueLength=
///   do=closed             the same, clients= pipeline= mget= requests= mix=both|get|set
///                         every client asks again as soon as it has been answered: how much can be carried
///   do=open               the same, with rate= (a second) and seconds= instead of requests=
///                         requests have a time to be sent at, whatever became of the ones before. Latency counts from that
///                         time, so a pause is seen by everyone who would have come during it, not only by those who were there.
/// ```
///
/// A job that is not `fill` answers twice: `{"ready":true}` when all clients are connected, after which it waits for a line
/// `go`, and its result, after which clients stay connected until a line `done`, so that memory can be looked at.
final class Load {
    private Load() {}

    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isBlank() || line.equals("done")) {
                // The end of a measurement that had already failed.
                continue;
            }
            var job = Job.of(line);
            try {
                switch (job.text("do")) {
                    case "fill" -> answer(Fill.run(job));
                    case "closed" -> measure(job, lines, ClosedLoop::new);
                    case "open" -> measure(job, lines, OpenLoop::new);
                    default -> throw new IllegalArgumentException("do=fill, do=closed or do=open");
                }
            } catch (IOException | RuntimeException failure) {
                answer("{\"error\":\"" + escaped(failure.toString()) + "\"}");
            }
        }
    }

    private interface Measurement extends AutoCloseable {
        String run() throws IOException;

        @Override
        void close() throws IOException;
    }

    private interface Opening {
        Measurement open(Job job) throws IOException;
    }

    private static void measure(Job job, BufferedReader lines, Opening opening) throws IOException {
        try (var measurement = opening.open(job)) {
            answer("{\"ready\":true}");
            if (!"go".equals(lines.readLine())) {
                return;
            }
            answer(measurement.run());
            lines.readLine();
        }
    }

    private static void answer(String json) {
        System.out.println(json);
        System.out.flush();
    }

    private static String escaped(String text) {
        var json = new StringBuilder();
        for (char c : text.toCharArray()) {
            json.append(c < ' ' || c == '"' || c == '\\' || c > '~' ? "\\u%04x".formatted((int) c) : c);
        }
        return json.toString();
    }

    /// What was asked for, as words NAME=VALUE.
    record Job(Map<String, String> words) {
        static Job of(String line) {
            var words = new HashMap<String, String>();
            for (String word : line.strip().split("\\s+")) {
                int equals = word.indexOf('=');
                words.put(word.substring(0, Math.max(0, equals)), word.substring(equals + 1));
            }
            return new Job(words);
        }

        String text(String name) {
            String value = words.get(name);
            if (value == null) {
                throw new IllegalArgumentException(name + "= is missing");
            }
            return value;
        }

        int number(String name) {
            return Integer.parseInt(text(name));
        }

        int number(String name, int otherwise) {
            return words.containsKey(name) ? number(name) : otherwise;
        }

        /// `port=` is one, or several separated by commas, over which clients are spread.
        InetSocketAddress address(int client) {
            String[] ports = text("port").split(",");
            return new InetSocketAddress("127.0.0.1", Integer.parseInt(ports[client % ports.length]));
        }
    }

    /// A request and the reply that it has to get. Replies are shared between questions.
    record Question(byte[] request, ByteBuffer reply) {}

    /// All the questions of a job, made before anything is measured.
    static final class Questions {
        private static final int MOST_MULTIPLE_BYTES = 8 * 1024 * 1024;

        private final boolean redis;
        private final int keyLength;
        private final byte[] value;
        final List<Question> sets = new ArrayList<>();
        final List<Question> gets = new ArrayList<>();

        Questions(Job job) {
            redis = job.text("protocol").equals("redis");
            keyLength = job.number("keyLength");
            value = new byte[job.number("valueLength")];
            Arrays.fill(value, (byte) 'x');
            int keys = job.number("keys");
            int multiple = job.number("mget", 1);
            ByteBuffer stored = ByteBuffer.wrap(ascii(redis ? "+OK\r\n" : "STORED\r\n"));
            ByteBuffer found = ByteBuffer.wrap(redis ? join(bulk(value)) : new byte[0]);
            for (int number = 0; number < keys; number++) {
                byte[] key = key(number);
                sets.add(new Question(set(key), stored));
                if (multiple == 1) {
                    gets.add(new Question(get(key), redis ? found : ByteBuffer.wrap(found(List.of(key)))));
                }
            }
            if (multiple > 1) {
                askForSeveral(keys, multiple);
            }
        }

        private void askForSeveral(int keys, int multiple) {
            var random = new SplittableRandom(1);
            long bytes = (long) multiple * (keyLength + (redis ? 0 : value.length) + 16L);
            int variants = Math.clamp(MOST_MULTIPLE_BYTES / bytes, 8, 1000);
            ByteBuffer allFound = null;
            for (int variant = 0; variant < variants; variant++) {
                var asked = new ArrayList<byte[]>();
                for (int i = 0; i < multiple; i++) {
                    asked.add(key(random.nextInt(keys)));
                }
                if (allFound == null || !redis) {
                    allFound = ByteBuffer.wrap(found(asked));
                }
                gets.add(new Question(getAll(asked), allFound));
            }
        }

        private byte[] key(int number) {
            String digits = keyLength < 16 ? "%0" + keyLength + "d" : "key:%012d";
            String key = digits.formatted(number);
            return ascii(key + "k".repeat(Math.max(0, keyLength - key.length())));
        }

        private byte[] set(byte[] key) {
            return redis
                    ? join(ascii("*3\r\n$3\r\nSET\r\n"), bulk(key), bulk(value))
                    : join(ascii("set "), key, ascii(" 0 0 " + value.length + "\r\n"), value, ascii("\r\n"));
        }

        private byte[] get(byte[] key) {
            return redis ? join(ascii("*2\r\n$3\r\nGET\r\n"), bulk(key)) : join(ascii("get "), key, ascii("\r\n"));
        }

        private byte[] getAll(List<byte[]> keys) {
            var parts = new ArrayList<byte[]>();
            parts.add(ascii(redis ? "*" + (1 + keys.size()) + "\r\n$4\r\nMGET\r\n" : "get"));
            for (byte[] key : keys) {
                parts.add(redis ? bulk(key) : join(ascii(" "), key));
            }
            parts.add(ascii(redis ? "" : "\r\n"));
            return join(parts.toArray(byte[][]::new));
        }

        private byte[] found(List<byte[]> keys) {
            var parts = new ArrayList<byte[]>();
            parts.add(ascii(redis ? "*" + keys.size() + "\r\n" : ""));
            for (byte[] key : keys) {
                parts.add(redis
                        ? bulk(value)
                        : join(ascii("VALUE "), key, ascii(" 0 " + value.length + "\r\n"), value, ascii("\r\n")));
            }
            parts.add(ascii(redis ? "" : "END\r\n"));
            return join(parts.toArray(byte[][]::new));
        }

        private static byte[] bulk(byte[] bytes) {
            return join(ascii("$" + bytes.length + "\r\n"), bytes, ascii("\r\n"));
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        private static byte[] join(byte[]... parts) {
            byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
            int at = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
            return all;
        }
    }

    /// Draws questions: only sets, only gets, or each as often.
    static final class Draw {
        private final Questions questions;
        private final String mix;
        private final SplittableRandom random = new SplittableRandom(7);

        Draw(Job job, Questions questions) {
            this.questions = questions;
            this.mix = job.words().getOrDefault("mix", "both");
        }

        Question next() {
            boolean set = mix.equals("set") || mix.equals("both") && random.nextBoolean();
            List<Question> from = set ? questions.sets : questions.gets;
            return from.get(random.nextInt(from.size()));
        }
    }

    /// Latencies in nanoseconds, each kept to within one percent: 128 steps for every doubling.
    static final class Histogram {
        private static final int STEP_BITS = 7;

        private final long[] counts = new long[(64 - STEP_BITS) << STEP_BITS];
        private long count;
        private long most;

        void record(long nanos) {
            long latency = Math.max(1, nanos);
            counts[index(latency)]++;
            count++;
            most = Math.max(most, latency);
        }

        private static int index(long latency) {
            int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(latency) - STEP_BITS);
            return (shift << STEP_BITS) + (int) (latency >>> shift);
        }

        private static long highest(int index) {
            int shift = Math.max(0, (index >>> STEP_BITS) - 1);
            long step = index - ((long) shift << STEP_BITS);
            return (step + 1 << shift) - 1;
        }

        /// In microseconds.
        double percentile(double percent) {
            long rank = (long) Math.ceil(count * percent / 100);
            long seen = 0;
            for (int index = 0; index < counts.length; index++) {
                seen += counts[index];
                if (seen >= rank && seen > 0) {
                    return Math.min(highest(index), most) / 1e3;
                }
            }
            return 0;
        }

        String json() {
            var json = new StringBuilder("{");
            for (double percent : new double[] {10, 50, 90, 99, 99.9, 99.99}) {
                json.append("\"p").append(percent % 1 == 0 ? String.valueOf((int) percent) : String.valueOf(percent)).append("\":");
                json.append(percentile(percent)).append(',');
            }
            return json.append("\"max\":").append(most / 1e3).append('}').toString();
        }
    }

    /// Writes every key once.
    static final class Fill {
        private Fill() {}

        static String run(Job job) throws IOException {
            var sets = new Questions(job).sets;
            // Small enough that neither side waits for the other with full sockets.
            int bytes = sets.getFirst().request().length;
            int atOnce = Math.clamp(32 * 1024 / bytes, 1, 100);
            try (var channel = SocketChannel.open(job.address(0))) {
                var replies = new Replies(atOnce);
                var in = ByteBuffer.allocateDirect(64 * 1024);
                for (int from = 0; from < sets.size(); from += atOnce) {
                    List<Question> batch = sets.subList(from, Math.min(sets.size(), from + atOnce));
                    for (Question question : batch) {
                        replies.expect(question, 0);
                        ByteBuffer request = ByteBuffer.wrap(question.request());
                        while (request.hasRemaining()) {
                            channel.write(request);
                        }
                    }
                    while (replies.awaited() > 0) {
                        if (channel.read(in.clear()) < 0) {
                            throw new IOException("closed while keys were filled");
                        }
                        replies.take(in.flip(), null, 0);
                    }
                }
            }
            return "{\"filled\":" + sets.size() + "}";
        }
    }

    /// The replies one connection waits for, in order. One thread may call [#expect] and another one the rest.
    static final class Replies {
        private final Question[] questions;
        private final long[] since;
        private final AtomicLong asked = new AtomicLong();
        private final AtomicLong answered = new AtomicLong();
        private int position;

        /// For at most `room` of them, rounded up to a power of two.
        Replies(int room) {
            int size = Integer.highestOneBit(Math.max(1, room - 1)) << 1;
            questions = new Question[size];
            since = new long[size];
        }

        boolean full() {
            return awaited() == questions.length;
        }

        int awaited() {
            return (int) (asked.get() - answered.get());
        }

        void expect(Question question, long from) {
            long number = asked.get();
            int slot = (int) number & questions.length - 1;
            questions[slot] = question;
            since[slot] = from;
            asked.setRelease(number + 1);
        }

        /// Compares what has come with what had to come; returns how many replies are complete now. Their latencies up to `now`
        /// go to `latencies`, if there is one, when they count from a moment after [Long#MIN_VALUE].
        int take(ByteBuffer received, Histogram latencies, long now) throws IOException {
            int complete = 0;
            while (received.hasRemaining()) {
                if (awaited() == 0) {
                    throw new IOException("a reply that nobody asked for: " + excerpt(received, 0));
                }
                int slot = (int) answered.getPlain() & questions.length - 1;
                ByteBuffer reply = questions[slot].reply();
                int length = Math.min(reply.capacity() - position, received.remaining());
                ByteBuffer part = received.slice(received.position(), length);
                if (!part.equals(reply.slice(position, length))) {
                    throw new IOException("the wrong reply: " + excerpt(received, position) + " instead of "
                            + excerpt(reply.duplicate(), 0));
                }
                received.position(received.position() + length);
                position += length;
                if (position == reply.capacity()) {
                    position = 0;
                    complete++;
                    if (latencies != null && since[slot] != Long.MIN_VALUE) {
                        latencies.record(now - since[slot]);
                    }
                    answered.setRelease(answered.getPlain() + 1);
                }
            }
            return complete;
        }

        private static String excerpt(ByteBuffer bytes, int after) {
            byte[] some = new byte[Math.min(80, bytes.remaining())];
            bytes.duplicate().get(some);
            return (after > 0 ? after + " bytes, then " : "") + new String(some, StandardCharsets.ISO_8859_1);
        }
    }

    /// One connection, and what is still to be sent over it.
    static final class Client {
        final SocketChannel channel;
        final Replies replies;
        SelectionKey key;
        private ByteBuffer out;

        Client(Job job, int number, int room) throws IOException {
            channel = SocketChannel.open(job.address(number));
            channel.socket().setTcpNoDelay(true);
            channel.configureBlocking(false);
            replies = new Replies(room);
            out = ByteBuffer.allocateDirect(1024);
        }

        void ask(Question question, long since) {
            replies.expect(question, since);
            byte[] request = question.request();
            if (out.remaining() < request.length) {
                int needed = out.position() + request.length;
                out = ByteBuffer.allocateDirect(Math.max(needed, 2 * out.capacity())).put(out.flip());
            }
            out.put(request);
        }

        /// Sends what the socket takes; false if something is left.
        boolean send() throws IOException {
            channel.write(out.flip());
            out.compact();
            return out.position() == 0;
        }
    }

    /// All connections of a measurement, and the thread that reads them.
    abstract static class Loop implements Measurement {
        final List<Client> clients = new ArrayList<>();
        final Histogram latencies = new Histogram();
        final Draw draw;
        final int pipeline;
        final Selector selector = Selector.open();
        private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);

        Loop(Job job, int room) throws IOException {
            draw = new Draw(job, new Questions(job));
            pipeline = job.number("pipeline", 1);
            for (int number = 0; number < job.number("clients"); number++) {
                var client = new Client(job, number, room);
                clients.add(client);
                client.key = client.channel.register(selector, SelectionKey.OP_READ, client);
            }
        }

        /// Waits for replies, at most `patience` milliseconds.
        void select(int patience) throws IOException {
            if (selector.select(patience) == 0 && patience >= 1000) {
                throw new IOException("no reply in " + patience + " ms");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                var client = (Client) key.attachment();
                if (key.isWritable() && client.send()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
                if (key.isReadable()) {
                    read(client);
                }
            }
            selector.selectedKeys().clear();
        }

        private void read(Client client) throws IOException {
            int length = client.channel.read(in.clear());
            if (length < 0) {
                throw new IOException("the connection was closed");
            }
            int complete = client.replies.take(in.flip(), latencies, System.nanoTime());
            if (complete > 0) {
                answered(client, complete);
            }
        }

        abstract void answered(Client client, int replies) throws IOException;

        @Override
        public void close() throws IOException {
            for (Client client : clients) {
                client.channel.close();
            }
            selector.close();
        }
    }

    /// Every client sends as many requests as it may have under way, waits for all replies, and begins again.
    static final class ClosedLoop extends Loop {
        private static final int PATIENCE_MILLIS = 20_000;

        private final long requests;
        private long asked;
        private long answered;

        ClosedLoop(Job job) throws IOException {
            super(job, job.number("pipeline", 1));
            requests = job.number("requests");
        }

        @Override
        public String run() throws IOException {
            long start = System.nanoTime();
            for (Client client : clients) {
                ask(client);
            }
            while (answered < asked) {
                select(PATIENCE_MILLIS);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return "{\"requests\":%d,\"seconds\":%f,\"latency\":%s}".formatted(answered, seconds, latencies.json());
        }

        private void ask(Client client) throws IOException {
            long now = System.nanoTime();
            for (int i = 0; i < pipeline && asked < requests; i++) {
                client.ask(draw.next(), now);
                asked++;
            }
            if (!client.send()) {
                client.key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        }

        @Override
        void answered(Client client, int replies) throws IOException {
            answered += replies;
            if (client.replies.awaited() == 0 && asked < requests) {
                ask(client);
            }
        }
    }

    /// Batches of requests at equal distances in time, the clients taking turns. This thread reads; another one sends.
    static final class OpenLoop extends Loop {
        /// Requests of the beginning are sent and not counted.
        private static final double MOST_UNCOUNTED_SECONDS = 0.5;

        private final Histogram lateness = new Histogram();
        private final double interval;
        private final long uncountedNanos;
        private final long batches;
        private long answered;
        private volatile IOException failure;
        private volatile long sent;
        private volatile boolean allSent;

        OpenLoop(Job job) throws IOException {
            super(job, Math.max(4 * job.number("pipeline", 1), 4 * job.number("rate") / job.number("clients")));
            interval = 1e9 * pipeline / job.number("rate");
            double seconds = Double.parseDouble(job.text("seconds"));
            uncountedNanos = (long) (Math.min(MOST_UNCOUNTED_SECONDS, seconds) * 1e9);
            batches = Math.max(1, (long) ((seconds * 1e9 + uncountedNanos) / interval));
        }

        @Override
        public String run() throws IOException {
            long start = System.nanoTime();
            var sender = new Thread(() -> send(start), "sender");
            sender.start();
            while (!allSent || answered < sent) {
                select(100);
                if (failure != null) {
                    throw failure;
                }
                if (System.nanoTime() - start > (long) (2 * interval * batches) + 20_000_000_000L) {
                    throw new IOException("it does not keep up");
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return "{\"requests\":%d,\"seconds\":%f,\"latency\":%s,\"lateness\":%s}"
                    .formatted(answered, seconds, latencies.json(), lateness.json());
        }

        private void send(long start) {
            try {
                long counted = start + uncountedNanos;
                for (long batch = 0; batch < batches; batch++) {
                    long due = start + (long) (batch * interval);
                    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    if (due >= counted) {
                        lateness.record(System.nanoTime() - due);
                    }
                    send(clients.get((int) (batch % clients.size())), due >= counted ? due : Long.MIN_VALUE);
                }
            } catch (IOException lost) {
                failure = lost;
            } finally {
                allSent = true;
                selector.wakeup();
            }
        }

        private void send(Client client, long since) throws IOException {
            for (int i = 0; i < pipeline; i++) {
                while (client.replies.full()) {
                    // Its time goes on counting.
                    pause();
                }
                client.ask(draw.next(), since);
                sent++;
            }
            while (!client.send()) {
                pause();
            }
        }

        private void pause() throws IOException {
            LockSupport.parkNanos(20_000);
            if (Thread.currentThread().isInterrupted() || !selector.isOpen()) {
                throw new IOException("given up");
            }
        }

        @Override
        void answered(Client client, int replies) {
            answered += replies;
        }
    }
}
