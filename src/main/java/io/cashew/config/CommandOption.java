package io.cashew.config;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// An option of nutcracker's command line, in the order in which help shows them.
enum CommandOption {
    HELP('h', "", "show this help and exit"),
    VERSION('V', "", "show the version and exit"),
    TEST_CONF('t', "", "check the configuration file and exit"),
    DAEMONIZE('d', "", "not supported: leave it to systemd or the container"),
    DESCRIBE_STATS('D', "", "show what the statistics mean and exit"),
    VERBOSE('v', "N", "log level, 0 to 11 (default: 5)"),
    OUTPUT('o', "FILE", "log file (default: standard error)"),
    CONF_FILE('c', "FILE", "configuration file (default: conf/nutcracker.yml)"),
    STATS_PORT('s', "PORT", "statistics port (default: 22222)"),
    STATS_ADDR('a', "ADDR", "statistics address (default: 0.0.0.0)"),
    STATS_INTERVAL('i', "MS", "accepted, no effect: statistics are never old"),
    PID_FILE('p', "FILE", "pid file (default: none)"),
    MBUF_SIZE('m', "SIZE", "buffer size in bytes (default: 16384)");

    private static final int MIN_MBUF_SIZE = 512;
    private static final int MAX_MBUF_SIZE = 16 << 20;

    final char letter;
    /// As in `--stats-port`, without the dashes.
    final String longName = name().toLowerCase(Locale.ROOT).replace('_', '-');
    /// What the argument is called in the help; empty where there is none.
    private final String argument;
    private final String meaning;

    CommandOption(char letter, String argument, String meaning) {
        this.letter = letter;
        this.argument = argument;
        this.meaning = meaning;
    }

    boolean hasArgument() {
        return !argument.isEmpty();
    }

    /// Its line of the help.
    String usage() {
        return "  -%c, --%-19s %s".formatted(letter, hasArgument() ? longName + '=' + argument : longName, meaning);
    }

    /// What is wrong with this argument, in nutcracker's words; empty if all is well.
    Optional<String> wrong(String text) {
        return switch (this) {
            case HELP, VERSION, TEST_CONF, DAEMONIZE, DESCRIBE_STATS, OUTPUT, CONF_FILE, STATS_ADDR, PID_FILE -> Optional.empty();
            case VERBOSE, STATS_INTERVAL -> Digits.number(text).isPresent() ? Optional.empty() : Optional.of(needed("a number"));
            case STATS_PORT -> wrongPort(text);
            case MBUF_SIZE -> wrongSize(text);
        };
    }

    private Optional<String> wrongPort(String text) {
        OptionalInt number = Digits.number(text);
        if (number.isEmpty()) {
            return Optional.of(needed("a number"));
        }
        return Digits.port(text).isPresent()
                ? Optional.empty()
                : Optional.of("option -s value " + number.getAsInt() + " is not a valid port");
    }

    private Optional<String> wrongSize(String text) {
        int size = Digits.number(text).orElse(0);
        if (size == 0) {
            return Optional.of(needed("a non-zero number"));
        }
        return size >= MIN_MBUF_SIZE && size <= MAX_MBUF_SIZE
                ? Optional.empty()
                : Optional.of("mbuf chunk size must be between " + MIN_MBUF_SIZE + " and " + MAX_MBUF_SIZE + " bytes");
    }

    /// What is said when the argument is not there.
    String missing() {
        return needed(switch (argument) {
            case "FILE" -> "a file name";
            case "ADDR" -> "a string";
            default -> "a number";
        });
    }

    private String needed(String what) {
        return "option -" + letter + " requires " + what;
    }
}
