package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Request;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The answers to `ACL` and its subcommands. Users are shown as Redis shows them, but never what their passwords come to.
final class AclReply {
    /// What stands for each password.
    private static final String HIDDEN = "****";

    private static final int MOST_BITS = 4096;
    private static final byte[] WRONG_BITS = ReplyBuilder.error("ERR ACL GENPASS argument must be the number of bits for the output"
            + " password, a positive number up to " + MOST_BITS);
    private static final SecureRandom RANDOM = new SecureRandom();

    private AclReply() {}

    /// `ACL CAT [category]`: the categories, or what this pool serves of one.
    static byte[] categories(Request request) {
        if (request.wordCount() == 2) {
            return words(Arrays.stream(Category.values()).map(Category::label).toList());
        }
        String label = shown(request, 2).toLowerCase(Locale.ROOT);
        return Category.named(label)
                .map(category -> words(Arrays.stream(RedisCommand.values())
                        .filter(row -> category.contains(row) && row.refusal() == null && !row.isWayOfAnother())
                        .map(RedisCommand::label)
                        .toList()))
                .orElseGet(() -> ReplyBuilder.error("ERR Unknown category '" + label + "'"));
    }

    /// `ACL USERS`
    static byte[] names(Users users) {
        return words(users.all().stream().map(user -> user.terms().name()).toList());
    }

    /// `ACL LIST`
    static byte[] list(Users users) {
        return words(users.all().stream().map(user -> line(user.terms())).toList());
    }

    private static String line(UserTerms user) {
        var words = Stream.of(
                        Stream.of("user", user.name()),
                        flags(user).stream(),
                        user.passwords().stream().map(ignored -> "#" + HIDDEN),
                        user.permissions().keys().stream().map(Object::toString),
                        user.permissions().channels().isEmpty() ? Stream.of("resetchannels") : channels(user),
                        Stream.of(user.permissions().commandRules()))
                .flatMap(part -> part);
        return words.collect(Collectors.joining(" "));
    }

    private static List<String> flags(UserTerms user) {
        String on = user.on() ? "on" : "off";
        return user.noPassword() ? List.of(on, "nopass") : List.of(on);
    }

    private static Stream<String> channels(UserTerms user) {
        return user.permissions().channels().stream().map(channel -> "&" + channel);
    }

    /// `ACL GETUSER name`
    static byte[] user(Users users, Request request, Dialect dialect) {
        var user = users.named(shown(request, 2));
        if (user == null) {
            return ReplyBuilder.nothing(dialect);
        }
        var terms = user.terms();
        var reply = new ReplyBuilder(dialect).map(6).string("flags").set(flags(terms).size());
        flags(terms).forEach(reply::string);
        reply.string("passwords").array(terms.passwords().size());
        terms.passwords().forEach(ignored -> reply.string(HIDDEN));
        return reply.string("commands").string(terms.permissions().commandRules())
                .string("keys")
                .string(terms.permissions().keys().stream().map(Object::toString).collect(Collectors.joining(" ")))
                .string("channels").string(channels(terms).collect(Collectors.joining(" ")))
                .string("selectors").array(0)
                .bytes();
    }

    /// `ACL GENPASS [bits]`
    static byte[] newPassword(Request request) {
        long bits = request.wordCount() == 2 ? 256 : request.wordNumber(2);
        if (bits == Long.MIN_VALUE) {
            return ReplyBuilder.error("ERR value is not an integer or out of range");
        }
        if (bits < 1 || bits > MOST_BITS) {
            return WRONG_BITS;
        }
        int digits = (int) (bits + 3) / 4;
        byte[] bytes = new byte[(digits + 1) / 2];
        RANDOM.nextBytes(bytes);
        return ReplyBuilder.bulk(HexFormat.of().formatHex(bytes).substring(0, digits).getBytes(ISO_8859_1));
    }

    /// `ACL DRYRUN user command …`: what that user would hear.
    static byte[] trial(Users users, Request request) {
        String name = shown(request, 2);
        var user = users.named(name);
        if (user == null) {
            return ReplyBuilder.error("ERR User '" + name + "' not found");
        }
        var inner = CommandReply.within(request, 3);
        if (inner == null) {
            return ReplyBuilder.error("ERR Command '" + shown(request, 3) + "' not found");
        }
        var row = (RedisCommand) inner.command();
        if (!row.accepts(inner.wordCount())) {
            return ReplyBuilder.error("ERR wrong number of arguments for '" + row.label() + "' command");
        }
        int word = user.terms().permissions().denied(row, inner);
        if (word == Permissions.NOTHING) {
            return ReplyBuilder.status("OK");
        }
        String reason = word == 0
                ? deniedCommand(name, row)
                : "User " + name + " has no permissions to access the '" + shown(inner, word) + "' "
                        + (ChannelUse.of(row) == ChannelUse.NONE ? "key" : "channel");
        return ReplyBuilder.bulk(reason.getBytes(ISO_8859_1));
    }

    /// What the user `name` hears who may not say word `word` of a request.
    static byte[] denied(String name, RedisCommand command, int word) {
        String reason = word == 0
                ? deniedCommand(name, command)
                : "No permissions to access a " + (ChannelUse.of(command) == ChannelUse.NONE ? "key" : "channel");
        String before = command == RedisCommand.EXEC ? "EXECABORT Transaction discarded because of: " : "";
        return ReplyBuilder.error(before + "NOPERM " + reason);
    }

    private static String deniedCommand(String name, RedisCommand command) {
        return "User " + name + " has no permissions to run the '" + command.nameForUsers() + "' command";
    }

    private static String shown(Request request, int word) {
        return RedisSession.shown(request, word, RedisSession.SHOWN);
    }

    private static byte[] words(List<String> words) {
        var reply = new ReplyBuilder(Dialect.RESP2).array(words.size());
        words.forEach(reply::string);
        return reply.bytes();
    }
}
