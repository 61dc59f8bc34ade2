package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashew.protocol.Client;
import io.cashew.protocol.Command.Spread;
import io.cashew.protocol.Request;
import io.cashew.protocol.Session;
import io.cashew.protocol.WrongPasswords;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSessionTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1700000000, 1_234_567));
    private static final Password SECRET = Password.of("sekret".getBytes(ISO_8859_1));
    private static final String HELLO = "*14\r\n$6\r\nserver\r\n$6\r\ncashew\r\n$7\r\nversion\r\n$5\r\n6.0.0\r\n"
            + "$5\r\nproto\r\n:2\r\n$2\r\nid\r\n:7\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n"
            + "$7\r\nmodules\r\n*0\r\n";
    private static final String NO_AUTH = "-NOAUTH Authentication required\r\n";

    private final RedisSession open = session(Password.NONE, 0);
    private final RedisSession guarded = session(SECRET, 3);

    @Test
    void whatServersAnswerIsLeftToThem() {
        assertThat(open.answer(RequestFixture.line("get k"))).isNull();
        assertThat(open.answer(RequestFixture.line("MSET a 1 b 2"))).isNull();
        assertThat(open.answer(RequestFixture.line("LOLWUT"))).isNull();
        assertThat(open.answer(RequestFixture.line("object encoding k"))).isNull();
        assertThat(open.answer(RequestFixture.line("xread STREAMS k 0"))).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void everyRowIsEitherAnsweredOrRouted(RedisCommand row) {
        var words = new String[Math.abs(row.arity())];
        Arrays.fill(words, "0");
        int bar = row.label().indexOf('|');
        words[0] = bar < 0 ? row.label() : row.label().substring(0, bar);
        if (bar > 0) {
            words[1] = row.label().substring(bar + 1);
        }
        Request request = RequestFixture.words(words);

        byte[] answer = AloneInPool.answer(open, request);

        assertThat(request.command()).isSameAs(row);
        switch (row.spread()) {
            case ONE_SERVER, SPLIT, ANY_SERVER -> assertThat(answer).isNull();
            case WAITING, WAITING_EVERYWHERE, TRANSACTION, SUBSCRIPTION -> assertThat(answer).isSameAs(Session.APART);
            case EVERY_HOLDER, EVERY_LIVE_SERVER, CHOSEN_SERVER -> assertThat(answer).isNull();
            case EVERY_SERVER -> assertThat(answer == null).isNotEqualTo(row.label().startsWith("flush"));
            case LOCAL -> assertThat(new String(answer, ISO_8859_1)).endsWith("\r\n");
            case REFUSED ->
                assertThat(new String(answer, ISO_8859_1))
                        .isEqualTo("-ERR '%s' is not supported by this pool: %s\r\n", row.label(), row.refusal().reason());
        }
    }

    @Test
    void refusalsSayWhy() {
        assertThat(said(open, "SWAPDB 0 1")).isEqualTo("-ERR 'swapdb' is not supported by this pool: databases of several servers"
                + " cannot change places at one moment\r\n");
        assertThat(said(open, "script kill")).startsWith("-ERR 'script|kill' is not supported by this pool: ");
    }

    @Test
    void pingQuitAndTimeAreAnswered() {
        assertThat(said(open, "PING")).isEqualTo("+PONG\r\n");
        assertThat(said(open, "ping hello")).isEqualTo("$5\r\nhello\r\n");
        assertThat(said(open, "TIME")).isEqualTo("*2\r\n$10\r\n1700000000\r\n$4\r\n1234\r\n");
        assertThat(open.leaving()).isFalse();
        assertThat(said(open, "QUIT")).isEqualTo("+OK\r\n");
        assertThat(open.leaving()).isTrue();
    }

    @Test
    void strangersAreNotServed() {
        for (String line : new String[] {"get k", "PING", "mget a b", "COMMAND", "move k 1", "nonsense", "keys *", "get"}) {
            assertThat(said(guarded, line)).isEqualTo(NO_AUTH);
        }
        assertThat(said(guarded, "QUIT")).isEqualTo("+OK\r\n");
        assertThat(guarded.leaving()).isTrue();
    }

    @Test
    void theRightPasswordOpensAndAWrongOneCloses() {
        assertThat(said(guarded, "AUTH sekret")).isEqualTo("+OK\r\n");
        assertThat(said(guarded, "PING")).isEqualTo("+PONG\r\n");
        assertThat(guarded.answer(RequestFixture.line("get k"))).isNull();

        assertThat(said(guarded, "AUTH no")).isEqualTo("-ERR invalid password\r\n");
        assertThat(said(guarded, "PING")).isEqualTo(NO_AUTH);
        assertThat(said(guarded, "get k")).isEqualTo(NO_AUTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTH sekre", "AUTH sekret2", "AUTH SEKRET", "AUTH default no", "AUTH bob sekret",
            "AUTH DEFAULT sekret"})
    void nearlyRightIsWrong(String line) {
        assertThat(said(guarded, "AUTH sekret")).isEqualTo("+OK\r\n");

        assertThat(said(guarded, line)).startsWith(line.split(" ").length == 2 ? "-ERR invalid password" : "-WRONGPASS ");
        assertThat(said(guarded, "PING")).isEqualTo(NO_AUTH);
    }

    @Test
    void anEmptyOrEndlessPasswordIsWrong() {
        assertThat(said(guarded, new String[] {"AUTH", ""})).isEqualTo("-ERR invalid password\r\n");
        assertThat(said(guarded, new String[] {"AUTH", "s".repeat(100_000)})).isEqualTo("-ERR invalid password\r\n");
    }

    @Test
    void theOnlyUserIsDefault() {
        assertThat(said(guarded, "AUTH default sekret")).isEqualTo("+OK\r\n");
        assertThat(said(guarded, "ACL WHOAMI")).isEqualTo("$7\r\ndefault\r\n");
        assertThat(said(guarded, "AUTH a b c")).isEqualTo("-ERR syntax error\r\n");
    }

    @Test
    void aPoolWithoutPasswordSaysSo() {
        assertThat(said(open, "AUTH x")).isEqualTo("-ERR Client sent AUTH, but no password is set\r\n");
        assertThat(said(open, "AUTH default x")).isEqualTo("-ERR Client sent AUTH, but no password is set\r\n");
        assertThat(said(open, "PING")).isEqualTo("+PONG\r\n");
    }

    @Test
    void helloGreets() {
        assertThat(said(open, "HELLO")).isEqualTo(HELLO);
        assertThat(said(open, "HELLO 2")).isEqualTo(HELLO);
        assertThat(said(open, "HELLO 2 SETNAME me")).isEqualTo(HELLO);
        assertThat(said(open, "CLIENT GETNAME")).isEqualTo("$2\r\nme\r\n");
        assertThat(said(open, "HELLO 4")).isEqualTo("-NOPROTO unsupported protocol version\r\n");
        assertThat(said(open, "HELLO x")).isEqualTo("-ERR Protocol version is not an integer or out of range\r\n");
    }

    @Test
    void helloChangesTheDialect() {
        assertThat(open.lane()).isZero();
        assertThat(said(open, "HELLO 3")).isEqualTo(HELLO.replace("*14", "%7").replace(":2", ":3"));
        assertThat(open.lane()).isEqualTo(1);
        assertThat(said(open, "HELLO")).startsWith("%7\r\n");

        assertThat(said(open, "HELLO 2")).isEqualTo(HELLO);
        assertThat(open.lane()).isZero();
    }

    @Test
    void resp3SaysWhatThingsAre() {
        said(open, "HELLO 3");

        assertThat(said(open, "CLIENT GETNAME")).isEqualTo("_\r\n");
        assertThat(said(open, "CLIENT INFO")).startsWith("=").contains("\r\ntxt:id=7 ").contains(" resp=3 ");
        assertThat(said(open, "CLIENT TRACKINGINFO"))
                .isEqualTo("%3\r\n$5\r\nflags\r\n~1\r\n$3\r\noff\r\n$8\r\nredirect\r\n:-1\r\n$8\r\nprefixes\r\n*0\r\n");
        assertThat(said(open, "CONFIG GET appendonly")).isEqualTo("%1\r\n$10\r\nappendonly\r\n$2\r\nno\r\n");
        assertThat(said(open, "CONFIG GET nope")).isEqualTo("%0\r\n");
        assertThat(said(open, "INFO nope")).isEqualTo("=4\r\ntxt:\r\n");
        assertThat(said(open, "COMMAND DOCS nosuch")).isEqualTo("%0\r\n");
        assertThat(said(open, "COMMAND INFO nope")).isEqualTo("*1\r\n_\r\n");
        assertThat(said(open, "COMMAND INFO get"))
                .isEqualTo("*1\r\n*10\r\n$3\r\nget\r\n:2\r\n~2\r\n+readonly\r\n+fast\r\n:1\r\n:1\r\n:1\r\n~3\r\n+@read\r\n+@string\r\n+@fast\r\n~0\r\n"
                        + "~1\r\n%3\r\n$5\r\nflags\r\n~2\r\n+RO\r\n+access\r\n$12\r\nbegin_search\r\n%2\r\n$4\r\ntype\r\n$5\r\nindex\r\n"
                        + "$4\r\nspec\r\n%1\r\n$5\r\nindex\r\n:1\r\n$9\r\nfind_keys\r\n%2\r\n$4\r\ntype\r\n$5\r\nrange\r\n"
                        + "$4\r\nspec\r\n%3\r\n$7\r\nlastkey\r\n:0\r\n$7\r\nkeystep\r\n:1\r\n$5\r\nlimit\r\n:0\r\n~0\r\n");
    }

    @Test
    void helloDoesAllOrNothing() {
        said(guarded, "HELLO 2 AUTH default sekret SETNAME me");

        for (String line : new String[] {
            "HELLO 3 SETNAME you nonsense", "HELLO 3 AUTH default no SETNAME you", "HELLO 3 SETNAME you SETNAME \u00e4",
            "HELLO 4 SETNAME you"
        }) {
            assertThat(said(guarded, line)).startsWith("-");
            said(guarded, "AUTH sekret");
            assertThat(said(guarded, "CLIENT INFO")).contains(" name=me ").contains(" resp=2 ");
        }
        assertThat(said(guarded, "HELLO 3 AUTH default sekret nonsense"))
                .startsWith("-ERR Syntax error in HELLO option 'nonsense'");
        assertThat(said(guarded, "PING")).isEqualTo("+PONG\r\n");
    }

    @Test
    void whereAServerIsTooOldResp3IsRefused() {
        var oldServers = new OldServers();
        var session = session(Password.NONE, new Lanes(0, 1), oldServers);
        oldServers.see();

        assertThat(said(session, "HELLO 3")).startsWith("-NOPROTO ").contains("does not speak RESP3");
        assertThat(said(session, "HELLO 2")).isEqualTo(HELLO);
    }

    @Test
    void onlyWhatChangesTheWayToTheServersNeedsQuiet() {
        assertThat(open.needsQuiet(RequestFixture.line("SELECT 0"))).isTrue();
        assertThat(open.needsQuiet(RequestFixture.line("hello 3"))).isTrue();
        assertThat(open.needsQuiet(RequestFixture.line("RESET"))).isTrue();
        assertThat(open.needsQuiet(RequestFixture.line("GET k"))).isFalse();
        assertThat(open.needsQuiet(RequestFixture.line("PING"))).isFalse();
        assertThat(open.needsQuiet(RequestFixture.line("nonsense"))).isFalse();
    }

    @Test
    void helloAuthenticates() {
        assertThat(said(guarded, "HELLO 2")).startsWith("-NOAUTH HELLO must be called with the client already authenticated");
        assertThat(said(guarded, "HELLO 4 AUTH default sekret")).startsWith("-NOPROTO ");
        assertThat(said(guarded, "PING")).isEqualTo(NO_AUTH);
        assertThat(said(guarded, "HELLO 2 AUTH default no"))
                .isEqualTo("-WRONGPASS invalid username-password pair or user is disabled.\r\n");
        assertThat(said(guarded, "HELLO 2 SETNAME me")).startsWith("-NOAUTH ");
        assertThat(said(guarded, "HELLO 2 AUTH default sekret SETNAME me")).isEqualTo(HELLO);
        assertThat(said(guarded, "CLIENT GETNAME")).isEqualTo("$2\r\nme\r\n");
    }

    @Test
    void resetForgetsWhoTheClientIs() {
        said(guarded, "HELLO 2 AUTH default sekret SETNAME me");

        assertThat(said(guarded, "RESET")).isEqualTo("+RESET\r\n");

        assertThat(said(guarded, "PING")).isEqualTo(NO_AUTH);
        assertThat(said(guarded, "AUTH sekret")).isEqualTo("+OK\r\n");
        assertThat(said(guarded, "CLIENT GETNAME")).isEqualTo("$-1\r\n");
    }

    @Test
    void theOnlyDatabaseIsThePools() {
        said(guarded, "AUTH sekret");

        assertThat(said(guarded, "SELECT 0")).isEqualTo("+OK\r\n");
        assertThat(said(guarded, "SELECT 3")).isEqualTo("+OK\r\n");
        assertThat(said(guarded, "SELECT 1"))
                .isEqualTo("-ERR DB index is out of range: this pool serves database 3 only\r\n");
        assertThat(said(guarded, "SELECT -1")).startsWith("-ERR DB index is out of range");
    }

    @Test
    void aPoolOfSeveralDatabasesHasThemAll() {
        var lanes = new Lanes(2, 4);
        var session = session(Password.NONE, lanes, new OldServers());

        assertThat(session.lane()).isZero();
        for (int database = 0; database < 4; database++) {
            assertThat(said(session, "SELECT " + database)).isEqualTo("+OK\r\n");
            assertThat(lanes.database(session.lane())).isEqualTo(database);
            assertThat(said(session, "CLIENT INFO")).contains(" db=" + database + " ");
        }
        assertThat(said(session, "SELECT 4")).isEqualTo("-ERR DB index is out of range: this pool serves databases 0 to 3\r\n");
        assertThat(said(session, "SELECT x")).isEqualTo("-ERR value is not an integer or out of range\r\n");
        assertThat(lanes.database(session.lane())).isEqualTo(3);
        said(session, "RESET");
        assertThat(session.lane()).isZero();
    }

    @Test
    void clientsMayIntroduceThemselves() {
        assertThat(said(open, "CLIENT ID")).isEqualTo(":7\r\n");
        assertThat(said(open, "CLIENT SETNAME me")).isEqualTo("+OK\r\n");
        assertThat(said(open, "CLIENT SETINFO LIB-NAME redis-py")).isEqualTo("+OK\r\n");
        assertThat(said(open, "client setinfo lib-ver 5.0")).isEqualTo("+OK\r\n");
        assertThat(said(open, "CLIENT SETINFO a b")).isEqualTo("-ERR Unrecognized option 'a'\r\n");
        assertThat(said(open, new String[] {"CLIENT", "SETINFO", "LIB-NAME", "a b"}))
                .isEqualTo("-ERR lib-name cannot contain spaces, newlines or special characters.\r\n");
        assertThat(said(open, "CLIENT INFO")).contains("\r\nid=7 addr=unix:0 ", " name=me ", " lib-name=redis-py lib-ver=5.0 ");
        assertThat(said(open, "CLIENT LIST")).isEqualTo(said(open, "CLIENT INFO"));
    }

    @Test
    void namesAreKeptWithinReason() {
        assertThat(said(open, new String[] {"CLIENT", "SETNAME", "x".repeat(1025)}))
                .isEqualTo("-ERR Client names cannot be longer than 1024 bytes.\r\n");
        assertThat(said(open, "CLIENT GETNAME")).isEqualTo("$-1\r\n");
    }

    @Test
    void nothingAClientSaysEndsAnErrorEarly() {
        for (var words : new String[][] {
            {"no\r\n+OK\r\n", "a\r\n"},
            {"object", "x\r\n+OK"},
            {"hello", "2", "x\r\n+OK"},
            {"client", "setinfo", "x\r\n+OK", "y"}
        }) {
            assertThat(said(open, words)).startsWith("-").endsWith("\r\n").containsOnlyOnce("\r").containsOnlyOnce("\n");
        }
    }

    @Test
    void echoedWordsAreCutInErrors() {
        for (var words : new String[][] {
            {"n".repeat(100_000), "a".repeat(100_000)},
            {"object", "x".repeat(100_000)},
            {"hello", "2", "x".repeat(100_000)},
            {"client", "setinfo", "x".repeat(100_000), "y"}
        }) {
            assertThat(said(open, words)).startsWith("-ERR ").hasSizeLessThan(400);
        }
    }

    @Test
    void theTableCanBeAskedFor() {
        long served = Arrays.stream(RedisCommand.values())
                .filter(row -> row.spread() != Spread.REFUSED && !row.isVariant())
                .count();

        assertThat(said(open, "COMMAND COUNT")).isEqualTo(":" + served + "\r\n");
        assertThat(said(open, "COMMAND")).startsWith("*" + served
                + "\r\n*10\r\n$6\r\nappend\r\n:3\r\n*3\r\n+write\r\n+denyoom\r\n+fast\r\n:1\r\n:1\r\n:1\r\n");
        assertThat(said(open, "COMMAND LIST")).contains("\r\n$6\r\nappend\r\n$4\r\ndecr\r\n", "\r\n$9\r\nclient|id\r\n")
                .doesNotContain("monitor", "|block");
        assertThat(said(open, "COMMAND LIST FILTERBY PATTERN ZC*")).isEqualTo("*2\r\n$5\r\nzcard\r\n$6\r\nzcount\r\n");
        assertThat(said(open, "COMMAND LIST FILTERBY ACLCAT write")).contains("\r\nset\r\n").doesNotContain("\r\nget\r\n");
        assertThat(said(open, "COMMAND LIST FILTERBY MODULE m")).isEqualTo("*0\r\n");
        assertThat(said(open, "COMMAND DOCS get")).isEqualTo("*2\r\n$3\r\nget\r\n*4\r\n$7\r\nsummary\r\n"
                + "$36\r\nSent to the server that has its keys\r\n$5\r\ngroup\r\n$6\r\nstring\r\n");
        assertThat(said(open, "COMMAND INFO swapdb nope nope|x object|nope")).isEqualTo("*4\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n");
        assertThat(said(open, "COMMAND INFO GET"))
                .isEqualTo("*1\r\n*10\r\n$3\r\nget\r\n:2\r\n*2\r\n+readonly\r\n+fast\r\n:1\r\n:1\r\n:1\r\n*3\r\n+@read\r\n+@string\r\n+@fast\r\n*0\r\n"
                        + "*1\r\n*6\r\n$5\r\nflags\r\n*2\r\n+RO\r\n+access\r\n$12\r\nbegin_search\r\n*4\r\n$4\r\ntype\r\n$5\r\nindex\r\n"
                        + "$4\r\nspec\r\n*2\r\n$5\r\nindex\r\n:1\r\n$9\r\nfind_keys\r\n*4\r\n$4\r\ntype\r\n$5\r\nrange\r\n"
                        + "$4\r\nspec\r\n*6\r\n$7\r\nlastkey\r\n:0\r\n$7\r\nkeystep\r\n:1\r\n$5\r\nlimit\r\n:0\r\n*0\r\n");
    }

    @Test
    void theKeysOfACommandCanBeAskedFor() {
        assertThat(said(open, "COMMAND GETKEYS zunionstore d 2 a b")).isEqualTo("*3\r\n$1\r\nd\r\n$1\r\na\r\n$1\r\nb\r\n");
        assertThat(said(open, "COMMAND GETKEYS object encoding k")).isEqualTo("*1\r\n$1\r\nk\r\n");
        assertThat(said(open, "COMMAND GETKEYS eval script 0")).isEqualTo("*0\r\n");
    }

    @Test
    void toolsThatAskForSettingsAreNotWorried() {
        assertThat(said(open, "CONFIG GET save")).isEqualTo("*2\r\n$4\r\nsave\r\n$0\r\n\r\n");
        assertThat(said(open, "CONFIG GET appendonly")).isEqualTo("*2\r\n$10\r\nappendonly\r\n$2\r\nno\r\n");
        assertThat(said(open, "CONFIG GET maxmemory")).isEqualTo("*0\r\n");
        assertThat(said(open, "CONFIG GET data*")).isEqualTo("*2\r\n$9\r\ndatabases\r\n$1\r\n1\r\n");
        assertThat(said(open, "INFO")).contains("\r\nserver_name:cashew\r\ncashew_version:1.2.3\r\n", "cashew_absent:server\r\n");
        assertThat(said(open, "INFO replication")).contains("\r\n# Replication\r\nrole:master\r\n");
    }

    @Test
    void helpNamesWhatIsServed() {
        assertThat(said(open, "MEMORY HELP")).isEqualTo("*3\r\n+Served here:\r\n+MEMORY HELP\r\n+MEMORY USAGE\r\n");
    }

    @Test
    void passwordsAreNotShown() {
        assertThat(new RedisSessionSettings(SECRET, WrongPasswords.UNLIMITED, new Lanes(0, 1), new OldServers(), "1.2.3")
                .toString()).doesNotContain("sekret").contains("a password");
    }

    @Test
    void settingsRefuseNonsense() {
        assertThatThrownBy(() -> new Lanes(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Lanes(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Lanes(3, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RedisSessionSettings(SECRET, WrongPasswords.UNLIMITED, new Lanes(0, 1), new OldServers(),
                "1\r\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Password.of(new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Password.of(new byte[8193])).isInstanceOf(IllegalArgumentException.class);
    }

    private static RedisSession session(Password password, int database) {
        return session(password, new Lanes(database, 1), new OldServers());
    }

    private static RedisSession session(Password password, Lanes lanes, OldServers oldServers) {
        var client = new Client(7, null, null);
        var alone = new AloneInPool(client);
        var settings = new RedisSessionSettings(
                Users.withPassword(password), WrongPasswords.UNLIMITED, lanes, oldServers, "1.2.3", alone.pool());
        return alone.with(new RedisSession(settings, client, CLOCK));
    }

    private static String said(RedisSession session, String line) {
        return said(session, line.split(" "));
    }

    private static String said(RedisSession session, String[] words) {
        return new String(AloneInPool.answer(session, RequestFixture.words(words)), ISO_8859_1);
    }
}
