package io.cashew.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cashew.fixture.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardTest {
    static final Path BOARD = Path.of("deploy/grafana/cashew.json");

    private static JsonNode board;

    @BeforeAll
    static void read() throws IOException {
        board = new ObjectMapper().readTree(BOARD.toFile());
    }

    @Test
    void everyPanelSaysWhatItShowsAndAsksTheChosenDataSource() {
        assertThat(panels()).hasSizeGreaterThan(20).allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("description").asText()).isNotEmpty();
            assertThat(panel.path("targets")).isNotEmpty();
            assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
            assertThat(panel.findValues("expr")).allSatisfy(expr -> assertThat(expr.asText()).contains("$job", "$instance"));
        });
    }

    @Test
    void panelsDoNotOverlap() {
        Set<Integer> ids = new HashSet<>();
        Set<List<Integer>> taken = new HashSet<>();
        for (JsonNode panel : board.get("panels")) {
            assertThat(ids.add(panel.get("id").asInt())).isTrue();
            JsonNode place = panel.get("gridPos");
            assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < place.get("w").asInt(); x++) {
                for (int y = 0; y < place.get("h").asInt(); y++) {
                    assertThat(taken.add(List.of(place.get("x").asInt() + x, place.get("y").asInt() + y)))
                            .as("room for %s", panel.get("title"))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void variablesThatAreUsedAreThere() {
        List<String> names = board.at("/templating/list").findValuesAsText("name");

        assertThat(names).containsExactly("datasource", "job", "instance", "pool");
    }

    @Test
    void prometheusUnderstandsEveryExpression(@TempDir Path directory) throws IOException {
        var rules = new StringBuilder("groups:\n - name: board\n   rules:\n");
        int number = 0;
        for (PromQl expression : Watched.ofBoard().toList()) {
            rules.append("    - {record: 'panel:").append(number++).append("', expr: '")
                    .append(expression.text().replace("$__rate_interval", "5m")).append("'}\n");
        }
        Path file = Files.writeString(directory.resolve("board.yaml"), rules);

        Tool promtool = AlertsTest.promtool("check", "rules", file.toString());

        assertThat(promtool.exitCode()).as(promtool.output()).isZero();
    }

    private static List<JsonNode> panels() {
        return board.get("panels").valueStream().filter(panel -> !panel.get("type").asText().equals("row")).toList();
    }
}
