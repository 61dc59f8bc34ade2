package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RespClient;
import io.cashew.protocol.Client;
import io.cashew.protocol.WrongPasswords;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What users may do, beside a running redis-server that has been given the same rules.
class PermissionsAgainstServerTest {
    /// Redis 7.2 has put this into one category more.
    private static final Set<String> NEWER = Set.of("wait");

    private static RedisServer server;
    private static RespClient direct;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        direct = server.connect();
    }

    @AfterAll
    static void stop() {
        direct.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyRowIsOfSomeKind(RedisCommand row) {
        assertThat(Category.of(row)).isNotEmpty().containsAnyOf(Category.FAST, Category.SLOW);
    }

    @Test
    void kindsAreTheServers() {
        var kinds = words(direct.call("ACL", "CAT"));
        Map<Category, Set<String>> theirs = Arrays.stream(Category.values())
                .filter(category -> kinds.contains(category.label()))
                .collect(Collectors.toMap(category -> category, category -> words(direct.call("ACL", "CAT", category.label()))));
        var known = theirs.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        var softly = new SoftAssertions();

        assertThat(theirs.keySet()).extracting(Category::label).containsExactlyInAnyOrderElementsOf(kinds);
        theirs.forEach((category, labels) -> {
            labels.removeIf(label -> RedisCommand.labelled(label) == null || NEWER.contains(label));
            var ours = Arrays.stream(RedisCommand.values())
                    .filter(category::contains)
                    .map(RedisCommand::label)
                    .filter(known::contains)
                    .filter(label -> !NEWER.contains(label))
                    .collect(Collectors.toCollection(TreeSet::new));
            softly.assertThat(ours).as(category.label()).isNotEmpty().isEqualTo(new TreeSet<>(labels));
        });

        softly.assertAll();
    }

    @Test
    void kindsOfModulesComeBehindTheServers() throws Exception {
        String theirs = direct.call("ACL", "CAT");

        String ours = new String(session("user app off").answer(RequestFixture.words("ACL", "CAT")), ISO_8859_1);

        assertThat(ours.substring(ours.indexOf('\n'))).startsWith(theirs.substring(theirs.indexOf('\n')))
                .endsWith("timeseries\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "~* +@all", "+@all", "~* &* +@all -@dangerous", "~a* &* +@all", "%R~* %W~d* +@all", "%R~* +@all", "%W~* +@all",
        "%R~a %R~b %W~d* %RW~k +@read +@write -@dangerous", "allkeys +@all -@slow", "~a ~b resetkeys ~k +@all",
        "~k &c* +get +set +client|list +@pubsub", "~* &chan:* -@all +@fast -get", "~[a-c] +@all -@admin +config|get",
        "~* +@hash -hget +@string -@write +strlen", "~* allcommands -@scripting -xread -config",
        "nocommands ~k %R~k %W~a +eval +set +bitfield"
    })
    void trialsEndAsOnTheServer(String rules) throws Exception {
        assertThat(direct.call(Stream.concat(Stream.of("ACL", "SETUSER", "app", "reset"), Arrays.stream(rules.split(" ")))
                        .toArray(String[]::new)))
                .isEqualTo("+OK\r\n");
        var session = session("user app off " + rules);
        var softly = new SoftAssertions();

        lines().forEach(line -> {
            String[] trial = ("ACL DRYRUN app " + line).split(" ");
            String theirs = direct.call(trial).replaceFirst("\\$\\d+\r\nThis user", "User app");
            String ours = new String(session.answer(RequestFixture.words(trial)), ISO_8859_1).replaceFirst("\\$\\d+\r\n", "");
            softly.assertThat(ours).as(line).isEqualTo(theirs);
        });

        softly.assertAll();
    }

    private static Stream<String> lines() {
        return Stream.concat(RedisCommandAgainstServerTest.linesWithKeys(), """
                ping
                keys *
                scan 0
                flushall
                dbsize
                publish chan:1 m
                publish c m
                spublish chan:1 m
                subscribe chan:1 c
                ssubscribe x
                psubscribe chan:*
                psubscribe chan:1
                unsubscribe nowhere
                punsubscribe
                client list
                client id
                config get save
                config set save x
                multi
                exec
                discard
                eval script 0
                set k v GET
                set k v
                set a v GET
                bitfield a GET u8 0
                bitfield a SET u8 0 1
                bitfield k INCRBY u8 0 1
                mset k 1 a 2
                info
                time
                hello 3
                reset
                quit
                auth x y
                acl whoami
                acl list
                watch a k
                get
                nosuchcommand x
                """.lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a*", "*a", "a?c", "a[bc]d", "a[^bc]d", "a[a-c]d", "a[c-a]d", "\\*a", "a\\", "[", "[]", "[^", "a[b-", "a[\\]]d", "**a**b**",
        "[a-", "[^]a]", "a[", "?*?", "*[ab]*[cd]", "[\\a-c]"
    })
    void patternsMatchAsOnTheServer(String pattern) {
        assertThat(direct.call("ACL", "SETUSER", "glob", "reset", "~" + pattern, "+get")).isEqualTo("+OK\r\n");
        var softly = new SoftAssertions();
        for (String text : List.of("a", "b", "ab", "abc", "abd", "acd", "aad", "add", "a]d", "*a", "a\\", "[", "]", "^", "-",
                "xaxxbx",
                "ac", "a-", "cab", "aabb", "a[b-", "\\", "xaxd")) {
            boolean theirs = direct.call("ACL", "DRYRUN", "glob", "get", text).equals("+OK\r\n");
            var request = RequestFixture.words("get", text);
            softly.assertThat(Glob.of(pattern).matches(request, 1)).as(text).isEqualTo(theirs);
        }
        softly.assertAll();
    }

    private static RedisSession session(String line) throws Exception {
        var users = Users.listed();
        users.renew(List.of(
                UserTerms.master(List.of()),
                UsersFile.read(line.getBytes(ISO_8859_1), path -> List.of()).getFirst()));
        var settings = new RedisSessionSettings(
                users, WrongPasswords.UNLIMITED, new Lanes(0, 1), new OldServers(), "1", WholePool.OF_ONE);
        return new RedisSession(settings, new Client(1, null, null));
    }

    /// The strings of an array.
    private static Set<String> words(String reply) {
        return reply.lines().filter(line -> !line.startsWith("*") && !line.startsWith("$"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
