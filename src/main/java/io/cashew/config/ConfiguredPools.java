package io.cashew.config;

import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// All pools the user configured, wherever they were written: those under `cashew.pools`, and those of one
/// nutcracker.yml.
public final class ConfiguredPools {
    /// Read when nothing else is configured, as by nutcracker.
    public static final Path DEFAULT_FILE = Path.of("conf", "nutcracker.yml");

    private static final int MAX_WORKERS = 1024;

    private ConfiguredPools() {}

    /// Reads them all and compares them with each other. The nutcracker.yml is `optionFile` (option `-c`), else
    /// `cashew.config-file`, else, if no pool is configured at all, [#DEFAULT_FILE] where it exists. Without any of
    /// them no pools are accepted, and the caller decides what that means.
    ///
    /// @param config must know the mapping [CashewConfig]
    public static Reading read(SmallRyeConfig config, Optional<Path> optionFile) {
        return read(config, optionFile, DEFAULT_FILE);
    }

    static Reading read(SmallRyeConfig config, Optional<Path> optionFile, Path defaultFile) {
        CashewConfig cashew = config.getConfigMapping(CashewConfig.class);
        Problems problems = new Problems();
        checkWorkers(cashew, problems);
        List<WrittenPool> written = new ArrayList<>(CashewProperties.written(config, cashew, problems));
        Optional<Path> file = optionFile.or(() -> cashew.configFile().map(Path::of));
        if (file.isEmpty() && written.isEmpty() && problems.isEmpty() && Files.exists(defaultFile)) {
            file = Optional.of(defaultFile);
        }
        file.ifPresent(path -> written.addAll(NutcrackerFile.written(path, problems)));
        return PoolChecks.read(written, problems);
    }

    private static void checkWorkers(CashewConfig cashew, Problems problems) {
        if (cashew.workers().isPresent() && (cashew.workers().getAsInt() < 1 || cashew.workers().getAsInt() > MAX_WORKERS)) {
            problems.add(new ConfigProblem("configuration", OptionalInt.empty(), Optional.empty(),
                    Optional.of(CashewConfig.PREFIX + ".workers"),
                    Optional.of(String.valueOf(cashew.workers().getAsInt())), "is not a valid number of event loops",
                    "1 to " + MAX_WORKERS));
        }
    }
}
