package io.cashew.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashew.protocol.Failure.Fault;
import io.cashew.protocol.Failure.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/reliability.md` says of every error that is not the client's fault whether the request may have run. Clients know
/// errors by their text, so an error may have run if one failure of that text may.
class FailureDocumentTest {
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (no|perhaps)\\b.*");

    @Test
    void everyErrorIsDocumentedWithWhetherItMayHaveRun() throws IOException {
        Map<String, String> documented = Files.readAllLines(Path.of("docs/reliability.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2), (a, b) -> a + " and " + b, TreeMap::new));

        Map<String, String> real = Arrays.stream(Failure.values())
                .filter(failure -> failure.fault() != Fault.CLIENT)
                // Clients hear the server's own words.
                .filter(failure -> failure != Failure.SERVER_UNABLE)
                .collect(Collectors.groupingBy(
                        Failure::text,
                        TreeMap::new,
                        Collectors.mapping(
                                Function.identity(),
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        failures -> failures.stream().allMatch(failure -> failure.retry() == Retry.SAFE)
                                                ? "no"
                                                : "perhaps"))));

        assertThat(documented).isEqualTo(real);
    }
}
