package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.Inquiries;
import io.cashew.protocol.Request;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// What a client asks about all clients of its pool, or does to them: `CLIENT LIST`, `KILL`, `PAUSE`, `UNBLOCK` and their like,
/// with the arguments and answers of Redis (`networking.c`). What is wrong with a request is said at once, the rest when all
/// event loops have answered.
final class OtherClients {
    private static final byte[] OK = ReplyBuilder.status("OK");
    private static final byte[] SYNTAX_ERROR = ReplyBuilder.error("ERR syntax error");
    private static final byte[] INVALID_ID = ReplyBuilder.error("ERR Invalid client ID");
    private static final byte[] NOT_AN_ID = ReplyBuilder.error("ERR client-id should be greater than 0");
    private static final byte[] NO_SUCH_CLIENT = ReplyBuilder.error("ERR No such client");
    private static final byte[] NOT_AN_INTEGER = ReplyBuilder.error("ERR value is not an integer or out of range");
    private static final byte[] NOT_AN_AGE = ReplyBuilder.error("ERR maxage is not an integer or out of range");
    private static final byte[] NO_AGE = ReplyBuilder.error("ERR maxage should be greater than 0");
    private static final byte[] UNKNOWN_REASON = ReplyBuilder.error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
    private static final byte[] UNKNOWN_MODE = ReplyBuilder.error("ERR CLIENT PAUSE mode must be WRITE or ALL");
    private static final byte[] NOT_A_TIMEOUT = ReplyBuilder.error("ERR timeout is not an integer or out of range");
    private static final byte[] NEGATIVE_TIMEOUT = ReplyBuilder.error("ERR timeout is negative");
    private static final byte[] TOO_MANY_WORDS =
            ReplyBuilder.error("ERR unknown subcommand or wrong number of arguments for 'pause'. Try CLIENT HELP.");

    private static final int LONGEST_WORD = 128;

    private final Inquiries pool;
    private final Users users;
    private final int asker;

    /// `asker` is the client that asks.
    OtherClients(Inquiries pool, Users users, int asker) {
        this.pool = pool;
        this.users = users;
        this.asker = asker;
    }

    /// `CLIENT INFO`.
    CompletionStage<byte[]> info(Dialect dialect) {
        return lines(snapshot -> snapshot.client().id() == asker, dialect);
    }

    /// `CLIENT LIST [TYPE type | ID id …]`.
    CompletionStage<byte[]> list(Request request, Dialect dialect) {
        int words = request.wordCount();
        if (words == 2) {
            return lines(_ -> true, dialect);
        }
        if (words == 4 && request.wordIs(2, "type")) {
            var kind = ClientKind.named(request, 3);
            return kind == null ? completedFuture(unknownKind(request, 3)) : lines(kind::includes, dialect);
        }
        if (words > 3 && request.wordIs(2, "id")) {
            Set<Long> ids = new HashSet<>();
            for (int word = 3; word < words; word++) {
                long id = request.wordNumber(word);
                if (id == Long.MIN_VALUE) {
                    return completedFuture(INVALID_ID);
                }
                ids.add(id);
            }
            return lines(snapshot -> ids.contains((long) snapshot.client().id()), dialect);
        }
        return completedFuture(SYNTAX_ERROR);
    }

    private CompletionStage<byte[]> lines(Predicate<ClientSnapshot> which, Dialect dialect) {
        return pool.clients(which).thenApply(found -> ReplyBuilder.text(dialect, text(found)));
    }

    private static byte[] text(List<ClientSnapshot> clients) {
        var lines = new StringBuilder();
        clients.forEach(client -> lines.append(ClientLine.of(client)));
        return lines.toString().getBytes(ISO_8859_1);
    }

    /// `CLIENT KILL address` or `CLIENT KILL filter value …`; all filters have to fit.
    CompletionStage<byte[]> kill(Request request) {
        if (request.wordCount() == 3) {
            String address = word(request, 2);
            return pool.close(client -> ClientLine.address(client.client()).equals(address), asker)
                    .thenApply(closed -> closed == 0 ? NO_SUCH_CLIENT : OK);
        }
        Predicate<ClientSnapshot> which = _ -> true;
        boolean sparesAsker = true;
        for (int word = 2; word < request.wordCount(); word += 2) {
            if (word + 1 == request.wordCount()) {
                return completedFuture(SYNTAX_ERROR);
            }
            int value = word + 1;
            if (request.wordIs(word, "skipme")) {
                sparesAsker = request.wordIs(value, "yes");
                if (!sparesAsker && !request.wordIs(value, "no")) {
                    return completedFuture(SYNTAX_ERROR);
                }
            } else {
                byte[] mistake = mistake(request, word, value);
                if (mistake != null) {
                    return completedFuture(mistake);
                }
                which = which.and(filter(request, word, value));
            }
        }
        if (sparesAsker) {
            which = which.and(client -> client.client().id() != asker);
        }
        return pool.close(which, asker).thenApply(ReplyBuilder::number);
    }

