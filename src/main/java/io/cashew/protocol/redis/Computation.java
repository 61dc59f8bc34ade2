package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import io.cashew.protocol.Split;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// How the answer to a command is computed from those of its parts, when its keys live on several servers and no server could
/// compute it: exactly as one would have that had all keys.
sealed interface Computation permits SetComputation, SortedSetComputation, UnionCount {
    /// For a request that [asks for nothing unknown][#understands(Request)], to servers whose oldest is of this version; null if
    /// that is not known.
    static Computation of(Request request, Split split, ServerVersion version) {
        var command = (RedisCommand) request.command();
        return switch (command) {
            case SDIFF, SINTER, SINTERCARD, SUNION -> SetComputation.of(request, split);
            case ZDIFF, ZINTER, ZINTERCARD, ZUNION -> SortedSetComputation.of(request, version);
            case PFCOUNT -> new UnionCount();
            default -> throw new IllegalArgumentException("not to be computed: " + command.label());
        };
    }

    /// Whether all words of `request` are understood, so that its answer can be computed. What is not is either wrong or too new
    /// for us.
    static boolean understands(Request request) {
        return switch ((RedisCommand) request.command()) {
            case SINTERCARD -> SetComputation.limit(request) >= 0;
            case ZDIFF, ZINTER, ZINTERCARD, ZUNION -> SortedSetComputation.of(request, null) != null;
            default -> true;
        };
    }

    /// The answer, complete with framing, from those of all parts, none of which is an error; null if one is not what it was
    /// asked for. `answers` stay their owner's.
    byte[] answer(List<ByteBuf> answers);

    /// Whether word `word` is a number as Redis writes and reads it, without a plus and leading zeros.
    static boolean isPlainNumber(Request request, int word) {
        long number = request.wordNumber(word);
        return number != Long.MIN_VALUE && request.wordLength(word) == Long.toString(number).length();
    }

    /// The number behind the option `LIMIT` if word `word` is that; -1 if it is none that Redis takes.
    static long limit(Request request, int word) {
        boolean said = request.wordIs(word, "limit") && word + 1 < request.wordCount() && isPlainNumber(request, word + 1);
        return said ? request.wordNumber(word + 1) : -1;
    }
}
