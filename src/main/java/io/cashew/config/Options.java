package io.cashew.config;

import static io.cashew.config.CommandOption.CONF_FILE;
import static io.cashew.config.CommandOption.DAEMONIZE;
import static io.cashew.config.CommandOption.DESCRIBE_STATS;
import static io.cashew.config.CommandOption.HELP;
import static io.cashew.config.CommandOption.MBUF_SIZE;
import static io.cashew.config.CommandOption.OUTPUT;
import static io.cashew.config.CommandOption.PID_FILE;
import static io.cashew.config.CommandOption.STATS_ADDR;
import static io.cashew.config.CommandOption.STATS_INTERVAL;
import static io.cashew.config.CommandOption.STATS_PORT;
import static io.cashew.config.CommandOption.TEST_CONF;
import static io.cashew.config.CommandOption.VERBOSE;
import static io.cashew.config.CommandOption.VERSION;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// nutcracker's command line, understood as nutcracker does: options and operands in any order, operands ignored, long
/// names cut short while unambiguous, everything said on standard error.
///
/// @param verbosity     log level, 0 (emergencies) to 11; 5 without `-v`
/// @param output        log file; empty for standard error
/// @param configFile    as given with `-c`
/// @param statsPort     of the statistics listener, 1 to 65535; empty if not given
/// @param statsAddress  of the statistics listener: a name, an address, or a path that starts with `/`; empty if not given
/// @param statsInterval how often nutcracker adds its statistics up, may be zero; accepted because scripts give it
/// @param pidFile       written at start, removed at the end
/// @param mbufSize      bytes of a buffer, 512 to 16777216; accepted because scripts give it
public record Options(
        int verbosity,
        Optional<Path> output,
        Optional<Path> configFile,
        OptionalInt statsPort,
        Optional<String> statsAddress,
        Duration statsInterval,
        Optional<Path> pidFile,
        int mbufSize) {

    private static final String NAME = "nutcracker: ";
    private static final int MAX_VERBOSITY = 11;

    /// What the command line asks for.
    public sealed interface Outcome {
        /// Start, with these options.
        record Run(Options options) implements Outcome {}

        /// Everything has been said and done; end the process with this code.
        record Exit(int code) implements Outcome {}
    }

    /// Reads the command line, and does what needs no proxy: help, version, descriptions, the test of a configuration.
    public static Outcome parse(String[] args, PrintStream err) {
        Map<CommandOption, String> given;
        try {
            given = CommandLine.read(args);
        } catch (CommandLine.Mistake mistake) {
            err.println(NAME + mistake.getMessage());
            usage(err);
            return new Outcome.Exit(1);
        }
        if (given.containsKey(HELP) || given.containsKey(VERSION) || given.containsKey(DESCRIBE_STATS)) {
            version(err);
            if (given.containsKey(HELP)) {
                usage(err);
            }
            if (given.containsKey(DESCRIBE_STATS)) {
                StatisticsDescriptions.print(err);
            }
            return new Outcome.Exit(0);
        }
        Options options = from(given);
        if (given.containsKey(TEST_CONF)) {
            return new Outcome.Exit(test(options.configFile().orElse(ConfiguredPools.DEFAULT_FILE), err));
        }
        if (given.containsKey(DAEMONIZE)) {
            err.println(NAME + "option -d is not supported: leave the background to a service manager (systemd with "
                    + "Type=exec, or a container run with --detach) and start Cashew without -d");
            return new Outcome.Exit(1);
        }
        return new Outcome.Run(options);
    }

    /// Says on `err` what is wrong with a configuration, then the one line scripts look for.
    public static void explain(Reading.Refused refused, Path file, PrintStream err) {
        refused.problems().forEach(err::println);
        err.println(NAME + "configuration file '" + file + "' syntax is invalid");
    }

    private static int test(Path file, PrintStream err) {
        return switch (NutcrackerFile.read(file)) {
            case Reading.Accepted(var pools, var warnings) -> {
                warnings.forEach(err::println);
                err.println(NAME + "configuration file '" + file + "' syntax is ok");
                yield 0;
            }
            case Reading.Refused refused -> {
                explain(refused, file, err);
                yield 1;
            }
        };
    }

    private static Options from(Map<CommandOption, String> given) {
        return new Options(
                Math.min(number(given, VERBOSE).orElse(5), MAX_VERBOSITY),
                file(given, OUTPUT),
                file(given, CONF_FILE),
                number(given, STATS_PORT),
                Optional.ofNullable(given.get(STATS_ADDR)),
                Duration.ofMillis(number(given, STATS_INTERVAL).orElse(30_000)),
                file(given, PID_FILE),
                number(given, MBUF_SIZE).orElse(16384));
    }

    private static OptionalInt number(Map<CommandOption, String> given, CommandOption option) {
        return given.containsKey(option) ? Digits.number(given.get(option)) : OptionalInt.empty();
    }

    private static Optional<Path> file(Map<CommandOption, String> given, CommandOption option) {
        return Optional.ofNullable(given.get(option)).filter(name -> !name.isEmpty()).map(Path::of);
    }

    private static void version(PrintStream err) {
        err.println("This is cashew-" + Version.current() + " (compatible with nutcracker-0.5.0)");
        err.println();
    }

    private static void usage(PrintStream err) {
        err.println("Usage: cashew [OPTION]...");
        for (CommandOption option : CommandOption.values()) {
            err.println(option.usage());
        }
    }
}
