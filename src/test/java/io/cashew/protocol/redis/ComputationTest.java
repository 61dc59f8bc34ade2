package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.WrittenBytes;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Gather;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.protocol.Split;
import io.cashew.protocol.WrongPasswords;
import io.cashew.transport.Frame;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is asked of each server, and what comes of answers that no server should give.
class ComputationTest {
    private static final int LIMIT = 2_000;
    private static final String STRANGE = "-ERR a server answered a part of this command with an unexpected reply\r\n";
    private static final RedisProtocol PROTOCOL = protocol(LIMIT);

    private long held;

    @BeforeEach
    void countHeld() {
        held = allocations();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(allocations()).isEqualTo(held);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SINTER a b c         | sinter a c           | sinter b",
        "SDIFF a b c          | sdiff a c            | sunion b",
        "SINTERCARD 3 a b c LIMIT 1 | sinter a c     | sinter b",
        "ZUNION 2 a b WEIGHTS 1 2 | zunion 1 a WITHSCORES | zunion 1 b WITHSCORES",
        "PFCOUNT a b          | get a                | get b",
        "XREAD COUNT 2 STREAMS a b 0 5 | xread COUNT 2 STREAMS a 0 | xread COUNT 2 STREAMS b 5",
        "XREADGROUP GROUP g c NOACK STREAMS a b > 5 | xreadgroup GROUP g c NOACK STREAMS a > | xreadgroup GROUP g c NOACK STREAMS b 5"
    })
    void everyServerIsAskedOfItsOwnKeys(String line, String first, String second) {
        var request = RequestFixture.line(line);

        assertThat(written(request, 0)).isEqualTo(wire(first));
        assertThat(written(request, 1)).isEqualTo(wire(second));
    }

    @Test
    void theFirstKeyDecidesWhatIsTakenAwayFrom() {
        var request = RequestFixture.line("SDIFF a b");
        var split = new Split(2);
        split.byServer(new int[] {1, 0}, 2);
        var gather = PROTOCOL.gather(request, split, null);

        part(gather, 0, "*2\r\n$1\r\nx\r\n$1\r\ny\r\n");
        part(gather, 1, "*2\r\n$1\r\nx\r\n$1\r\nz\r\n");

        assertThat(joined(gather)).isEqualTo("*1\r\n$1\r\nz\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SUNION a b c     | +OK",
        "SUNION a b c     | :1",
        "SUNION a b c     | *2,$1,a,:1",
        "SUNION a b c     | *2,$1,a,$-1",
        "SUNION a b c     | *1,*1,$1,a",
        "SUNION a b c     | %1,$1,a,$1,b",
        "SINTER a b c     | *1,_",
        "SDIFF a b c      | $1,a",
        "SINTERCARD 3 a b c | :1",
        "ZUNION 2 a b     | :1",
        "ZUNION 2 a b     | *1,$1,a",
        "ZUNION 2 a b     | *2,$1,a,$1,x",
        "ZUNION 2 a b     | *2,$1,a,$3,nan",
        "ZUNION 2 a b     | *1,*3,$1,a,:1,:1",
        "ZDIFF 2 a b      | *2,*2,$1,a,#t",
        "ZDIFF 2 a b      | *2,$1,a,$-1",
        "PFCOUNT a b      | :1",
        "PFCOUNT a b      | *0"
    })
    void aStrangePartSpoilsTheWhole(String line, String reply) {
        String fine = line.startsWith("PF") ? "$-1\r\n" : "*0\r\n";
        var gather = gather(line);

        part(gather, 0, reply.replace(",", "\r\n") + "\r\n");
        part(gather, 1, fine);

        assertThat(joined(gather)).isEqualTo(STRANGE);
    }

    @Test
    void whatIsTooMuchIsLetGoAtOnce() {
        var gather = gather("SUNION a b c");
        part(gather, 0, "*1\r\n$1000\r\n" + "x".repeat(1000) + "\r\n");
        assertThat(allocations()).isGreaterThan(held);

        part(gather, 1, "*1\r\n$1000\r\n" + "y".repeat(1000) + "\r\n");

        assertThat(allocations()).isEqualTo(held);
        assertThat(joined(gather)).startsWith("-ERR ").contains("cross_server_limit of 2000 bytes");
    }

    /// Small members take more than their bytes.
    @Test
    void everyMemberCounts() {
        var gather = gather("SUNION a b c");
        part(gather, 0, "*15\r\n" + "$1\r\nx\r\n".repeat(15));
        part(gather, 1, "*15\r\n" + "$1\r\nx\r\n".repeat(15));

        assertThat(joined(gather)).startsWith("-ERR ");
    }

    @Test
    void aStringIsNoMoreThanItsBytes() {
        var gather = gather("PFCOUNT a b");
        part(gather, 0, "$900\r\n" + "x".repeat(900) + "\r\n");
        part(gather, 1, "$900\r\n" + "x".repeat(900) + "\r\n");

        assertThat(joined(gather)).doesNotContain("cross_server_limit");
    }

    @Test
    void whatBecomesTooMuchIsRefusedBeforeItIsThere() {
        var gather = gather("SUNION a b c");
        assertThat(wants(gather, 0, "*")).isTrue();
        assertThat(wants(gather, 0, "*15\r\n$1\r\nx")).isTrue();
        part(gather, 0, "*15\r\n" + "$1\r\nx\r\n".repeat(15));
        assertThat(allocations()).isGreaterThan(held);

        assertThat(wants(gather, 1, "*15\r\n$1\r\nx")).isFalse();

        assertThat(allocations()).isEqualTo(held);
        assertThat(joined(gather)).startsWith("-ERR ").contains("cross_server_limit of 2000 bytes");
        assertThat(wants(gather("SUNION a b c"), 0, "*1\r\n$5000\r\n" + "x".repeat(2000))).isFalse();
    }

    private static boolean wants(Gather gather, int part, String begun) {
        byte[] bytes = RespBytes.bytes(begun);
        var frame = new Frame();
        frame.place(MemorySegment.ofArray(bytes), 0, bytes.length, null);
        return gather.wants(part, frame);
    }

    @Test
    void whatIsKeptIsLetGo() {
        for (String line : List.of("SUNION a b c", "ZUNION 2 a b", "PFCOUNT a b")) {
            var gather = gather(line);
            part(gather, 0, line.startsWith("PF") ? "$1\r\nx\r\n" : "*0\r\n");
            assertThat(allocations()).isGreaterThan(held);

            gather.release();

            assertThat(allocations()).isEqualTo(held);
        }
    }

    @Test
    void anErrorIsTheAnswer() {
        var gather = gather("SUNION a b c");
        part(gather, 1, "*1\r\n$1\r\nx\r\n");
        part(gather, 0, "-WRONGTYPE x\r\n");

        assertThat(joined(gather)).isEqualTo("-WRONGTYPE x\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUNION a b", "ZUNION 2 a b WEIGHTS 1 2", "PFCOUNT a b"})
    void nothingIsComputedUnlessAllowed(String line) {
        assertThat(protocol(0).refusalToSplit(RequestFixture.line(line))).isEqualTo(Failure.CROSS_SERVER_OFF);
        assertThat(PROTOCOL.refusalToSplit(RequestFixture.line(line))).isNull();
        assertThat(protocol(0).refusalToSplit(RequestFixture.line("MGET a b"))).isNull();
    }

    private static RedisProtocol protocol(int limit) {
        var pool = WholePool.of(List.of("a", "b"), BitSet::new, false, limit, new PoolMemory(), null);
        return new RedisProtocol(
                Limits.REDIS,
                new RedisSessionSettings(Users.withPasswords(List.of()), WrongPasswords.UNLIMITED, new Lanes(0, 1),
                        new OldServers(), "1", pool),
                Optional.empty());
    }

    /// Keys go to servers 0 and 1 in turn.
    private static Split split(Request request) {
        int[] servers = {0, 1, 0};
        var split = new Split(2);
        if (request.command().splitsByKey()) {
            split.byKey(servers, request.keyCount());
        } else {
            split.byServer(servers, request.keyCount());
        }
        return split;
    }

    private static Gather gather(String line) {
        var request = RequestFixture.line(line);
        return PROTOCOL.gather(request, split(request), null);
    }

    private static String written(Request request, int part) {
        var out = new WrittenBytes();
        int length = PROTOCOL.writePart(request, split(request), part, out);
        assertThat(out.text()).hasSize(length);
        return out.text();
    }

    private static String wire(String line) {
        var request = RequestFixture.line(line.strip());
        var out = new WrittenBytes();
        request.write(out);
        return out.text();
    }

    private static void part(Gather gather, int part, String reply) {
        byte[] bytes = reply.getBytes(ISO_8859_1);
        var frame = new Frame();
        frame.place(MemorySegment.ofArray(bytes), 0, bytes.length, null);
        gather.part(part, frame);
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
