package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.protocol.CloseCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients of a pool find out about each other, and do to each other, on two event loops and beside a real server.
@Timeout(60)
class OtherClientsTest {
    private static final Duration QUIET = Duration.ofMillis(150);

    private static RedisServers servers;
    private static ProxyUnderTest proxy;

    private final List<RespClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        servers = RedisServers.start(3);
        proxy = ProxyUnderTest.with(servers.yaml("pool", "hash_tag: \"{}\"") + servers.yaml("other"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
    }

    @BeforeEach
    void flush() {
        servers.flush();
    }

    @AfterEach
    void disconnect() {
        clients.forEach(RespClient::close);
        await().untilAsserted(() -> assertThat(proxy.pool("pool").clients()).isZero());
    }

    @Test
    void clientsOfAllLoopsAreListed() {
        var asker = connect();
        var others = IntStream.range(0, 9).mapToObj(_ -> connect()).toList();
        var ids = new ArrayList<>(List.of(id(asker)));
        others.forEach(other -> ids.add(id(other)));

        assertThat(lines(asker.call("CLIENT", "LIST"))).extracting(line -> line.get("id"))
                .containsExactlyInAnyOrderElementsOf(ids)
                .isSortedAccordingTo(Comparator.comparingInt(Integer::parseInt));
        assertThat(lines(asker.call("CLIENT", "LIST", "ID", ids.get(3), ids.get(5), "123456789")))
                .extracting(line -> line.get("id"))
                .containsExactlyInAnyOrder(ids.get(3), ids.get(5));
        assertThat(lines(asker.call("CLIENT", "LIST", "TYPE", "normal"))).hasSize(10);
        assertThat(asker.call("CLIENT", "LIST", "TYPE", "master")).isEqualTo("$0\r\n\r\n");
    }

    @Test
    void aLineSaysWhatTheServersSays() {
        try (RedisServer server = RedisServer.start(); var direct = server.connect()) {
            var asker = connect();
            for (var client : List.of(asker, direct)) {
                client.call("CLIENT", "SETNAME", "me");
                client.call("MULTI");
                client.call("DISCARD");
            }

            var ours = lines(asker.call("CLIENT", "INFO")).getFirst();
            var theirs = lines(direct.call("CLIENT", "INFO")).getFirst();

            assertThat(ours.keySet()).containsAll(theirs.keySet());
            for (String same : List.of(
                    "name", "age", "idle", "flags", "db", "sub", "psub", "ssub", "multi", "events", "cmd", "user", "redir",
                    "resp")) {
                assertThat(ours).as(same).containsEntry(same, theirs.get(same));
            }
            assertThat(ours.get("addr")).matches("127\\.0\\.0\\.1:\\d+").isNotEqualTo(ours.get("laddr"));
            assertThat(ours).containsEntry("laddr", "127.0.0.1:" + proxy.port("pool"));
            assertThat(Integer.parseInt(ours.get("fd"))).isPositive();
        }
    }

    @Test
    void whatClientsAreDoingIsShown() {
        var asker = connect();
        var queueing = connect();
        queueing.call("MULTI");
        queueing.call("SET", "a", "1");
        queueing.call("GET", "a");
        var waiting = connect();
        String idOfWaiting = id(waiting);
        waiting.command("BLPOP", "list", "0");
        await().until(() -> blocked() == 1);

        assertThat(line(asker, "multi", "2")).containsEntry("flags", "x").containsEntry("cmd", "get");
        assertThat(line(asker, "id", idOfWaiting)).containsEntry("flags", "b").containsEntry("cmd", "blpop")
                .containsEntry("oll", "1");
        waiting.close();
        await().until(() -> blocked() == 0);
    }

    @Test
    void whatClientsListenToIsShownAndWhoListensIsSentAway() {
        var asker = connect();
        var listening = connect();
        listening.call("HELLO", "3", "SETNAME", "listening");
        listening.call("SUBSCRIBE", "a");
        listening.command("SUBSCRIBE", "b", "c").replies(2);
        listening.call("PSUBSCRIBE", "p*");
        listening.call("SSUBSCRIBE", "s");

        assertThat(line(asker, "name", "listening"))
                .containsEntry("flags", "P")
                .containsEntry("user", "default")
                .containsEntry("sub", "3")
                .containsEntry("psub", "1")
                .containsEntry("ssub", "1");
        assertThat(lines(asker.call("CLIENT", "LIST", "TYPE", "pubsub"))).hasSize(1);
        assertThat(asker.call("CLIENT", "KILL", "TYPE", "pubsub")).isEqualTo(":1\r\n");
        assertThat(listening.untilClosed()).isEmpty();
        assertThat(asker.call("CLIENT", "KILL", "TYPE", "pubsub")).isEqualTo(":0\r\n");
    }

    @Test
    void whoHearsNoRepliesHearsMessages() {
        var publisher = connect();
        var listening = connect();
        listening.call("HELLO", "3");
        listening.call("SUBSCRIBE", "a");
        listening.command("CLIENT", "REPLY", "OFF").command("PING");

        assertThat(publisher.call("PUBLISH", "a", "m")).isEqualTo(":1\r\n");
        assertThat(listening.reply()).isEqualTo(">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nm\r\n");
    }

    @Test
    void clientsAreSentAwayByTheirIdFromWhateverLoop() {
        var asker = connect();
        var others = IntStream.range(0, 6).mapToObj(_ -> connect()).toList();
        for (var other : others) {
            assertThat(asker.call("CLIENT", "KILL", "ID", id(other))).isEqualTo(":1\r\n");
            assertThat(other.untilClosed()).isEmpty();
        }
        assertThat(asker.call("CLIENT", "KILL", "ID", "123456789")).isEqualTo(":0\r\n");
        assertThat(proxy.pool("pool").closed(CloseCause.KILLED)).isGreaterThanOrEqualTo(6);
    }

    @Test
    void whoIsSentAwayByItselfHearsOfIt() {
        var asker = connect();
        String address = lines(asker.call("CLIENT", "INFO")).getFirst().get("addr");

        assertThat(asker.call("CLIENT", "KILL", "ID", id(asker))).isEqualTo(":0\r\n");
        var replies = asker.pipeline(List.of(words("SET a 1"), words("CLIENT KILL " + address)));

        assertThat(replies).containsExactly("+OK\r\n", "+OK\r\n");
        assertThat(asker.untilClosed()).isEmpty();
        assertThat(connect().call("CLIENT", "KILL", address)).isEqualTo("-ERR No such client\r\n");
    }

    @Test
    void filtersHaveToFitTogether() {
        var asker = connect();
        var other = connect();
        String id = id(other);
        String laddr = "127.0.0.1:" + proxy.port("pool");

        assertThat(asker.call("CLIENT", "KILL", "ID", id, "ADDR", "127.0.0.1:1")).isEqualTo(":0\r\n");
        assertThat(asker.call("CLIENT", "KILL", "LADDR", laddr, "TYPE", "pubsub")).isEqualTo(":0\r\n");
        assertThat(asker.call("CLIENT", "KILL", "ID", id, "MAXAGE", "1000")).isEqualTo(":0\r\n");
        assertThat(asker.call("CLIENT", "KILL", "ID", id, "USER", "nobody")).isEqualTo("-ERR No such user 'nobody'\r\n");
        assertThat(asker.call("CLIENT", "KILL", "LADDR", laddr, "TYPE", "normal", "USER", "default")).isEqualTo(":1\r\n");
        assertThat(other.untilClosed()).isEmpty();
        assertThat(asker.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")).isEqualTo(":1\r\n");
        assertThat(asker.untilClosed()).isEmpty();
    }

    @Test
    void clientsOfOtherPoolsAreLeftAlone() {
        try (var elsewhere = proxy.connect("other")) {
            var asker = connect();
            assertThat(asker.call("CLIENT", "KILL", "TYPE", "normal")).isEqualTo(":0\r\n");
            assertThat(lines(asker.call("CLIENT", "LIST"))).hasSize(1);
            assertThat(elsewhere.call("PING")).isEqualTo("+PONG\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"'',*-1", "TIMEOUT,*-1", "ERROR,'-UNBLOCKED client unblocked via CLIENT UNBLOCK'"})
    void whoWaitsIsLetGo(String reason, String reply) {
        var asker = connect();
        var waiting = connect();
        String id = id(waiting);
        waiting.command("BLPOP", "list", "0").command("PING");
        await().until(() -> blocked() == 1);

        String[] words = words(("CLIENT UNBLOCK " + id + " " + reason).strip());
        assertThat(asker.call(words)).isEqualTo(":1\r\n");

        assertThat(waiting.replies(2)).containsExactly(reply + "\r\n", "+PONG\r\n");
        assertThat(asker.call(words)).isEqualTo(":0\r\n");
        assertThat(asker.call("CLIENT", "UNBLOCK", "123456789")).isEqualTo(":0\r\n");
        // The connection that waited is fit for the next one.
        asker.call("LPUSH", "list", "v");
        assertThat(waiting.call("BLPOP", "list", "0")).endsWith("$1\r\nv\r\n");
    }

    @Test
    void aPauseHoldsEverythingUntilItIsOver() {
        var others = IntStream.range(0, 4).mapToObj(_ -> connect()).toList();
        others.forEach(other -> other.call("PING"));

        assertThat(connect().call("CLIENT", "PAUSE", "100000")).isEqualTo("+OK\r\n");
        others.forEach(other -> other.command("SET", "a", "1").command("GET", "a"));
        assertThat(others).allSatisfy(other -> assertThat(other.untilQuiet(QUIET)).isEmpty());
        assertThat(servers.size()).isZero();

        unpause();
        assertThat(others).allSatisfy(other -> assertThat(other.replies(2)).containsExactly("+OK\r\n", "$1\r\n1\r\n"));
    }

    @Test
    void aPauseEndsByItself() {
        var asker = connect();
        asker.call("CLIENT", "PAUSE", "300");

        assertThat(asker.call("PING")).isEqualTo("+PONG\r\n");
        assertThat(connect().call("PING")).isEqualTo("+PONG\r\n");
    }

    @Test
    void whoeverComesDuringAPauseWaits() {
        connect().call("CLIENT", "PAUSE", "100000");
        var late = connect().command("PING");
        assertThat(late.untilQuiet(QUIET)).isEmpty();

        unpause();
        assertThat(late.reply()).isEqualTo("+PONG\r\n");
    }

    @Test
    void aPauseOfWritesLetsReadsThroughAndCanBeEnded() {
        var asker = connect();
        var reader = connect();
        var writer = connect();
        asker.call("SET", "a", "1");

        assertThat(asker.call("CLIENT", "PAUSE", "100000", "WRITE")).isEqualTo("+OK\r\n");
        writer.command("GET", "a").command("SET", "a", "2").command("GET", "a");
        assertThat(writer.reply()).isEqualTo("$1\r\n1\r\n");
        assertThat(writer.untilQuiet(QUIET)).isEmpty();
        assertThat(asker.call("INFO", "clients")).contains("\r\nblocked_clients:1\r\n");
        assertThat(line(asker, "flags", "b")).containsEntry("cmd", "get");
        assertThat(reader.call("GET", "a")).isEqualTo("$1\r\n1\r\n");
        reader.command("EVAL", "return 1", "0");
        assertThat(reader.untilQuiet(QUIET)).isEmpty();
        var publisher = connect();
        assertThat(publisher.call("SUBSCRIBE", "a")).endsWith(":1\r\n");
        assertThat(publisher.call("RESET")).isEqualTo("+RESET\r\n");
        publisher.command("PUBLISH", "a", "m");
        assertThat(publisher.untilQuiet(QUIET)).isEmpty();

        assertThat(asker.call("CLIENT", "UNPAUSE")).isEqualTo("+OK\r\n");
        assertThat(publisher.reply()).isEqualTo(":0\r\n");
        assertThat(writer.replies(2)).containsExactly("+OK\r\n", "$1\r\n2\r\n");
        assertThat(reader.reply()).isEqualTo(":1\r\n");
    }

    @Test
    void theStricterAndLongerPauseCounts() {
        var asker = connect();
        asker.call("CLIENT", "PAUSE", "100000", "WRITE");
        asker.call("CLIENT", "PAUSE", "1", "ALL");
        asker.command("PING");
        assertThat(asker.untilQuiet(QUIET)).isEmpty();

        unpause();
        assertThat(asker.reply()).isEqualTo("+PONG\r\n");
    }

    /// Byte for byte what the server says, also in a pipeline that arrives at once.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CLIENT REPLY OFF;PING;SET a 1;CLIENT REPLY ON;GET a",
                "CLIENT REPLY SKIP;PING;GET a;PING",
                "CLIENT REPLY SKIP;SET a 1;GET a",
                "CLIENT REPLY SKIP;CLIENT REPLY SKIP;PING;GET a",
                "CLIENT REPLY SKIP;CLIENT REPLY ON;PING;GET a",
                "CLIENT REPLY SKIP;CLIENT REPLY OFF;PING;GET a;CLIENT REPLY SKIP;PING;RESET;PING",
                "CLIENT REPLY SKIP;CLIENT REPLY foo;PING",
                "CLIENT REPLY SKIP;nosuch;PING",
                "CLIENT REPLY OFF;MSET a 1 b 2 c 3 d 4;MGET a b c d;nosuch;GET;CLIENT REPLY ON;DEL a b c d",
                "SET a 1;GET a;CLIENT REPLY SKIP;GET a;GET a;CLIENT REPLY SKIP;INCR a;INCR a",
                "CLIENT REPLY OFF;MULTI;SET a 1;EXEC;CLIENT REPLY ON;GET a",
                "CLIENT REPLY SKIP;MULTI;SET a 1;EXEC",
                "CLIENT REPLY SKIP;BLPOP nothing 0.01;PING",
                "CLIENT REPLY OFF;CLIENT LIST;BLPOP nothing 0.01;CLIENT REPLY ON;PING",
                "CLIENT REPLY on;PING",
                "CLIENT REPLY SKIP;SUBSCRIBE a;UNSUBSCRIBE a;PING",
                "CLIENT REPLY OFF;SUBSCRIBE a;PING;UNSUBSCRIBE a;UNSUBSCRIBE;PING",
                "CLIENT REPLY OFF;HELLO 3;SUBSCRIBE a;PING;PSUBSCRIBE b*;CLIENT REPLY SKIP;UNSUBSCRIBE;PUNSUBSCRIBE;PING",
                "CLIENT REPLY OFF;SUBSCRIBE;UNSUBSCRIBE;PING",
                "CLIENT REPLY SKIP;QUIT",
                "CLIENT REPLY OFF;QUIT"
            })
    void repliesAreLeftOutAsTheServerDoes(String lines) {
        var commands = Arrays.stream(lines.split(";")).map(OtherClientsTest::words).toList();
        try (RedisServer server = RedisServer.start(); var direct = server.connect()) {
            var client = connect();
            for (var one : List.of(direct, client)) {
                commands.forEach(one::command);
                one.command("CLIENT", "REPLY", "ON").command("ECHO", "end");
            }
            String theirs = direct.untilQuiet(QUIET);
            assertThat(theirs).endsWith(lines.endsWith("QUIT") ? "" : "$3\r\nend\r\n");
            assertThat(client.untilQuiet(QUIET)).isEqualTo(theirs);
        }
    }

    @Test
    void aLargeReplyThatNobodyWantsIsLeftOut() {
        var client = connect();
        client.call("SET", "large", "x".repeat(3_000_000));
        client.command("CLIENT", "REPLY", "SKIP").command("GET", "large").command("STRLEN", "large");

        assertThat(client.reply()).isEqualTo(":3000000\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client pause", "client pause 5 foo", "client pause abc", "client pause -1", "client unblock",
                "client pause 1 write x", "client unblock x", "client unblock 1 foo", "client reply foo", "client reply",
                "client kill foo", "client kill id 0", "client kill id 999999", "client kill type foo", "client kill addr",
                "client kill skipme maybe", "client kill id 1 foo 2", "client kill id", "client kill id 1 addr",
                "client list foo", "client list type x", "client list id x", "client list id", "client list type",
                "client list type replica", "client list type slave", "client tracking off", "client tracking foo",
                "client caching yes", "client getredir", "client unpause", "client unpause x", "client info x",
                "client no-evict on", "client no-evict x", "client trackinginfo"
            })
    void theServersWordsAreOurs(String line) {
        try (var direct = servers.get(0).connect()) {
            assertThat(connect().call(words(line))).isEqualTo(direct.call(words(line)));
        }
    }

    /// Nobody has more than one list made for it at a time, and what comes behind sees what was done.
    @Test
    void answersThatTakeTimeComeOneByOneAndInOrder() {
        var client = connect();
        var commands = new ArrayList<String[]>();
        for (int i = 0; i < 50; i++) {
            commands.add(words("CLIENT SETNAME name" + i));
            commands.add(words("SET a " + i));
            commands.add(words("CLIENT INFO"));
            commands.add(words("GET a"));
        }

        var replies = client.pipeline(commands);

        for (int i = 0; i < 50; i++) {
            assertThat(replies.get(i * 4 + 2)).contains(" name=name" + i + " ", " cmd=client|info ");
            assertThat(replies.get(i * 4 + 3)).endsWith("\r\n" + i + "\r\n");
        }
    }

    @Test
    void agesAreNumbersAboveNothing() {
        assertThat(connect().call(words("CLIENT KILL MAXAGE x"))).isEqualTo("-ERR maxage is not an integer or out of range\r\n");
        assertThat(connect().call(words("CLIENT KILL MAXAGE 0"))).isEqualTo("-ERR maxage should be greater than 0\r\n");
    }

    @Test
    void trackingIsRefusedWithARemedy() {
        assertThat(connect().call("CLIENT", "TRACKING", "ON"))
                .isEqualTo("-ERR 'client|tracking' is not supported by this pool: servers do not know which client read a key;"
                        + " turn client-side caching off, or let what is cached expire\r\n");
    }

    /// As nobody could who has to ask: that would be held, too.
    private static void unpause() {
        proxy.pool("pool").inquiries().unpause().toCompletableFuture().join();
    }

    private RespClient connect() {
        var client = proxy.connect("pool");
        clients.add(client);
        return client;
    }

    private static Map<String, String> line(RespClient asker, String field, String value) {
        return lines(asker.call("CLIENT", "LIST")).stream()
                .filter(line -> value.equals(line.get(field)))
                .findFirst()
                .orElseThrow();
    }

    private static String id(RespClient client) {
        return client.call("CLIENT", "ID").substring(1).strip();
    }

    private static long blocked() {
        return IntStream.range(0, 3)
                .mapToLong(server -> servers.get(server).call("INFO", "clients").lines()
                        .filter(line -> line.startsWith("blocked_clients:"))
                        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                        .sum())
                .sum();
    }

    private static String[] words(String line) {
        return line.split(" ");
    }

    /// The fields of each line of a reply.
    private static List<Map<String, String>> lines(String reply) {
        List<Map<String, String>> lines = new ArrayList<>();
        for (String line : reply.substring(reply.indexOf('\n') + 1).strip().split("\n")) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (String field : line.split(" ")) {
                fields.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
            }
            lines.add(fields);
        }
        return lines;
    }
}