    /// What is wrong with filter `word` or its value; null if nothing is.
    private byte[] mistake(Request request, int word, int value) {
        if (request.wordIs(word, "id")) {
            return request.wordNumber(value) > 0 ? null : NOT_AN_ID;
        }
        if (request.wordIs(word, "type")) {
            return ClientKind.named(request, value) == null ? unknownKind(request, value) : null;
        }
        if (request.wordIs(word, "maxage")) {
            long age = request.wordNumber(value);
            return age == Long.MIN_VALUE ? NOT_AN_AGE : age <= 0 ? NO_AGE : null;
        }
        if (request.wordIs(word, "user")) {
            return users.named(word(request, value)) == null
                    ? ReplyBuilder.error("ERR No such user '" + word(request, value) + "'")
                    : null;
        }
        return request.wordIs(word, "addr") || request.wordIs(word, "laddr") ? null : SYNTAX_ERROR;
    }

    private static Predicate<ClientSnapshot> filter(Request request, int word, int value) {
        long number = request.wordNumber(value);
        if (request.wordIs(word, "id")) {
            return client -> client.client().id() == number;
        }
        if (request.wordIs(word, "type")) {
            return ClientKind.named(request, value)::includes;
        }
        if (request.wordIs(word, "maxage")) {
            return client -> TimeUnit.NANOSECONDS.toSeconds(client.ageNanos()) >= number;
        }
        String text = word(request, value);
        if (request.wordIs(word, "addr")) {
            return client -> ClientLine.address(client.client()).equals(text);
        }
        return request.wordIs(word, "laddr")
                ? client -> ClientLine.listener(client.client()).equals(text)
                : client -> client.introduction().user().equals(text);
    }

    /// `CLIENT UNBLOCK id [TIMEOUT | ERROR]`.
    CompletionStage<byte[]> unblock(Request request) {
        boolean withError = request.wordCount() == 4 && request.wordIs(3, "error");
        if (request.wordCount() > 4 || request.wordCount() == 4 && !withError && !request.wordIs(3, "timeout")) {
            return completedFuture(UNKNOWN_REASON);
        }
        long id = request.wordNumber(2);
        if (id == Long.MIN_VALUE) {
            return completedFuture(NOT_AN_INTEGER);
        }
        return id != (int) id
                ? completedFuture(ReplyBuilder.number(0))
                : pool.unblock((int) id, withError).thenApply(whether -> ReplyBuilder.number(whether ? 1 : 0));
    }

    /// `CLIENT PAUSE milliseconds [WRITE | ALL]`.
    CompletionStage<byte[]> pause(Request request) {
        if (request.wordCount() > 4) {
            return completedFuture(TOO_MANY_WORDS);
        }
        boolean writesOnly = request.wordCount() == 4 && request.wordIs(3, "write");
        if (request.wordCount() == 4 && !writesOnly && !request.wordIs(3, "all")) {
            return completedFuture(UNKNOWN_MODE);
        }
        long millis = request.wordNumber(2);
        if (millis == Long.MIN_VALUE) {
            return completedFuture(NOT_A_TIMEOUT);
        }
        return millis < 0
                ? completedFuture(NEGATIVE_TIMEOUT)
                : pool.pause(millis, writesOnly).thenApply(_ -> OK);
    }

    /// `CLIENT UNPAUSE`.
    CompletionStage<byte[]> unpause() {
        return pool.unpause().thenApply(_ -> OK);
    }

    private static byte[] unknownKind(Request request, int word) {
        return ReplyBuilder.error("ERR Unknown client type '" + word(request, word) + "'");
    }

    private static String word(Request request, int word) {
        return request.wordLength(word) > LONGEST_WORD
                ? new String(request.word(word), 0, LONGEST_WORD, ISO_8859_1)
                : new String(request.word(word), ISO_8859_1);
    }
}
