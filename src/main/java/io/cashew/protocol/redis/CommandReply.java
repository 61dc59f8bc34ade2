package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Command.Spread;
import io.cashew.protocol.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The answers to `COMMAND` and its subcommands: the rows a pool serves, in the form in which Redis 7 tells its own.
final class CommandReply {
    private static final List<RedisCommand> SERVED = Arrays.stream(RedisCommand.values())
            .filter(row -> !row.isVariant() && row.refusal() == null)
            .toList();

    private static final byte[] ALL_IN_RESP2 = descriptions(Dialect.RESP2);
    private static final byte[] ALL_IN_RESP3 = descriptions(Dialect.RESP3);

    private static final byte[] SYNTAX_ERROR = ReplyBuilder.error("ERR syntax error");
    private static final int LONGEST_NAME = 64;

    private CommandReply() {}

    static byte[] all(Dialect dialect) {
        return dialect == Dialect.RESP2 ? ALL_IN_RESP2 : ALL_IN_RESP3;
    }

    static byte[] count() {
        return ReplyBuilder.number(SERVED.size());
    }

    /// `COMMAND LIST [FILTERBY MODULE module | ACLCAT category | PATTERN pattern]`, subcommands included. No command is a
    /// module's.
    static byte[] names(Request request) {
        if (request.wordCount() == 2) {
            return names(_ -> true);
        }
        if (request.wordCount() != 5 || !request.wordIs(2, "filterby")) {
            return SYNTAX_ERROR;
        }
        if (request.wordIs(3, "pattern")) {
            var pattern = NamePatterns.of(request, 4);
            return names(row -> pattern.match(row.label()));
        }
        if (request.wordIs(3, "aclcat")) {
            return names(row -> Category.of(row).stream().anyMatch(category -> request.wordIs(4, category.label())));
        }
        return request.wordIs(3, "module") ? names(_ -> false) : SYNTAX_ERROR;
    }

    private static byte[] names(Predicate<RedisCommand> which) {
        var rows = SERVED.stream()
                .flatMap(row -> Stream.concat(Stream.of(row), subcommands(row).stream()))
                .filter(which)
                .toList();
        var reply = new ReplyBuilder(Dialect.RESP2).array(rows.size());
        rows.forEach(row -> reply.string(row.label()));
        return reply.bytes();
    }

    /// `COMMAND DOCS [name …]`: what the table knows about those that are served. How a command is used is described by the
    /// servers' own documentation; what is said here is how it travels.
    static byte[] docs(Request request, Dialect dialect) {
        List<RedisCommand> rows = SERVED;
        if (request.wordCount() > 2) {
            rows = IntStream.range(2, request.wordCount())
                    .filter(word -> request.wordLength(word) <= LONGEST_NAME)
                    .mapToObj(word -> RedisCommand.labelled(new String(request.word(word), ISO_8859_1).toLowerCase(Locale.ROOT)))
                    .filter(row -> row != null && row.refusal() == null)
                    .distinct()
                    .toList();
        }
        var reply = new ReplyBuilder(dialect).map(rows.size());
        rows.forEach(row -> document(row, reply));
        return reply.bytes();
    }

    private static void document(RedisCommand row, ReplyBuilder reply) {
        var variants = subcommands(row);
        reply.string(row.label()).map(variants.isEmpty() ? 2 : 3);
        reply.string("summary").string(way(row)).string("group").string(CommandGroup.of(row).label());
        if (!variants.isEmpty()) {
            reply.string("subcommands").map(variants.size());
            variants.forEach(variant -> document(variant, reply));
        }
    }

    private static String way(RedisCommand row) {
        return switch (row.spread()) {
            case LOCAL -> row.variants().isEmpty() ? "Answered by Cashew" : "A container for subcommands";
            case ANY_SERVER -> "Sent to any server of the pool";
            case ONE_SERVER -> "Sent to the server that has its keys";
            case SPLIT -> "Sent to the servers that have its keys, and their answers are joined";
            case EVERY_SERVER, EVERY_HOLDER, EVERY_LIVE_SERVER -> "Sent to all servers of the pool, and their answers are joined";
            case CHOSEN_SERVER -> "Sent to one server of the pool after the other";
            case WAITING_EVERYWHERE -> "Waits at all servers of the pool, over connections of the client's own";
            case WAITING -> "Waits at the server that has its keys, over a connection of the client's own";
            case TRANSACTION -> "Carried out by one server, over a connection of the client's own";
            case SUBSCRIPTION -> "Changes what the client hears; servers are subscribed to for all clients together";
            case REFUSED -> "Refused";
        };
    }

    /// What Redis would call subcommands, as far as they are served.
    private static List<RedisCommand> subcommands(RedisCommand row) {
        return row.variants().stream()
                .filter(variant -> variant.refusal() == null && !variant.isWayOfAnother())
                .toList();
    }

    /// `COMMAND INFO name …`: null for what is not served.
    static byte[] info(Request request, Dialect dialect) {
        if (request.wordCount() == 2) {
            return all(dialect);
        }
        var reply = new ReplyBuilder(dialect).array(request.wordCount() - 2);
        for (int word = 2; word < request.wordCount(); word++) {
            var row = request.wordLength(word) > 64 ? null : RedisCommand.labelled(
                            new String(request.word(word), ISO_8859_1).toLowerCase(Locale.ROOT));
            if (row == null || row.refusal() != null) {
                reply.nothing();
            } else {
                describe(row, reply);
            }
        }
        return reply.bytes();
    }

