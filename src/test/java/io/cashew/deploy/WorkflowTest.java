package io.cashew.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The workflow for a public forge only calls what can be called anywhere.
class WorkflowTest {
    private static final JsonNode WORKFLOW = Yaml.file(Path.of(".github/workflows/ci.yml"));
    private static final Pattern SCRIPT = Pattern.compile("(?m)^\\s*(\\.ci/\\w+|\\./mvnw)");
    private static final Pattern FILE = Pattern.compile("deploy/[\\w./]+");

    @Test
    void testsAreRunByTheScriptOfTheProject() {
        assertThat(commands()).contains(".ci/run");
        assertThat(commands()).noneMatch(command -> command.contains("mvnw")
                && (command.contains("test ") || command.contains("verify")));
    }

    @Test
    void whatItCallsIsThere() {
        assertThat(commands().stream().flatMap(command -> SCRIPT.matcher(command).results()).map(MatchResult::group))
                .isNotEmpty()
                .allSatisfy(script -> assertThat(Files.isExecutable(Path.of(script.strip()))).isTrue());
        assertThat(commands().stream().flatMap(command -> FILE.matcher(command).results()).map(MatchResult::group))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(Path.of(file)).exists());
    }

    @Test
    void itMayReadAndNothingElse() {
        assertThat(WORKFLOW.at("/permissions").toString()).isEqualTo("{\"contents\":\"read\"}");
    }

    private static List<String> commands() {
        return WORKFLOW.get("jobs").findValuesAsText("run").stream().map(String::strip).toList();
    }
}
