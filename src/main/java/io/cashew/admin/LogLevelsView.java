package io.cashew.admin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// How much the parts of Cashew say in the log; what is sent to change it looks the same.
@Schema(name = "LogLevels")
record LogLevelsView(
        @Schema(
                        description = """
                                `ERROR`, `WARN`, `INFO` or `DEBUG` by category; all others have the level of the category around them, \
                                and `io.cashew` that of `quarkus.log.level`.""")
                Map<String, String> levels,
        @Schema(description = "All categories there are by now; not needed to change something.", nullable = true)
                List<String> categories) {

    static LogLevelsView of(LogLevels levels) {
        Map<String, String> texts = new TreeMap<>();
        levels.levels().forEach((category, level) -> texts.put(category, level.name()));
        return new LogLevelsView(texts, List.copyOf(levels.categories()));
    }
}
