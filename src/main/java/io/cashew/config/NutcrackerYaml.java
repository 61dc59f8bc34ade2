package io.cashew.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.scanner.Scanner;
import org.yaml.snakeyaml.scanner.ScannerImpl;
import org.yaml.snakeyaml.tokens.DirectiveToken;
import org.yaml.snakeyaml.tokens.Token;

/// The subset of YAML a nutcracker.yml is written in: one document, a mapping of pools to mappings of keys to scalars,
/// and in each pool exactly one sequence of scalars. No flow style, anchors, aliases, tags, directives, document marks.
///
/// ```
///   pool:                     depth 1
///     key: scalar             depth 2
///     servers:
///      - scalar
/// ```
///
/// Read twice, as tokens for what is forbidden and as events for the structure; neither recurses nor builds a tree, so
/// what somebody nests costs no stack. Complaints are worded as twemproxy's. None of them quotes the text around it,
/// which may contain a password.
final class NutcrackerYaml {
    private static final String SHAPE = "pools at depth 1, their keys at depth 2, and one list, servers, in each pool";

    /// YAML allows tabs between a key and its value, and the original does; SnakeYAML does not.
    private static final Pattern TABS_BEHIND_KEY = Pattern.compile("(?m)^( *+[\\w.-]++ *+:)([ \\t]*+)");

    private final String file;
    private final Problems problems;
    private final List<WrittenPool> pools = new ArrayList<>();

    NutcrackerYaml(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    List<WrittenPool> read(String text) {
        String readable = text.indexOf('\t') < 0 ? text : TABS_BEHIND_KEY.matcher(text)
                .replaceAll(key -> key.group(1) + key.group(2).replace('\t', ' '));
        try {
            refuseForbiddenTokens(new ScannerImpl(new StreamReader(readable), options()));
            if (!problems.full()) {
                readStream(new ParserImpl(new StreamReader(readable), options()));
            }
        } catch (MarkedYAMLException e) {
            syntaxError(e.getProblem(), line(e.getProblemMark()));
        } catch (YAMLException e) {
            syntaxError("a character that cannot be in a YAML file", OptionalInt.empty());
        }
        return pools;
    }

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(NutcrackerFile.MAX_BYTES);
        return options;
    }

    private void syntaxError(String problem, OptionalInt line) {
        complain(line, "failed to get the next yaml document", problem == null ? "" : Shown.plain(problem));
    }

    private void refuseForbiddenTokens(Scanner scanner) {
        while (!scanner.checkToken(Token.ID.StreamEnd) && !problems.full()) {
            Token token = scanner.getToken();
            String forbidden = forbidden(token);
            if (forbidden != null) {
                complain(line(token.getStartMark()), forbidden + " is disallowed", insteadOf(token));
            }
        }
    }

    /// The token as twemproxy calls it, with the number it has in libyaml; null if it is allowed.
    private static String forbidden(Token token) {
        return switch (token.getTokenId()) {
            case Directive -> token instanceof DirectiveToken<?> directive && "TAG".equals(directive.getName())
                    ? "tag directive token (4)" : "version directive token (3)";
            case DocumentStart -> "document start token (5)";
            case DocumentEnd -> "document end token (6)";
            case FlowSequenceStart -> "flow sequence start token (10)";
            case FlowSequenceEnd -> "flow sequence end token (11)";
            case FlowMappingStart -> "flow mapping start token (12)";
            case FlowMappingEnd -> "flow mapping end token (13)";
            case FlowEntry -> "flow entry token (16)";
            case Alias -> "alias token (18)";
            case Anchor -> "anchor token (19)";
            case Tag -> "tag token (20)";
            default -> null;
        };
    }

    private static String insteadOf(Token token) {
        return switch (token.getTokenId()) {
            case Directive, DocumentStart, DocumentEnd -> "the file is one document without marks";
            case FlowSequenceStart, FlowSequenceEnd, FlowMappingStart, FlowMappingEnd, FlowEntry ->
                "write one entry per line, or put the value in quotes";
            default -> "write the value itself, in quotes if it begins with a special character";
        };
    }

    private void readStream(Parser parser) {
        int documents = 0;
        parser.getEvent();
        while (parser.checkEvent(Event.ID.DocumentStart)) {
            documents++;
            parser.getEvent();
            if (documents == 1) {
                readPools(parser);
            } else {
                skipNode(parser);
            }
            if (problems.full()) {
                return;
            }
            parser.getEvent();
        }
        if (documents != 1) {
            complain(OptionalInt.empty(), "'" + Shown.plain(file) + "' must contain only 1 document; found " + documents
                    + " documents", SHAPE);
        }
    }

