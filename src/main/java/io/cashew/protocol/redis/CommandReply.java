package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Command.Spread;
import io.cashew.protocol.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The answers to `COMMAND` and its subcommands: the rows a pool serves, in the form in which Redis 7 tells its own. Flags are those the table knows: `write` or `readonly`, and `movablekeys`.
final class CommandReply {
    private static final List<RedisCommand> SERVED = Arrays.stream(RedisCommand.values())
            .filter(row -> !row.isVariant() && row.refusal() == null)
            .toList();

    private static final byte[] ALL_IN_RESP2 = descriptions(Dialect.RESP2);
    private static final byte[] ALL_IN_RESP3 = descriptions(Dialect.RESP3);

    private CommandReply() {}

    static byte[] all(Dialect dialect) {
        return dialect == Dialect.RESP2 ? ALL_IN_RESP2 : ALL_IN_RESP3;
    }

    static byte[] count() {
        return ReplyBuilder.number(SERVED.size());
    }

    static byte[] names() {
        var reply = new ReplyBuilder(Dialect.RESP2).array(SERVED.size());
        SERVED.forEach(row -> reply.string(row.label()));
        return reply.bytes();
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

    /// `COMMAND GETKEYS command …`: the keys the command would be routed by.
    static byte[] keys(Request request) {
        var inner = within(request, 2);
        if (inner == null) {
            return ReplyBuilder.error("ERR Invalid command specified");
        }
        var row = (RedisCommand) inner.command();
        if (row.keySpec() == KeySpec.NONE) {
            return ReplyBuilder.error("ERR The command has no key arguments");
        }
        if (!row.accepts(inner.wordCount())) {
            return ReplyBuilder.error("ERR Invalid number of arguments specified for command");
        }
        if (inner.keyCount() == 0) {
            return ReplyBuilder.error("ERR Invalid arguments specified for command");
        }
        var reply = new ReplyBuilder(Dialect.RESP2).array(inner.keyCount());
        for (int key = 0; key < inner.keyCount(); key++) {
            reply.string(inner.word(inner.keyWord(key)));
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
        describeAccess(row, reply);
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
        specs.forEach(spec -> describe(spec, row, reply));
        var variants = row.variants().stream().filter(variant -> variant.refusal() == null).toList();
        if (variants.isEmpty()) {
            reply.set(0);
        } else {
            reply.array(variants.size());
        }
        variants.forEach(variant -> describe(variant, reply));
    }

    private static void describeAccess(RedisCommand row, ReplyBuilder reply) {
        if (row.spread() == Spread.LOCAL) {
            reply.set(0);
            return;
        }
        boolean movable = !(row.keySpec() instanceof KeySpec.Range) && row.keySpec() != KeySpec.NONE;
        reply.set(movable ? 2 : 1).word(row.writes() ? "write" : "readonly");
        if (movable) {
            reply.word("movablekeys");
        }
    }

    private static List<KeySpec> parts(KeySpec spec) {
        return switch (spec) {
            case KeySpec.None _ -> List.of();
            case KeySpec.Both(var one, var other) -> List.of(one, other);
            case KeySpec.Range _, KeySpec.Counted _, KeySpec.Stored _, KeySpec.Streams _ -> List.of(spec);
        };
    }

    private static void describe(KeySpec spec, RedisCommand row, ReplyBuilder reply) {
        reply.map(3).string("flags").set(1).word(row.writes() ? "RW" : "RO");
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
            case KeySpec.None _, KeySpec.Both _ -> throw new IllegalStateException("not one key specification: " + spec);
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
