package io.cashew.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How the sources look.
class SourcesTest {
    private static final int WIDEST = 132;

    /// One text and what stands around it, which a break would only make harder to read.
    private static final Pattern ONE_TEXT = Pattern.compile("\\s*(\\+ |[.\\w]+(\\(| = ))?\"(\\\\.|[^\"\\\\])*\"[^\"]*");

    @Test
    void noLineIsTooWideToBeReadBesideAnother() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java")).flatMap(SourcesTest::tooWide))
                    .as("lines of more than %d characters", WIDEST)
                    .isEmpty();
        }
    }

    private static Stream<String> tooWide(Path file) {
        List<String> found = new ArrayList<>();
        boolean inText = false;
        for (String line : lines(file)) {
            boolean bordersText = line.split("\"\"\"", -1).length % 2 == 0;
            if (line.length() > WIDEST && !inText && !bordersText && !ONE_TEXT.matcher(line).matches()) {
                found.add(file + ": " + line.strip());
            }
            inText ^= bordersText;
        }
        return found.stream();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
