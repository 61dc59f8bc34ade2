import module java.base;

/// Makes the AOT cache of the packaged application: runs it as it is run in production, in front of servers of its own and
/// under every kind of traffic, so that the JVM can write down which classes were loaded and how often which way through
/// the code was taken. Then starts it once with the cache.
///
///     java deploy/Training.java [APPLICATION [OPTIONS [REQUESTS]]]
///
/// APPLICATION is the directory with `quarkus-run.jar` (target/quarkus-app), OPTIONS the file of JVM options that it will be
/// run with (deploy/jvm.options), REQUESTS about how many requests to send (300000; fewer leave more to compile later). The
/// cache is `APPLICATION/cashew.aot`. It is made for the JVM that runs this program.
///
/// Needs nothing but a Java runtime: the servers are a few lines each, below. Exits with 1, saying what Cashew said, if
/// anything is not as it should be.
public final class Training {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CLIENTS = 12;
    private static final String PASSWORD = "open sesame";

    private final Path application;
    private final Path options;
    private final Path directory;
    private final Path log;
    private final int redisPort = freePort();
    private final int memcachePort = freePort();
    private final int guardedPort = freePort();
    private final int tlsPort = freePort();
    private final int addedPort = freePort();
    private final int httpPort = freePort();
    private final int managementPort = freePort();

    private Training(Path application, Path options) throws IOException {
        this.application = application;
        this.options = options;
        directory = Files.createTempDirectory("cashew-training-");
        log = directory.resolve("cashew.log");
    }

    public static void main(String... arguments) throws Exception {
        var training = new Training(
                Path.of(arguments.length > 0 ? arguments[0] : "target/quarkus-app"),
                Path.of(arguments.length > 1 ? arguments[1] : "deploy/jvm.options"));
        int requests = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 300_000;
        try {
            training.run(requests);
        } catch (Exception e) {
            System.err.println(Files.exists(training.log) ? Files.readString(training.log) : "");
            System.err.println("no AOT cache: " + e);
            System.exit(1);
        } finally {
            training.cleanUp();
        }
    }

    private void run(int requests) throws Exception {
        Path cache = application.resolve("cashew.aot");
        Files.deleteIfExists(cache);
        try (var redis = Servers.start(3, Training::answerRedis);
                var memcached = Servers.start(3, Training::answerMemcache);
                var failing = Servers.start(2, Training::answerRedis)) {
            Path file = Files.writeString(directory.resolve("nutcracker.yml"), configuration(redis, memcached, failing));
            makeCertificate();

            System.out.println("training with " + requests + " requests");
            Process cashew = start(file, "-XX:AOTCacheOutput=" + cache);
            try {
                awaitReady(cashew);
                office();
                crowd(requests);
                encrypted();
                strangers();
                outage(failing);
                reload(file, redis);
                office();
                end(cashew);
            } finally {
                cashew.destroyForcibly();
            }
            if (!Files.exists(cache)) {
                throw new IllegalStateException("Cashew ended well, and " + cache + " is not there");
            }

            // With this mode a cache that cannot be used is an error.
            Process trained = start(file, "-XX:AOTCache=" + cache, "-XX:AOTMode=on");
            try {
                awaitReady(trained);
                crowd(1);
                end(trained);
            } finally {
                trained.destroyForcibly();
            }
        }
        System.out.println(cache + ": " + Files.size(cache) / (1 << 20) + " MiB, and Cashew starts with it");
    }

    private String configuration(Servers redis, Servers memcached, Servers failing) {
        return """
                redis:
                  listen: 127.0.0.1:%d
                  listen_tls: 127.0.0.1:%d
                  tls: training
                  hash: fnv1a_64
                  distribution: ketama
                  redis: true
                  servers:
                %s
                memcache:
                  listen: 127.0.0.1:%d
                  hash: fnv1a_64
                  distribution: ketama
                  servers:
                %s
                guarded:
                  listen: 127.0.0.1:%d
                  hash: fnv1a_64
                  distribution: ketama
                  redis: true
                  redis_auth: %s
                  auto_eject_hosts: true
                  server_failure_limit: 1
                  server_retry_timeout: 100
                  timeout: 400
                  servers:
                %s
                """.formatted(redisPort, tlsPort, redis.yaml(), memcachePort, memcached.yaml(), guardedPort, PASSWORD, failing.yaml());
    }

