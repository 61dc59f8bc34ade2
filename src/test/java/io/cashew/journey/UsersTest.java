package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cashew.config.CashewConfig.LimitsConfig;
import io.cashew.fixture.LimitsOf;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Users of a pool: who they are, what they may do, and that a change of their file counts without a restart.
@Timeout(60)
class UsersTest {
    private static final String APP =
            "on >pw ~app:* %R~ro:* &chan:* +@read +@write -@dangerous +@transaction -watch -discard "
                    + "+acl|whoami +ping +eval +client|id";

    @TempDir
    Path directory;

    private Path users;
    private RedisServer server;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        users = directory.resolve("users.acl");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void nobodyIsServedBeforeTheyHaveSaidWhoTheyAre() throws IOException {
        try (var proxy = proxy("user app " + APP);
                var client = proxy.connect("pool")) {
            assertThat(client.call("GET", "app:1")).isEqualTo("-NOAUTH Authentication required.\r\n");
            assertThat(client.call("AUTH", "app", "wrong")).isEqualTo(server.call("AUTH", "nobody", "wrong"));
            assertThat(client.call("AUTH", "pw")).startsWith("-WRONGPASS");
            assertThat(client.call("AUTH", "default", "pw")).startsWith("-WRONGPASS");
            assertThat(client.call("AUTH", "app".repeat(100), "pw")).startsWith("-WRONGPASS");
            assertThat(client.call("PING")).startsWith("-NOAUTH");
            assertThat(client.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
            assertThat(client.call("ACL", "WHOAMI")).isEqualTo("$3\r\napp\r\n");
            assertThat(client.call("SET", "app:1", "v")).isEqualTo("+OK\r\n");

            // As with Redis, who says a wrong password stays who it is.
            assertThat(client.call("AUTH", "app", "wrong")).startsWith("-WRONGPASS");
            assertThat(client.call("GET", "app:1")).isEqualTo("$1\r\nv\r\n");
            assertThat(client.call("RESET")).isEqualTo("+RESET\r\n");
            assertThat(client.call("GET", "app:1")).startsWith("-NOAUTH");
            assertThat(client.call("HELLO", "3", "AUTH", "app", "pw")).startsWith("%7\r\n");
            assertThat(client.call("GET", "app:2")).isEqualTo("_\r\n");
        }
    }

    static Stream<String> conversations() {
        return """
                GET app:1
                GET x
                SET app:1 v
                SET ro:1 v
                GET ro:1
                COPY ro:1 app:2
                COPY app:1 ro:2
                MSET app:1 1 app:2 2
                MSET app:1 1 x 2
                MGET app:1 ro:1
                MGET app:1 x
                DEL x app:1
                KEYS *
                FLUSHALL
                CONFIG GET save
                CLIENT LIST
                CLIENT FOO
                ACL LIST
                GET
                SET app:1
                NOSUCH x
                BLPOP x 1
                XREAD BLOCK 1 STREAMS x 0
                EVAL return 0
                EVAL return 1 x
                SORT app:1 BY w_*
                WATCH app:1
                MULTI; SET app:1 v; GET app:1; EXEC
                MULTI; GET x; EXEC
                MULTI; SET app:1 v; KEYS *; EXEC
                MULTI; DISCARD; EXEC
                SET app:3 v; MULTI; FLUSHALL; GET app:3; EXEC; GET app:3
                """.lines();
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void answersAreThoseOfAServerWithTheSameRules(String conversation) throws IOException {
        server.call(("ACL SETUSER app " + APP).split(" "));
        try (var proxy = proxy("user app " + APP);
                var client = proxy.connect("pool");
                var direct = server.connect()) {
            assertAnswersAreAlike(client, direct, conversation);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SUBSCRIBE chan:1; SUBSCRIBE other; SUBSCRIBE chan:2 other; PING; UNSUBSCRIBE other; UNSUBSCRIBE chan:1; GET app:1",
                "PSUBSCRIBE chan:*; PSUBSCRIBE chan:1*; PSUBSCRIBE *; PUNSUBSCRIBE x*; PUNSUBSCRIBE",
                "SSUBSCRIBE chan:1; SSUBSCRIBE x; SUNSUBSCRIBE x; SUNSUBSCRIBE",
                "PUBLISH chan:1 m; PUBLISH x m; SPUBLISH chan:1 m; SPUBLISH x m; PUBLISH x; SUBSCRIBE",
                "MULTI; PUBLISH chan:1 m; EXEC",
                "MULTI; SPUBLISH chan:1 m; PUBLISH x m; EXEC",
                "PUBSUB CHANNELS; PUBSUB NUMPAT; PUBSUB NUMSUB x",
                "SUBSCRIBE chan:1; GET app:1; SUBSCRIBE other; RESET; SUBSCRIBE chan:1; GET app:1"
            })
    void channelsAreThoseOfAServerWithTheSameRules(String conversation) throws IOException {
        String rules = "on >pw ~app:* &chan:* +@pubsub +@transaction +@connection +get +set";
        server.call(("ACL SETUSER app " + rules).split(" "));
        server.call("ACL", "SETUSER", "default", "off");
        try (var proxy = proxy("user app " + rules, "server_auth_user: app\n  server_auth: pw");
                var client = proxy.connect("pool");
                var direct = server.connect()) {
            assertAnswersAreAlike(client, direct, conversation);
        }
    }

    private static void assertAnswersAreAlike(RespClient client, RespClient direct, String conversation) {
        assertThat(direct.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
        assertThat(client.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
        for (String line : conversation.split("; ")) {
            String expected = asNewer(direct.call(line.split(" ")));
            assertThat(client.call(line.split(" "))).as(line).isEqualTo(expected);
        }
    }

    /// What an error of Redis 7.0 is called since 7.2.
    private static String asNewer(String reply) {
        return reply.replace("this user has no permissions to run", "User app has no permissions to run")
                .replaceAll("this user has no permissions to access one of the (key|channel)s used as arguments",
                        "No permissions to access a $1");
    }

    @Test
    void whatIsAskedOfSeveralServersIsOnlyWhatTheUserMay() throws IOException {
        Files.writeString(users, "user app on >pw ~app:* %R~ro:* +@read +@write");
        try (var servers = RedisServers.start(3);
                var proxy = ProxyUnderTest.with(servers.yaml("pool", "cross_server_limit: 100000", "users_file: " + users));
                var client = proxy.connect("pool")) {
            assertThat(client.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
            for (int key = 0; key < 10; key++) {
                client.call("SADD", "app:" + key, "v" + key);
                client.call("PFADD", "app:h" + key, "v" + key);
                client.call("XADD", "app:s" + key, "1-1", "f", "v");
            }

            assertThat(client.call("SUNION", "app:0", "app:1", "app:2", "app:3", "ro:1")).startsWith("*4\r\n");
            assertThat(client.call("PFCOUNT", "app:h0", "app:h1", "app:h2", "app:h3", "ro:1")).isEqualTo(":4\r\n");
            assertThat(client.call(("XREAD STREAMS app:s0 app:s1 app:s2 app:s3 ro:1 0 0 0 0 0").split(" "))).startsWith("*4\r\n");
            for (String line : List.of(
                    "SUNION app:0 app:1 app:2 x", "SINTERCARD 3 app:0 app:1 x", "ZUNION 2 x ro:1", "PFCOUNT app:h0 app:h1 x",
                    "XREAD STREAMS app:s0 app:s1 x 0 0 0", "XREADGROUP GROUP g c STREAMS app:s0 x > >", "MSET app:0 v ro:1 v",
                    "DEL app:0 ro:1")) {
                assertThat(client.call(line.split(" "))).as(line).isEqualTo("-NOPERM No permissions to access a key\r\n");
            }
        }
    }

    /// It is Cashew that loads it again.
    @Test
    void aScriptThatOthersHaveLoadedIsExecutedAlsoWhereItWasForgotten() throws IOException {
        try (var proxy = proxy("user app on >pw ~app:* +evalsha\nuser admin on >pw ~* +@all");
                var client = proxy.connect("pool");
                var admin = proxy.connect("pool")) {
            assertThat(admin.call("AUTH", "admin", "pw")).isEqualTo("+OK\r\n");
            assertThat(client.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
            String digest = admin.call("SCRIPT", "LOAD", "return KEYS[1]").lines().skip(1).findFirst().orElseThrow();
            server.call("SCRIPT", "FLUSH");

            assertThat(client.call("EVALSHA", digest, "1", "app:1")).isEqualTo("$5\r\napp:1\r\n");

            assertThat(client.call("EVALSHA", digest, "1", "x")).isEqualTo("-NOPERM No permissions to access a key\r\n");
            assertThat(client.call("SCRIPT", "LOAD", "return 1"))
                    .isEqualTo("-NOPERM User app has no permissions to run the 'script|load' command\r\n");
        }
    }

    @Test
    void aResetEndsSubscriptionsAndTakesBackTheUser() throws IOException {
        try (var proxy = proxy("user app on >pw &* +@pubsub\nuser admin on >pw ~* &* +@all");
                var client = proxy.connect("pool");
                var admin = proxy.connect("pool")) {
            assertThat(admin.call("AUTH", "admin", "pw")).isEqualTo("+OK\r\n");
            assertThat(client.call("HELLO", "3", "AUTH", "app", "pw")).startsWith("%7\r\n");
            client.call("SUBSCRIBE", "a");
            client.call("PSUBSCRIBE", "b*");
            assertThat(admin.call("CLIENT", "LIST")).contains(" sub=1 psub=1 ").contains(" user=app ");
            assertThat(admin.call("CLIENT", "LIST", "TYPE", "pubsub")).contains(" user=app ");

            assertThat(client.call("RESET")).isEqualTo("+RESET\r\n");

            assertThat(admin.call("CLIENT", "LIST")).doesNotContain(" sub=1 ", " psub=1 ", " user=app ").contains(" user=default ");
            assertThat(admin.call("PUBLISH", "a", "m")).isEqualTo(":0\r\n");
            assertThat(client.call("SUBSCRIBE", "a")).isEqualTo("-NOAUTH Authentication required.\r\n");
        }
    }

    @Test
    void sortDoesNotReadWhatItsUserMayNot() throws IOException {
        server.call(("ACL SETUSER app " + APP + " +sort +sort_ro").split(" "));
        try (var proxy = proxy("user app " + APP + " +sort +sort_ro");
                var client = proxy.connect("pool");
                var direct = server.connect()) {
            assertThat(direct.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
            assertThat(client.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
            for (String line : new String[] {
                "SORT app:1 BY w_*", "SORT app:1 BY nosort", "SORT_RO app:1 GET x_*", "SORT app:1 STORE app:2",
                "SORT app:1 LIMIT 0 1 GET #"
            }) {
                assertThat(client.call(line.split(" "))).as(line).isEqualTo(direct.call(line.split(" ")));
            }
        }
    }

    @Test
    void whatUsersMayIsShownButNotWhatTheySay() throws IOException {
        try (var proxy = proxy("user admin on >geheim ~* &* +@all\nuser app on >pw >pw2 ~a %W~b +@read -get\nuser default off");
                var client = proxy.connect("pool")) {
            assertThat(client.call("AUTH", "admin", "geheim")).isEqualTo("+OK\r\n");
            assertThat(client.call("ACL", "USERS")).isEqualTo("*3\r\n$5\r\nadmin\r\n$3\r\napp\r\n$7\r\ndefault\r\n");
            assertThat(client.call("ACL", "LIST"))
                    .contains("user admin on #**** ~* &* +@all\r\n")
                    .contains("user app on #**** #**** ~a %W~b resetchannels -@all +@read -get\r\n")
                    .contains("user default off resetchannels -@all\r\n");
            assertThat(client.call("ACL", "GETUSER", "app"))
                    .isEqualTo("*12\r\n$5\r\nflags\r\n*1\r\n$2\r\non\r\n$9\r\npasswords\r\n*2\r\n$4\r\n****\r\n$4\r\n****\r\n"
                            + "$8\r\ncommands\r\n$17\r\n-@all +@read -get\r\n"
                            + "$4\r\nkeys\r\n$7\r\n~a %W~b\r\n$8\r\nchannels\r\n$0\r\n\r\n"
                            + "$9\r\nselectors\r\n*0\r\n");
            assertThat(client.call("ACL", "DRYRUN", "app", "get", "a"))
                    .isEqualTo("$55\r\nUser app has no permissions to run the 'get' command\r\n".replace("$55", "$52"));
            assertThat(client.call("ACL", "SETUSER", "app", "on"))
                    .isEqualTo("-ERR 'acl|setuser' is not supported by this pool: its users are set in the pool's configuration "
                            + "(users_file)\r\n");
            assertThat(client.call("CLIENT", "INFO")).contains(" user=admin ");
        }
    }

    @Test
    void aUserHasNoMoreClientsThanItMay() throws IOException {
        try (var proxy = proxy("user app on >pw max-clients=2 +ping\nuser other on >pw +ping");
                var first = proxy.connect("pool");
                var third = proxy.connect("pool")) {
            assertThat(first.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
            assertThat(first.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
            try (var second = proxy.connect("pool")) {
                assertThat(second.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
                assertThat(third.call("AUTH", "app", "pw")).isEqualTo("-ERR max number of clients of this user reached\r\n");
                assertThat(third.call("PING")).startsWith("-NOAUTH");
                assertThat(third.call("AUTH", "other", "pw")).isEqualTo("+OK\r\n");
                assertThat(third.call("AUTH", "app", "pw")).startsWith("-ERR max number");
                assertThat(third.call("ACL", "WHOAMI")).startsWith("-NOPERM User other ");
            }
            await().until(() -> third.call("AUTH", "app", "pw").equals("+OK\r\n"));
            assertThat(first.call("RESET")).isEqualTo("+RESET\r\n");
            try (var second = proxy.connect("pool")) {
                assertThat(second.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
            }
            assertThat(proxy.pool("pool").failed(Failure.TOO_MANY_OF_USER)).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void guessingIsSlowedDownForAllUsersTogether() throws IOException {
        try (var proxy = proxy("user app on >pw +ping\nuser other on >pw +ping", LimitsOf.nothing());
                var client = proxy.connect("pool")) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.call("AUTH", "user" + i, "pw")).startsWith("-WRONGPASS");
            }
            assertThat(client.call("AUTH", "app", "pw")).startsWith("-ERR too many wrong passwords from your address");
        }
    }

    @Test
    void refusalsAreCounted() throws IOException {
        try (var proxy = proxy("user default on nopass ~a +get");
                var client = proxy.connect("pool")) {
            assertThat(client.call("GET", "a")).isEqualTo("$-1\r\n");
            assertThat(client.call("GET", "b")).isEqualTo("-NOPERM No permissions to access a key\r\n");
            assertThat(client.call("SET", "a", "v"))
                    .isEqualTo("-NOPERM User default has no permissions to run the 'set' command\r\n");
            assertThat(proxy.pool("pool").failed(Failure.NOT_PERMITTED)).isEqualTo(2);
            assertThat(client.call("AUTH", "x")).isEqualTo(server.call("AUTH", "x"));
        }
    }

    @Test
    void aChangedFileIsForThoseWhoAreHereToo() throws IOException {
        replace("app.password", "first\n");
        try (var proxy = proxy("user app on password-file=app.password ~* +get\nuser leaver on >pw +ping");
                var app = proxy.connect("pool");
                var leaver = proxy.connect("pool")) {
            assertThat(app.call("AUTH", "app", "first")).isEqualTo("+OK\r\n");
            assertThat(leaver.call("AUTH", "leaver", "pw")).isEqualTo("+OK\r\n");

            replace("app.password", "second\nfirst\n");
            await().until(() -> asUser(proxy, "app", "second").equals("+OK\r\n"));
            assertThat(asUser(proxy, "app", "first")).isEqualTo("+OK\r\n");

            replace("app.password", "third");
            replace("users.acl", "user app on password-file=app.password ~* +get +set");
            await().until(() -> asUser(proxy, "app", "third").equals("+OK\r\n"));
            assertThat(asUser(proxy, "app", "first")).startsWith("-WRONGPASS");
            assertThat(app.call("SET", "k", "v")).isEqualTo("+OK\r\n");
            assertThat(leaver.call("PING")).startsWith("-NOAUTH");
            assertThat(asUser(proxy, "leaver", "pw")).startsWith("-WRONGPASS");
        }
    }

    @Test
    void whoMayNotHearAChannelAnyMoreIsSentAway() throws IOException {
        try (var proxy = proxy("user off on >pw &* +@pubsub\nuser narrow on >pw &news.* &b* +@pubsub\nuser admin on >pw &* +@all");
                var off = proxy.connect("pool");
                var channel = proxy.connect("pool");
                var pattern = proxy.connect("pool");
                var stays = proxy.connect("pool");
                var admin = proxy.connect("pool")) {
            subscribe(off, "off", "SUBSCRIBE", "a");
            subscribe(channel, "narrow", "SUBSCRIBE", "news.sport");
            subscribe(pattern, "narrow", "PSUBSCRIBE", "b*");
            subscribe(stays, "narrow", "SUBSCRIBE", "news.weather");

            replace("users.acl", "user off off >pw &* +@pubsub\nuser narrow on >pw &news.w* +@pubsub\nuser admin on >pw &* +@all");

            assertThat(off.untilClosed()).isEmpty();
            assertThat(channel.untilClosed()).isEmpty();
            assertThat(pattern.untilClosed()).isEmpty();
            assertThat(proxy.pool("pool").closed(CloseCause.NOT_PERMITTED)).isEqualTo(3);
            assertThat(admin.call("AUTH", "admin", "pw")).isEqualTo("+OK\r\n");
            assertThat(admin.call("PUBLISH", "news.weather", "rain")).isEqualTo(":1\r\n");
            assertThat(stays.reply()).contains("rain");
        }
    }

    private static void subscribe(RespClient client, String user, String command, String topic) {
        assertThat(client.call("AUTH", user, "pw")).isEqualTo("+OK\r\n");
        assertThat(client.call(command, topic)).endsWith(":1\r\n");
    }

    @Test
    void whoIsTurnedOffExecutesNothingAndCanBeginAnew() throws IOException {
        try (var proxy = proxy("user app on >pw ~* +@all\nuser other on >pw ~* +@all");
                var client = proxy.connect("pool")) {
            assertThat(client.call("AUTH", "app", "pw")).isEqualTo("+OK\r\n");
            assertThat(client.call("MULTI")).isEqualTo("+OK\r\n");
            assertThat(client.call("SET", "k", "v")).isEqualTo("+QUEUED\r\n");

            replace("users.acl", "user app off >pw ~* +@all\nuser other on >pw ~* +@all");
            await().until(() -> client.call("PING").startsWith("-NOAUTH"));

            assertThat(client.call("EXEC")).startsWith("-NOAUTH");
            assertThat(client.call("RESET")).isEqualTo("+RESET\r\n");
            assertThat(client.call("AUTH", "other", "pw")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "k")).isEqualTo("$-1\r\n");
        }
    }

    @Test
    void theOnlyPasswordOfAPoolMayBeInAFile() throws IOException {
        server.call("CONFIG", "SET", "requirepass", "old");
        replace("password", "old\n");
        try (var proxy = ProxyUnderTest.with(pool("redis_auth_file: " + directory.resolve("password")), patient());
                var client = proxy.connect("pool")) {
            assertThat(client.call("GET", "k")).isEqualTo("-NOAUTH Authentication required\r\n");
            assertThat(client.call("AUTH", "old")).isEqualTo("+OK\r\n");
            assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");

            replace("password", "new\nold\n");
            await().until(() -> asDefault(proxy, "new").equals("+OK\r\n"));
            assertThat(asDefault(proxy, "old")).isEqualTo("+OK\r\n");
            try (var direct = RespClient.connect(server.port())) {
                assertThat(direct.call("AUTH", "old")).isEqualTo("+OK\r\n");
                assertThat(direct.call("CONFIG", "SET", "requirepass", "new")).isEqualTo("+OK\r\n");
                assertThat(direct.call("CLIENT", "KILL", "TYPE", "normal")).startsWith(":");
            }
            // Its connections to the server are new, and say what is on the first line.
            await().until(() -> client.call("GET", "k").equals("$1\r\nv\r\n"));
        }
    }

    @Test
    void cashewIsAUserOfItsServers() throws IOException {
        server.call("ACL", "SETUSER", "cashew", "on", ">inside", "~*", "&*", "+@all");
        server.call("ACL", "SETUSER", "default", "off");
        replace("server", "inside");
        String login = "\n  server_auth_user: cashew\n  server_auth_file: " + directory.resolve("server");
        try (var proxy = ProxyUnderTest.with(
                        pool("auto_eject_hosts: true\n  server_probe_interval: 100\n  databases: 2\n  redis_auth: outside" + login),
                                patient());
                var client = proxy.connect("pool")) {
            assertThat(client.call("AUTH", "inside")).isEqualTo("-ERR invalid password\r\n");
            assertThat(client.call("AUTH", "outside")).isEqualTo("+OK\r\n");
            assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");
            assertThat(client.call("MULTI")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "k")).isEqualTo("+QUEUED\r\n");
            assertThat(client.call("EXEC")).isEqualTo("*1\r\n$1\r\nv\r\n");
            assertThat(client.call("HELLO", "3")).startsWith("%7\r\n");
            assertThat(client.call("SELECT", "1")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "k")).isEqualTo("_\r\n");
            assertThat(client.call("SUBSCRIBE", "c")).endsWith(":1\r\n");
            assertThat(client.call("PUBLISH", "other", "m")).isEqualTo(":0\r\n");
            try (var direct = RespClient.connect(server.port())) {
                assertThat(direct.call("AUTH", "cashew", "inside")).isEqualTo("+OK\r\n");
                assertThat(direct.call("CLIENT", "LIST").lines().filter(line -> line.contains("id=")))
                        .allMatch(line -> line.contains(" user=cashew "))
                        .anyMatch(line -> line.contains(" sub=1 "));
            }
        }
    }

    @Test
    void aServersRefusalOfItsUserIsTheClients() throws IOException {
        server.call("ACL", "SETUSER", "cashew", "on", ">inside", "~a", "+get");
        try (var proxy = ProxyUnderTest.with(pool("server_auth_user: cashew\n  server_auth: inside"), patient());
                var client = proxy.connect("pool")) {
            assertThat(client.call("GET", "a")).isEqualTo("$-1\r\n");
            assertThat(client.call("GET", "b")).startsWith("-NOPERM this user ");
        }
    }

    private static String asUser(ProxyUnderTest proxy, String user, String password) {
        try (var client = proxy.connect("pool")) {
            return client.call("AUTH", user, password);
        }
    }

    private static String asDefault(ProxyUnderTest proxy, String password) {
        try (var client = proxy.connect("pool")) {
            return client.call("AUTH", password);
        }
    }

    /// As Kubernetes replaces files: at once, by others.
    private void replace(String name, String text) throws IOException {
        Path written = Files.writeString(directory.resolve("next"), text);
        Files.move(written, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private ProxyUnderTest proxy(String lines) throws IOException {
        return proxy(lines, patient());
    }

    private ProxyUnderTest proxy(String lines, LimitsConfig limits) throws IOException {
        return proxy(lines, "backlog: 512", limits);
    }

    private ProxyUnderTest proxy(String lines, String settings) throws IOException {
        return proxy(lines, settings, patient());
    }

    private ProxyUnderTest proxy(String lines, String settings, LimitsConfig limits) throws IOException {
        Files.writeString(users, lines);
        return ProxyUnderTest.with(pool("users_file: " + users + "\n  " + settings), limits);
    }

    /// For tests that say wrong passwords until one is right.
    private static LimitsConfig patient() {
        return LimitsOf.written(Map.of("password-attempts", 0, "password-interval", Duration.ofSeconds(1)));
    }

    private String pool(String settings) {
        return """
                pool:
                  listen: free
                  redis: true
                  hash_tag: "{}"
                  %s
                  servers:
                   - 127.0.0.1:%d:1 only
                """
                .formatted(settings, server.port());
    }
}
