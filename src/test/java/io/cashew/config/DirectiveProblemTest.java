package io.cashew.config;

import static io.cashew.config.ReadingFixture.alpha;
import static io.cashew.config.ReadingFixture.problems;
import static io.cashew.config.ReadingFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every reason twemproxy gives for refusing a file is given by us too, in the same words.
class DirectiveProblemTest {
    private static final String FORMAT = "\"hostname:port:weight [name]\" format string";
    private static final String EITHER_FORMAT =
            "has an invalid \"hostname:port:weight [name]\"or \"/path/unix_socket:weight [name]\" format string";

    @TempDir
    Path directory;

    static Stream<Arguments> directives() {
        return Stream.of(
                row("colour: red", "colour", "is unknown"),
                row("Hash: md5", "Hash", "is unknown"),
                row("hash: md5\n  hash: md5", "hash", "is a duplicate"),
                row("timeout: -1", "timeout", "is not a number"),
                row("timeout: 400ms", "timeout", "is not a number"),
                row("backlog: +5", "backlog", "is not a number"),
                row("client_connections: 1.5", "client_connections", "is not a number"),
                row("redis_db: abc", "redis_db", "is not a number"),
                row("server_connections: 0x1", "server_connections", "is not a number"),
                row("server_retry_timeout: ' 1'", "server_retry_timeout", "is not a number"),
                row("server_failure_limit: 2147483648", "server_failure_limit", "is not a number"),
                row("redis: True", "redis", "is not \"true\" or \"false\""),
                row("preconnect: yes", "preconnect", "is not \"true\" or \"false\""),
                row("auto_eject_hosts: 1", "auto_eject_hosts", "is not \"true\" or \"false\""),
                row("tcpkeepalive: on", "tcpkeepalive", "is not \"true\" or \"false\""),
                row("reuseport: TRUE", "reuseport", "is not \"true\" or \"false\""),
                row("databases: 0", "databases", "is not a number of databases"),
                row("databases: 257", "databases", "is not a number of databases"),
                row("redis_db: 3\n  databases: 3", "databases", "leaves out redis_db, where clients begin"),
                row("item_size_max: 1m", "item_size_max", "is not a number"),
                row("item_size_max: 0", "item_size_max", "is not a size an item can have"),
                row("item_size_max: 1073741825", "item_size_max", "is not a size an item can have"),
                row("hash: fnv", "hash", "is not a valid hash"),
                row("hash: MD5", "hash", "is not a valid hash"),
                row("distribution: Ketama", "distribution", "is not a valid distribution"),
                row("hash_tag: a", "hash_tag", "is not a valid hash tag string with two characters"),
                row("hash_tag: abc", "hash_tag", "is not a valid hash tag string with two characters"),
                row("redis: true\n  server_auth_user: me", "server_auth_user", "has no password"),
                row("users_file: /u", "users_file:", "is only valid for a redis pool"),
                row("server_auth: a", "server_auth:", "is only valid for a redis pool"),
                row("eject_mode: drop", "eject_mode", "is not a valid eject mode"),
                row("server_probe: no", "server_probe", "is not \"true\" or \"false\""),
                row("server_retry_jitter: 101", "server_retry_jitter", "is not a percentage"),
                row("server_retry_timeout_max: 29999", "server_retry_timeout_max", "is below server_retry_timeout"),
                row("listen_tls: 127.0.0.1:22122", "listen_tls", "means nothing without tls"),
                row("tls_client_auth: request", "tls_client_auth", "means nothing without tls"),
                row("server_tls_hostname: redis", "server_tls_hostname", "means nothing without server_tls"),
                row("tls: edge\n  tls_client_auth: yes", "tls_client_auth", "is not a valid client authentication"),
                row("tls: edge\n  listen_tls: /run/x.sock", "listen_tls", "is a unix socket, and TLS is for TCP"),
                row("server_tls: inside\n  server_tls_hostname: a_b", "server_tls_hostname", "is not a host name"),
                row("server_connections: 0", "server_connections:", "cannot be 0"),
                row("redis_auth: x", "redis_auth:", "is only valid for a redis pool"));
    }

