package io.cashew.compatibility;

import static io.cashew.compatibility.TranscriptStage.TRANSCRIPTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.cashew.fixture.NutcrackerProxy;
import io.cashew.fixture.ProxyUnderTest;
import io.cashew.fixture.Transcript;
import io.cashew.fixture.Transcript.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What was recorded with twemproxy, replayed with Cashew. A transcript that `docs/compatibility.md` does not list has to
/// give the same bytes; one that it lists has to give those of the file of the same name in `differences`.
///
/// To write the file for a new row of the list, run this test with `-Dtranscripts.record=true`, read what it wrote,
/// say in its first line what it shows, and add a line `varies WHY` to the head if replies change from run to run.
@Timeout(30)
class TranscriptReplayTest {
    private static final Path DIFFERENCES = TRANSCRIPTS.resolve("differences");

    private static TranscriptStage stage;
    private static CompatibilityTable table;

    @BeforeAll
    static void start() {
        stage = new TranscriptStage();
        table = CompatibilityTable.read();
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    static Stream<String> transcripts() {
        return Transcript.all(TRANSCRIPTS).stream().map(Transcript::name);
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void answersAsRecordedOrAsListed(String name) throws IOException {
        var recorded = Transcript.read(TRANSCRIPTS.resolve(name + ".txt"));
        if (!table.transcripts().contains(name)) {
            assertThat(comparable(replay(recorded))).isEqualTo(comparable(recorded));
            return;
        }

        Path file = DIFFERENCES.resolve(name + ".txt");
        if (!Files.exists(file)) {
            record(recorded, file);
        }
        var intended = Transcript.read(file);
        assertThat(intended.actions())
                .as("what the clients do in %s and in the file it differs from", file)
                .isEqualTo(recorded.actions());
        assertThat(comparable(intended))
                .as("%s says the same as the recording: the row in docs/compatibility.md is stale", file)
                .isNotEqualTo(comparable(recorded));
        assertThat(comparable(replay(intended))).isEqualTo(comparable(intended));
    }

    @Test
    void everyListedDifferenceIsOneOfATranscriptAndListedOnce() throws IOException {
        assertThat(table.transcripts()).isNotEmpty().doesNotHaveDuplicates();
        assertThat(Transcript.all(TRANSCRIPTS).stream().map(Transcript::name)).containsAll(table.transcripts());
        assertThat(table.transcripts())
                .containsAll(Transcript.all(DIFFERENCES).stream().map(Transcript::name).toList());
    }

    /// The replay itself is right: the recordings come out as they were when nutcracker is replayed once more.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-quit-pipeline",
                "redis-unknown-after-ping",
                "redis-dead-mget-pipeline",
                "redis-db-auth-order",
                "redis-two-clients",
                "redis-half-close",
                "redis-split-pipeline",
                "redis-timeout-then-ok",
                "redis-big-mget",
                "redis-lolwut"
            })
    void nutcrackerAnswersAsRecorded(String name) {
        var recorded = Transcript.read(TRANSCRIPTS.resolve(name + ".txt"));

        stage.reset(recorded.pool());
        try (var proxy = NutcrackerProxy.with(stage.yaml(recorded.pool()))) {
            var happened = TranscriptReplay.run(recorded, proxy.port(recorded.pool()), stage.scripted());

            assertThat(comparable(happened)).isEqualTo(comparable(recorded));
        }
    }

    private static Transcript replay(Transcript transcript) {
        stage.reset(transcript.pool());
        try (var proxy = ProxyUnderTest.with(stage.yaml(transcript.pool()))) {
            return TranscriptReplay.run(transcript, proxy.port(transcript.pool()), stage.scripted());
        }
    }

    private static void record(Transcript recorded, Path file) throws IOException {
        if (!Boolean.getBoolean("transcripts.record")) {
            fail("docs/compatibility.md lists %s, but there is no %s to say how it differs", recorded.name(), file);
        }
        Files.writeString(file, replay(recorded).text());
        abort("wrote " + file);
    }

    /// The lines behind the head, with the shape of replies instead of their bytes where these vary.
    private static String comparable(Transcript transcript) {
        List<String> lines = transcript.steps().stream()
                .map(step -> step instanceof Step.Received(var bytes) && transcript.varies() != null
                        ? new Step.Received(ReplyShape.of(bytes))
                        : step)
                .map(Step::line)
                .toList();
        return String.join("\n", lines);
    }
}
