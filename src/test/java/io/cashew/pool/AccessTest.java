package io.cashew.pool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashew.config.NutcrackerFile;
import io.cashew.config.PoolConfig;
import io.cashew.config.Reading;
import io.cashew.protocol.Client;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.protocol.WrongPasswords;
import io.cashew.protocol.redis.Lanes;
import io.cashew.protocol.redis.OldServers;
import io.cashew.protocol.redis.RedisProtocol;
import io.cashew.protocol.redis.RedisSessionSettings;
import io.cashew.protocol.redis.PoolMemory;
import io.cashew.protocol.redis.WholePool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What files say about users and passwords holds, until they say something that cannot be used.
class AccessTest {
    private static final String OK = "+OK\r\n";

    @TempDir
    Path directory;

    @Test
    void aPasswordFileHasAPasswordOnEachLine() throws IOException {
        write("password", "new\r\n\nold\n");
        var access = read("redis_auth_file: " + directory.resolve("password"));

        assertThat(auth(access, "new")).isEqualTo(OK);
        assertThat(auth(access, "old")).isEqualTo(OK);
        assertThat(auth(access, "older")).startsWith("-");
        assertThat(greeting(access)).isEqualTo("*2\r\n$4\r\nAUTH\r\n$3\r\nnew\r\n");
    }

    @Test
    void whatServersHearIsThePasswordOfThePoolUnlessItIsSaidOtherwise() throws IOException {
        write("server", "inside\n");
        write("users", "user app on password-file=app +ping");
        write("app", "sesame");

        assertThat(greeting(read("redis_auth: outside"))).endsWith("$7\r\noutside\r\n");
        assertThat(greeting(read("redis_auth: outside\n  server_auth: other"))).endsWith("$5\r\nother\r\n");
        assertThat(greeting(read("redis_auth: outside\n  server_auth_user: me"))).endsWith("$2\r\nme\r\n$7\r\noutside\r\n");
        assertThat(greeting(read("server_auth_file: " + directory.resolve("server")))).endsWith("$6\r\ninside\r\n");
        assertThat(greeting(read("users_file: " + directory.resolve("users")))).isEmpty();
    }

    @Test
    void thePasswordOfThePoolIsThatOfDefaultAlsoBesideOtherUsers() throws IOException {
        write("users", "user app on >pw +ping");
        var access = read("redis_auth: outside\n  users_file: " + directory.resolve("users"));

        assertThat(auth(access, "outside")).isEqualTo(OK);
        assertThat(auth(access, "app", "pw")).isEqualTo(OK);
    }

    @Test
    void whatCannotBeUsedChangesNothing() throws IOException {
        write("users", "user app on password-file=app +ping");
        write("app", "one");
        var access = read("users_file: " + directory.resolve("users"));

        write("app", "two");
        write("users", "user app on password-file=app +nonsense");
        access.look();
        assertThat(auth(access, "app", "one")).isEqualTo(OK);

        write("users", "user app on password-file=app +ping");
        Files.delete(directory.resolve("app"));
        access.look();
        assertThat(auth(access, "app", "one")).isEqualTo(OK);

        write("app", "two");
        access.look();
        assertThat(auth(access, "app", "one")).startsWith("-WRONGPASS");
        assertThat(auth(access, "app", "two")).isEqualTo(OK);
    }

    @ParameterizedTest
    @CsvSource({
        "gone, ' does not exist: create it, or correct the path'",
        "empty, ' has no password: write it on the first line'",
        "many, ' has more than 16 passwords, or one of more than 8192 bytes: correct the path'",
        "long, ' has more than 16 passwords, or one of more than 8192 bytes: correct the path'",
        "large, ' is larger than 1048576 bytes: correct the path'"
    })
    void aFileThatCannotBeUsedIsNamed(String name, String message) throws IOException {
        write("empty", "\n\n");
        write("many", "p\n".repeat(17));
        write("long", "p".repeat(8193));
        write("large", "p".repeat(1 << 20) + "\n");

        assertThatThrownBy(() -> read("redis_auth_file: " + directory.resolve(name)))
                .hasMessage("redis_auth_file " + directory.resolve(name) + message);
    }

    @Test
    void whatIsWrongWithUsersIsSaid() throws IOException {
        Path users = write("users", "user app on password-file=gone");
        assertThatThrownBy(() -> read("users_file: " + users))
                .hasMessage("users_file " + users + ": line 1: user 'app': rule 'password-file=gone' cannot be used: password-file "
                        + directory.resolve("gone") + " does not exist: create it, or correct the path");

        write("users", "user default on >sesame");
        assertThatThrownBy(() -> read("redis_auth: sesame\n  users_file: " + users))
                .hasMessage("users_file " + users
                        + " has a user 'default', whose password redis_auth is, too: remove one of them; what "
                        + "servers want to hear can be server_auth");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Access read(String settings) throws IOException {
        Path file = write("nutcracker.yml", """
                pool:
                  listen: 127.0.0.1:22121
                  redis: true
                  %s
                  servers:
                   - 127.0.0.1:6379:1
                """.formatted(settings));
        PoolConfig pool = switch (NutcrackerFile.read(file)) {
            case Reading.Accepted accepted -> accepted.pools().getFirst();
            case Reading.Refused refused -> throw new AssertionError(refused.problems().toString());
        };
        var access = new Access(pool);
        access.read();
        return access;
    }

    private static RedisProtocol protocol(Access access) {
        var settings = new RedisSessionSettings(
                access.users(), WrongPasswords.UNLIMITED, new Lanes(0, 1), new OldServers(), "1",
                WholePool.of(List.of("server"), BitSet::new, false, 0, new PoolMemory(), null));
        return new RedisProtocol(Limits.REDIS, settings, access.login());
    }

    private static String greeting(Access access) {
        return new String(protocol(access).greeting(0).bytes(), ISO_8859_1);
    }

    private static String auth(Access access, String... words) {
        var protocol = protocol(access);
        byte[] line = ("AUTH " + String.join(" ", words) + "\r\n").getBytes(ISO_8859_1);
        var request = new Request();
        protocol.requestDecoder().decode(MemorySegment.ofArray(line), 0, line.length, request);
        return new String(protocol.session(new Client(1, null, null)).answer(request), ISO_8859_1);
    }
}
