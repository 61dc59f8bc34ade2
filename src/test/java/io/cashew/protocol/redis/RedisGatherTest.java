package io.cashew.protocol.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Gather;
import io.cashew.protocol.Greeting;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
            new RedisProtocol(Limits.REDIS, new RedisSessionSettings(Password.NONE, WrongPasswords.UNLIMITED, 0, "1"), Greeting.NONE);

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
    @ValueSource(strings = {"+OK\r\n", "$1\r\n1\r\n", "*0\r\n", ":\r\n", ":x\r\n", ":-\r\n", ":1x\r\n", ":99999999999999999999\r\n"})
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

    @Test
    void aHundredThousandKeysOnManyServersAreJoined() {
        int keys = 100_000;
        int parts = 7;
        var random = new Random(5);
        int[] partOfKey = random.ints(keys, 0, parts).toArray();
        var gather = PROTOCOL.gather(RequestFixture.line("MGET a b"), partOfKey, parts);
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

        assertThat(written(request, new int[] {0, 1, 0, 0, 1}, 0, 3))
                .isEqualTo("*4\r\n$4\r\nmget\r\n$1\r\na\r\n$3\r\nc c\r\n$1\r\na\r\n");
        assertThat(written(request, new int[] {0, 1, 0, 0, 1}, 1, 2)).isEqualTo("*3\r\n$4\r\nmget\r\n$0\r\n\r\n$2\r\n\r\n\r\n");
    }

    @Test
    void aPartOfMsetHasPairs() {
        Request request = RequestFixture.words("mset", "a", "1", "b", "", "c", "$1\r\n");

        assertThat(written(request, new int[] {3, 1, 3}, 3, 2))
                .isEqualTo("*5\r\n$4\r\nmset\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nc\r\n$4\r\n$1\r\n\r\n");
        assertThat(written(request, new int[] {3, 1, 3}, 1, 1)).isEqualTo("*3\r\n$4\r\nmset\r\n$1\r\nb\r\n$0\r\n\r\n");
    }

    private static String written(Request request, int[] serverOfKey, int server, int keys) {
        var out = new ByteArrayOutputStream();
        ByteSink sink = (source, offset, length) -> out.writeBytes(source.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
        assertThat(PROTOCOL.writePart(request, serverOfKey, server, keys, sink)).isEqualTo(out.size());
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static Gather gather(String line, int parts, int... partOfKey) {
        return PROTOCOL.gather(RequestFixture.line(line), partOfKey, parts);
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
        ByteBuf reply = gather.join();
        try {
            return reply.toString(StandardCharsets.ISO_8859_1);
        } finally {
            reply.release();
        }
    }

    private static long allocations() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(arena -> arena.numActiveAllocations())
                .sum();
    }
}
