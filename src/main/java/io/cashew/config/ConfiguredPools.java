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
    private static final int MAX_COUNT = 16 << 20;
    /// Messages are addressed by signed 32-bit offsets.
    private static final int MAX_SIZE = 1 << 30;
    /// A year.
    private static final long MAX_MILLIS = 365L * 24 * 60 * 60 * 1000;
    /// An hour; with as many attempts as there may be, the sum of them is still a time.
    private static final long MAX_PASSWORD_MILLIS = 60L * 60 * 1000;
    /// Less would not hold what a few dozen ordinary connections need.
    private static final int MIN_MEMORY = 8 << 20;
    /// One second before the first sign of life is asked for, and three questions a second apart.
    private static final int MIN_VANISHED_MILLIS = 4_000;
    /// Half of it is the longest time Linux can be told to wait (`MAX_TCP_KEEPIDLE`, 32767 seconds).
    private static final int MAX_VANISHED_MILLIS = 16 * 60 * 60 * 1000;
    /// Shorter lines would refuse ordinary requests.
    private static final int MIN_LINE = 128;

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
        check(cashew, problems);
        List<WrittenPool> written = new ArrayList<>(CashewProperties.written(config, cashew, problems));
        Optional<Path> file = optionFile.or(() -> file(cashew));
        if (file.isEmpty() && written.isEmpty() && problems.isEmpty() && Files.exists(defaultFile)) {
            file = Optional.of(defaultFile);
        }
        file.ifPresent(path -> written.addAll(NutcrackerFile.written(path, problems)));
        return PoolChecks.read(written, problems);
    }

    private static Optional<Path> file(CashewConfig cashew) {
        return cashew.configFile().map(Path::of);
    }

    /// The files that [#read(SmallRyeConfig, Optional)] reads, or would read if they were there.
    public static List<Path> files(SmallRyeConfig config) {
        CashewConfig cashew = config.getConfigMapping(CashewConfig.class);
        List<Path> files = new ArrayList<>(RereadConfig.files(config));
        file(cashew).or(() -> cashew.pools().isEmpty() ? Optional.of(DEFAULT_FILE) : Optional.empty()).ifPresent(files::add);
        return files;
    }

    private static void check(CashewConfig cashew, Problems problems) {
        cashew.workers().ifPresent(workers ->
                check("workers", workers, 1, MAX_WORKERS, "is not a valid number of event loops", problems));
        cashew.statistics().port().ifPresent(port ->
                check("statistics.port", port, 0, Digits.MAX_PORT, "is not a valid port", problems));
        cashew.rest().users().forEach((name, user) -> check(name, user, problems));
        String notATime = "is not a valid time";
        check("reload.interval", cashew.reload().interval().toMillis(), 0, MAX_MILLIS, notATime, problems);
        check("reload.drain", cashew.reload().drain().toMillis(), 0, MAX_MILLIS, notATime, problems);
        check("shutdown.delay", cashew.shutdown().delay().toMillis(), 0, MAX_MILLIS, notATime, problems);
        check("shutdown.spread", cashew.shutdown().spread().toMillis(), 0, MAX_MILLIS, notATime, problems);
        check("shutdown.grace", cashew.shutdown().grace().toMillis(), 0, MAX_MILLIS, notATime, problems);
        CashewConfig.LimitsConfig limits = cashew.limits();
        String notALimit = "is not a valid limit";
        check("limits.arguments", limits.arguments(), 1, MAX_COUNT, notALimit, problems);
        check("limits.bulk", limits.bulk().asLongValue(), 1, MAX_SIZE, notALimit, problems);
        check("limits.line", limits.line().asLongValue(), MIN_LINE, MAX_SIZE, notALimit, problems);
        check("limits.message", limits.message().asLongValue(), MIN_LINE, MAX_SIZE, notALimit, problems);
        check("limits.pipelined", limits.pipelined(), 1, MAX_COUNT, notALimit, problems);
        check("limits.unread", limits.unread().asLongValue(), 1, MAX_SIZE, notALimit, problems);
        check("limits.output", limits.output().asLongValue(), 0, Long.MAX_VALUE, notALimit, problems);
        limits.memory().ifPresent(memory ->
                check("limits.memory", memory.asLongValue(), MIN_MEMORY, Long.MAX_VALUE, notALimit, problems));
        limits.idle().ifPresent(idle -> check("limits.idle", idle.toMillis(), 1, MAX_MILLIS, notALimit, problems));
        check("limits.unfinished", limits.unfinished().toMillis(), 1, MAX_MILLIS, notALimit, problems);
        if (!limits.vanished().isZero()) {
            check("limits.vanished", limits.vanished().toMillis(), MIN_VANISHED_MILLIS, MAX_VANISHED_MILLIS, notALimit, problems);
        }
        check("limits.pending", limits.pending(), 1, MAX_COUNT, notALimit, problems);
        check("limits.private-connections", limits.privateConnections(), 0, MAX_COUNT, notALimit, problems);
        check("limits.subscriptions-per-client", limits.subscriptionsPerClient(), 0, MAX_COUNT, notALimit, problems);
        check("limits.subscriptions", limits.subscriptions(), 0, MAX_COUNT, notALimit, problems);
        check("limits.password-attempts", limits.passwordAttempts(), 0, MAX_COUNT, notALimit, problems);
        check("limits.password-interval", limits.passwordInterval().toMillis(), 1, MAX_PASSWORD_MILLIS, notALimit, problems);
        limits.unsent().ifPresent(unsent ->
                check("limits.unsent", unsent.asLongValue(), 1, Long.MAX_VALUE, notALimit, problems));
    }

    private static void check(String name, CashewConfig.UserConfig user, Problems problems) {
        String reason = null;
        if (name.contains(":")) {
            reason = "has a colon in its name, which HTTP Basic ends the name with";
        } else if (user.password().isPresent() == user.passwordFile().isPresent()) {
            reason = "needs a password or a password-file, and not both";
        }
        if (reason != null) {
            problems.add(new ConfigProblem("configuration", OptionalInt.empty(), Optional.empty(),
                    Optional.of(CashewConfig.PREFIX + ".rest.users.\"" + Shown.plain(name) + "\""), Optional.empty(), reason,
                    "password-file=/run/secrets/NAME"));
        }
    }

    private static void check(String key, long value, long least, long most, String reason, Problems problems) {
        if (value < least || value > most) {
            problems.add(new ConfigProblem("configuration", OptionalInt.empty(), Optional.empty(),
                    Optional.of(CashewConfig.PREFIX + "." + key), Optional.of(String.valueOf(value)), reason,
                    least + " to " + most));
        }
    }
}
