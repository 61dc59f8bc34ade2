package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Greeting;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RedisGreetingTest {
    private static final Lanes LANES = new Lanes(1, 4);
    private static final String AUTH = "*2\r\n$4\r\nAUTH\r\n$6\r\nsekret\r\n";
    private static final String HELLO = "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n";

    private final AtomicLong clock = new AtomicLong();
    private final OldServers oldServers = new OldServers(clock::get);

    @Test
    void aLaneSaysWhatItNeeds() {
        assertThat(text(greeting("sekret", Dialect.RESP2, 1))).isEqualTo(AUTH + select(1));
        assertThat(text(greeting("sekret", Dialect.RESP3, 3))).isEqualTo(AUTH + HELLO + select(3));
        assertThat(text(greeting(null, Dialect.RESP3, 0))).isEqualTo(HELLO);
        assertThat(greeting("sekret", Dialect.RESP3, 3).replies()).isEqualTo(3);
        assertThat(greeting(null, Dialect.RESP2, 0)).isSameAs(Greeting.NONE);
    }

    @Test
    void aServerHearsTheUserAndThePasswordOfTheMoment() {
        var login = ServerLogin.awaited(Optional.of("cashew".getBytes(ISO_8859_1)));
        var greeting = greetingAfter(login, Dialect.RESP2, 1);

        login.renew("old".getBytes(ISO_8859_1));
        assertThat(text(greeting)).isEqualTo("*3\r\n$4\r\nAUTH\r\n$6\r\ncashew\r\n$3\r\nold\r\n" + select(1));
        login.renew("newer".getBytes(ISO_8859_1));
        assertThat(text(greeting)).isEqualTo("*3\r\n$4\r\nAUTH\r\n$6\r\ncashew\r\n$5\r\nnewer\r\n" + select(1));
        assertThat(greeting.replies()).isEqualTo(2);
        assertThat(login).hasToString("a login");
    }

    @Test
    void everyLaneIsOneDialectAndOneDatabase() {
        assertThat(LANES.lane(Dialect.RESP2, 1)).isZero();
        for (int lane = 0; lane < LANES.count(); lane++) {
            assertThat(LANES.lane(LANES.dialect(lane), LANES.database(lane))).isEqualTo(lane);
        }
        assertThat(new Lanes(9, 1).database(0)).isEqualTo(9);
        assertThat(new Lanes(9, 1).count()).isEqualTo(2);
    }

    @Test
    void refusalsSayWhoseFaultItIs() {
        var greeting = greeting("sekret", Dialect.RESP3, 3);

        assertThat(refusal(greeting, 0, "+OK\r\n")).isNull();
        assertThat(refusal(greeting, 0, "-WRONGPASS x\r\n")).isEqualTo(Failure.SERVER_REFUSED_GREETING);
        assertThat(refusal(greeting, 1, "%7\r\n")).isNull();
        assertThat(refusal(greeting, 1, "-ERR max number of clients reached\r\n")).isEqualTo(Failure.SERVER_REFUSED_GREETING);
        assertThat(oldServers.seenLately()).isFalse();
        assertThat(refusal(greeting, 1, "-NOPROTO x\r\n")).isEqualTo(Failure.SERVER_LACKS_RESP3);
        assertThat(oldServers.seenLately()).isTrue();
        assertThat(refusal(greeting, 2, "-ERR DB index is out of range\r\n")).isEqualTo(Failure.SERVER_LACKS_DATABASE);
        assertThat(refusal(greeting, 2, "-LOADING x\r\n")).isEqualTo(Failure.SERVER_UNABLE);
        assertThat(refusal(greeting, 2, "-BUSY x\r\n")).isEqualTo(Failure.SERVER_UNABLE);
        assertThat(refusal(greeting(null, Dialect.RESP2, 1), 0, "-ERR DB index is out of range\r\n"))
                .isEqualTo(Failure.SERVER_REFUSED_GREETING);
    }

    @Test
    void thatAServerIsTooOldIsForgottenAfterAWhile() {
        oldServers.see();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(59));
        assertThat(oldServers.seenLately()).isTrue();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(oldServers.seenLately()).isFalse();
    }

    private Greeting greeting(String password, Dialect dialect, int database) {
        var login = password == null ? ServerLogin.NONE : ServerLogin.of(Optional.empty(), password.getBytes(ISO_8859_1));
        return greetingAfter(login, dialect, database);
    }

    private Greeting greetingAfter(ServerLogin login, Dialect dialect, int database) {
        return RedisGreeting.of(login, LANES, LANES.lane(dialect, database), oldServers);
    }

    private static Failure refusal(Greeting greeting, int reply, String said) {
        return greeting.refusal(reply, MemorySegment.ofArray(said.getBytes(ISO_8859_1)), 0, said.length());
    }

    private static String select(int database) {
        return "*2\r\n$6\r\nSELECT\r\n$1\r\n" + database + "\r\n";
    }

    private static String text(Greeting greeting) {
        return new String(greeting.bytes(), ISO_8859_1);
    }
}
