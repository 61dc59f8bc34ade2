package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.protocol.Client;
import io.cashew.protocol.WrongPasswords;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The table and the session beside a running redis-server, which knows best.
class RedisCommandAgainstServerTest {
    /// Rows that take what a newer Redis takes: 7.2 gave ranks their scores and `GETKEYS` commands without arguments.
    private static final Set<String> NEWER = Set.of("zrank", "zrevrank", "command|getkeys", "command|getkeysandflags");

    /// Redis calls these neither reading nor writing, since it depends on the script; we expect the worse.
    private static final Set<String> SCRIPTS = Set.of("eval", "evalsha", "fcall");

    private static Server server;

    @BeforeAll
    static void startServer() throws IOException {
        server = new Server();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @Test
    void everyCommandOfTheServerHasARow() throws IOException {
        assertThat(serverRows().keySet()).hasSizeGreaterThan(200).allSatisfy(name -> assertThat(row(name)).isNotNull());
    }

    @Test
    void rowsAgreeWithTheServer() throws IOException {
        var softly = new SoftAssertions();
        int compared = 0;
        for (var theirs : serverRows().values()) {
            var ours = row(theirs.name());
            if (ours == null) {
                continue;
            }
            compared++;
            if (!NEWER.contains(theirs.name())) {
                softly.assertThat(ours.arity()).as("arity of " + theirs.name()).isEqualTo(theirs.arity());
            }
            if (!SCRIPTS.contains(theirs.name())) {
                softly.assertThat(ours.writes())
                        .as("whether " + theirs.name() + " writes")
                        .isEqualTo(theirs.flags().contains("write"));
            }
            if (ours.refusal() == null) {
                softly.assertThat(CommandFlags.of(ours))
                        .as("flags of " + theirs.name())
                        .isEqualTo(theirs.flags());
                softly.assertThat(fixedKeys(ours))
                        .as("keys of " + theirs.name())
                        .isEqualTo(theirs.fixedKeys());
                softly.assertThat(ours.keySpec() == KeySpec.NONE || ours.keySpec() instanceof KeySpec.Channel)
                        .as("whether " + theirs.name() + " has no keys")
                        .isEqualTo(theirs.fixedKeys().equals(List.of(0L, 0L, 0L)) && !theirs.flags().contains("movablekeys"));
                softly.assertThat(theirs.flags())
                        .as("a served command must not hold up the connection it shares: " + theirs.name())
                        .matches(flags -> !flags.contains("blocking") || ours.waiting() != null
                                || theirs.name().startsWith("xread"));
            }
        }
        softly.assertThat(compared).isGreaterThan(250);
        softly.assertAll();
    }

    static Stream<String> linesWithKeys() {
        return """
                get k
                set k v EX 10
                getex k PERSIST
                append k v
                mget a
                mget a b c
                mset a 1
                mset a 1 b 2 c 3
                msetnx a 1 b 2
                del a
                del a b a
                unlink a b
                touch a b
                exists a b a
                rename a b
                renamenx a b
                copy a b
                copy a b DB 1 REPLACE
                lcs a b LEN
                bitop AND dest a b
                bitop NOT dest a
                bitfield k GET u8 0
                bitfield_ro k GET u8 0
                expire k 10 NX
                restore k 0 v REPLACE
                dump k
                object encoding k
                OBJECT FREQ k
                object idletime k
                object refcount k
                memory usage k
                MEMORY usage k SAMPLES 5
                sort k
                sort k STORE d
                sort k BY store GET store ALPHA
                sort k BY store STORE d
                sort k LIMIT store 1 store d
                sort k STORE d STORE e
                sort k GET # GET store LIMIT 0 1
                sort_ro k BY nosort LIMIT 0 1
                lpush k a b
                lmove a b LEFT RIGHT
                rpoplpush a b
                lmpop 1 a LEFT
                lmpop 2 a b RIGHT COUNT 3
                hset k f v g w
                hmget k f g
                hscan k 0 MATCH x
                sadd k a b
                smove a b m
                sdiff a b c
                sinter a
                sunion a b
                sdiffstore d a b
                sinterstore d a
                sunionstore d a b
                sintercard 2 a b LIMIT 1
                sintercard 1 a
                zadd k 1 m
                zunion 2 a b WEIGHTS 1 2
                zinter 1 a
                zdiff 2 a b WITHSCORES
                zintercard 2 a b LIMIT 1
                zunionstore d 2 a b AGGREGATE MAX
                zinterstore d 1 a
                zdiffstore d 2 a b
                zrangestore d a 0 -1
                zmpop 2 a b MIN COUNT 3
                zmpop 1 a MAX
                zrange k 0 -1
                pfadd k a b
                pfcount a b
                pfmerge d a b
                geoadd k 1 2 m
                georadius k 1 2 3 km
                georadius k 1 2 3 km STORE d
                georadius k 1 2 3 km WITHDIST STOREDIST d
                georadius k 1 2 3 km COUNT 5 ANY STORE d
                georadius_ro k 1 2 3 km
                georadiusbymember k m 3 km
                georadiusbymember k m 3 km STORE d
                georadiusbymember k store 3 km
                georadiusbymember_ro k m 3 km
                geosearch k FROMMEMBER m BYRADIUS 1 km
                geosearchstore d k FROMMEMBER m BYRADIUS 1 km
                xadd k * f v
                xread STREAMS a 0
                xread COUNT 2 STREAMS a b 0 0
                xread streams streams 0
                xreadgroup GROUP g c STREAMS a >
                xreadgroup GROUP g c COUNT 2 NOACK STREAMS a b > >
                xreadgroup GROUP g streams COUNT 2 STREAMS a >
                xgroup create k g $ MKSTREAM
                xgroup destroy k g
                xgroup setid k g 0
                xgroup createconsumer k g c
                xgroup delconsumer k g c
                xinfo stream k FULL
                xinfo groups k
                xinfo consumers k g
                xack k g 1-1
                xautoclaim k g c 0 0
                eval script 1 a arg
                eval script 2 a b arg
                evalsha sha 1 a
                eval_ro script 2 a b
                evalsha_ro sha 1 a
                fcall f 2 a b c
                fcall_ro f 1 a
                blpop a b 0
                blmpop 0 2 a b LEFT
                bzmpop 0 1 a MIN
                brpoplpush a b 0
                xread BLOCK 0 STREAMS a 0
                xreadgroup GROUP g c BLOCK 5 STREAMS a >
                """.lines();
    }

    @ParameterizedTest
    @MethodSource("linesWithKeys")
    void theSameKeysAreFoundAsByTheServer(String line) throws IOException {
        var request = RequestFixture.line(line);

        assertThat(RequestFixture.keys(request)).isNotEmpty().isEqualTo(server.ask("command getkeys " + line));
    }

    @ParameterizedTest
    @MethodSource("linesWithKeys")
    void keysAreUsedAsTheServerSays(String line) throws IOException {
        byte[] answer = AloneInPool.answer(session(), RequestFixture.line("command getkeysandflags " + line));

        assertThat(new Reader(new ByteArrayInputStream(answer)).read()).isEqualTo(server.ask("command getkeysandflags " + line));
    }

    @Test
    void groupsAreTheServers() throws IOException {
        var docs = (List<?>) server.ask("command docs");
        int compared = 0;
        for (int i = 0; i < docs.size(); i += 2) {
            var row = RedisCommand.named((String) docs.get(i));
            var fields = (List<?>) docs.get(i + 1);
            var group = fields.get(fields.indexOf("group") + 1);
            if (row != null && row.refusal() == null && !group.equals("cluster")) {
                compared++;
                assertThat(CommandGroup.of(row).label()).as(row.label()).isEqualTo(group);
            }
        }
        assertThat(compared).isGreaterThan(180);
    }

    /// Requests that look as if they had no key, or not all of them, must fail wherever they are sent.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "zunion 0 a", "zunion -1 a", "zunion x a", "zunion 2 a", "zunion 99999999999999999999 a",
                "zunion 9223372036854775807 a", "zinter 3 a b", "zdiff 1.0 a", "zintercard 2 a", "zintercard +1 a",
                "sintercard 2 a", "sintercard 0 a", "zunionstore d 0 a", "zunionstore d x a", "zunionstore d 2 a",
                "zdiffstore d 4294967297 a", "lmpop 0 a LEFT", "lmpop 4 a LEFT", "lmpop x a LEFT", "zmpop 3 a MIN",
                "zmpop 18446744073709551617 a MIN", "eval return 1", "eval return -1 a", "eval return x a",
                "eval return 99999999999999999999 a", "evalsha sha 3 a", "fcall f 2 a", "fcall_ro f x a",
                "xread STREAMS a", "xread STREAMS a b 0", "xread COUNT 1 a 0", "xread COUNT STREAMS a 0",
                "xread GROUP g STREAMS a 0", "xreadgroup GROUP g c STREAMS a b >", "xreadgroup GROUP STREAMS c a b > >",
                "xreadgroup COUNT 1 STREAMS a b > >", "sort k STORE", "sort k LIMIT 0", "georadius k 1 2 3 km STORE",
                "georadius k 1 2 3 km STORE STOREDIST d e"
            })
    void whatHidesItsKeysIsRefusedByAnyServer(String line) throws IOException {
        assertThat(server.ask(line)).asString().startsWith("-");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ping", "ping hello", "ping a b", "echo hello", "echo", "get", "get a b", "set k", "mset a 1 b", "foo",
                "foo a b", "object", "object nope a", "object encoding", "client", "client foo", "client setname",
                "client setname na\nme", "client getname", "client no-evict maybe", "client trackinginfo",
                "client getredir", "hello 9", "hello x", "hello 2 foo", "hello 2 auth default", "select 0", "select x",
                "time x", "reset x", "readonly", "readwrite", "asking", "cluster info", "acl whoami", "acl foo", "acl cat foo",
                "acl users", "acl list", "acl getuser default", "acl getuser nobody", "acl genpass x", "acl genpass 0",
                "acl genpass 4097", "acl dryrun nobody get k", "acl dryrun default get k", "acl dryrun default nope",
                "acl dryrun default get",
                "memory usage", "config get save", "config get appendonly nope", "config get", "config get nope",
                "command getkeys foo x", "command getkeys ping x", "command getkeys mset a",
                "command getkeys zunion 9 a", "command getkeys publish c m", "command getkeys ssubscribe a b", "pubsub",
                "pubsub nope",
                "command getkeys mget a b", "command docs nope", "command info nope",
                "command list filterby x y", "auth a b c", "info nope", "reset", "quit"
            })
    void aSessionAnswersAsTheServerDoes(String line) throws IOException {
        var session = session();

        assertThat(new String(AloneInPool.answer(session, RequestFixture.line(line)), ISO_8859_1))
                .isEqualTo(server.bytes(line.split(" ")));

        AloneInPool.answer(session, RequestFixture.line("hello 3"));

        assertThat(new String(AloneInPool.answer(session, RequestFixture.line(line)), ISO_8859_1))
                .isEqualTo(server.bytesInResp3(line.split(" ")));
    }

    @Test
    void unknownCommandsAreShownAsTheServerShowsThem() throws IOException {
        var session = session();
        for (var words : List.of(
                new String[] {"fo\ro", "b\nc", ""},
                new String[] {"x".repeat(200), "a"},
                new String[] {"foo", "x".repeat(200), "y"},
                new String[] {"foo", "x".repeat(60), "y".repeat(80), "z"},
                new String[] {"foo", "\u00fc", "'"})) {
            assertThat(new String(AloneInPool.answer(session, RequestFixture.words(words)), ISO_8859_1))
                    .isEqualTo(server.bytes(words));
        }
    }

    @Test
    void ourCommandReplyReadsLikeTheServers() throws IOException {
        var session = session();
        byte[] answer = AloneInPool.answer(session, RequestFixture.line("command"));
        var reader = new Reader(new ByteArrayInputStream(answer));
        var ours = byName((List<?>) reader.read());
        var theirs = byName((List<?>) server.ask("command"));

        assertThat(reader.seen.size()).isEqualTo(answer.length);
        ours.keySet().retainAll(theirs.keySet());
        assertThat(ours).hasSizeGreaterThan(150).allSatisfy((name, row) -> {
            assertThat(row).hasSameSizeAs(theirs.get(name));
            assertThat(row.subList(3, 6)).isEqualTo(theirs.get(name).subList(3, 6));
            var specs = (List<?>) row.get(8);
            var theirSpecs = (List<?>) theirs.get(name).get(8);
            if (specs.size() == 1 && theirSpecs.size() == 1 && !name.startsWith("xread")) {
                assertThat(withoutFlags(specs)).isEqualTo(withoutFlags(theirSpecs));
            }
        });
    }

    private static RedisSession session() {
        var client = new Client(1, null, null);
        var alone = new AloneInPool(client);
        return alone.with(new RedisSession(
                new RedisSessionSettings(
                        Users.withPasswords(List.of()), WrongPasswords.UNLIMITED, new Lanes(0, 1), new OldServers(), "1.0",
                        alone.pool()),
                client));
    }

    private static Map<String, List<?>> byName(List<?> rows) {
        var names = new LinkedHashMap<String, List<?>>();
        rows.forEach(row -> names.put((String) ((List<?>) row).get(0), (List<?>) row));
        return names;
    }

    private static List<?> withoutFlags(List<?> specs) {
        var spec = (List<?>) specs.getFirst();
        return spec.subList(spec.size() - 4, spec.size());
    }

    private static RedisCommand row(String name) {
        int bar = name.indexOf('|');
        if (bar < 0) {
            return RedisCommand.named(name);
        }
        return RedisCommand.named(name.substring(0, bar)).variants().stream()
                .filter(row -> row.label().equals(name))
                .findFirst()
                .orElse(null);
    }

    /// First key, last key and step as `COMMAND` tells them, which leaves out keys that have to be looked for.
    private static List<Long> fixedKeys(RedisCommand row) {
        var spec = row.keySpec() instanceof KeySpec.Both both ? both.one() : row.keySpec();
        return spec instanceof KeySpec.Range range
                ? List.of((long) range.first(), (long) range.last(), (long) range.step())
                : List.of(0L, 0L, 0L);
    }

    private record ServerRow(String name, long arity, List<?> flags, List<?> fixedKeys) {}

    /// What the server knows, subcommands included.
    private static Map<String, ServerRow> serverRows() throws IOException {
        var rows = new LinkedHashMap<String, ServerRow>();
        addRows((List<?>) server.ask("command"), rows);
        // Subcommands of what is refused as a whole have no rows.
        rows.keySet().removeIf(name -> {
            int bar = name.indexOf('|');
            return bar > 0 && RedisCommand.named(name.substring(0, bar)).variants().isEmpty();
        });
        return rows;
    }

    private static void addRows(List<?> reply, Map<String, ServerRow> rows) {
        for (var element : reply) {
            var row = (List<?>) element;
            var flags = ((List<?>) row.get(2)).stream().map(flag -> flag.toString().substring(1)).toList();
            var name = (String) row.get(0);
            rows.put(name, new ServerRow(name, (Long) row.get(1), flags, row.subList(3, 6)));
            addRows((List<?>) row.get(9), rows);
        }
    }

    /// A redis-server of our own, and one connection to it.
    private static final class Server implements AutoCloseable {
        private final Process process;
        private final int port;

        Server() throws IOException {
            try (var free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            process = new ProcessBuilder(
                            "redis-server", "--port", Integer.toString(port), "--save", "", "--bind", "127.0.0.1")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            await().ignoreExceptions().until(() -> "+PONG\r\n".equals(bytes("ping")));
        }

        /// The reply: a List, a String, a Long, null, or an error or status with its first character.
        Object ask(String line) throws IOException {
            try (var socket = connected(line.split(" "))) {
                return new Reader(socket.getInputStream()).read();
            }
        }

        /// The reply as it comes over the wire, one character per byte.
        String bytes(String... words) throws IOException {
            try (var socket = connected(words)) {
                var reader = new Reader(socket.getInputStream());
                reader.read();
                return reader.seen.toString(ISO_8859_1);
            }
        }

        /// The same from a connection that has chosen RESP3.
        String bytesInResp3(String... words) throws IOException {
            try (var socket = connected("hello", "3")) {
                var reader = new Reader(socket.getInputStream());
                reader.read();
                reader.seen.reset();
                send(socket, words);
                reader.read();
                return reader.seen.toString(ISO_8859_1);
            }
        }

        private Socket connected(String... words) throws IOException {
            var socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(10_000);
            send(socket, words);
            return socket;
        }

        private static void send(Socket socket, String... words) throws IOException {
            var request = new StringBuilder("*" + words.length + "\r\n");
            for (var word : words) {
                request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
            }
            socket.getOutputStream().write(request.toString().getBytes(ISO_8859_1));
        }

        @Override
        public void close() throws Exception {
            process.destroy();
            process.waitFor();
        }
    }

    private static final class Reader {
        private final InputStream in;
        private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

        Reader(InputStream in) {
            this.in = new BufferedInputStream(in);
        }

        Object read() throws IOException {
            String line = line();
            String rest = line.substring(1);
            return switch (line.charAt(0)) {
                case ':' -> Long.valueOf(rest);
                case '$' -> rest.equals("-1") ? null : string(Integer.parseInt(rest));
                case '=' -> string(Integer.parseInt(rest));
                case '*' -> rest.equals("-1") ? null : list(Integer.parseInt(rest));
                case '~' -> list(Integer.parseInt(rest));
                case '%' -> list(2 * Integer.parseInt(rest));
                default -> line;
            };
        }

        private List<Object> list(int elements) throws IOException {
            var list = new ArrayList<>();
            for (int i = 0; i < elements; i++) {
                list.add(read());
            }
            return list;
        }

        private String string(int length) throws IOException {
            byte[] bytes = in.readNBytes(length + 2);
            seen.writeBytes(bytes);
            return new String(bytes, 0, length, ISO_8859_1);
        }

        private String line() throws IOException {
            int from = seen.size();
            int b;
            while ((b = in.read()) != '\n') {
                if (b < 0) {
                    throw new IOException("the server has hung up");
                }
                seen.write(b);
            }
            seen.write('\n');
            String all = seen.toString(ISO_8859_1);
            return all.substring(from, all.length() - 2);
        }
    }
}
