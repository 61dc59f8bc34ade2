package io.cashew.config;

import java.util.List;

/// What came of reading a configuration: all of it is good, or none of it is used.
public sealed interface Reading {
    /// @param pools    in twemproxy's order: shorter name first, then by bytes. Listeners open, and statistics are
    ///                 shown, in this order
    /// @param warnings what is allowed and probably not wanted
    record Accepted(List<PoolConfig> pools, List<ConfigWarning> warnings) implements Reading {
        public Accepted {
            pools = List.copyOf(pools);
            warnings = List.copyOf(warnings);
        }
    }

    /// @param problems everything that is wrong, at least one
    record Refused(List<ConfigProblem> problems) implements Reading {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
