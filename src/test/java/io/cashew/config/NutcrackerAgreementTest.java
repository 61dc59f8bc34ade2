package io.cashew.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the original accepts, we accept; what it refuses, we refuse. Asked of an installed nutcracker, whose Debian
/// release does not know `reuseport` yet.
class NutcrackerAgreementTest {
    private static final Optional<Path> NUTCRACKER =
            Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                    .map(folder -> Path.of(folder, "nutcracker"))
                    .filter(Files::isExecutable)
                    .findFirst();
    private static final String LISTEN = "a:\n  listen: 127.0.0.1:22121\n";
    private static final String SERVERS = "  servers:\n   - 127.0.0.1:6379:1\n";

    @TempDir
    Path directory;

    static Stream<String> files() {
        return Stream.concat(Stream.of(
                "", "# nothing\n", "foo\n", "- a\n", "a: b\n", "a:\n", "a:\n - b\n", "\n\n",
                LISTEN, LISTEN + SERVERS, SERVERS, LISTEN + SERVERS + LISTEN + SERVERS,
                "---\n" + LISTEN + SERVERS, LISTEN + SERVERS + "...\n", LISTEN + SERVERS + "---\n" + LISTEN + SERVERS,
                "%YAML 1.1\n---\n" + LISTEN + SERVERS,
                LISTEN + "  servers: []\n", LISTEN + "  servers:\n   -\n", LISTEN + "  servers:\n",
                LISTEN + "  servers:\n   - a: b\n", LISTEN + "  servers:\n   - - 127.0.0.1:6379:1\n",
                LISTEN + "  servers:\n  - 127.0.0.1:6379:1", "a:\n listen: 127.0.0.1:22121\n servers:\n - 127.0.0.1:1:1\n",
                LISTEN + SERVERS + SERVERS, LISTEN + "  servers: 127.0.0.1:6379:1\n" + SERVERS.replace("6379", "6380"),
                LISTEN + "  hash:\n   - md5\n  servers: 127.0.0.1:6379:1\n",
                LISTEN + "  hash:\n   - md5\n   - md5\n  servers: 127.0.0.1:6379:1\n",
                LISTEN + SERVERS + "  deeper:\n    key: 1\n", LISTEN + SERVERS + "b:\n",
                (LISTEN + SERVERS).replace("\n", "\r\n"), "\uFEFF" + LISTEN + SERVERS, "# \u00e4\n" + LISTEN + SERVERS,
                LISTEN.replace("listen: ", "listen:\t") + SERVERS, LISTEN + "  \t\n" + SERVERS, LISTEN + "\t# c\n" + SERVERS,
                LISTEN.replace("\n", "\t\n") + SERVERS, LISTEN + "  hash: md5\t# c\n" + SERVERS,
                "a:\n\tlisten: 127.0.0.1:22121\n" + SERVERS, "a:\t\n  listen \t: 127.0.0.1:22121\n" + SERVERS,
                "'':\n  listen: 127.0.0.1:22121\n" + SERVERS, "\"a b\":\n  listen: 127.0.0.1:22121\n" + SERVERS,
                "? a\n:\n  listen: 127.0.0.1:22121\n" + SERVERS, "&x " + LISTEN + SERVERS, "a: &x\n  listen: 1:1\n" + SERVERS,
                "a:\n  listen: [::1]:22121\n" + SERVERS, "\u0001" + LISTEN + SERVERS, LISTEN + "  listen : 1:1\n" + SERVERS,
                LISTEN + SERVERS + "b:\n  listen: 127.0.0.1:22121\n" + SERVERS,
                LISTEN + SERVERS + "b:\n  listen: localhost:22121\n" + SERVERS,
                LISTEN + SERVERS + "a:\n  listen: 127.0.0.1:22122\n" + SERVERS,
                LISTEN + "  redis: true\n  redis_auth: a:b#c\n" + SERVERS, LISTEN + "  redis_auth: x\n" + SERVERS,
                LISTEN + "  redis: |\n    true\n" + SERVERS, LISTEN + "  redis: |-\n    true\n" + SERVERS,
                LISTEN + "  redis: !!bool true\n" + SERVERS, LISTEN + "  redis:\n    true\n" + SERVERS,
                LISTEN + "  redis: true\n  redis_auth: @foo\n" + SERVERS), Stream.of(Stream.of(
                "listen: 1", "listen: :22122", "listen: *:22122", "listen: 0:22122", "listen: nosuch.invalid:1",
                "listen: localhost:22122", "listen: ::1:22122", "listen: '[::1]:22122'", "listen: 127.0.0.1:0",
                "listen: 127.0.0.1:65536", "listen: 127.0.0.1:x", "listen: 127.0.0.1:", "listen: 127.0.0.1:07",
                "listen: 127.1:22122", "listen: /tmp/x.sock", "listen: /tmp/x.sock 0660", "listen: /tmp/x.sock 777",
                "listen: /tmp/x.sock 1000", "listen: /tmp/x.sock -1", "listen: /tmp/x.sock rw",
                "listen: /" + "x".repeat(106), "listen: /" + "x".repeat(107)),
                Stream.of("127.0.0.1:6379:1 n", "127.0.0.1:6379:1  n", "127.0.0.1:6379:1 n m", "'127.0.0.1:6379:1 '",
                        "127.0.0.1:6379", "127.0.0.1", "6379:1", "127.0.0.1:6379:0", "127.0.0.1:6379:-1",
                        "127.0.0.1:6379:x", "127.0.0.1:6379:", "127.0.0.1:0:1", "127.0.0.1:65536:1", "127.0.0.1:x:1",
                        "127.0.0.1::1", "::1:6379:1", "nosuch.invalid:6379:1", "/tmp/x:1", "/tmp/x:1 n", "/tmp/x",
                        "/tmp/x:y:1", "/tmp/x:0", "/tmp/x n", "127.0.0.1:6379:2147483647", "127.0.0.1:6379:2147483648",
                        "127.0.0.1:6379:2\n   - 127.0.0.1:6379:1", "127.0.0.1:6379:2 n\n   - 127.0.0.1:6379:1",
                        "127.0.0.1:11211:1\n   - 127.0.0.1:1:1 127.0.0.1", "127.0.0.1:06379:1\n   - 127.0.0.1:6379:1")
                        .map(server -> "servers:\n   - " + server),
                Stream.of("hash: md5", "hash: MD5", "hash: fnv", "hash: ''", "hash:", "hash: md5\n  hash: md5",
                        "hash_tag: '{}'", "hash_tag: {}", "hash_tag: $$", "hash_tag: a", "hash_tag: abc",
                        "hash_tag: \u00e4", "hash_tag: '&a'", "hash_tag: &a", "hash_tag: *a", "hash_tag: '*a'",
                        "distribution: ketama", "distribution: modula", "distribution: random", "distribution: Ketama",
                        "timeout: 400", "timeout: '400'", "timeout: 007", "timeout: -1", "timeout: +5", "timeout: 1.5",
                        "timeout: abc", "timeout: 400ms", "timeout: 0", "timeout: 2147483647", "timeout: 2147483648",
                        "backlog: 0", "backlog: x", "client_connections: 10", "client_connections: x",
                        "redis: true", "redis: \"true\"", "redis: True", "redis: yes", "redis: 1", "redis: false",
                        "redis: false\n  redis_auth: x", "redis: true\n  redis_auth: x", "redis: true\n  redis_auth: ''",
                        "redis_db: 1", "redis_db: -1", "preconnect: true", "preconnect: on", "auto_eject_hosts: true",
                        "auto_eject_hosts: 0", "server_connections: 1", "server_connections: 0", "server_connections: x",
                        "server_retry_timeout: 0", "server_retry_timeout: x", "server_failure_limit: 0",
                        "server_failure_limit: x", "tcpkeepalive: true", "tcpkeepalive: TRUE", "unknown: 1",
                        "sentinels:\n   - 127.0.0.1:1:1", "Listen: 127.0.0.1:2"))
                .flatMap(lines -> lines)
                .map(line -> "a:\n" + (line.startsWith("listen") ? "" : "  listen: 127.0.0.1:22121\n") + "  " + line + "\n"
                        + (line.startsWith("servers") ? "" : SERVERS)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void acceptsWhatNutcrackerAcceptsAndRefusesWhatItRefuses(String yaml) throws Exception {
        assumeTrue(NUTCRACKER.isPresent(), "nutcracker is not installed");
        Path file = ReadingFixture.write(directory, yaml.getBytes(StandardCharsets.UTF_8));

        Reading reading = NutcrackerFile.read(file);

        assertThat(reading instanceof Reading.Accepted).as("%s", reading).isEqualTo(acceptedByNutcracker(file));
    }

    private static boolean acceptedByNutcracker(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(NUTCRACKER.orElseThrow().toString(), "-t", "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor() == 0;
    }
}
