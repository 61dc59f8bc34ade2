package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import java.time.Instant;
import java.util.Locale;

/// Answers for which nothing has to be known but the request, and the client's dialect.
final class PlainAnswers {
    private static final byte[] OK = ReplyBuilder.status("OK");
    private static final byte[] PONG = ReplyBuilder.status("PONG");
    private static final byte[] SYNTAX_ERROR = ReplyBuilder.error("ERR syntax error");
    private static final byte[] NOTHING = {};

    private static final int LONGEST_ECHO = 1024 * 1024;
    private static final byte[] TOO_LONG_TO_ECHO = ReplyBuilder.error("ERR string exceeds what this pool echoes (1 MB)");

    private PlainAnswers() {}

    static byte[] unknown(Request request) {
        var arguments = new StringBuilder();
        for (int word = 1; word < request.wordCount() && arguments.length() < RedisSession.SHOWN; word++) {
            String argument = RedisSession.shown(request, word, RedisSession.SHOWN - arguments.length());
            arguments.append('\'').append(argument).append("' ");
        }
        String name = RedisSession.shown(request, 0, RedisSession.SHOWN);
        return ReplyBuilder.error("ERR unknown command '" + name + "', with args beginning with: " + arguments);
    }

    static byte[] wrongNumberOfArguments(RedisCommand command) {
        String kind = command == RedisCommand.EXEC ? "EXECABORT Transaction discarded because of: " : "ERR ";
        return ReplyBuilder.error(kind + "wrong number of arguments for '" + command.label() + "' command");
    }

    /// Word 1 comes back, unless it is so long that somebody only wants to see us copy.
    static byte[] echo(Request request) {
        return request.wordLength(1) > LONGEST_ECHO ? TOO_LONG_TO_ECHO : ReplyBuilder.bulk(request.word(1));
    }

    static byte[] ping(Request request) {
        return switch (request.wordCount()) {
            case 1 -> PONG;
            case 2 -> echo(request);
            default -> wrongNumberOfArguments(RedisCommand.PING);
        };
    }

    /// To a client that could take it for a message, it comes as one.
    static byte[] pong(Request request, Dialect dialect) {
        if (request.wordCount() > 2) {
            return wrongNumberOfArguments(RedisCommand.PING);
        }
        return request.wordCount() == 2 && request.wordLength(1) > LONGEST_ECHO
                ? TOO_LONG_TO_ECHO
                : new ReplyBuilder(dialect)
                        .array(2)
                        .string("pong")
                        .string(request.wordCount() == 1 ? NOTHING : request.word(1))
                        .bytes();
    }

    static byte[] time(Instant now, Dialect dialect) {
        return new ReplyBuilder(dialect)
                .array(2)
                .string(Long.toString(now.getEpochSecond()))
                .string(Integer.toString(now.getNano() / 1000))
                .bytes();
    }

    /// Hints to a server's memory management, which a proxy can take and do nothing about.
    static byte[] onOrOff(Request request) {
        return request.wordIs(2, "on") || request.wordIs(2, "off") ? OK : SYNTAX_ERROR;
    }

    /// Tracking is off.
    static byte[] trackingInfo(Dialect dialect) {
        return new ReplyBuilder(dialect)
                .map(3)
                .string("flags").set(1).string("off")
                .string("redirect").integer(-1)
                .string("prefixes").array(0)
                .bytes();
    }

    /// Names the subcommands that are served.
    static byte[] help(RedisCommand row, Dialect dialect) {
        String label = row.label().substring(0, row.label().indexOf('|'));
        var lines = RedisCommand.named(label).variants().stream()
                .filter(variant -> variant.refusal() == null)
                .map(variant -> variant.label().toUpperCase(Locale.ROOT).replace('|', ' '))
                .toList();
        var reply = new ReplyBuilder(dialect).array(lines.size() + 1).word("Served here:");
        lines.forEach(reply::word);
        return reply.bytes();
    }
}
