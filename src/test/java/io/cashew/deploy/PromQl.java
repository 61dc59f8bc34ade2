package io.cashew.deploy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// An expression of PromQL, as far as one has to understand it to see what it asks for.
///
/// @param text as in an alert or a board; variables of Grafana may be in its ranges and label values
public record PromQl(String text) {
    private static final Pattern LABELS = Pattern.compile("\\{[^}]*}|\\[[^]]*]|\"[^\"]*\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("\\b[a-zA-Z_:][\\w:]*\\b(?!\\s*\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "group_left", "group_right");
    private static final Pattern SELECTED = Pattern.compile("(?<metric>\\w+)\\{(?<labels>[^}]*)}");
    private static final Pattern CAUSES = Pattern.compile("\\bcause=~?\"([^\"]*)\"");

    /// Names of all metrics, with the suffixes of their series.
    public Set<String> metrics() {
        String bare = GROUPING.matcher(LABELS.matcher(text).replaceAll("")).replaceAll("");
        var metrics = new TreeSet<String>();
        NAME.matcher(bare).results().map(MatchResult::group).filter(name -> !WORDS.contains(name)).forEach(metrics::add);
        return metrics;
    }

    /// As `metric cause`, every cause that is picked out.
    Stream<List<String>> causes() {
        return SELECTED.matcher(text).results().flatMap(selected -> CAUSES.matcher(selected.group("labels")).results()
                .flatMap(causes -> Stream.of(causes.group(1).split("\\|")))
                .map(cause -> List.of(selected.group("metric"), cause)));
    }
}
