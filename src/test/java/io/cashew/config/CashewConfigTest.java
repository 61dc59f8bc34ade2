package io.cashew.config;

import static io.cashew.config.ReadingFixture.accepted;
import static io.cashew.config.ReadingFixture.alpha;
import static io.cashew.config.ReadingFixture.onlyPool;
import static io.cashew.config.ReadingFixture.poolWithEveryKey;
import static io.cashew.config.ReadingFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.sharding.HashTag;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CashewConfigTest {
    private static final String SMALLEST = """
            cashew:
              pools:
                alpha:
                  listen: 127.0.0.1:22121
                  servers:
                    - 127.0.0.1:6379:1
            """;

    @TempDir
    Path directory;

    @Test
    void defaultsAreThoseOfANutcrackerFile() {
        assertThat(onlyPool(read(yaml(SMALLEST)))).isEqualTo(onlyPool(ReadingFixture.read(directory, alpha())));
    }

    @Test
    void everyKeyIsMapped() throws Exception {
        PoolConfig pool = onlyPool(read(yaml("""
                cashew:
                  pools:
                    "my.pool":
                      listen: /tmp/alpha.sock 0660
                      servers:
                        - 10.0.0.1:6379:2 one
                        - 10.0.0.2:6379:1
                      hash: murmur
                      hash-tag: "{}"
                      distribution: modula
                      timeout: 400ms
                      backlog: 1024
                      client-connections: 100
                      protocol: redis
                      password: sesame
                      database: 3
                      preconnect: true
                      auto-eject: true
                      server-connections: 4
                      server-retry-timeout: 2s
                      server-failure-limit: 5
                      tcp-keepalive: true
                      reuse-port: true
                      eject-mode: fail-fast
                      server-failure-merge: true
                      server-probe: false
                      server-probe-timeout: 250ms
                      server-probe-interval: 5s
                      server-probe-failures: 4
                      server-probe-successes: 2
                      server-retry-timeout-max: 1m
                      server-retry-jitter: 20
                      server-flap-window: 2m
                      item-size-max: 2097152
                      databases: 4
                      server-resolve-interval: 1500ms
                      allow-flush: true
                      cross-server-limit: 16777216
                      tls: edge
                      listen-tls: 127.0.0.1:22122
                      tls-client-auth: required
                      server-tls: inside
                      server-tls-hostname: redis.internal
                      users-file: /etc/cashew/users.acl
                      server-user: cashew
                      server-password-file: /run/secrets/server
                      slow-log-threshold: 25ms
                      slow-log-entries: 64
                      access-log-every: 1000
                      access-log-keys: false
                """)));

        assertThat(pool).isEqualTo(poolWithEveryKey("my.pool",
                new ServerConfig("one", true, new ServerAddress.Tcp("10.0.0.1", 6379), 2),
                new ServerConfig("10.0.0.2:6379", false, new ServerAddress.Tcp("10.0.0.2", 6379), 1)));
    }

    @Test
    void aPoolCanComeFromTheEnvironmentAlone() {
        PoolConfig pool = onlyPool(read(new EnvConfigSource(Map.of(
                "CASHEW_POOLS_ALPHA_LISTEN", "127.0.0.1:22121",
                "CASHEW_POOLS_ALPHA_SERVERS", "127.0.0.1:6379:1 a,127.0.0.1:6380:1 b",
                "CASHEW_POOLS_ALPHA_HASH_TAG", "{}"), 300)));

        assertThat(pool.name()).isEqualTo("alpha");
        assertThat(pool.servers()).extracting(ServerConfig::name).containsExactly("a", "b");
        assertThat(pool.hashTag()).isEqualTo(HashTag.of("{}"));
    }

    @Test
    void theEnvironmentGoesBeforeTheFile() {
        PoolConfig pool = onlyPool(read(yaml(SMALLEST),
                new EnvConfigSource(Map.of("CASHEW_POOLS_ALPHA_TIMEOUT", "2s"), 300)));

        assertThat(pool.timeout()).contains(Duration.ofSeconds(2));
    }

    @Test
    void variablesSetByAPlatformDoNotMatter() {
        Reading reading = read(yaml(SMALLEST), new EnvConfigSource(Map.of(
                "CASHEW_PORT", "tcp://10.0.0.1:22121",
                "CASHEW_SERVICE_HOST", "10.0.0.1",
                "CASHEW_POOLS_SERVICE_HOST", "10.0.0.1"), 300));

        assertThat(accepted(reading).pools()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"400, 400", "400ms, 400", "2s, 2000", "1m, 60000", "1h, 3600000", "1d, 86400000", "PT0.4S, 400",
        "pt2s, 2000"})
    void durationsHaveUnits(String text, long millis) {
        assertThat(onlyPool(read(yaml(SMALLEST + "      timeout: " + text))).timeout())
                .contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5s", "soon", "2 s", "PT-1S", "PT0.0001S", "30d", "99999999999", "2147483648"})
    void otherDurationsAreRefused(String text) {
        assertThat(problems(read(yaml(SMALLEST + "      timeout: " + text)))).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo("is not a duration");
            assertThat(problem.allowed()).contains("400ms");
        });
    }

    @Test
    void allMistakesAreReportedAtOnceWithPropertyAndSource() {
        List<ConfigProblem> problems = problems(read(yaml("""
                cashew:
                  pools:
                    alpha:
                      listen: 127.0.0.1
                      protocol: smtp
                      hash_tag: "{}"
                      servers:
                        - 127.0.0.1:6379:1
                        - 127.0.0.1:6379:0
                    beta:
                      password: sesame
                """)));

        assertThat(problems).extracting(ConfigProblem::toString).containsExactlyInAnyOrder(
                "conf: application.yaml: pool 'alpha': property cashew.pools.alpha.hash_tag is unknown: one of "
                        + PoolKey.allProperties(),
                "conf: application.yaml: pool 'alpha': property cashew.pools.\"alpha\".listen has an invalid "
                        + "\"hostname:port\" format string: \"127.0.0.1\": " + ListenReader.ALLOWED,
                "conf: application.yaml: pool 'alpha': property cashew.pools.\"alpha\".protocol is not a valid protocol: "
                        + "\"smtp\": one of redis, memcache",
                "conf: application.yaml: pool 'alpha': property cashew.pools.\"alpha\".servers has a zero weight in "
                        + "\"hostname:port:weight [name]\" format string: \"127.0.0.1:6379:0\": a weight is 1 to "
                        + "2147483647, and a name behind it has one space before it and none inside",
                "conf: application.yaml: pool 'beta': property cashew.pools.\"beta\".listen is missing: every pool needs "
                        + "one, " + ListenReader.ALLOWED,
                "conf: application.yaml: pool 'beta': property cashew.pools.\"beta\".password is only valid for a redis "
                        + "pool: remove it, or set protocol to redis",
                "conf: application.yaml: pool 'beta' has no servers: write at least one under servers, "
                        + ServerReader.ALLOWED);
    }

    @Test
    void linesAreShownWhereTheSourceKnowsThem() throws Exception {
        Path file = Files.writeString(directory.resolve("application.properties"), """
                # pools
                cashew.pools.alpha.listen=127.0.0.1:22121
                cashew.pools.alpha.servers=127.0.0.1:6379:1
                cashew.pools.alpha.hash=fnv
                """);

        ConfigProblem problem = problems(read(new PropertiesConfigSource(file.toUri().toURL(), 200))).getFirst();

        assertThat(problem.source()).endsWith("application.properties");
        assertThat(problem.toString()).contains("property cashew.pools.\"alpha\".hash is not a valid hash: \"fnv\"");
    }

    @Test
    void aFileAndPropertiesAreReadTogether() {
        Path file = ReadingFixture.write(directory, alpha().replace("alpha", "beta").replace("22121", "22122")
                .getBytes(StandardCharsets.UTF_8));
        SmallRyeConfig config = config(yaml(SMALLEST + "  config-file: " + file));

        assertThat(accepted(ConfiguredPools.read(config, Optional.empty())).pools())
                .extracting(PoolConfig::name).containsExactly("beta", "alpha");
    }

    @Test
    void theSamePoolInBothIsAMistakeAndSoIsTheSameAddress() {
        Path file = ReadingFixture.write(directory, alpha().getBytes(StandardCharsets.UTF_8));

        assertThat(problems(ConfiguredPools.read(config(yaml(SMALLEST)), Optional.of(file))))
                .extracting(ConfigProblem::reason).satisfiesExactlyInAnyOrder(
                        reason -> assertThat(reason).endsWith("has pools with same name 'alpha'"),
                        reason -> assertThat(reason).contains("have the same listen address '127.0.0.1:22121'"));
    }

    @Test
    void theOptionGoesBeforeTheConfiguredFileAndTheDefaultFileIsForWhenThereIsNothingElse() throws Exception {
        Path file = ReadingFixture.write(directory, alpha().getBytes(StandardCharsets.UTF_8));
        SmallRyeConfig pointing = config(yaml("cashew:\n  config-file: /nonexistent.yml\n"));
        SmallRyeConfig empty = config(yaml("other: value\n"));
        Path missing = directory.resolve("missing.yml");

        assertThat(accepted(ConfiguredPools.read(pointing, Optional.of(file), missing)).pools()).hasSize(1);
        assertThat(problems(ConfiguredPools.read(pointing, Optional.empty(), file))).singleElement().asString()
                .contains("failed to open configuration '/nonexistent.yml'");
        assertThat(accepted(ConfiguredPools.read(empty, Optional.empty(), file)).pools()).hasSize(1);
        assertThat(accepted(ConfiguredPools.read(empty, Optional.empty(), missing)).pools()).isEmpty();
        Files.writeString(file, alpha().replace("alpha", "beta").replace("22121", "22122"));
        assertThat(accepted(ConfiguredPools.read(config(yaml(SMALLEST)), Optional.empty(), file)).pools())
                .extracting(PoolConfig::name).containsExactly("alpha");
    }

    @Test
    void limitsAreRediss() {
        CashewConfig.LimitsConfig limits = config(yaml("a: b\n")).getConfigMapping(CashewConfig.class).limits();

        assertThat(limits.arguments()).isEqualTo(1024 * 1024);
        assertThat(limits.bulk().asLongValue()).isEqualTo(512L << 20);
        assertThat(limits.line().asLongValue()).isEqualTo(64L << 10);
        assertThat(limits.message().asLongValue()).isEqualTo(1L << 30);
        assertThat(limits.pipelined()).isEqualTo(4096);
        assertThat(limits.unread().asLongValue()).isEqualTo(1L << 20);
        assertThat(limits.output().asLongValue()).isEqualTo(1L << 30);
        assertThat(limits.vanished()).isEqualTo(Duration.ofSeconds(60));
        assertThat(limits.pending()).isEqualTo(256 * 1024);
        assertThat(limits.privateConnections()).isEqualTo(1000);
        assertThat(limits.subscriptionsPerClient()).isEqualTo(10_000);
        assertThat(limits.subscriptions()).isEqualTo(100_000);
        assertThat(limits.passwordAttempts()).isEqualTo(10);
        assertThat(limits.passwordInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(limits.unsent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"arguments: 0", "bulk: 2G", "line: 10", "message: 3G", "pipelined: 0", "unread: 0", "vanished: 3s",
            "vanished: 17h", "pending: -1", "private-connections: -1", "subscriptions-per-client: -1", "subscriptions: 16777217",
            "password-attempts: -1",
                "password-interval: 0s", "unsent: 0"})
    void aLimitThatCannotBeIsNamedWithWhatItMayBe(String limit) {
        String key = limit.substring(0, limit.indexOf(':'));

        assertThat(problems(read(yaml("cashew:\n  limits:\n    " + limit + "\n")))).singleElement().asString()
                .contains("property cashew.limits." + key).contains(" to ");
    }

    @Test
    void workersAreANumber() {
        assertThat(config(yaml("cashew:\n  workers: 3\n")).getConfigMapping(CashewConfig.class).workers()).hasValue(3);
        assertThat(config(yaml("a: b\n")).getConfigMapping(CashewConfig.class).workers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1025})
    void workersAreAtLeastOneAndNotAbsurdlyMany(int workers) {
        assertThat(problems(read(yaml("cashew:\n  workers: " + workers + "\n")))).singleElement().asString()
                .contains("property cashew.workers").contains("\"" + workers + "\"").contains("1 to 1024");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "alice: {role: admin}",
        "alice: {password: sesame, password-file: /run/secrets/alice}",
        "'al:ice': {password: sesame}",
    })
    void aUserOfRestNeedsANameAndOnePassword(String user) {
        assertThat(problems(read(yaml("cashew:\n  rest:\n    users:\n      " + user + "\n")))).singleElement().asString()
                .contains("property cashew.rest.users.\"al").contains("password-file=")
                .doesNotContain("sesame");
    }

    @Test
    void aStatisticsPortIsAPortOrNone() {
        assertThat(problems(read(yaml("cashew:\n  statistics:\n    port: 65536\n")))).singleElement().asString()
                .contains("property cashew.statistics.port is not a valid port: \"65536\": 0 to 65535");
        assertThat(accepted(read(yaml("cashew:\n  statistics:\n    port: 0\n"))).pools()).isEmpty();
    }

    @Test
    void whatIsASecretIsSeenByItsName() {
        assertThat(List.of("cashew.pools.\"a\".password", "quarkus.tls.x.key-store.p12.password", "x.y-secret", "a.TOKEN"))
                .allSatisfy(name -> assertThat(EffectiveSettings.shown(name, "sesame")).isEqualTo("****"));
        assertThat(EffectiveSettings.shown("cashew.rest.users.a.password-file", "/run/secrets/a")).isEqualTo("/run/secrets/a");
        assertThat(EffectiveSettings.shown("cashew.limits.password-attempts", "10")).isEqualTo("10");
    }

    private static Reading read(ConfigSource... sources) {
        return ConfiguredPools.read(config(sources), Optional.empty(), Path.of("/nonexistent.yml"));
    }

    private static ConfigSource yaml(String text) {
        return new YamlConfigSource("application.yaml", text, 100);
    }

    private static SmallRyeConfig config(ConfigSource... sources) {
        return new SmallRyeConfigBuilder().addDiscoveredConverters().addDiscoveredCustomizers().addDefaultInterceptors()
                .withSources(sources)
                .withMapping(CashewConfig.class).build();
    }

    @Test
    void everyPropertyOfAPoolIsAKey() {
        List<String> accessors = Arrays.stream(CashewConfig.PoolProperties.class.getMethods())
                .map(method -> method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.toList());

        assertThat(accessors).containsExactlyInAnyOrderElementsOf(
                Arrays.stream(PoolKey.values()).map(PoolKey::property).toList());
    }
}
