package io.cashew.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cashew.fixture.Tool;
import io.cashew.fixture.WrittenDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertsTest {
    static final Path ALERTS = Path.of("deploy/prometheus/alerts.yaml");

    private static final Path STORIES = Path.of("src/test/resources/io/cashew/deploy/alerts-stories.yaml");
    private static final Pattern FIRED = Pattern.compile("alertname=\"(?<alert>\\w+)\"");

    @Test
    void everyAlertSaysHowBadItIsAndWhatToDo() {
        Set<String> names = new HashSet<>();

        assertThat(alerts()).isNotEmpty().allSatisfy(alert -> {
            assertThat(names.add(alert.get("alert").asText())).as("a name of its own: %s", alert).isTrue();
            assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning");
            assertThat(alert.at("/annotations/summary").asText()).isNotEmpty();
            assertThat(alert.at("/annotations/runbook").asText()).hasSizeGreaterThan(80);
        });
    }

    @Test
    void prometheusAcceptsThem() {
        Tool promtool = promtool("check", "rules", "--lint=all", "--lint-fatal", ALERTS.toString());

        assertThat(promtool.exitCode()).as(promtool.output()).isZero();
    }

    @Test
    void prometheusAcceptsWhatScrapesCompose(@TempDir Path directory) throws IOException {
        Path config = Files.writeString(directory.resolve("prometheus.yaml"),
                Yaml.read(Path.of("deploy/prometheus/prometheus.yaml"))
                .replace("/etc/prometheus/alerts.yaml", ALERTS.toAbsolutePath().toString()));

        Tool promtool = promtool("check", "config", config.toString());

        assertThat(promtool.exitCode()).as(promtool.output()).isZero();
    }

    @Test
    void everyAlertFiresInItsStoryAndOnlyThere() {
        Tool promtool = promtool("test", "rules", STORIES.toString());

        assertThat(promtool.exitCode()).as(promtool.output()).isZero();
    }

    @Test
    void everyAlertHasAStory() {
        Set<String> told = FIRED.matcher(Yaml.read(STORIES)).results().map(fired -> fired.group("alert"))
                .collect(Collectors.toSet());

        assertThat(told).isEqualTo(alerts().stream().map(alert -> alert.get("alert").asText()).collect(Collectors.toSet()));
    }

    @Test
    void theOperatorsRuleSaysTheSame() throws IOException {
        String alerts = Yaml.read(ALERTS);
        var rule = new StringBuilder("""
                # The alerts of deploy/prometheus/alerts.yaml for the Prometheus operator. Written from there: change that one, then run
                # ./mvnw test -Dtest=AlertsTest -Ddocs.write=true.
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  name: cashew
                  labels:
                    app.kubernetes.io/name: cashew
                    app.kubernetes.io/component: monitoring
                spec:
                """);
        alerts.substring(alerts.indexOf("groups:")).lines().forEach(line -> rule.append("  ").append(line).append('\n'));

        new WrittenDocument(Path.of("deploy/kubernetes/monitoring/prometheusrule.yaml"), AlertsTest.class).says(rule.toString());
    }

    private static List<JsonNode> alerts() {
        return Yaml.file(ALERTS).at("/groups/0/rules").valueStream().toList();
    }

    static Tool promtool(String... arguments) {
        return Tool.run("promtool", "prometheus", new byte[0], arguments);
    }
}
