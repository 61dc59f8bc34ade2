package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Client;
import io.cashew.protocol.Errand;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Request;
import io.cashew.protocol.WrongPasswords;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client says, and what is to be done about it: `ERRAND` and, if it is answered at once, the answer.
class TransactionTest {
    private static final String ABORTED = "-EXECABORT Transaction discarded because of previous errors.";

    private final RedisSession session = new RedisSession(
            new RedisSessionSettings(Password.NONE, WrongPasswords.UNLIMITED, new Lanes(0, 1), new OldServers(), "1"),
            new Client(7, null, null));
    private final RedisDialogue dialogue = (RedisDialogue) session.dialogue();

    @Test
    void aTransactionIsBoundByItsFirstKey() {
        assertSaid("multi", "BEGIN +OK");
        assertSaid("set a 1", "QUEUE");
        assertSaid("get b", "QUEUE");
        assertSaid("ping", "QUEUE");
        assertSaid("exec", "RUN");
        assertThat(dialogue.begun()).isFalse();
        assertSaid("exec", "NONE -ERR EXEC without MULTI");
    }

    @Test
    void commandsWithoutAKeyAreKeptUntilThereIsOne() {
        assertSaid("multi", "BEGIN +OK");
        assertSaid("ping", "KEEP +QUEUED");
        assertSaid("eval return_1 0", "KEEP +QUEUED");
        assertSaid("unwatch", "KEEP +QUEUED");
        assertSaid("get a", "QUEUE");
        assertSaid("time", "QUEUE");
        assertSaid("exec", "RUN");

        assertSaid("multi", "BEGIN +OK");
        assertSaid("ping", "KEEP +QUEUED");
        assertSaid("exec", "RUN");
    }

    @Test
    void nothingIsAskedOfAServerForNothing() {
        assertSaid("multi", "BEGIN +OK");
        assertSaid("exec", "NONE *0");
        assertSaid("multi", "BEGIN +OK");
        assertSaid("discard", "DROP +OK");
        assertSaid("unwatch", "NONE +OK");
        assertSaid("discard", "NONE -ERR DISCARD without MULTI");
    }

    @Test
    void whatIsKeptIsBounded() {
        String longScript = "eval " + "x".repeat(40_000) + " 0";
        assertSaid("multi", "BEGIN +OK");
        assertSaid(longScript, "KEEP +QUEUED");
        assertThat(said(longScript)).startsWith("DROP -ERR too many or too long commands");
        assertSaid("exec", "NONE " + ABORTED);

        assertSaid("multi", "BEGIN +OK");
        assertSaid(longScript, "KEEP +QUEUED");
    }

    @Test
    void watchedKeysNameTheServer() {
        assertSaid("watch a b", "WATCH");
        assertThat(dialogue.begun()).isTrue();
        assertSaid("get a", "NONE");
        assertSaid("watch c", "WATCH");
        assertSaid("multi", "BEGIN +OK");
        assertSaid("ping", "QUEUE");
        assertSaid("exec", "RUN");

        assertSaid("watch a", "WATCH");
        assertSaid("multi", "BEGIN +OK");
        assertSaid("exec", "RUN");

        assertSaid("watch a", "WATCH");
        assertSaid("unwatch", "END");
        assertThat(dialogue.begun()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "get", "keys *", "object nope", "client getname", "select 0", "hello 3", "watch", "multi now",
            "discard x"})
    void afterWhatCannotBeQueuedNothingIsExecuted(String line) {
        assertSaid("multi", "BEGIN +OK");
        assertSaid("set a 1", "QUEUE");
        assertThat(said(line)).startsWith("DROP -ERR ");
        assertSaid("set b 2", "NONE +QUEUED");
        assertSaid("ping", "NONE +QUEUED");
        assertSaid("exec", "NONE " + ABORTED);
        assertThat(dialogue.begun()).isFalse();
    }

    @Test
    void execWithArgumentsEndsTheTransaction() {
        String wrong = "-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command";
        assertSaid("multi", "BEGIN +OK");
        assertSaid("set a 1", "QUEUE");
        assertSaid("exec now", "DROP " + wrong);
        assertSaid("exec", "NONE -ERR EXEC without MULTI");
    }

    @Test
    void whatIsOnlyMisplacedDoesNotHarm() {
        assertSaid("multi", "BEGIN +OK");
        assertSaid("multi", "NONE -ERR MULTI calls can not be nested");
        assertSaid("watch a", "NONE -ERR WATCH inside MULTI is not allowed");
        assertSaid("set a 1", "QUEUE");
        assertSaid("discard", "END");
        assertThat(dialogue.begun()).isFalse();
    }

    @Test
    void resetEndsEverything() {
        assertSaid("watch a", "WATCH");
        assertSaid("reset", "DROP +RESET");
        assertThat(dialogue.begun()).isFalse();
        assertSaid("multi", "BEGIN +OK");
        assertSaid("set a 1", "QUEUE");
        assertSaid("reset", "DROP +RESET");
        assertSaid("exec", "NONE -ERR EXEC without MULTI");
    }

