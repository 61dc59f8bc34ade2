package io.cashew.protocol.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.WrittenBytes;
import io.cashew.protocol.Gather;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.protocol.Split;
import io.cashew.protocol.WrongPasswords;
import io.cashew.transport.Frame;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisGatherTest {
    private static final String STRANGE = "-ERR a server answered a part of this command with an unexpected reply\r\n";
    private static final RedisProtocol PROTOCOL =
            new RedisProtocol(Limits.REDIS, new RedisSessionSettings(Password.NONE, WrongPasswords.UNLIMITED, new Lanes(0, 1),
                    new OldServers(), "1"), Optional.empty());

    private long held;

    @BeforeEach
    void countHeld() {
        held = allocations();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(allocations()).isEqualTo(held);
    }

    @Test
    void valuesReturnToTheirKeysPlaces() {
        var gather = gather("MGET a b c d a", 2, 0, 1, 1, 0, 0);

        assertThat(answers(gather, "*3\r\n$1\r\nA\r\n$-1\r\n$1\r\nA\r\n", "*2\r\n$4\r\n\r\nB\n\r\n$0\r\n\r\n"))
                .isEqualTo("*5\r\n$1\r\nA\r\n$4\r\n\r\nB\n\r\n$0\r\n\r\n$-1\r\n$1\r\nA\r\n");
    }

    @Test
    void partsMayAnswerInAnyOrder() {
        var gather = gather("MGET a b", 2, 0, 1);

        part(gather, 1, "*1\r\n:2\r\n");
        part(gather, 0, "*1\r\n+one\r\n");

        assertThat(joined(gather)).isEqualTo("*2\r\n+one\r\n:2\r\n");
    }

    @Test
    void resp3IsJoinedAsItIs() {
        assertThat(answers(gather("MGET a b c", 2, 0, 1, 0), "*2\r\n_\r\n$1\r\nA\r\n", "*1\r\n#t\r\n"))
                .isEqualTo("*3\r\n_\r\n#t\r\n$1\r\nA\r\n");
        assertThat(answers(gather("MGET a b", 2, 0, 1), "*1\r\n_\r\n", "!6\r\nERR\r\nx\r\n")).isEqualTo("!6\r\nERR\r\nx\r\n");
        for (String value : new String[] {"%1\r\n:1\r\n:2\r\n", "~0\r\n", "=5\r\ntxt:a\r\n", "|1\r\n:1\r\n:2\r\n:3\r\n"}) {
            assertThat(answers(gather("MGET a b", 2, 0, 1), "*1\r\n_\r\n", "*1\r\n" + value)).isEqualTo(STRANGE);
        }
    }

    @Test
    void anErrorAmongTheValuesStaysInItsPlace() {
        var gather = gather("MGET a b", 2, 0, 1);

        assertThat(answers(gather, "*1\r\n-ERR x\r\n", "*1\r\n$-1\r\n")).isEqualTo("*2\r\n-ERR x\r\n$-1\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+OK\r\n", ":1\r\n", "$-1\r\n", "*-1\r\n", "*0\r\n", "*1\r\n$1\r\na\r\n", "*3\r\n:1\r\n:2\r\n:3\r\n",
                "*2\r\n*1\r\n:1\r\n:2\r\n", "*2\r\n:1\r\n*0\r\n", "$2\r\nab\r\n", "$12\r\n*2\r\n:1\r\n:2\r\n\r\n"
            })
    void aStrangePartSpoilsTheWhole(String reply) {
        var gather = gather("MGET a b c", 2, 0, 0, 1);

        assertThat(answers(gather, reply, "*1\r\n$1\r\nc\r\n")).isEqualTo(STRANGE);
    }

    /// Only CR LF ends a line; a line feed alone is part of it.
    @Test
    void linesMayContainLineFeeds() {
        var gather = gather("MGET a b c", 2, 0, 0, 1);

        assertThat(answers(gather, "*2\r\n+a\nb\r\n+\n\r\n", "*1\r\n-c\n\r\n"))
                .isEqualTo("*3\r\n+a\nb\r\n+\n\r\n-c\n\r\n");
    }

    @Test
    void sumsAreSums() {
        assertThat(answers(gather("DEL a b c", 3, 0, 1, 2), ":1\r\n", ":0\r\n", ":41\r\n")).isEqualTo(":42\r\n");
        assertThat(answers(gather("EXISTS a b", 2, 0, 1), ":4294967296\r\n", ":1\r\n")).isEqualTo(":4294967297\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+OK\r\n", "$1\r\n1\r\n", "*0\r\n", ":\r\n", ":x\r\n", ":-\r\n", ":1x\r\n",
            ":99999999999999999999\r\n"})
    void whatIsNotANumberHasNoSum(String reply) {
        assertThat(answers(gather("DEL a b", 2, 0, 1), reply, ":1\r\n")).isEqualTo(STRANGE);
        assertThat(answers(gather("DEL a b", 2, 0, 1), ":1\r\n", reply)).isEqualTo(STRANGE);
    }

    @Test
    void everyPartHasToSayOk() {
        assertThat(answers(gather("MSET a 1 b 2", 2, 0, 1), "+OK\r\n", "+OK\r\n")).isEqualTo("+OK\r\n");
        assertThat(answers(gather("MSET a 1 b 2", 2, 0, 1), "+OK\r\n", ":1\r\n")).isEqualTo(STRANGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MGET a b c", "DEL a b c", "MSET a 1 b 2 c 3"})
    void theErrorOfTheFirstServerInOrderIsTheAnswer(String line) {
        String fine = line.startsWith("MGET") ? "*1\r\n$-1\r\n" : line.startsWith("DEL") ? ":1\r\n" : "+OK\r\n";
        for (int[] order : new int[][] {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
            var gather = gather(line, 3, 0, 1, 2);
            for (int part : order) {
                part(gather, part, part == 0 ? fine : "-ERR of " + part + "\r\n");
            }
            assertThat(joined(gather)).isEqualTo("-ERR of 1\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MGET a b c", "DEL a b c", "MSET a 1 b 2 c 3"})
    void whatIsKeptIsLetGo(String line) {
        var gather = gather(line, 3, 0, 1, 2);
        part(gather, 0, "-ERR x\r\n");
        part(gather, 1, "*1\r\n$1\r\na\r\n");

        gather.release();

        assertThat(allocations()).isEqualTo(held);
    }

    /// What the client has asked for once it asks for again, and gets nothing of what was there before.
    @Test
    void aSpentGatherServesTheNextRequest() {
        Gather spent = null;
        for (String[] turn : new String[][] {
            {"MGET a b c", "*2\r\n$1\r\nA\r\n$-1\r\n", "*1\r\n$1\r\nC\r\n", "*3\r\n$1\r\nA\r\n$1\r\nC\r\n$-1\r\n"},
            {"MGET a b c", "-ERR x\r\n", "*1\r\n$1\r\nC\r\n", "-ERR x\r\n"},
            {"MGET a b c", ":1\r\n", "*1\r\n$1\r\nC\r\n", STRANGE},
            {"MGET a b c", "*2\r\n+A\r\n+B\r\n", "*1\r\n+C\r\n", "*3\r\n+A\r\n+C\r\n+B\r\n"},
            {"DEL a b c", ":2\r\n", "+OK\r\n", STRANGE},
            {"DEL a b c", ":2\r\n", ":1\r\n", ":3\r\n"},
            {"DEL a b c", ":1\r\n", ":0\r\n", ":1\r\n"},
            {"MSET a 1 b 2 c 3", ":1\r\n", "+OK\r\n", STRANGE},
            {"MSET a 1 b 2 c 3", "+OK\r\n", "+OK\r\n", "+OK\r\n"},
        }) {
            Gather gather = PROTOCOL.gather(RequestFixture.line(turn[0]), split(2, 0, 1, 0), spent);

            assertThat(answers(gather, turn[1], turn[2])).isEqualTo(turn[3]);
            spent = gather;
        }
        assertThat(PROTOCOL.gather(RequestFixture.line("MSET a 1 b 2"), split(2, 0, 1), spent)).isSameAs(spent);
        assertThat(allocations()).isEqualTo(held);
    }

    @Test
    void largeValuesAreHandedOverAndSmallOnesCopied() {
        String large = "$40000\r\n" + "x".repeat(40_000) + "\r\n";
        var gather = gather("MGET a b c", 2, 0, 1, 0);
        part(gather, 0, "*2\r\n" + large + "$1\r\nC\r\n");
        part(gather, 1, "*1\r\n$1\r\nB\r\n");
        var out = new WrittenBytes();

        gather.join(out);

        assertThat(out.text()).isEqualTo("*3\r\n" + large + "$1\r\nB\r\n$1\r\nC\r\n");
        assertThat(out.handedOver()).isEqualTo(1);
    }

    @Test
    void aHundredThousandKeysOnManyServersAreJoined() {
        int keys = 100_000;
        int parts = 7;
        var random = new Random(5);
        int[] partOfKey = random.ints(keys, 0, parts).toArray();
        var gather = gather("MGET a b", parts, partOfKey);
        var expected = new StringBuilder("*" + keys + "\r\n");
        List<StringBuilder> replies = new ArrayList<>();
        IntStream.range(0, parts).forEach(part -> replies.add(new StringBuilder()));
        int[] values = new int[parts];
        for (int key = 0; key < keys; key++) {
            String value = key % 3 == 0 ? "$-1\r\n" : "$" + ("" + key).length() + "\r\n" + key + "\r\n";
            expected.append(value);
            replies.get(partOfKey[key]).append(value);
            values[partOfKey[key]]++;
        }
        var order = new ArrayList<>(IntStream.range(0, parts).boxed().toList());
        Collections.shuffle(order, random);

        order.forEach(part -> part(gather, part, "*" + values[part] + "\r\n" + replies.get(part)));

        assertThat(joined(gather)).isEqualTo(expected.toString());
    }

    @Test
    void aPartHasItsKeysInTheOrderOfTheRequest() {
        Request request = RequestFixture.words("MGET", "a", "", "c c", "a", "\r\n");

        assertThat(written(request, new int[] {0, 1, 0, 0, 1}, 0))
                .isEqualTo("*4\r\n$4\r\nmget\r\n$1\r\na\r\n$3\r\nc c\r\n$1\r\na\r\n");
        assertThat(written(request, new int[] {0, 1, 0, 0, 1}, 1)).isEqualTo("*3\r\n$4\r\nmget\r\n$0\r\n\r\n$2\r\n\r\n\r\n");
    }

    @Test
    void aPartOfMsetHasPairs() {
        Request request = RequestFixture.words("mset", "a", "1", "b", "", "c", "$1\r\n");

        assertThat(written(request, new int[] {3, 1, 3}, 1))
                .isEqualTo("*5\r\n$4\r\nmset\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nc\r\n$4\r\n$1\r\n\r\n");
        assertThat(written(request, new int[] {3, 1, 3}, 0)).isEqualTo("*3\r\n$4\r\nmset\r\n$1\r\nb\r\n$0\r\n\r\n");
    }

    @Test
    void elementsOfAllServersAreListedTogether() {
        assertThat(answers(wholePool("KEYS *", 3), "*1\r\n$1\r\na\r\n", "*0\r\n", "*2\r\n$1\r\nb\r\n$0\r\n\r\n"))
                .isEqualTo("*3\r\n$1\r\na\r\n$1\r\nb\r\n$0\r\n\r\n");
        assertThat(answers(wholePool("KEYS *", 2), "*1\r\n$1\r\na\r\n", ":1\r\n")).isEqualTo(STRANGE);
    }

    @Test
    void aListThatIsLongerThanAReplyMayBeIsNotJoined() {
        var small = new RedisProtocol(
                new Limits(10, 10, 10, 20),
                new RedisSessionSettings(Password.NONE, WrongPasswords.UNLIMITED, new Lanes(0, 1), new OldServers(), "1"),
                Optional.empty());
        var split = new Split(2);
        split.each(new int[] {0, 1}, 1);
        var gather = small.gather(RequestFixture.line("KEYS *"), split, null);

        part(gather, 0, "*1\r\n$9\r\n123456789\r\n");
        part(gather, 1, "*1\r\n$9\r\n123456789\r\n");

        assertThat(gather.length()).isEqualTo(Long.MAX_VALUE);
        gather.release();
    }

    @Test
    void aRandomKeyComesFromAServerThatHasKeys() {
        assertThat(answers(wholePool("RANDOMKEY", 2), ":0\r\n", ":7\r\n", "$-1\r\n", "$1\r\nk\r\n")).isEqualTo("$1\r\nk\r\n");
        assertThat(answers(wholePool("RANDOMKEY", 2), ":0\r\n", ":0\r\n", "$-1\r\n", "$-1\r\n")).isEqualTo("$-1\r\n");
        assertThat(answers(wholePool("RANDOMKEY", 2), ":7\r\n", ":0\r\n", "$1\r\nk\r\n", "_\r\n")).isEqualTo("$1\r\nk\r\n");
        assertThat(answers(wholePool("RANDOMKEY", 2), ":0\r\n", ":0\r\n", "_\r\n", "_\r\n")).isEqualTo("_\r\n");
        assertThat(answers(wholePool("RANDOMKEY", 1), ":0\r\n", "$1\r\nk\r\n")).isEqualTo("$1\r\nk\r\n");
    }

    @Test
    void whatIsSaidAlikeIsSaidOnce() {
        assertThat(answers(wholePool("SCRIPT LOAD x", 2), "$1\r\nd\r\n", "$1\r\nd\r\n")).isEqualTo("$1\r\nd\r\n");
        assertThat(answers(wholePool("SCRIPT LOAD x", 2), "$1\r\nd\r\n", "$1\r\ne\r\n")).isEqualTo(STRANGE);
        assertThat(answers(wholePool("SCRIPT EXISTS x y", 2), "*2\r\n:1\r\n:0\r\n", "*2\r\n:1\r\n:1\r\n"))
                .isEqualTo("*2\r\n:1\r\n:0\r\n");
        assertThat(answers(wholePool("SCRIPT EXISTS x y", 2), "*2\r\n:1\r\n:0\r\n", "*1\r\n:1\r\n")).isEqualTo(STRANGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+OK\r\n", "*0\r\n", "*2\r\n:1\r\n*0\r\n", "*2\r\n$1\r\nx\r\n*0\r\n", "*3\r\n$1\r\n0\r\n*0\r\n*0\r\n"})
    void aStrangePageIsNone(String reply) {
        assertThat(answers(wholePool("SCAN 0", 1), reply)).isEqualTo(STRANGE);
    }

    @Test
    void channelsOfAllServersAreNamedOnce() {
        assertThat(answers(wholePool("PUBSUB CHANNELS", 3), "*2\r\n$1\r\na\r\n$2\r\n\r\n\r\n", "*0\r\n",
                "*2\r\n$1\r\nb\r\n$1\r\na\r\n"))
                .isEqualTo("*3\r\n$1\r\na\r\n$2\r\n\r\n\r\n$1\r\nb\r\n");
        assertThat(answers(wholePool("PUBSUB CHANNELS", 2), "*0\r\n", "*0\r\n")).isEqualTo("*0\r\n");
        for (String strange : new String[] {":1\r\n", "*1\r\n:1\r\n", "*1\r\n$-1\r\n"}) {
            assertThat(answers(wholePool("PUBSUB CHANNELS", 2), "*1\r\n$1\r\na\r\n", strange)).isEqualTo(STRANGE);
        }
    }

    @Test
    void ofEachNumberTheLargestCounts() {
        assertThat(answers(wholePool("PUBSUB NUMPAT", 3), ":9\r\n", ":10\r\n", ":0\r\n")).isEqualTo(":10\r\n");
        assertThat(answers(
                        wholePool("PUBSUB NUMSUB a 9", 2),
                        "*4\r\n$1\r\na\r\n:0\r\n$1\r\n9\r\n:12\r\n", "*4\r\n$1\r\na\r\n:100\r\n$1\r\n9\r\n:0\r\n"))
                .isEqualTo("*4\r\n$1\r\na\r\n:100\r\n$1\r\n9\r\n:12\r\n");
        for (String strange : new String[] {":1\r\n", "*0\r\n", "*2\r\n$1\r\nb\r\n:1\r\n", "*2\r\n:1\r\n$1\r\na\r\n",
                "*2\r\n$1\r\na\r\n$1\r\n1\r\n"}) {
            assertThat(answers(wholePool("PUBSUB NUMSUB a", 2), "*2\r\n$1\r\na\r\n:1\r\n", strange)).isEqualTo(STRANGE);
        }
    }

    @Test
    void everyEventIsToldOnceAsItWasLast() {
        String command = "*1\r\n*4\r\n$7\r\ncommand\r\n:170\r\n:12\r\n:250\r\n";
        String both = "*2\r\n*4\r\n$4\r\nfork\r\n:100\r\n:1\r\n:1\r\n*4\r\n$7\r\ncommand\r\n:171\r\n:9\r\n:90\r\n";
        assertThat(answers(wholePool("LATENCY LATEST", 3), command, "*0\r\n", both))
                .isEqualTo("*2\r\n*4\r\n$7\r\ncommand\r\n:171\r\n:9\r\n:250\r\n*4\r\n$4\r\nfork\r\n:100\r\n:1\r\n:1\r\n");
        // With a sum and a number, as newer servers tell.
        String newer = "*1\r\n*6\r\n$4\r\nfork\r\n:100\r\n:5\r\n:8\r\n:13\r\n:2\r\n";
        assertThat(answers(wholePool("LATENCY LATEST", 2), newer, newer))
                .isEqualTo("*1\r\n*6\r\n$4\r\nfork\r\n:100\r\n:5\r\n:8\r\n:26\r\n:4\r\n");
        for (String strange : new String[] {":1\r\n", "*1\r\n:1\r\n", "*1\r\n*2\r\n$1\r\na\r\n:1\r\n",
            "*1\r\n*4\r\n$1\r\na\r\n:1\r\n:x\r\n:1\r\n"}) {
            assertThat(answers(wholePool("LATENCY LATEST", 2), command, strange)).isEqualTo(STRANGE);
        }
    }

    @Test
    void callsOfAllServersAreAddedUp() {
        String some = "*2\r\n$3\r\nget\r\n*4\r\n$5\r\ncalls\r\n:9\r\n$14\r\nhistogram_usec\r\n*4\r\n:1\r\n:4\r\n:4\r\n:9\r\n";
        String more = "*4\r\n$3\r\nset\r\n*4\r\n$5\r\ncalls\r\n:1\r\n$14\r\nhistogram_usec\r\n*2\r\n:8\r\n:1\r\n"
                + "$3\r\nget\r\n*4\r\n$5\r\ncalls\r\n:3\r\n$14\r\nhistogram_usec\r\n*4\r\n:2\r\n:1\r\n:4\r\n:3\r\n";
        String sum = "*4\r\n$3\r\nget\r\n*4\r\n$5\r\ncalls\r\n:12\r\n$14\r\nhistogram_usec\r\n"
                + "*6\r\n:1\r\n:4\r\n:2\r\n:5\r\n:4\r\n:12\r\n"
                + "$3\r\nset\r\n*4\r\n$5\r\ncalls\r\n:1\r\n$14\r\nhistogram_usec\r\n*2\r\n:8\r\n:1\r\n";
        assertThat(answers(wholePool("LATENCY HISTOGRAM", 3), some, "*0\r\n", more)).isEqualTo(sum);
        assertThat(answers(wholePool("LATENCY HISTOGRAM", 2), maps(some), maps(more))).isEqualTo(maps(sum));
        for (String strange : new String[] {":1\r\n", "*1\r\n$1\r\na\r\n", "*2\r\n$1\r\na\r\n:1\r\n", some.replace(":9", "+9")}) {
            assertThat(answers(wholePool("LATENCY HISTOGRAM", 2), some, strange)).isEqualTo(STRANGE);
        }
    }

    private static String maps(String reply) {
        return reply.replace("*2", "%1").replace("*4", "%2").replace("*6", "%3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"KEYS *", "RANDOMKEY", "SCAN 0"})
    void whatIsKeptOfAPoolIsLetGo(String line) {
        var gather = wholePool(line, 2);
        part(gather, 0, line.startsWith("KEYS") ? "*1\r\n$1\r\na\r\n" : line.startsWith("SCAN") ? "*2\r\n$1\r\n0\r\n*0\r\n"
                : ":1\r\n");
        if (line.startsWith("RANDOM")) {
            part(gather, 2, "$1\r\nk\r\n");
        }
        assertThat(allocations()).isGreaterThan(held);

        gather.release();

        assertThat(allocations()).isEqualTo(held);
    }

    private static Gather wholePool(String line, int servers) {
        var request = RequestFixture.line(line);
        var split = new Split(servers);
        split.each(IntStream.range(0, servers).toArray(), request.command().calls());
        return PROTOCOL.gather(request, split, null);
    }

    private static String written(Request request, int[] serverOfKey, int part) {
        var out = new WrittenBytes();
        int length = PROTOCOL.writePart(request, split(4, serverOfKey), part, out);
        assertThat(out.text()).hasSize(length);
        return out.text();
    }

    private static Gather gather(String line, int parts, int... partOfKey) {
        return PROTOCOL.gather(RequestFixture.line(line), split(parts, partOfKey), null);
    }

    private static Split split(int servers, int... serverOfKey) {
        var split = new Split(servers);
        split.byServer(serverOfKey, serverOfKey.length);
        return split;
    }

    private static String answers(Gather gather, String... replies) {
        for (int part = 0; part < replies.length; part++) {
            part(gather, part, replies[part]);
        }
        return joined(gather);
    }

    private static void part(Gather gather, int part, String reply) {
        byte[] bytes = RespBytes.bytes("before" + reply + "behind");
        var frame = new Frame();
        frame.place(MemorySegment.ofArray(bytes), 6, reply.length(), null);
        gather.part(part, frame);
        // The frame's memory is used for something else afterwards.
        java.util.Arrays.fill(bytes, (byte) '!');
    }

    private static String joined(Gather gather) {
        long length = gather.length();
        var out = new WrittenBytes();
        gather.join(out);
        assertThat(out.text()).hasSize((int) length);
        return out.text();
    }

    private static long allocations() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(arena -> arena.numActiveAllocations())
                .sum();
    }
}
