package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RedisServer;
import io.cashew.fixture.RedisServers;
import io.cashew.fixture.RespClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The same commands asked of one redis-server directly and of a pool: the same bytes come back, or the pool says that the
/// keys live on several servers. The commands are in `differential/commands.txt`.
@Timeout(60)
class DifferentialTest {
    private static final Path COMMANDS = Path.of("src/test/resources/differential/commands.txt");

    private static RedisServer alone;
    private static RedisServers servers;
    private static ProxyUnderTest proxy;
    private RespClient direct;

    @BeforeAll
    static void start() {
        alone = RedisServer.start();
        servers = RedisServers.start(3);
        proxy = ProxyUnderTest.with(servers.yaml("three", "hash: md5", "hash_tag: \"{}\"") + """
                one:
                  listen: free
                  redis: true
                  servers:
                   - 127.0.0.1:%d:1
                """.formatted(servers.get(0).port()));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        servers.close();
        alone.close();
    }

    @BeforeEach
    void connect() {
        direct = alone.connect();
    }

    @AfterEach
    void disconnect() {
        direct.close();
    }

    @Test
    void aPoolOfOneServerAnswersAsTheServerItself() throws IOException {
        assertThat(differences("one", key -> key)).isEmpty();
    }

    @Test
    void aPoolAnswersAsOneServerWhenKeysShareATag() throws IOException {
        assertThat(differences("three", key -> key + "{tag}")).isEmpty();
    }

    @Test
    void aPoolAnswersAsOneServerOrSaysThatKeysLiveOnSeveral() throws IOException {
        var refused = new ArrayList<String>();
        var different = new ArrayList<String>();
        int asked = 0;
        try (var pool = proxy.connect("three")) {
            for (List<String> block : blocks()) {
                flush();
                for (String line : block) {
                    String[] command = words(line, key -> key);
                    String expected = direct.call(command);
                    String answer = pool.call(command);
                    asked++;
                    if (answer.startsWith("-CROSSSLOT ")) {
                        // From here on the databases are not the same any more.
                        refused.add(line);
                        break;
                    }
                    if (!answer.equals(expected)) {
                        different.add(difference(line, expected, answer));
                    }
                }
            }
        }

        assertThat(different).isEmpty();
        assertThat(refused).as("refused of %d", asked).hasSizeBetween(10, 40);
        assertThat(asked).isGreaterThan(350);
    }

    /// What a pool answers differently from the server, when every key of a command is renamed by `keys`.
    private List<String> differences(String pool, UnaryOperator<String> keys) throws IOException {
        var different = new ArrayList<String>();
        try (var proxied = proxy.connect(pool)) {
            for (List<String> block : blocks()) {
                flush();
                for (String line : block) {
                    String[] command = words(line, keys);
                    String expected = direct.call(command);
                    String answer = proxied.call(command);
                    if (!answer.equals(expected)) {
                        different.add(difference(line, expected, answer));
                    }
                }
            }
        }
        return different;
    }

    private static String difference(String line, String expected, String answer) {
        return "%s%n  server: %s%n  pool:   %s".formatted(line, Escapes.encode(expected), Escapes.encode(answer));
    }

    private static void flush() {
        alone.flush();
        servers.flush();
    }

    private static List<List<String>> blocks() throws IOException {
        return Arrays.stream(Files.readString(COMMANDS).split("\n\n"))
                .map(block ->
                        block.lines().filter(line -> !line.startsWith("#")).toList())
                .filter(block -> !block.isEmpty())
                .toList();
    }

    private static String[] words(String line, UnaryOperator<String> keys) {
        return Arrays.stream(line.split(" "))
                .map(word -> word.equals("\"\"") ? "" : Escapes.decode(word))
                .map(word -> word.startsWith("@") ? keys.apply(word.substring(1)) : word)
                .toArray(String[]::new);
    }
}