    @Test
    void aServerThatIsLostWhileItQueuesAbortsTheTransaction() {
        assertSaid("multi", "BEGIN +OK");
        assertSaid("set a 1", "QUEUE");
        dialogue.lost(Failure.SERVER_RESET, false);
        assertSaid("set a 2", "NONE -ERR Connection reset by peer");
        assertThat(session.refusal()).isEqualTo(Failure.SERVER_RESET);
        assertSaid("set a 3", "NONE +QUEUED");
        assertSaid("exec", "NONE " + ABORTED);

        assertSaid("multi", "BEGIN +OK");
        assertSaid("set a 1", "QUEUE");
        dialogue.lost(Failure.SERVER_RESET, false);
        assertSaid("exec", "NONE -EXECABORT Transaction discarded because of: Connection reset by peer");

        assertSaid("multi", "BEGIN +OK");
        assertSaid("set a 1", "QUEUE");
        dialogue.lost(Failure.SERVER_RESET, true);
        assertSaid("exec", "NONE " + ABORTED);
    }

    @Test
    void aWatchThatIsLostIsNotForgotten() {
        assertSaid("watch a", "WATCH");
        assertSaid("get a", "NONE");
        dialogue.lost(Failure.SERVER_CLOSED, false);
        assertSaid("watch b", "NONE +OK");
        assertSaid("multi", "BEGIN +OK");
        assertSaid("exec", "NONE -EXECABORT Transaction discarded because of: unknown");

        assertSaid("watch a", "WATCH");
        dialogue.lost(Failure.SERVER_CLOSED, false);
        assertSaid("unwatch", "NONE +OK");
        assertSaid("multi", "BEGIN +OK");
        assertSaid("exec", "NONE *0");
    }

    @Test
    void aFirstWatchThatFailsChangesNothing() {
        assertSaid("watch a", "WATCH");
        dialogue.undone();
        assertThat(dialogue.begun()).isFalse();

        assertSaid("watch a", "WATCH");
        dialogue.lost(Failure.SERVER_REFUSED, true);
        assertThat(dialogue.begun()).isFalse();
    }

    @Test
    void aCommandForAnotherServerAbortsTheTransaction() {
        assertSaid("multi", "BEGIN +OK");
        assertSaid("set a 1", "QUEUE");
        dialogue.undone();
        assertSaid("set a 2", "NONE +QUEUED");
        assertSaid("exec", "NONE " + ABORTED);
    }

    @Test
    void protocolAndDatabaseStayWhileKeysAreWatched() {
        assertSaid("watch a", "WATCH");
        assertThat(said("select 0")).startsWith("NONE -ERR protocol and database cannot be changed while keys are watched");
        assertThat(said("hello 3")).startsWith("NONE -ERR protocol and database");
        assertSaid("unwatch", "END");
        assertSaid("select 0", "NONE +OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scan 0", "keys *", "dbsize", "randomkey", "lastsave", "flushall", "latency latest", "script load x",
            "function flush"})
    void noTransactionAsksAWholePool(String line) {
        assertSaid("multi", "BEGIN +OK");
        assertSaid("set a 1", "QUEUE");
        assertThat(said(line)).startsWith("DROP -ERR '").endsWith("no single server could answer it; ask before MULTI");
        assertSaid("exec", "NONE " + ABORTED);

        assertSaid("watch a", "WATCH");
        assertThat(said(line)).doesNotContain("MULTI");
    }

    @Test
    void whatWaitsDoesSoOutsideOfTransactionsOnly() {
        assertSaid("blpop a 0", "WAIT");
        assertSaid("wait 1 0", "WAIT_EVERYWHERE");
        assertThat(dialogue.begun()).isFalse();
        assertSaid("multi", "BEGIN +OK");
        assertSaid("blpop a 0", "QUEUE");
        assertSaid("exec", "RUN");
    }

    @ParameterizedTest
    @CsvSource({
        "blpop a b 0, for ever", "blpop a 0.0, for ever", "brpop a 1.5, 1500", "blpop a x, 0", "blpop a -1, 0",
        "blmove a b left right 2, 2000", "brpoplpush a b 3, 3000", "blmpop 0.25 1 a left, 250", "bzmpop 1 1 a min, 1000",
        "bzpopmin a 2, 2000", "bzpopmax a 2, 2000", "xread block 0 streams a 0, for ever", "xread count 1 block 70 streams a 0, 70",
        "xreadgroup group g c block 5 streams a >, 5", "xread block x streams a 0, 0", "blpop a 1e30, for ever"
    })
    void theClientsTimeIsKnown(String line, String millis) {
        long expected = millis.equals("for ever") ? Long.MAX_VALUE : Long.parseLong(millis) * 1_000_000;
        assertThat(dialogue.patience(RequestFixture.line(line))).isEqualTo(expected);
    }

    @Test
    void onlyWhatIsApartNeedsQuiet() {
        for (String line : new String[] {"multi", "exec", "watch a", "unwatch", "discard", "blpop a 0"}) {
            assertThat(session.needsQuiet(RequestFixture.line(line))).as(line).isTrue();
        }
        assertThat(session.needsQuiet(RequestFixture.line("get a"))).isFalse();
        assertSaid("multi", "BEGIN +OK");
        assertThat(session.needsQuiet(RequestFixture.line("exec"))).isFalse();
    }

    private void assertSaid(String line, String expected) {
        assertThat(said(line)).as(line).isEqualTo(expected);
    }

    private String said(String line) {
        Request request = RequestFixture.words(Arrays.stream(line.split(" ")).toArray(String[]::new));
        Errand errand = dialogue.errand(request);
        assertThat(dialogue.errand(request)).as("asking again").isEqualTo(errand);
        byte[] answer = dialogue.answer(request);
        return errand + (answer == null ? "" : " " + new String(answer, ISO_8859_1).stripTrailing());
    }
}