    private void readPools(Parser parser) {
        if (!parser.checkEvent(Event.ID.MappingStart)) {
            Event event = parser.peekEvent();
            if (event instanceof ScalarEvent) {
                complain(line(event.getStartMark()), about("has invalid empty \"key:\" at depth 0"), SHAPE);
            } else if (!alreadyRefused(event)) {
                complain(line(event.getStartMark()), about("has sequence at depth 0 instead of 2"), SHAPE);
            }
            skipNode(parser);
            return;
        }
        parser.getEvent();
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            readPool(parser);
            if (problems.full()) {
                return;
            }
        }
        parser.getEvent();
    }

    private void readPool(Parser parser) {
        Optional<ScalarEvent> name = readKey(parser);
        Event body = parser.peekEvent();
        OptionalInt line = name.map(event -> line(event.getStartMark())).orElse(line(body.getStartMark()));
        if (!(body instanceof MappingStartEvent) || alreadyRefused(body)) {
            if (body instanceof ScalarEvent) {
                complain(line, about("has invalid mapping \"key:\" at depth 1"),
                        "a pool has a body of keys, indented under its name");
            } else if (!alreadyRefused(body)) {
                complain(line, about("has sequence at depth 1 instead of 2"), SHAPE);
            }
            skipNode(parser);
            return;
        }
        parser.getEvent();
        WrittenPool pool = new WrittenPool(
                Spelling.NUTCRACKER, name.map(ScalarEvent::getValue).orElse(""), file, line);
        int sequences = 0;
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            sequences += readDirective(parser, pool);
            if (problems.full()) {
                return;
            }
        }
        parser.getEvent();
        if (sequences == 0) {
            complain(line, Optional.of(pool.name()), about("missing sequence directive at depth 2"),
                    "a pool needs servers, a list of at least one, " + ServerReader.ALLOWED);
            pool.addUnreadable(PoolKey.SERVERS);
        } else if (sequences > 1) {
            complain(line, Optional.of(pool.name()), about("has more than one sequence directive"),
                    "servers is the only list");
        }
        pools.add(pool);
    }

    /// Reads `key: value`; the number of sequences it had, 0 or 1.
    private int readDirective(Parser parser, WrittenPool pool) {
        Optional<ScalarEvent> name = readKey(parser);
        Optional<PoolKey> key = name.map(ScalarEvent::getValue).flatMap(PoolKey::ofDirective);
        if (name.isPresent() && key.isEmpty()) {
            problems.add(new ConfigProblem(file, line(name.get().getStartMark()), Optional.of(pool.name()),
                    Optional.of(Shown.key(name.get().getValue())), Optional.empty(), "is unknown",
                    "one of " + PoolKey.allDirectives()));
        }
        Event value = parser.peekEvent();
        if (alreadyRefused(value)) {
            key.ifPresent(pool::addUnreadable);
            skipNode(parser);
            // Servers in flow style were meant to be the pool's list
            return key.equals(Optional.of(PoolKey.SERVERS)) ? 1 : 0;
        }
        switch (value.getEventId()) {
            case Scalar -> {
                readValue((ScalarEvent) parser.getEvent(), pool, key);
                return 0;
            }
            case SequenceStart -> {
                parser.getEvent();
                while (!parser.checkEvent(Event.ID.SequenceEnd) && !problems.full()) {
                    readItem(parser, pool, key);
                }
                if (!problems.full()) {
                    parser.getEvent();
                }
                return 1;
            }
            default -> {
                complain(line(value.getStartMark()), Optional.of(pool.name()), about("has a depth greater than 2"), SHAPE);
                skipNode(parser);
                return 0;
            }
        }
    }

    private void readItem(Parser parser, WrittenPool pool, Optional<PoolKey> key) {
        Event item = parser.peekEvent();
        if (item instanceof ScalarEvent scalar && !alreadyRefused(item)) {
            parser.getEvent();
            readValue(scalar, pool, key);
            return;
        }
        key.ifPresent(pool::addUnreadable);
        if (!alreadyRefused(item)) {
            complain(line(item.getStartMark()), Optional.of(pool.name()), about(item instanceof MappingStartEvent
                    ? "has a depth greater than 2" : "has more than one sequence directive"), "a list of scalars");
        }
        skipNode(parser);
    }

    private void readValue(ScalarEvent scalar, WrittenPool pool, Optional<PoolKey> key) {
        OptionalInt line = line(scalar.getStartMark());
        if (scalar.getValue().isEmpty()) {
            problems.add(new ConfigProblem(file, line, Optional.of(pool.name()), key.map(PoolKey::directive),
                    Optional.empty(), "is empty", "a value; a key without one is left out"));
            key.ifPresent(pool::addUnreadable);
        } else if (key.isPresent()) {
            Written value = new Written(key.get().directive(), scalar.getValue(), file, line);
            if (!pool.add(key.get(), value)) {
                problems.add(new ConfigProblem(file, line, Optional.of(pool.name()),
                        Optional.of(key.get().directive()), Optional.empty(), "is a duplicate", "a key occurs once"));
            }
        }
    }

    /// The scalar of a key, or empty if it is something else, which is complained about.
    private Optional<ScalarEvent> readKey(Parser parser) {
        Event event = parser.peekEvent();
        if (event instanceof ScalarEvent scalar) {
            parser.getEvent();
            if (scalar.getValue().isEmpty()) {
                complain(line(scalar.getStartMark()), about("has an empty key"), "a name");
                return Optional.empty();
            }
            return Optional.of(scalar);
        }
        if (!alreadyRefused(event)) {
            complain(line(event.getStartMark()), about("has invalid \"key:value\" at depth 2"), SHAPE);
        }
        skipNode(parser);
        return Optional.empty();
    }

    /// Whether the event began with a token that has been complained about.
    private static boolean alreadyRefused(Event event) {
        return event instanceof AliasEvent || event instanceof CollectionStartEvent collection && collection.isFlow();
    }

    private static void skipNode(Parser parser) {
        int depth = 0;
        do {
            Event event = parser.getEvent();
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
        } while (depth > 0);
    }

    private String about(String complaint) {
        return "'" + Shown.plain(file) + "' " + complaint;
    }

    private void complain(OptionalInt line, String reason, String allowed) {
        complain(line, Optional.empty(), reason, allowed);
    }

    private void complain(OptionalInt line, Optional<String> pool, String reason, String allowed) {
        problems.add(new ConfigProblem(file, line, pool, Optional.empty(), Optional.empty(), reason, allowed));
    }

    private static OptionalInt line(Mark mark) {
        return mark == null ? OptionalInt.empty() : OptionalInt.of(mark.getLine() + 1);
    }
}