    private Process start(Path file, String... flags) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + options);
        command.addAll(List.of(flags));
        command.add("-Djava.library.path=" + application.resolve("native"));
        command.add("-Dquarkus.tls.training.key-store.p12.path=" + certificate());
        command.add("-Dquarkus.tls.training.key-store.p12.password=" + PASSWORD);
        command.addAll(List.of("-jar", application.resolve("quarkus-run.jar").toString()));
        command.addAll(List.of("-c", file.toString(), "-s", String.valueOf(freePort())));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(Map.of(
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "QUARKUS_HTTP_PORT", String.valueOf(httpPort),
                "QUARKUS_MANAGEMENT_HOST", "127.0.0.1",
                "QUARKUS_MANAGEMENT_PORT", String.valueOf(managementPort)));
        return builder.start();
    }

    private void awaitReady(Process cashew) throws Exception {
        await("every pool to take clients", () -> {
            if (!cashew.isAlive()) {
                throw new IllegalStateException("Cashew ended with " + cashew.exitValue());
            }
            return status(managementPort, "/q/health/ready") == 200;
        });
    }

    /// Sends SIGTERM. What the training run has seen becomes the cache before the process is gone.
    private static void end(Process cashew) throws InterruptedException {
        cashew.destroy();
        if (!cashew.waitFor(PATIENCE)) {
            throw new IllegalStateException("Cashew does not end");
        }
        if (cashew.exitValue() != 0) {
            throw new IllegalStateException("Cashew ended with " + cashew.exitValue());
        }
    }

    private void cleanUp() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
        // What a training that was broken off leaves.
        Files.deleteIfExists(application.resolve("cashew.aot.config"));
    }

    /// What people and monitors ask.
    private void office() throws Exception {
        for (int i = 0; i < 20; i++) {
            for (String path : List.of("/", "/pools", "/pools/redis", "/pools/redis/servers", "/pools/redis/route?key=hello")) {
                expect(path, 200, status(httpPort, path));
            }
            expect("an unknown pool", 404, status(httpPort, "/pools/none"));
            for (String path : List.of("/q/health", "/q/health/live", "/q/health/ready", "/q/metrics")) {
                expect(path, 200, status(managementPort, path));
            }
        }
        expect("the description", 200, status(httpPort, "/q/openapi"));
    }

    /// Many clients at once, each coming anew for every round and putting its questions one by one or many at a time.
    private void crowd(int requests) throws Exception {
        var left = new AtomicInteger(requests);
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var visits = new ArrayList<Future<?>>();
            for (int client = 0; client < CLIENTS; client++) {
                String name = "client" + client;
                boolean redis = client % 3 < 2;
                List<Question> questions = redis ? redisQuestions(name) : memcacheQuestions(name);
                visits.add(clients.submit(() -> {
                    for (int round = 0; left.getAndAdd(-questions.size()) > 0; round++) {
                        int together = List.of(1, 16, 64).get(round % 3);
                        if (redis) {
                            ask(redisPort, questions, together, Training::redisReply);
                        } else {
                            ask(memcachePort, questions, together, Training::memcacheReply);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> visit : visits) {
                visit.get();
            }
        }
    }

    private static List<Question> redisQuestions(String name) {
        var questions = new ArrayList<Question>();
        String[] keys = IntStream.range(0, 100).mapToObj(i -> name + ":key:" + i).toArray(String[]::new);
        for (String key : keys) {
            questions.add(new Question(redis("SET", key, "v".repeat(64)), "+OK"));
            questions.add(new Question(redis("GET", key), "$64"));
        }
        for (int size : new int[] {1, 1000, 16_000, 100_000}) {
            questions.add(new Question(redis("SET", name + size, "v".repeat(size)), "+OK"));
            questions.add(new Question(redis("GET", name + size), "$" + size));
        }
        for (int i = 0; i < 90; i += 10) {
            questions.add(new Question(redis(words("MGET", Arrays.copyOfRange(keys, i, i + 10))), "*10"));
            questions.add(new Question(redis("GET", keys[i]), "$64"));
        }
        questions.add(new Question(redis(words("MGET", keys)), "*100"));
        questions.add(new Question(redis("MSET", name + "a", "1", name + "b", "2", name + "c", "3"), "+OK"));
        questions.add(new Question(redis("EXISTS", name + "a", name + "b", name + "c"), ":3"));
        questions.add(new Question(redis("DEL", name + "a", name + "b", name + "c", name + "d"), ":3"));
        questions.add(new Question(redis("GET", name + "a"), "$-1"));
        questions.add(new Question(redis("INCR", name + "count"), ":"));
        questions.add(new Question(redis("INCR", keys[0]), "-ERR"));
        questions.add(new Question(redis("PING"), "+PONG"));
        questions.add(new Question("GET " + keys[1] + "\r\n", "$64"));
        questions.add(new Question(redis("GET"), "-ERR"));
        questions.add(new Question(redis("NOSUCHCOMMAND", "x"), "-ERR"));
        questions.add(new Question(redis("KEYS", "*"), "-ERR"));
        return questions;
    }

    private static List<Question> memcacheQuestions(String name) {
        var questions = new ArrayList<Question>();
        List<String> keys = IntStream.range(0, 100).mapToObj(i -> name + ":key:" + i).toList();
        for (String key : keys) {
            questions.add(new Question(memcacheSet(key, 64), "STORED"));
            questions.add(new Question("get " + key + "\r\n", "VALUE " + key + " 0 64"));
        }
        for (int size : new int[] {1, 1000, 16_000, 100_000}) {
            questions.add(new Question(memcacheSet(name + size, size), "STORED"));
            questions.add(new Question("get " + name + size + "\r\n", "VALUE " + name + size + " 0 " + size));
        }
        for (int i = 0; i < 90; i += 10) {
            questions.add(new Question("get " + String.join(" ", keys.subList(i, i + 10)) + "\r\n", "VALUE " + keys.get(i)));
            questions.add(new Question("mg " + keys.get(i) + " v\r\n", "VA 64"));
        }
        questions.add(new Question("get " + String.join(" ", keys) + "\r\n", "VALUE " + keys.getFirst()));
        questions.add(new Question("ms " + name + "meta 2\r\nhi\r\n", "HD"));
        questions.add(new Question("delete " + name + "meta\r\n", "DELETED"));
        questions.add(new Question("get " + name + "meta\r\n", "END"));
        questions.add(new Question("incr " + keys.getFirst() + " 1\r\n", "CLIENT_ERROR"));
        questions.add(new Question("version\r\n", "VERSION"));
        questions.add(new Question("nosuchcommand\r\n", "ERROR"));
        return questions;
    }

    private Path certificate() {
        return directory.resolve("training.p12");
    }

    private void makeCertificate() throws Exception {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(keytool.toString(), "-genkeypair", "-alias", "training", "-keyalg", "EC", "-dname",
                "CN=localhost", "-keystore", certificate().toString(), "-storetype", "PKCS12", "-storepass", PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        expect("keytool", 0, process.waitFor());
    }

    /// Clients that come with TLS, some of them with RESP3.
    private void encrypted() throws Exception {
        var trusted = KeyStore.getInstance(certificate().toFile(), PASSWORD.toCharArray());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        for (int i = 0; i < 20; i++) {
            List<Question> questions = redisQuestions("encrypted" + i).subList(0, 200);
            ask(new Wire(context.getSocketFactory().createSocket(LOOPBACK, tlsPort)), questions, 16, Training::redisReply);
            List<Question> inThree = Stream.concat(Stream.of(new Question(redis("HELLO", "3"), "%")), questions.stream()).toList();
            ask(new Wire(context.getSocketFactory().createSocket(LOOPBACK, tlsPort)), inThree, 1, Training::redisReply);
            ask(new Wire(new Socket(LOOPBACK, redisPort)), inThree, 1, Training::redisReply);
        }
    }

    /// The file changes, and Cashew finds out.
    private void reload(Path file, Servers redis) throws Exception {
        Files.writeString(file, Files.readString(file) + """
                added:
                  listen: 127.0.0.1:%d
                  redis: true
                  servers:
                %s
                """.formatted(addedPort, redis.yaml()));
        await("the changed file to be in force", () -> {
            try {
                ask(addedPort, List.of(new Question(redis("SET", "added", "1"), "+OK")), 1, Training::redisReply);
                return true;
            } catch (ConnectException notYet) {
                return false;
            }
        });
    }

    /// Those who do not know the password, or not the language.
    private void strangers() throws IOException {
        ask(guardedPort, List.of(
                new Question(redis("GET", "key"), "-"),
                new Question(redis("AUTH", "wrong"), "-"),
                new Question(redis("AUTH", PASSWORD), "+OK"),
                new Question(redis("SET", "key", "value"), "+OK")), 1, Training::redisReply);
        for (int port : new int[] {redisPort, memcachePort}) {
            try (var wire = new Wire(new Socket(LOOPBACK, port))) {
                wire.write("*1\r\n$x\r\nset k 0 0 minus\r\n");
                wire.awaitEnd();
            }
        }
    }

    /// A server goes away, its keys move, it comes back, and they return.
    private void outage(Servers servers) throws Exception {
        Server first = servers.list().getFirst();
        first.stop();
        await("the other server to have every key", () -> allKeysAreServed());
        first.listen();
        await("the first server to be asked again", () -> allKeysAreServed() && first.isConnected());
    }

    private boolean allKeysAreServed() throws IOException {
        try (var wire = new Wire(new Socket(LOOPBACK, guardedPort))) {
            wire.write(redis("AUTH", PASSWORD));
            redisReply(wire);
            boolean served = true;
            for (int i = 0; i < 100; i++) {
                wire.write(redis("SET", "key" + i, "value"));
                served &= redisReply(wire).equals("+OK");
            }
            return served;
        }
    }

    /// What a client sends, and how the first line of the right answer begins.
    private record Question(String text, String answer) {}

    /// Reads one reply; returns its first line.
    private interface Reply {
        String read(Wire wire) throws IOException;
    }

    /// Puts `questions` on a new connection, so many `together`.
    private static void ask(int port, List<Question> questions, int together, Reply reply) throws IOException {
        ask(new Wire(new Socket(LOOPBACK, port)), questions, together, reply);
    }

    /// Puts `questions` on `wire`, so many `together`, and closes it.
    private static void ask(Wire wire, List<Question> questions, int together, Reply reply) throws IOException {
        try (wire) {
            for (int from = 0; from < questions.size(); from += together) {
                List<Question> some = questions.subList(from, Math.min(from + together, questions.size()));
                for (Question question : some) {
                    wire.write(question.text);
                }
                for (Question question : some) {
                    String answer = reply.read(wire);
                    if (!answer.startsWith(question.answer)) {
                        throw new IllegalStateException(
                                question.text.lines().limit(5).toList() + " was answered with " + answer);
                    }
                }
            }
        }
    }

    private static String redis(String... words) {
        var text = new StringBuilder().append('*').append(words.length).append("\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString();
    }

    private static String[] words(String command, String... keys) {
        return Stream.concat(Stream.of(command), Stream.of(keys)).toArray(String[]::new);
    }

    private static String redisReply(Wire wire) throws IOException {
        String line = wire.readLine();
        int length = "$*%".indexOf(line.charAt(0)) < 0 ? 0 : Integer.parseInt(line.substring(1));
        if (line.startsWith("$") && length >= 0) {
            wire.readBody(length);
        }
        int elements = line.startsWith("*") ? length : line.startsWith("%") ? 2 * length : 0;
        for (int i = 0; i < elements; i++) {
            redisReply(wire);
        }
        return line;
    }

    private static String memcacheSet(String key, int size) {
        return "set " + key + " 0 0 " + size + "\r\n" + "v".repeat(size) + "\r\n";
    }

    private static String memcacheReply(Wire wire) throws IOException {
        String first = wire.readLine();
        for (String line = first; line.startsWith("VA"); line = wire.readLine()) {
            String[] words = line.split(" ");
            boolean meta = words[0].equals("VA");
            wire.readBody(Integer.parseInt(words[meta ? 1 : 3]));
            if (meta) {
                break;
            }
        }
        return first;
    }

    /// Reads one command and answers it from `values`.
    private interface Answer {
        void next(Wire wire, Map<String, String> values) throws IOException;
    }

    private static void answerRedis(Wire wire, Map<String, String> values) throws IOException {
        var words = new String[Integer.parseInt(wire.readLine().substring(1))];
        for (int i = 0; i < words.length; i++) {
            words[i] = wire.readBody(Integer.parseInt(wire.readLine().substring(1)));
        }
        List<String> keys = List.of(words).subList(1, words.length);
        wire.write(switch (words[0].toUpperCase(Locale.ROOT)) {
            case "GET" -> bulk(values.get(words[1]));
            case "MGET" -> keys.stream().map(key -> bulk(values.get(key))).collect(Collectors.joining("", "*" + keys.size() + "\r\n", ""));
            case "SET", "MSET" -> {
                for (int i = 1; i + 1 < words.length; i += 2) {
                    values.put(words[i], words[i + 1]);
                }
                yield "+OK\r\n";
            }
            case "DEL" -> ":" + keys.stream().filter(key -> values.remove(key) != null).count() + "\r\n";
            case "EXISTS" -> ":" + keys.stream().filter(values::containsKey).count() + "\r\n";
            case "INCR" -> isNumber(values.getOrDefault(words[1], "0"))
                    ? ":" + values.merge(words[1], "1", (before, one) -> String.valueOf(Long.parseLong(before) + 1)) + "\r\n"
                    : "-ERR value is not an integer or out of range\r\n";
            case "AUTH" -> "+OK\r\n";
            case "HELLO" -> "%1\r\n$5\r\nproto\r\n:3\r\n";
            case "PING" -> "+PONG\r\n";
            default -> "-ERR unknown command\r\n";
        });
    }

    private static String bulk(String value) {
        return value == null ? "$-1\r\n" : "$" + value.length() + "\r\n" + value + "\r\n";
    }

    private static boolean isNumber(String value) {
        return !value.isEmpty() && value.chars().allMatch(Character::isDigit);
    }

    private static void answerMemcache(Wire wire, Map<String, String> values) throws IOException {
        String[] words = wire.readLine().split(" ");
        wire.write(switch (words[0]) {
            case "get" -> Stream.of(words)
                    .skip(1)
                    .filter(values::containsKey)
                    .map(key -> "VALUE " + key + " 0 " + values.get(key).length() + "\r\n" + values.get(key) + "\r\n")
                    .collect(Collectors.joining("", "", "END\r\n"));
            case "mg" -> {
                String value = values.get(words[1]);
                yield value == null ? "EN\r\n" : "VA " + value.length() + "\r\n" + value + "\r\n";
            }
            case "set" -> {
                values.put(words[1], wire.readBody(Integer.parseInt(words[4])));
                yield "STORED\r\n";
            }
            case "ms" -> {
                values.put(words[1], wire.readBody(Integer.parseInt(words[2])));
                yield "HD\r\n";
            }
            case "delete" -> values.remove(words[1]) == null ? "NOT_FOUND\r\n" : "DELETED\r\n";
            case "incr" -> "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n";
            case "version" -> "VERSION 1.6.0\r\n";
            default -> "ERROR\r\n";
        });
    }

    private record Servers(List<Server> list) implements AutoCloseable {
        static Servers start(int count, Answer answer) throws IOException {
            var list = new ArrayList<Server>();
            for (int i = 0; i < count; i++) {
                var server = new Server(freePort(), answer);
                server.listen();
                list.add(server);
            }
            return new Servers(list);
        }

        /// The items of a pool's list of servers.
        String yaml() {
            return list.stream()
                    .map(server -> "   - 127.0.0.1:" + server.port + ":1 server" + list.indexOf(server))
                    .collect(Collectors.joining("\n"));
        }

        @Override
        public void close() throws IOException {
            for (Server server : list) {
                server.stop();
            }
        }
    }

    /// One server, which can go away and come back on the same port.
    private static final class Server {
        private final int port;
        private final Answer answer;
        private final Map<String, String> values = new ConcurrentHashMap<>();
        private final Set<Wire> connections = ConcurrentHashMap.newKeySet();
        private ServerSocket listener;

        private Server(int port, Answer answer) {
            this.port = port;
            this.answer = answer;
        }

        void listen() throws IOException {
            var opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(LOOPBACK, port));
            listener = opened;
            Thread.ofVirtual().start(() -> accept(opened));
        }

        boolean isConnected() {
            return !connections.isEmpty();
        }

        void stop() throws IOException {
            listener.close();
            for (Wire connection : connections) {
                connection.close();
            }
        }

        private void accept(ServerSocket listener) {
            try {
                while (true) {
                    var wire = new Wire(listener.accept());
                    connections.add(wire);
                    Thread.ofVirtual().start(() -> serve(wire));
                }
            } catch (IOException stopped) {
                // as asked
            }
        }

        private void serve(Wire wire) {
            try (wire) {
                while (true) {
                    answer.next(wire, values);
                }
            } catch (IOException over) {
                connections.remove(wire);
            }
        }
    }

    /// One end of a connection. What was written is sent when there is nothing left to read, so many at a time are answered
    /// many at a time.
    private static final class Wire implements Closeable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] buffer = new byte[32 * 1024];
        private int position;
        private int limit;

        Wire(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            in = socket.getInputStream();
            out = new BufferedOutputStream(socket.getOutputStream(), 32 * 1024);
        }

        void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /// The next line, without its end.
        String readLine() throws IOException {
            var line = new StringBuilder();
            for (int next = read(); next != '\n'; next = read()) {
                line.append((char) next);
            }
            line.setLength(line.length() - 1);
            return line.toString();
        }

        /// So many bytes, and an end of line after them.
        String readBody(int length) throws IOException {
            var body = new byte[length];
            for (int done = 0; done < length; ) {
                fillIfEmpty();
                int some = Math.min(length - done, limit - position);
                System.arraycopy(buffer, position, body, done, some);
                position += some;
                done += some;
            }
            read();
            read();
            return new String(body, StandardCharsets.ISO_8859_1);
        }

        /// Sends what was written, and waits until the other end hangs up.
        void awaitEnd() throws IOException {
            out.flush();
            socket.shutdownOutput();
            try {
                in.readAllBytes();
            } catch (SocketException reset) {
                // That is an end, too.
            }
        }

        private int read() throws IOException {
            fillIfEmpty();
            return buffer[position++] & 0xff;
        }

        private void fillIfEmpty() throws IOException {
            if (position < limit) {
                return;
            }
            out.flush();
            position = 0;
            limit = Math.max(0, in.read(buffer));
            if (limit == 0) {
                throw new EOFException();
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// A port below those the kernel takes outgoing connections from: Cashew makes many before it listens there.
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 30_000);
            try (var socket = new ServerSocket(port, 1, LOOPBACK)) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // The next one, then.
            }
        }
    }

    /// The status of `GET path`; 0 if nobody listens.
    private static int status(int port, String path) throws IOException {
        var connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        try {
            int status = connection.getResponseCode();
            try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                body.readAllBytes();
            }
            return status;
        } catch (ConnectException nobody) {
            return 0;
        }
    }

    private static void expect(String what, int status, int actual) {
        if (actual != status) {
            throw new IllegalStateException(what + " was answered with " + actual);
        }
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited in vain for " + what);
            }
            Thread.sleep(20);
        }
    }
}
