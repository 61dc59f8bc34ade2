package io.cashew.compatibility;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The table of deliberate differences in `docs/compatibility.md`, as far as its rows name a transcript.
record CompatibilityTable(List<String> transcripts) {
    private static final Pattern ROW = Pattern.compile("\\| `((?:redis|mc)-[a-z0-9_-]+)` \\|.*\\|.*\\|.*\\|");

    static CompatibilityTable read() {
        var names = new ArrayList<String>();
        for (String line : TranscriptStage.read(Path.of("docs/compatibility.md")).lines().toList()) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                names.add(row.group(1));
            }
        }
        return new CompatibilityTable(List.copyOf(names));
    }
}
