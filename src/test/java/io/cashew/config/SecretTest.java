package io.cashew.config;

import static io.cashew.config.ReadingFixture.accepted;
import static io.cashew.config.ReadingFixture.alpha;
import static io.cashew.config.ReadingFixture.onlyPool;
import static io.cashew.config.ReadingFixture.problems;
import static io.cashew.config.ReadingFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A password is never shown, whatever else is wrong around it.
class SecretTest {
    private static final String PASSWORD = "sesame";

    @TempDir
    Path directory;

    @Test
    void aPoolDoesNotShowItsPassword() {
        Reading reading = read(directory, alpha("redis: true", "redis_auth: " + PASSWORD, "redis_db: 1"));

        assertThat(onlyPool(reading).password()).map(Secret::reveal).contains(PASSWORD);
        assertThat(onlyPool(reading).toString()).contains("password=Optional[****]").doesNotContain(PASSWORD);
        assertThat(accepted(reading).toString()).doesNotContain(PASSWORD);
        assertThat(read(directory, alpha("redis: true", "server_auth: " + PASSWORD)).toString())
                .contains("serverPassword=Optional[****]").doesNotContain(PASSWORD);
    }

    @Test
    void secretsAreComparedByWhatTheyHide() {
        assertThat(new Secret(PASSWORD)).isEqualTo(new Secret(PASSWORD)).hasSameHashCodeAs(new Secret(PASSWORD))
                .isNotEqualTo(new Secret("other"));
        assertThat(new Secret("p\u00e4").revealBytes()).isEqualTo("p\u00e4".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "redis_auth: sesame",
        "server_auth: sesame",
        "redis: true\n  server_auth: sesame\n  server_auth_file: sesame",
        "redis: yes\n  redis_auth: sesame",
        "redis_auth: sesame\n  redis_auth: sesame",
        "redis_auth: [sesame]",
        "redis_auth: {sesame: sesame}",
        "redis_auth: *sesame",
        "redis_auth: &sesame sesame",
        "redis_auth: !sesame sesame",
        "redis_auth: !!sesame sesame",
        "redis_auth: @sesame",
        "redis_auth: 'sesame",
        "redis_auth: \"sesame\\q\"",
        "redis_auth: \"sesame",
        "redis_auth: %sesame",
        "redis_auth: sesame: sesame",
        "redis_auth:sesame",
        "redis_auth:sesame: x",
        "redis_auth sesame",
        "redis_auth:\tsesame\t: x",
        "redis_auth:\n    sesame: x",
        "redis_auth:\n   - sesame\n   - sesame",
        "redis_auth: |\n    sesame",
        "redis_pass: sesame",
        "redis-auth: sesame",
        "password: sesame",
        "timeout: 400\n    redis_auth sesame",
        "timeout: 400\n    redis_auth:sesame",
        "hash: md5\n   password = sesame",
        "hash: redis://:sesame@127.0.0.1",
        "hash: 'x\n\n  redis_auth: sesame\n'"})
    void noMistakeShowsAPassword(String lines) {
        Reading reading = read(directory, alpha(lines.split("(?<=\n)(?=\\S)")));

        assertThat(problems(reading)).allSatisfy(problem -> {
            assertThat(problem.toString()).doesNotContain(PASSWORD).doesNotContain("\n");
            assertThat(problem.value().orElse("") + problem.key() + problem.reason() + problem.allowed())
                    .doesNotContain(PASSWORD);
        });
    }

    @Test
    void testingAConfigurationDoesNotShowIt() {
        Path file = ReadingFixture.write(directory, alpha("redis_auth: " + PASSWORD).getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream said = new ByteArrayOutputStream();

        Options.parse(new String[] {"-t", "-c", file.toString()}, new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(said.toString(StandardCharsets.UTF_8)).contains("redis_auth").doesNotContain(PASSWORD);
    }
}