    /// `COMMAND GETKEYS command …`: the keys the command would be routed by; with `flags`, what it does with each
    /// (`GETKEYSANDFLAGS`).
    static byte[] keys(Request request, boolean flags, Dialect dialect) {
        var inner = within(request, 2);
        if (inner == null) {
            return ReplyBuilder.error("ERR Invalid command specified");
        }
        var row = (RedisCommand) inner.command();
        if (parts(row.keySpec()).isEmpty() || row.namesChannels()) {
            return ReplyBuilder.error("ERR The command has no key arguments");
        }
        if (!row.accepts(inner.wordCount())) {
            return ReplyBuilder.error("ERR Invalid number of arguments specified for command");
        }
        if (inner.keyCount() == 0 && !CommandFlags.of(row).contains("no_mandatory_keys")) {
            return ReplyBuilder.error("ERR Invalid arguments specified for command");
        }
        var reply = new ReplyBuilder(dialect).array(inner.keyCount());
        for (int key = 0; key < inner.keyCount(); key++) {
            byte[] name = inner.word(inner.keyWord(key));
            if (flags) {
                words(KeyFlags.of(row, inner, key).words(), reply.array(2).string(name));
            } else {
                reply.string(name);
            }
        }
        return reply.bytes();
    }

    /// The request whose name is word `from` of another one, with its keys located; null if there is no such command.
    static Request within(Request request, int from) {
        var inner = new Request();
        for (int word = from; word < request.wordCount(); word++) {
            inner.addWord(request.wordOffset(word), request.wordLength(word));
        }
        inner.place(request.bytes(), request.start(), request.length());
        var command = inner.wordLength(0) > CommandNames.LONGEST
                ? null
                : RedisCommand.named(new String(inner.word(0), ISO_8859_1));
        if (command == null) {
            return null;
        }
        inner.command(command);
        command.locateKeys(inner);
        return inner;
    }

    private static byte[] descriptions(Dialect dialect) {
        var reply = new ReplyBuilder(dialect).array(SERVED.size());
        SERVED.forEach(row -> describe(row, reply));
        return reply.bytes();
    }

    private static void describe(RedisCommand row, ReplyBuilder reply) {
        reply.array(10).string(row.label()).integer(row.arity());
        words(CommandFlags.of(row), reply);
        var specs = parts(row.keySpec());
        if (!specs.isEmpty() && specs.getFirst() instanceof KeySpec.Range(int first, int last, int step)) {
            reply.integer(first).integer(last).integer(step);
        } else {
            reply.integer(0).integer(0).integer(0);
        }
        var categories = Category.of(row);
        reply.set(categories.size());
        categories.forEach(category -> reply.word("@" + category.label()));
        reply.set(0);
        reply.set(specs.size());
        for (int spec = 0; spec < specs.size(); spec++) {
            describe(specs.get(spec), KeyFlags.of(row, spec).words(), reply);
        }
        var variants = subcommands(row);
        if (variants.isEmpty()) {
            reply.set(0);
        } else {
            reply.array(variants.size());
        }
        variants.forEach(variant -> describe(variant, reply));
    }

    private static void words(List<String> words, ReplyBuilder reply) {
        reply.set(words.size());
        words.forEach(reply::word);
    }

    private static List<KeySpec> parts(KeySpec spec) {
        return switch (spec) {
            case KeySpec.None _, KeySpec.Channel _ -> List.of();
            case KeySpec.Both(var one, var other) -> List.of(one, other);
            case KeySpec.Range _, KeySpec.Counted _, KeySpec.Stored _, KeySpec.Streams _ -> List.of(spec);
        };
    }

    private static void describe(KeySpec spec, List<String> flags, ReplyBuilder reply) {
        words(flags, reply.map(3).string("flags"));
        switch (spec) {
            case KeySpec.Range(int first, int last, int step) -> {
                beginAt(first, reply);
                findRange(last < 0 ? last : last - first, step, 0, reply);
            }
            case KeySpec.Counted(int number, int step) -> {
                beginAt(number, reply);
                reply.string("find_keys").map(2).string("type").string("keynum").string("spec").map(3);
                reply.string("keynumidx").integer(0).string("firstkey").integer(1).string("keystep").integer(step);
            }
            case KeySpec.Stored(int from) -> {
                beginBehind("STORE", from, reply);
                findRange(0, 1, 0, reply);
            }
            case KeySpec.Streams _ -> {
                beginBehind("STREAMS", 1, reply);
                findRange(-1, 1, 2, reply);
            }
            case KeySpec.None _, KeySpec.Channel _, KeySpec.Both _ ->
                    throw new IllegalStateException("not one key specification: " + spec);
        }
    }

    private static void beginAt(int word, ReplyBuilder reply) {
        reply.string("begin_search").map(2).string("type").string("index").string("spec").map(1);
        reply.string("index").integer(word);
    }

    private static void beginBehind(String keyword, int from, ReplyBuilder reply) {
        reply.string("begin_search").map(2).string("type").string("keyword").string("spec").map(2);
        reply.string("keyword").string(keyword).string("startfrom").integer(from);
    }

    private static void findRange(int last, int step, int limit, ReplyBuilder reply) {
        reply.string("find_keys").map(2).string("type").string("range").string("spec").map(3);
        reply.string("lastkey").integer(last).string("keystep").integer(step).string("limit").integer(limit);
    }
}
