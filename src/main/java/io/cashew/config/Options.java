package io.cashew.config;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

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
    private static final int MIN_MBUF_SIZE = 512;
    private static final int MAX_MBUF_SIZE = 16 << 20;

    /// What the command line asks for.
    public sealed interface Outcome {
        /// Start, with these options.
        record Run(Options options) implements Outcome {}

        /// Everything has been said and done; end the process with this code.
        record Exit(int code) implements Outcome {}
    }

    /// Reads the command line, and does what needs no proxy: help, version, descriptions, the test of a configuration.
    public static Outcome parse(String[] args, PrintStream err) {
        CommandSpec spec = spec();
        CommandLine commandLine = new CommandLine(spec)
                .setAbbreviatedOptionsAllowed(true)
                .setOverwrittenOptionsAllowed(true)
                .setExpandAtFiles(false)
                .setTrimQuotes(false)
                .setInterpolateVariables(false);
        ParseResult given;
        try {
            given = commandLine.parseArgs(args);
        } catch (ParameterException e) {
            err.println(NAME + complaint(e, args));
            usage(commandLine, err);
            return new Outcome.Exit(1);
        }
        if (given.hasMatchedOption('h') || given.hasMatchedOption('V') || given.hasMatchedOption('D')) {
            version(err);
            if (given.hasMatchedOption('h')) {
                usage(commandLine, err);
            }
            if (given.hasMatchedOption('D')) {
                StatisticsDescriptions.print(err);
            }
            return new Outcome.Exit(0);
        }
        Options options = from(given);
        if (given.hasMatchedOption('t')) {
            return new Outcome.Exit(test(options.configFile().orElse(ConfiguredPools.DEFAULT_FILE), err));
        }
        if (given.hasMatchedOption('d')) {
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

    private static Options from(ParseResult given) {
        return new Options(
                Math.min(given.matchedOptionValue('v', 5), MAX_VERBOSITY),
                file(given, 'o'),
                file(given, 'c'),
                given.hasMatchedOption('s') ? OptionalInt.of(given.matchedOptionValue('s', 0)) : OptionalInt.empty(),
                Optional.ofNullable(given.matchedOptionValue('a', null)),
                Duration.ofMillis(given.matchedOptionValue('i', 30_000)),
                file(given, 'p'),
                given.matchedOptionValue('m', 16384));
    }

    private static Optional<Path> file(ParseResult given, char option) {
        return Optional.of(given.matchedOptionValue(option, "")).filter(name -> !name.isEmpty()).map(Path::of);
    }

    private static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("cashew");
        spec.addOption(flag("-h", "--help", "show this help and exit"));
        spec.addOption(flag("-V", "--version", "show the version and exit"));
        spec.addOption(flag("-t", "--test-conf", "check the configuration file and exit"));
        spec.addOption(flag("-d", "--daemonize", "not supported: leave it to systemd or the container"));
        spec.addOption(flag("-D", "--describe-stats", "show what the statistics mean and exit"));
        spec.addOption(number("-v", "--verbose", "N", "log level, 0 to 11 (default: 5)"));
        spec.addOption(text("-o", "--output", "FILE", "log file (default: standard error)"));
        spec.addOption(text("-c", "--conf-file", "FILE", "configuration file (default: conf/nutcracker.yml)"));
        spec.addOption(number("-s", "--stats-port", "PORT", "statistics port (default: 22222)"));
        spec.addOption(text("-a", "--stats-addr", "ADDR", "statistics address (default: 0.0.0.0)"));
        spec.addOption(number("-i", "--stats-interval", "MS", "accepted, no effect: statistics are never old"));
        spec.addOption(text("-p", "--pid-file", "FILE", "pid file (default: none)"));
        spec.addOption(number("-m", "--mbuf-size", "SIZE", "buffer size in bytes (default: 16384)"));
        spec.addPositional(PositionalParamSpec.builder().arity("0..*").hidden(true).type(String[].class).build());
        return spec;
    }

    private static OptionSpec flag(String shortName, String longName, String description) {
        return OptionSpec.builder(shortName, longName).arity("0").type(boolean.class).description(description).build();
    }

    private static OptionSpec text(String shortName, String longName, String label, String description) {
        return OptionSpec.builder(shortName, longName).arity("1").type(String.class).paramLabel(label)
                .description(description).build();
    }

    private static OptionSpec number(String shortName, String longName, String label, String description) {
        return OptionSpec.builder(shortName, longName).arity("1").type(Integer.class).paramLabel(label)
                .description(description)
                .converters(text -> checked(shortName, text))
                .build();
    }

    private static int checked(String option, String text) {
        OptionalInt number = Digits.number(text);
        if (number.isEmpty() || option.equals("-m") && number.getAsInt() == 0) {
            throw new TypeConversionException(needed(option));
        }
        int value = number.getAsInt();
        if (option.equals("-s") && Digits.port(text).isEmpty()) {
            throw new TypeConversionException("option -s value " + value + " is not a valid port");
        }
        if (option.equals("-m") && (value < MIN_MBUF_SIZE || value > MAX_MBUF_SIZE)) {
            throw new TypeConversionException("mbuf chunk size must be between " + MIN_MBUF_SIZE + " and "
                    + MAX_MBUF_SIZE + " bytes");
        }
        return value;
    }

    private static String needed(String option) {
        return "option " + option + " requires " + (option.equals("-m") ? "a non-zero number" : "a number");
    }

    private static String complaint(ParameterException e, String[] args) {
        return switch (e) {
            case MissingParameterException missing -> missingArgument(missing.getMissing().getFirst());
            case UnmatchedArgumentException unmatched -> invalid(unmatched.getUnmatched().getFirst());
            default -> e.getCause() instanceof TypeConversionException wrong ? wrong.getMessage()
                    : invalid(longOptionAtFault(e.getCommandLine().getCommandSpec(), args));
        };
    }

    /// The long option that is ambiguous, or has an argument where it takes none: what is left to go wrong.
    private static String longOptionAtFault(CommandSpec spec, String[] args) {
        for (String arg : args) {
            String name = arg.split("=", 2)[0];
            if (name.length() > 2 && name.startsWith("--") && !spec.optionsMap().containsKey(name)) {
                long candidates = spec.options().stream()
                        .filter(option -> option.longestName().startsWith(name))
                        .count();
                if (candidates != 1) {
                    return name;
                }
            }
            Optional<OptionSpec> flag = spec.options().stream()
                    .filter(option -> option.longestName().startsWith(name) && option.arity().max() == 0)
                    .findFirst();
            if (arg.startsWith("--") && arg.contains("=") && flag.isPresent()) {
                return flag.get().shortestName();
            }
        }
        return "";
    }

    private static String missingArgument(ArgSpec missing) {
        String option = ((OptionSpec) missing).shortestName();
        return switch (option) {
            case "-o", "-c", "-p" -> "option " + option + " requires a file name";
            case "-a" -> "option " + option + " requires a string";
            default -> "option " + option + " requires a number";
        };
    }

    private static String invalid(String argument) {
        String name = argument.startsWith("--") ? argument.substring(2)
                : argument.startsWith("-") && argument.length() > 1 ? argument.substring(1, 2) : argument;
        return "invalid option -- '" + Shown.plain(name) + "'";
    }

    private static void version(PrintStream err) {
        err.println("This is cashew-" + Version.current() + " (compatible with nutcracker-0.5.0)");
        err.println();
    }

    private static void usage(CommandLine commandLine, PrintStream err) {
        commandLine.usage(err, Ansi.OFF);
    }
}
