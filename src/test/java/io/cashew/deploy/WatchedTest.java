package io.cashew.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WatchedTest {
    private static final String DOCUMENT = Yaml.read(Path.of("docs/metrics.md"));
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(?<name>cashew_\\w+)` \\| (?<type>counter|gauge|histogram) \\|");
    private static final Pattern GROUP = Pattern.compile("(?m)^\\| `(?<prefix>\\w+_)…` \\|");

    @Test
    void everyMetricIsDocumented() {
        List<String> documented = ROW.matcher(DOCUMENT).results().flatMap(WatchedTest::series).toList();
        List<String> groups = GROUP.matcher(DOCUMENT).results().map(row -> row.group("prefix")).toList();

        assertThat(Watched.metrics())
                .hasSizeGreaterThan(30)
                .allMatch(metric -> documented.contains(metric) || groups.stream().anyMatch(metric::startsWith));
    }

    private static Stream<String> series(MatchResult row) {
        String name = row.group("name");
        return row.group("type").equals("histogram") ? Stream.of("_bucket", "_count", "_sum").map(name::concat) : Stream.of(name);
    }

    @Test
    void everyCauseIsDocumentedForItsMetric() {
        List<List<String>> causes = Watched.expressions().flatMap(PromQl::causes).toList();

        assertThat(causes).isNotEmpty().allSatisfy(cause -> {
            String causesOfMetric = DOCUMENT.substring(DOCUMENT.indexOf("Causes of `" + cause.getFirst() + "`:"));
            assertThat(causesOfMetric.substring(0, causesOfMetric.indexOf("\n\n", causesOfMetric.indexOf("|---"))))
                    .contains("| `" + cause.getLast() + "` |");
        });
    }

    @Test
    void metricsAreFoundInAnExpression() {
        var expression = new PromQl("""
                sum by (pool, le) (rate(a_total{pool=~"$pool", cause=~"x|y"}[5m])) / on (pool) group_left b
                  > 0.5 or histogram_quantile(0.9, c_bucket) and absent(up)""");

        assertThat(expression.metrics()).containsExactly("a_total", "b", "c_bucket", "up");
        assertThat(expression.causes()).containsExactly(List.of("a_total", "x"), List.of("a_total", "y"));
    }
}
