package io.cashew.config;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Reads a command line as getopt_long(3) does for nutcracker.
///
/// Not by a library: that of choice, picocli, is compiled for Java 5, which no AOT cache can hold, and loading and verifying
/// it took an eighth of the time of a start.
final class CommandLine {
    private final Iterator<String> words;
    private final Map<CommandOption, String> given = new EnumMap<>(CommandOption.class);

    /// The command line cannot be followed; the message says why, in nutcracker's words.
    static final class Mistake extends Exception {
        private static final long serialVersionUID = 1L;

        Mistake(String message) {
            super(message);
        }
    }

    private CommandLine(String[] args) {
        words = List.of(args).iterator();
    }

    /// The options that are there, each with its argument or an empty text. The last of an option counts; operands do not.
    static Map<CommandOption, String> read(String[] args) throws Mistake {
        CommandLine line = new CommandLine(args);
        while (line.words.hasNext()) {
            String word = line.words.next();
            if (word.equals("--")) {
                break;
            }
            if (word.startsWith("--")) {
                line.readLong(word.substring(2));
            } else if (word.startsWith("-")) {
                line.readLetters(word.substring(1));
            }
        }
        return line.given;
    }

    /// `name`, `name=argument`, or the beginning of a name that no other has.
    private void readLong(String word) throws Mistake {
        String[] parts = word.split("=", 2);
        List<CommandOption> candidates = options().filter(option -> option.longName.startsWith(parts[0])).toList();
        if (candidates.size() != 1) {
            throw unknown(parts[0]);
        }
        CommandOption option = candidates.getFirst();
        if (option.hasArgument()) {
            put(option, parts.length == 2 ? parts[1] : next(option));
        } else if (parts.length == 1) {
            put(option, "");
        } else {
            throw unknown(String.valueOf(option.letter));
        }
    }

    /// Any number of options without an argument, then perhaps one with it.
    private void readLetters(String letters) throws Mistake {
        for (int i = 0; i < letters.length(); i++) {
            String letter = letters.substring(i, i + 1);
            CommandOption option = options()
                    .filter(each -> each.letter == letter.charAt(0))
                    .findFirst()
                    .orElseThrow(() -> unknown(letter));
            if (option.hasArgument()) {
                put(option, i + 1 < letters.length() ? letters.substring(i + 1) : next(option));
                return;
            }
            put(option, "");
        }
    }

    private void put(CommandOption option, String argument) throws Mistake {
        var wrong = option.wrong(argument);
        if (wrong.isPresent()) {
            throw new Mistake(wrong.get());
        }
        given.put(option, argument);
    }

    private String next(CommandOption option) throws Mistake {
        if (!words.hasNext()) {
            throw new Mistake(option.missing());
        }
        return words.next();
    }

    private static Stream<CommandOption> options() {
        return Stream.of(CommandOption.values());
    }

    private static Mistake unknown(String name) {
        return new Mistake("invalid option -- '" + Shown.plain(name) + "'");
    }
}
