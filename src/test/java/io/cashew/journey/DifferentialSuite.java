package io.cashew.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.fixture.Escapes;
import io.cashew.fixture.Language;
import io.cashew.fixture.ProtocolClient;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.RealServer;
import io.cashew.fixture.RealServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/// The same requests asked of one server directly and of a pool: the same bytes come back. The requests are in a file of
/// `src/test/resources/differential`, a line each, in blocks that start with empty servers.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
abstract class DifferentialSuite {
    private final Language language;
    private final Path file;
    private final String[] settings;
    private RealServer alone;
    private RealServers<?> single;
    private RealServers<?> three;
    ProxyUnderTest proxy;
    ProtocolClient direct;

    /// `settings` are those of the pool of three servers.
    DifferentialSuite(Language language, String file, String... settings) {
        this.language = language;
        this.file = Path.of("src/test/resources/differential", file);
        this.settings = settings;
    }

    /// The lines to ask of a pool of one server, of a block.
    abstract Stream<String> forOneServer(Stream<String> block);

    /// The lines to ask of a pool of three servers, of a block.
    abstract Stream<String> forThreeServers(Stream<String> block);

    /// Asks what a line says, and returns all that is answered.
    abstract String ask(ProtocolClient client, String line);

    @BeforeAll
    void start() {
        alone = language.server();
        single = language.servers(1);
        three = language.servers(3);
        proxy = ProxyUnderTest.with(single.yaml("one") + three.yaml("three", settings));
    }

    @AfterAll
    void stop() {
        proxy.close();
        three.close();
        single.close();
        alone.close();
    }

    @BeforeEach
    void connect() {
        direct = language.connect(alone.port());
    }

    @AfterEach
    void disconnect() {
        direct.close();
    }

    @Test
    void aPoolOfOneServerAnswersAsTheServerItself() throws IOException {
        assertThat(blocks().stream().flatMap(List::stream)).hasSizeGreaterThan(250);

        // New ones, so that both have counted the same.
        try (var alone = language.server();
                var single = language.servers(1);
                var proxy = ProxyUnderTest.with(single.yaml("pool"));
                var direct = language.connect(alone.port());
                var pool = language.connect(proxy.port("pool"))) {
            var different = new ArrayList<String>();
            for (List<String> block : blocks()) {
                alone.flush();
                single.flush();
                different.addAll(differences(direct, pool, forOneServer(block.stream())));
            }
            assertThat(different).isEmpty();
        }
    }

    @Test
    void aPoolOfThreeServersAnswersAsOne() throws IOException {
        var different = new ArrayList<String>();
        try (var pool = connect("three")) {
            for (List<String> block : blocks()) {
                flush();
                different.addAll(differences(direct, pool, forThreeServers(block.stream())));
            }
        }
        assertThat(different).isEmpty();
    }

    private List<String> differences(ProtocolClient server, ProtocolClient pool, Stream<String> lines) {
        var different = new ArrayList<String>();
        lines.forEach(line -> {
            String expected = ask(server, line);
            String answer = ask(pool, line);
            if (!answer.equals(expected)) {
                different.add(difference(line, expected, answer));
            }
        });
        return different;
    }

    static String difference(String line, String expected, String answer) {
        return "%s%n  server: %s%n  pool:   %s".formatted(line, Escapes.encode(expected), Escapes.encode(answer));
    }

    ProtocolClient connect(String pool) {
        return language.connect(proxy.port(pool));
    }

    void flush() {
        alone.flush();
        single.flush();
        three.flush();
    }

    List<List<String>> blocks() throws IOException {
        return Arrays.stream(Files.readString(file).split("\n\n"))
                .map(block ->
                        block.lines().filter(line -> !line.startsWith("#")).toList())
                .filter(block -> !block.isEmpty())
                .toList();
    }
}
