package io.cashew.config;

import static io.cashew.config.ReadingFixture.accepted;
import static io.cashew.config.ReadingFixture.alpha;
import static io.cashew.config.ReadingFixture.onlyPool;
import static io.cashew.config.ReadingFixture.poolWithEveryKey;
import static io.cashew.config.ReadingFixture.problems;
import static io.cashew.config.ReadingFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NutcrackerFileTest {
    @TempDir
    Path directory;

    @Test
    void everyKeyHasItsDefault() throws Exception {
        PoolConfig pool = onlyPool(read(directory, alpha()));

        assertThat(pool).isEqualTo(new PoolConfig(
                "alpha", new ListenAddress.Tcp("127.0.0.1", 22121, InetAddress.getByName("127.0.0.1")),
                HashFunction.FNV1A_64, Optional.empty(), DistributionKind.KETAMA, Optional.empty(), 512, 0,
                ProtocolName.MEMCACHE, Optional.empty(), 0, 1, false, false, 1, Duration.ofSeconds(30), 2, false, false,
                1048576, Duration.ofSeconds(5), false, 0, HealthConfig.DEFAULT, TlsConfig.NONE, AccessConfig.NONE,
                RequestLogConfig.DEFAULT,
                List.of(new ServerConfig("127.0.0.1:6379", false, new ServerAddress.Tcp("127.0.0.1", 6379), 1))));
    }

    @Test
    void everyKeyIsMapped() throws Exception {
        PoolConfig pool = onlyPool(read(directory, """
                alpha:
                  listen: /tmp/alpha.sock 0660
                  hash: murmur
                  hash_tag: "{}"
                  distribution: modula
                  timeout: 400
                  backlog: 1024
                  client_connections: 100
                  redis: true
                  redis_auth: sesame
                  redis_db: 3
                  preconnect: true
                  auto_eject_hosts: true
                  server_connections: 4
                  server_retry_timeout: 2000
                  server_failure_limit: 5
                  tcpkeepalive: true
                  reuseport: true
                  eject_mode: fail-fast
                  server_failure_merge: true
                  server_probe: false
                  server_probe_timeout: 250
                  server_probe_interval: 5000
                  server_probe_failures: 4
                  server_probe_successes: 2
                  server_retry_timeout_max: 60000
                  server_retry_jitter: 20
                  server_flap_window: 120000
                  item_size_max: 2097152
                  databases: 4
                  server_resolve_interval: 1500
                  allow_flush: true
                  cross_server_limit: 16777216
                  tls: edge
                  listen_tls: 127.0.0.1:22122
                  tls_client_auth: required
                  server_tls: inside
                  server_tls_hostname: redis.internal
                  users_file: /etc/cashew/users.acl
                  server_auth_user: cashew
                  server_auth_file: /run/secrets/server
                  slow_log_threshold: 25
                  slow_log_entries: 64
                  access_log_every: 1000
                  access_log_keys: false
                  servers:
                   - 10.0.0.1:6379:2 one
                """));

        assertThat(pool).isEqualTo(poolWithEveryKey("alpha",
                new ServerConfig("one", true, new ServerAddress.Tcp("10.0.0.1", 6379), 2)));
    }

    @Test
    void theTranscriptsConfigurationIsAcceptedInTwemproxysOrder() throws Exception {
        Path file = Path.of(getClass().getResource("pools.yml").toURI());

        List<PoolConfig> pools = accepted(NutcrackerFile.read(file)).pools();

        assertThat(pools).hasSize(22);
        assertThat(pools).extracting(PoolConfig::name).startsWith("mc2", "mc-crc", "mc-dns", "redis1", "redis2");
        assertThat(pools.getLast().name()).isEqualTo("redis-unix-missing");
    }

    @Test
    void serversAreSortedByLengthOfTheRingNameAndThenByBytes() {
        PoolConfig pool = onlyPool(read(directory, """
                alpha:
                  listen: 127.0.0.1:22121
                  servers:
                   - 10.0.0.2:6379:1 b
                   - 10.0.0.1:6379:1 aa
                   - 10.0.0.3:6379:1 Z
                   - 10.0.0.4:11211:1
                   - /tmp/s:1
                   - ::1:06379:1
                """));

        assertThat(pool.servers()).extracting(ServerConfig::name)
                .containsExactly("Z", "b", "aa", "/tmp/s:", "10.0.0.4", "::1:06379");
        assertThat(pool.servers().getLast().address()).isEqualTo(new ServerAddress.Tcp("::1", 6379));
        assertThat(pool.servers().get(3).address()).isEqualTo(new ServerAddress.UnixSocket("/tmp/s"));
    }

    @Test
    void allMistakesOfAFileAreReportedAtOnceInTheOrderOfLines() {
        List<ConfigProblem> problems = problems(read(directory, """
                alpha:
                  listen: 127.0.0.1:0
                  hash: fnv
                  timeout: soon
                  servers:
                   - 127.0.0.1:6379:1
                   - 127.0.0.1:6379:2
                beta:
                  redis: yes
                  colour: red
                  servers:
                   - 127.0.0.1:6379
                gamma:
                  listen: 127.0.0.1:22122
                """));

        assertThat(problems).extracting(problem -> problem.line().orElse(0))
                .containsExactly(2, 3, 4, 7, 8, 9, 10, 12, 13);
    }

    @Test
    void aProblemIsOneLineThatNamesFileLinePoolKeyValueAndWhatIsAllowed() {
        String problem = problems(read(directory, alpha("hash: fnv"))).getFirst().toString();

        assertThat(problem).isEqualTo("conf: " + directory.resolve("nutcracker.yml") + " line 3: pool 'alpha': "
                + "directive \"hash\" is not a valid hash: \"fnv\": one of one_at_a_time, md5, crc16, crc32, crc32a, "
                + "fnv1_64, fnv1a_64, fnv1_32, fnv1a_32, hsieh, murmur, jenkins");
    }

    @Test
    void timeoutOfZeroMeansNone() {
        assertThat(onlyPool(read(directory, alpha("timeout: 0"))).timeout()).isEmpty();
    }

    @Test
    void aFileThatCannotBeOpenedSaysWhy() {
        assertThat(problems(NutcrackerFile.read(directory.resolve("none.yml"))).getFirst().toString())
                .contains("failed to open configuration '").contains("none.yml': No such file or directory");
        assertThat(problems(NutcrackerFile.read(directory)).getFirst().toString())
                .contains("failed to open configuration '");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-8"})
    void aByteOrderMarkSaysTheEncoding(String charset) {
        Path file = ReadingFixture.write(directory, ("\uFEFF" + alpha()).getBytes(java.nio.charset.Charset.forName(charset)));

        assertThat(onlyPool(NutcrackerFile.read(file)).name()).isEqualTo("alpha");
    }

    @Test
    void aFileOfAnotherEncodingIsRefused() {
        Path file = ReadingFixture.write(directory, ("# caf\u00e9\n" + alpha()).getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problems(NutcrackerFile.read(file))).extracting(ConfigProblem::reason).containsExactly("is not UTF-8");
    }

    @Test
    void tabsBetweenKeyAndValueAreAccepted() {
        assertThat(onlyPool(read(directory, alpha("hash:\t \tmd5"))).hash()).isEqualTo(HashFunction.MD5);
    }

    @Test
    void aFileTooLargeIsRefusedUnread() throws Exception {
        Path file = directory.resolve("nutcracker.yml");
        Files.write(file, new byte[NutcrackerFile.MAX_BYTES + 1]);

        assertThat(problems(NutcrackerFile.read(file))).extracting(ConfigProblem::reason)
                .containsExactly("is larger than 16 MB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "a:\n  - ", "&a ", "*a\n", "x: y\n", "a: &a [*a, ", "%TAG ! x\n"})
    void aFileThatRepeatsATrickIsRefusedWithAFewMessages(String trick) {
        List<ConfigProblem> problems = problems(read(directory, trick.repeat(NutcrackerFile.MAX_LINE / trick.length())));

        assertThat(problems).hasSizeBetween(1, Problems.LIMIT + 1);
        assertThat(problems).allSatisfy(problem -> assertThat(problem.toString()).hasSizeLessThan(1000));
    }

    @Test
    void aLineOfAMillionTricksIsRefusedUnread() {
        assertThat(problems(read(directory, "- ".repeat(1_000_000)))).extracting(ConfigProblem::reason)
                .containsExactly("has a line longer than 65536 bytes");
    }

    @Test
    void aFileNestedByIndentationIsRefused() {
        StringBuilder yaml = new StringBuilder();
        for (int depth = 0; depth < 4000; depth++) {
            yaml.append(" ".repeat(depth)).append("a:\n");
        }

        assertThat(problems(read(directory, yaml.toString()))).extracting(ConfigProblem::reason)
                .anyMatch(reason -> reason.contains("has a depth greater than 2"));
    }

    @Test
    void aMillionMistakesAreReportedUpToALimit() {
        List<ConfigProblem> problems = problems(read(directory, alpha() + "   - nonsense\n".repeat(500_000)));

        assertThat(problems).hasSize(Problems.LIMIT + 1);
        assertThat(problems.getLast().reason()).isEqualTo("has more problems than these 100");
    }
}
