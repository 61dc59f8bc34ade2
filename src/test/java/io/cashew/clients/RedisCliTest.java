package io.cashew.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.RespClient;
import io.cashew.fixture.Tool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// redis-cli and redis-benchmark, which are hiredis, a client in C. What does not depend on the dialect or on TLS is in
/// `RedisToolsTest`.
@ParameterizedClass
@EnumSource
@Timeout(60)
class RedisCliTest extends StageSuite {
    @Parameter
    Way way;

    @TempDir
    Path directory;

    @Test
    @Tag("connect")
    void speaksItsDialect() {
        assertThat(cli("", "CLIENT", "INFO")).contains(" resp=" + way.dialect());
    }

    @Test
    @Tag("pipeline")
    void insertsInMass() {
        assertThat(pipe(3000)).contains("errors: 0, replies: 3000");
        assertThat(stage().sizes()).doesNotContain(0);
    }

    @Test
    @Tag("transaction")
    void countsTwiceInOneTransaction() {
        assertThat(cli("MULTI\nINCR counter\nINCR counter\nEXEC\n")).isEqualTo("OK\nQUEUED\nQUEUED\n1\n2\n");
    }

    @Test
    @Tag("pub/sub")
    void hearsWhatIsPublished() throws Exception {
        try (var other = RespClient.connect(stage().open());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // It listens until its output is closed behind two replies, which it notices at the next message.
            var words = new ArrayList<>(List.of("-c", "redis-cli \"$@\" SUBSCRIBE news | head -n 6", "sh"));
            words.addAll(where());
            var heard = threads.submit(() -> run("sh", "", words));
            Awaitility.await().until(() -> other.call("PUBLISH", "news", "first").equals(":1\r\n"));
            Awaitility.await().until(() -> other.call("PUBLISH", "news", "next").equals(":0\r\n"));

            assertThat(heard.get()).isEqualTo("subscribe\nnews\n1\nmessage\nnews\nfirst\n");
        }
    }

    @Test
    @Tag("script")
    void runsAScriptOnWhateverServerItsKeyLives() throws IOException {
        Path script = Files.writeString(directory.resolve("add.lua"), "return redis.call('INCRBY', KEYS[1], ARGV[1])");

        for (String key : List.of("1:key", "2:key", "3:key", "4:key", "5:key", "6:key", "7:key", "8:key")) {
            assertThat(cli("", "--eval", script.toString(), key, ",", "7")).isEqualTo("7\n");
        }
        assertThat(stage().sizes()).doesNotContain(0);
    }

    @Test
    @Tag("blocking")
    void waitsForWhatAnotherPushes() throws Exception {
        try (var other = RespClient.connect(stage().open());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var popped = threads.submit(() -> cli("", "BLPOP", "queue", "20"));
            Awaitility.await().until(() -> other.call("CLIENT", "LIST").contains(" cmd=blpop"));
            other.call("RPUSH", "queue", "element");

            assertThat(popped.get()).isEqualTo("queue\nelement\n");
        }
    }

    @Test
    @Tag("scan")
    void goesThroughTheKeysOfAllServers() {
        pipe(1000);

        assertThat(cli("", "--scan").lines())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1000).mapToObj(i -> i + ":key").toList());
        assertThat(cli("", "--scan", "--pattern", "77?:key").lines()).hasSize(10);
        assertThat(cli("", "--bigkeys")).contains("Sampled 1000 keys in the keyspace!", "1000 strings with");
        assertThat(cli("", "--memkeys")).contains("Sampled 1000 keys in the keyspace!", "1000 strings with");
    }

    @Test
    @Tag("reconnect")
    void comesBackWhenThePoolClosesItsConnection() {
        // It does not say the first GET again that it lost with the connection.
        assertThat(cli("SET k kept\nCLIENT KILL TYPE normal SKIPME no\nGET k\nGET k\nCLIENT INFO\n"))
                .startsWith("OK\n1\n")
                .contains("kept\n", " resp=" + way.dialect());
    }

    @Test
    void redisBenchmarkRunsWithoutComplaint() {
        var words = where();
        words.addAll(List.of("-n", "200", "-c", "2", "-P", "4", "-q"));

        assertThat(run("redis-benchmark", "", words))
                .contains("PING_MBULK", "LRANGE_600", "MSET")
                .doesNotContainIgnoringCase("warn", "error", "-ERR");
    }

    private String pipe(int count) {
        var input = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            input.writeBytes(RespClient.encode("SET", i + ":key", "value " + i));
        }
        return cli(input.toString(UTF_8), "--pipe");
    }

    private String cli(String input, String... words) {
        var all = where();
        all.addAll(List.of(words));
        return run("redis-cli", input, all);
    }

    private static String run(String tool, String input, List<String> words) {
        return Tool.run(tool, "redis-tools", input.getBytes(UTF_8), words.toArray(String[]::new)).output();
    }

    /// Options that say how to speak to the pool.
    private List<String> where() {
        int port = way.tls() ? stage().tlsPort(stage().open()) : stage().open();
        var options = new ArrayList<>(List.of("-p", String.valueOf(port)));
        if (way.tls()) {
            options.addAll(List.of("--tls", "--cacert", stage().authority().file().toString()));
        }
        if (way.dialect() == 3) {
            options.add("-3");
        }
        return options;
    }
}
