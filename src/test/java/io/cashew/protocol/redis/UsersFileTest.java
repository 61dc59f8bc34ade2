package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsersFileTest {
    /// `sesame`, as `sha256sum` says it.
    private static final String DIGEST = "d0c04f4b1951e4aeaaec8223ed2039e542f3aae805a6fa7f6d794e5afff5d272";

    @Test
    void aLineIsAUser() throws Exception {
        var users = read("""
                # whom we trust
                user app on >sesame ~app:* %R~ro:* &news.* +@read -@dangerous +client|id max-clients=7

                user default off
                """);

        assertThat(users).extracting(UserTerms::name).containsExactly("app", "default");
        var app = users.getFirst();
        assertThat(app.on()).isTrue();
        assertThat(app.noPassword()).isFalse();
        assertThat(app.mostClients()).isEqualTo(7);
        assertThat(app.passwords()).containsExactly(Password.of("sesame".getBytes(ISO_8859_1)));
        assertThat(app.permissions().keys()).extracting(KeyPattern::toString).containsExactly("~app:*", "%R~ro:*");
        assertThat(app.permissions().channels()).extracting(Glob::toString).containsExactly("news.*");
        assertThat(app.permissions().commandRules()).isEqualTo("-@all +@read -@dangerous +client|id");
        assertThat(users.get(1).on()).isFalse();
    }

    @Test
    void theExampleOfTheDocumentationIsGood() throws Exception {
        String document = Files.readString(Path.of("docs", "users.md"));
        String example = document.substring(document.indexOf("# orders reads"));

        assertThat(read(example.substring(0, example.indexOf("```")))).extracting(UserTerms::name)
                .containsExactly("orders", "reports", "operator");
    }

    @Test
    void whoIsAllowedNothingMayOnlyComeAndGo() throws Exception {
        var nobody = read("user nobody on nopass").getFirst().permissions();

        assertThat(RedisCommand.values()).filteredOn(nobody::allows)
                .containsExactlyInAnyOrder(RedisCommand.AUTH, RedisCommand.HELLO, RedisCommand.QUIT, RedisCommand.RESET);
    }

    @Test
    void aCommandBringsItsSubcommands() throws Exception {
        var user = read("user app on nopass +client -client|kill +xread +CONFIG|GET").getFirst().permissions();

        assertThat(user.allows(RedisCommand.CLIENT_LIST)).isTrue();
        assertThat(user.allows(RedisCommand.CLIENT_KILL)).isFalse();
        assertThat(user.allows(RedisCommand.XREAD_BLOCK)).isTrue();
        assertThat(user.allows(RedisCommand.CONFIG_GET)).isTrue();
        assertThat(user.allows(RedisCommand.CONFIG)).isFalse();
    }

    @Test
    void passwordsComeInThreeWays() throws Exception {
        var user = read("user app on >one #" + DIGEST + " password-file=p").getFirst();

        for (String word : List.of("one", "sesame", "from p")) {
            assertThat(user.accepts(Password.claimed(RequestFixture.words("AUTH", word), 1))).as(word).isTrue();
        }
        assertThat(user.accepts(Password.claimed(RequestFixture.words("AUTH", "two"), 1))).isFalse();
        assertThat(user.accepts(null)).isFalse();
        assertThat(user.toString()).doesNotContain("one").doesNotContain("sesame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user app reset on >x", "user app on >y resetpass >x", "user app on nopass >x",
            "user app off reset on >x"})
    void laterRulesTakeEarlierOnesBack(String line) throws Exception {
        var user = read(line).getFirst();

        assertThat(user.on()).isTrue();
        assertThat(user.noPassword()).isFalse();
        assertThat(user.passwords()).containsExactly(Password.of(new byte[] {'x'}));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {
        "user app on ! line 1: user 'app' is on and has no password: add password-file=PATH, or nopass if anybody may be it",
        "user app +@raed ! line 1: user 'app': rule '+@raed' names no category of commands: ACL CAT lists them",
        "user app +foo ! line 1: user 'app': rule '+foo' names no command: ACL CAT with a category lists its commands; a category is written with @",
        "user app +select|0 ! line 1: user 'app': rule '+select|0' names no subcommand, and a first argument cannot be allowed by itself: allow the command, or leave it out",
        "user app %X~a ! line 1: user 'app': rule '%X~a' does not say what the keys are for: %R~pattern, %W~pattern or %RW~pattern",
        "user app ~* ~a ! line 1: user 'app': rule '~a' comes after a pattern for all, and has no effect: remove it, or put resetkeys before it",
        "user app &* &a ! line 1: user 'app': rule '&a' comes after a pattern for all, and has no effect: remove it, or put resetchannels before it",
        "user app max-clients=0 ! line 1: user 'app': rule 'max-clients=0' is not a number of clients: 1 to 16777216",
        "user app (~a) ! line 1: user 'app': rule number 1 begins a selector, which is not supported here: give each set of rules a user of its own",
        "user app #123 ! line 1: user 'app': rule number 1 is not the SHA-256 of a password: 64 hexadecimal digits, in lower case",
        "user app password-file=gone ! line 1: user 'app': rule 'password-file=gone' cannot be used: gone is not there",
        "user default on nopass max-clients=1 ! line 1: user 'default' is what every client is at first, with nopass and max-clients: use client_connections of the pool",
        "usr app on ! line 1 is not a user's: write user NAME followed by rules, such as: user app on password-file=app.password ~app:* +@read",
        "# nobody ! it has no users: write at least one line, user NAME followed by rules, such as: user app on password-file=app.password ~app:* +@read"
    })
    void mistakesNameUserRuleAndRemedy(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(UsersFile.WrongUsers.class).hasMessage(message);
    }

    @Test
    void nobodyIsThereTwice() {
        assertThatThrownBy(() -> read("user app off\nuser app off"))
                .hasMessage("line 2: user 'app' is there twice: put all rules on one line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user app on >open sesame", "user app on sesame", "user app on <sesame", "user app on (sesame",
            "user app on >x\u0000sesame"})
    void noMistakeShowsAPassword(String line) {
        assertThatThrownBy(() -> read(line)).isInstanceOf(UsersFile.WrongUsers.class).message().doesNotContain("sesame");
    }

    private static List<UserTerms> read(String text) throws UsersFile.WrongUsers {
        return UsersFile.read(text.getBytes(ISO_8859_1), path -> {
            if (path.equals("gone")) {
                throw new IOException("gone is not there");
            }
            return List.of(Password.of(("from " + path).getBytes(ISO_8859_1)));
        });
    }
}
