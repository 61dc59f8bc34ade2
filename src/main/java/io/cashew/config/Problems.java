package io.cashew.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Collects what is wrong, up to a limit: somebody reads this, and a hostile file may have millions of mistakes.
final class Problems {
    static final int LIMIT = 100;

    private final List<ConfigProblem> problems = new ArrayList<>();

    void add(ConfigProblem problem) {
        if (problems.size() < LIMIT) {
            problems.add(problem);
        } else if (problems.size() == LIMIT) {
            problems.add(new ConfigProblem(problem.source(), OptionalInt.empty(), Optional.empty(), Optional.empty(),
                    Optional.empty(), "has more problems than these " + LIMIT, ""));
        }
    }

    boolean full() {
        return problems.size() > LIMIT;
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    int size() {
        return problems.size();
    }

    /// In the order of lines; what has no line, or another source, keeps its place behind.
    List<ConfigProblem> inOrder() {
        return problems.stream()
                .sorted(Comparator.comparingInt(problem -> problem.line().orElse(Integer.MAX_VALUE)))
                .toList();
    }
}