    @ParameterizedTest
    @MethodSource("directives")
    void aWrongDirectiveIsRefusedInTwemproxysWords(String line, String key, String reason) {
        assertThat(problems(read(directory, alpha(line)))).singleElement().satisfies(problem -> {
            assertThat(problem.toString()).contains("directive \"" + key + "\" " + reason).contains("pool 'alpha'");
            assertThat(problem.line()).hasValue(line.contains("\n") ? 4 : 3);
            assertThat(problem.allowed()).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis_auth", "server_auth"})
    void aPasswordIsEitherHereOrInAFile(String key) {
        assertThat(problems(read(directory, alpha("redis: true", key + ": a", key + "_file: /b")))).singleElement()
                .asString().endsWith("directive \"" + key + "_file\" contradicts " + key + ": \"****\": remove one of them");
    }

    static Stream<Arguments> listens() {
        return Stream.of(
                Arguments.of("22121", "has an invalid \"hostname:port\" format string"),
                Arguments.of("127.0.0.1:0", "has an invalid port in \"hostname:port\" format string"),
                Arguments.of("127.0.0.1:65536", "has an invalid port in \"hostname:port\" format string"),
                Arguments.of("'127.0.0.1:'", "has an invalid port in \"hostname:port\" format string"),
                Arguments.of("nosuch.invalid:1", "has an invalid value"),
                Arguments.of(":22121", "has an invalid value"),
                Arguments.of("'*:22121'", "has an invalid value"),
                Arguments.of("'[::1]:22121'", "has an invalid value"),
                Arguments.of("/" + "x".repeat(107), "has an invalid value"),
                Arguments.of("/tmp/x 1000",
                        "has an invalid file permission in \"socket_path permission\" format string"));
    }

    @ParameterizedTest
    @MethodSource("listens")
    void aWrongListenIsRefusedInTwemproxysWords(String listen, String reason) {
        assertThat(problems(read(directory, alpha().replace("127.0.0.1:22121", listen)))).singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("directive \"listen\" " + reason));
    }

    static Stream<Arguments> servers() {
        return Stream.of(
                Arguments.of("127.0.0.1:6379", EITHER_FORMAT),
                Arguments.of("127.0.0.1", EITHER_FORMAT),
                Arguments.of(":6379:1", EITHER_FORMAT),
                Arguments.of("/tmp/x", EITHER_FORMAT),
                Arguments.of("/tmp/x:y:1", EITHER_FORMAT),
                Arguments.of("127.0.0.1:6379:x", "has an invalid weight in " + FORMAT),
                Arguments.of("127.0.0.1:6379:1 a b", "has an invalid weight in " + FORMAT),
                Arguments.of("127.0.0.1:6379:1  a", "has an invalid weight in " + FORMAT),
                Arguments.of("127.0.0.1:6379:0", "has a zero weight in " + FORMAT),
                Arguments.of("127.0.0.1:0:1", "has an invalid port in " + FORMAT),
                Arguments.of("127.0.0.1:http:1", "has an invalid port in " + FORMAT));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aWrongServerIsRefusedInTwemproxysWords(String server, String reason) {
        assertThat(problems(read(directory, alpha().replace("127.0.0.1:6379:1", server)))).singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("directive \"servers\" " + reason));
    }

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("", "' must contain only 1 document; found 0 documents"),
                Arguments.of("# only a comment\n", "' must contain only 1 document; found 0 documents"),
                Arguments.of(alpha() + "---\n" + alpha(), "' must contain only 1 document; found 2 documents"),
                Arguments.of("%YAML 1.1\n---\n" + alpha(), "version directive token (3) is disallowed"),
                Arguments.of("%TAG ! tag:x\n---\n" + alpha(), "tag directive token (4) is disallowed"),
                Arguments.of("---\n" + alpha(), "document start token (5) is disallowed"),
                Arguments.of(alpha() + "...\n", "document end token (6) is disallowed"),
                Arguments.of(alpha("hash: [md5]"), "flow sequence start token (10) is disallowed"),
                Arguments.of(alpha("hash: [md5]"), "flow sequence end token (11) is disallowed"),
                Arguments.of(alpha("hash_tag: {}"), "flow mapping start token (12) is disallowed"),
                Arguments.of(alpha("hash_tag: {}"), "flow mapping end token (13) is disallowed"),
                Arguments.of(alpha("hash: [a, b]"), "flow entry token (16) is disallowed"),
                Arguments.of(alpha("hash: *a"), "alias token (18) is disallowed"),
                Arguments.of(alpha("hash: &a md5"), "anchor token (19) is disallowed"),
                Arguments.of(alpha("hash: !!str md5"), "tag token (20) is disallowed"),
                Arguments.of("alpha:\n\tlisten: 127.0.0.1:1\n", "failed to get the next yaml document"),
                Arguments.of("alpha: beta: 1\n", "failed to get the next yaml document"),
                Arguments.of("\u0001" + alpha(), "failed to get the next yaml document"),
                Arguments.of(alpha("hash:\n    deeper: 1"), "' has a depth greater than 2"),
                Arguments.of("alpha:\n  listen: 127.0.0.1:1\n", "' missing sequence directive at depth 2"),
                Arguments.of(alpha("servers:\n   - 127.0.0.1:1:1"), "' has more than one sequence directive"),
                Arguments.of(alpha("sentinels:\n   - 127.0.0.1:1:1"), "' has more than one sequence directive"),
                Arguments.of("- alpha\n", "' has sequence at depth 0 instead of 2"),
                Arguments.of("alpha:\n - beta\n", "' has sequence at depth 1 instead of 2"),
                Arguments.of(alpha("- a\n  : b"), "failed to get the next yaml document"),
                Arguments.of("alpha:\n  ? - a\n  : b\n", "' has invalid \"key:value\" at depth 2"),
                Arguments.of("alpha\n", "' has invalid empty \"key:\" at depth 0"),
                Arguments.of("alpha:\n", "' has invalid mapping \"key:\" at depth 1"),
                Arguments.of("alpha: beta\n", "' has invalid mapping \"key:\" at depth 1"),
                Arguments.of(alpha("hash:"), "directive \"hash\" is empty"),
                Arguments.of(alpha("hash: ''"), "directive \"hash\" is empty"),
                Arguments.of(alpha() + "   -\n", "directive \"servers\" is empty"),
                Arguments.of(alpha().replace("alpha", "''"), "' has an empty key"),
                Arguments.of("alpha:\n  servers:\n   - 127.0.0.1:1:1\n", "directive \"listen:\" is missing"),
                Arguments.of(alpha() + "   - 127.0.0.1:6379:2\n",
                        "pool 'alpha' has servers with same name '127.0.0.1:6379'"),
                Arguments.of(alpha() + "   - 1.2.3.4:11211:1\n   - 127.0.0.1:1:1 1.2.3.4\n",
                        "pool 'alpha' has servers with same name '1.2.3.4'"),
                Arguments.of(alpha() + alpha().replace("alpha", "beta"),
                        "pools 'alpha' and 'beta' have the same listen address '127.0.0.1:22121'"),
                Arguments.of(alpha().replace("127.0.0.1:22121", "/tmp/x 0660")
                        + alpha().replace("alpha", "beta").replace("127.0.0.1:22121", "/tmp/x"),
                        "pools 'alpha' and 'beta' have the same listen address '/tmp/x'"),
                Arguments.of(alpha() + alpha().replace("22121", "22122"), "' has pools with same name 'alpha'"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileOfTheWrongShapeIsRefusedInTwemproxysWords(String yaml, String reason) {
        assertThat(problems(read(directory, yaml))).anySatisfy(
                problem -> assertThat(problem.toString()).startsWith("conf: ").contains(reason));
    }

    @Test
    void aValueThatIsForbiddenIsNotAlsoCalledMissing() {
        assertThat(problems(read(directory, "alpha:\n  listen: [a]\n  servers: [b]\n")))
                .extracting(ConfigProblem::reason)
                .allMatch(reason -> reason.contains("disallowed"));
    }

    private static Arguments row(String line, String key, String reason) {
        return Arguments.of(line, key, reason);
    }
}
