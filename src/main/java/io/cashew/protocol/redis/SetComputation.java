package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import io.cashew.protocol.Split;
import io.netty.buffer.ByteBuf;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// SINTER, SUNION, SDIFF and SINTERCARD. Every server is asked for the same of its own keys, but for SDIFF: only the server of
/// the first key has something to take away from, all others tell what to take away, which is what SUNION says.
///
/// @param command which of them
/// @param first which part has the first key
/// @param limit of SINTERCARD: where it stops to count; 0 for never
record SetComputation(RedisCommand command, int first, long limit) implements Computation {
    static SetComputation of(Request request, Split split) {
        return new SetComputation(
                (RedisCommand) request.command(),
                split.part(0),
                request.command() == RedisCommand.SINTERCARD ? limit(request) : 0);
    }

    /// What the server of part `part` is asked of its keys.
    static RedisCommand question(RedisCommand command, Split split, int part) {
        return switch (command) {
            case SINTERCARD -> RedisCommand.SINTER;
            case SDIFF -> part == split.part(0) ? RedisCommand.SDIFF : RedisCommand.SUNION;
            default -> command;
        };
    }

    /// What SINTERCARD says behind its keys, 0 if nothing; -1 if that is not understood. The last one counts.
    static long limit(Request request) {
        if (!Computation.isPlainNumber(request, 1)) {
            return -1;
        }
        long limit = 0;
        for (int word = 2 + request.keyCount(); word < request.wordCount() && limit >= 0; word += 2) {
            limit = Computation.limit(request, word);
        }
        return limit;
    }

    @Override
    public byte[] answer(List<ByteBuf> answers) {
        var dialect = answers.stream().anyMatch(answer -> answer.getByte(answer.readerIndex()) == '~')
                ? Dialect.RESP3
                : Dialect.RESP2;
        Set<String> members = switch (command) {
            case SUNION -> union(answers);
            case SDIFF -> difference(answers);
            default -> intersection(answers);
        };
        if (members == null) {
            return null;
        }
        if (command == RedisCommand.SINTERCARD) {
            return ReplyBuilder.number(limit == 0 ? members.size() : Math.min(limit, members.size()));
        }
        var reply = new ReplyBuilder(dialect).set(members.size());
        members.forEach(reply::string);
        return reply.bytes();
    }

    private Set<String> union(List<ByteBuf> answers) {
        Set<String> all = new HashSet<>();
        return answers.stream().allMatch(answer -> collect(answer, all, null)) ? all : null;
    }

    private Set<String> difference(List<ByteBuf> answers) {
        Set<String> others = new HashSet<>();
        for (int part = 0; part < answers.size(); part++) {
            if (part != first && !collect(answers.get(part), others, null)) {
                return null;
            }
        }
        Set<String> members = new HashSet<>();
        if (!collect(answers.get(first), members, null)) {
            return null;
        }
        members.removeAll(others);
        return members;
    }

    /// From the shortest answer on, so that no more is kept than may be in the end.
    private Set<String> intersection(List<ByteBuf> answers) {
        int[] order = IntStream.range(0, answers.size())
                .boxed()
                .sorted(Comparator.comparingInt(part -> answers.get(part).readableBytes()))
                .mapToInt(Integer::intValue)
                .toArray();
        Set<String> common = null;
        for (int part : order) {
            Set<String> here = new HashSet<>();
            if (!collect(answers.get(part), here, common)) {
                return null;
            }
            common = here;
        }
        return common;
    }

    /// Adds the members in `answer` to `members`, if `among` is not null only those that are in it, too. Whether the answer is
    /// sound.
    private static boolean collect(ByteBuf answer, Set<String> members, Set<String> among) {
        var reader = new ReplyReader(answer);
        int count = reader.elements();
        for (int i = 0; i < count; i++) {
            String member = reader.string();
            if (member == null) {
                return false;
            }
            if (among == null || among.contains(member)) {
                members.add(member);
            }
        }
        return reader.sound() && reader.type() == 0;
    }
}
