package io.cashew.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.sharding.DistributionKind;
import io.cashew.sharding.HashFunction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The reference in `docs/configuration.md` lists what the code knows, and its examples work.
class ConfigurationDocumentTest {
    private final String document = read();

    @TempDir
    Path directory;

    @Test
    void itListsEveryKeyInBothSpellings() {
        List<String> rows = table("Keys of a pool", "\\| `([a-z_]+)` \\| `([a-z-]+)` \\|");

        assertThat(rows).isEqualTo(Arrays.stream(PoolKey.values())
                .map(key -> key.directive() + " " + key.property())
                .toList());
    }

    @Test
    void itListsEveryHashAndEveryDistribution() {
        assertThat(HashFunction.values()).allSatisfy(hash -> assertThat(row("`hash` |")).contains("`" + hash.label() + "`"));
        assertThat(DistributionKind.values())
                .allSatisfy(kind -> assertThat(row("`distribution` |")).contains("`" + kind.label() + "`"));
    }

    @Test
    void itListsEveryPropertyOfTheSection() {
        List<String> sections = table("The same in application.yaml", "\\| `cashew\\.([a-z-]+)\\S*()` \\|");
        List<String> limits = table("The same in application.yaml", "\\| `cashew\\.limits\\.([a-z-]+)()` \\|");

        assertThat(sections.stream().map(String::strip).distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(CashewConfig.class.getMethods())
                        .map(method -> method.getName().equals("configFile") ? "config-file" : method.getName())
                        .toList());
        assertThat(limits).map(String::strip)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(CashewConfig.LimitsConfig.class.getMethods())
                        .map(Method::getName)
                        .map(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void itListsEveryOption() {
        ByteArrayOutputStream help = new ByteArrayOutputStream();
        Options.parse(new String[] {"-h"}, new PrintStream(help, true, StandardCharsets.UTF_8));
        List<String> known = Pattern.compile("(?m)^ +(-\\w), (--[a-z-]+)").matcher(help.toString(StandardCharsets.UTF_8))
                .results().map(ConfigurationDocumentTest::pair).toList();

        assertThat(table("Command line", "\\| `(-\\w)` \\| `(--[a-z-]+)` \\|")).isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void itsExampleIsAccepted() {
        String example = document.substring(document.indexOf("```yaml\n") + 8);

        PoolConfig pool = ReadingFixture.onlyPool(
                ReadingFixture.read(directory, example.substring(0, example.indexOf("```"))));

        assertThat(pool.servers()).extracting(ServerConfig::name).containsExactly("one", "two");
    }

    private List<String> table(String heading, String row) {
        String section = document.substring(document.indexOf("\n## " + heading) + 1);
        int end = section.indexOf("\n## ");
        return Pattern.compile("(?m)^" + row).matcher(end < 0 ? section : section.substring(0, end)).results()
                .map(ConfigurationDocumentTest::pair).toList();
    }

    private String row(String start) {
        return document.lines().filter(line -> line.startsWith("| " + start)).findFirst().orElseThrow();
    }

    private static String pair(MatchResult match) {
        return match.group(1) + " " + match.group(2);
    }

    private static String read() {
        try {
            return Files.readString(Path.of("docs", "configuration.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
