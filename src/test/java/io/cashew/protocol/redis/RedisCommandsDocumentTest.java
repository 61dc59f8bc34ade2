package io.cashew.protocol.redis;

import io.cashew.fixture.WrittenDocument;
import io.cashew.protocol.Command.Spread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// docs/commands-redis.md is written from the table, and this test keeps it so.
class RedisCommandsDocumentTest {
    @Test
    void theDocumentSaysWhatTheTableSays() throws IOException {
        new WrittenDocument(Path.of("docs/commands-redis.md"), getClass()).says(document());
    }

    private static String document() {
        var text = new StringBuilder("""
                # Redis commands

                Written from the command table, `RedisCommand`; change that, then run
                `./mvnw test -Dtest=RedisCommandsDocumentTest -Ddocs.write=true`.

                *Words* counts the command's name, as Redis does: exactly so many, or at least so many. A command whose
                keys live on several servers is refused unless it is split; hash tags keep keys together. A command that
                is not listed is answered with `-ERR unknown command`, and the connection stays open.

                ## Sent to the server that has the keys

                The patterns of `SORT … BY` and `GET`, and whatever a script touches besides its keys, are looked up on
                that server only. Scripts and functions without keys go to one server, always the same.

                `MOVE` and `COPY … DB` reach those databases that a client of the pool may select, by the numbers they have on
                servers; where there is but one, another is out of range.

                Commands with a dot are those of modules; a server that has not loaded one says that it does not know them.

                """);
        rows(text, "| command | words | keys | |\n|---|---|---|---|\n", row -> switch (row.spread()) {
            case ONE_SERVER, SPLIT -> true;
            case LOCAL, ANY_SERVER, EVERY_SERVER, EVERY_HOLDER, EVERY_LIVE_SERVER, CHOSEN_SERVER, WAITING,
                    WAITING_EVERYWHERE, TRANSACTION, SUBSCRIPTION, REFUSED -> false;
        });
        text.append("""

                ## Over a connection of the client's own

                A command that waits gets a server connection that nobody else uses meanwhile, and so does a transaction, from its
                first key, or that of WATCH, until EXEC, DISCARD or UNWATCH; see
                [reliability.md](reliability.md#transactions-and-commands-that-wait). All keys have to live on one server.

                WAIT is asked of every server of the pool at once, over a connection of the client's own to each, when
                everything before it is answered; the answer is the smallest number of replicas. It counts what other clients
                have written, too, so that it may be lower than Redis's for one client alone, and never higher. It needs all
                servers, which have to let the pool's user say INFO and, since Redis 7.2, SPUBLISH (to the channel
                `__cashew:wait__`, which moves the server's replication offset and changes no data). Within a transaction it
                is refused.

                """);
        rows(text, "| command | words | keys | |\n|---|---|---|---|\n", row -> switch (row.spread()) {
            case WAITING, WAITING_EVERYWHERE, TRANSACTION -> true;
            case LOCAL, ANY_SERVER, EVERY_SERVER, EVERY_HOLDER, EVERY_LIVE_SERVER, CHOSEN_SERVER, ONE_SERVER, SPLIT, SUBSCRIPTION,
                    REFUSED -> false;
        });
        text.append("""

                ## Answered by Cashew, or by any server

                `HELLO 2` and `HELLO 3` choose the client's dialect, `SELECT` its database: with the pool's `databases` at 1
                its own, which 0 stands for, too, and otherwise one of 0 to `databases` - 1. Requests before them are answered
                first. The version that `HELLO` tells is the oldest among the servers, because clients choose by it what they
                may ask for; a server that is down counts with what it has said before, and if none has said anything, it is
                6.0.0. `INFO` tells the same as `redis_version`, and Cashew's own as `cashew_version`.

                `CLIENT LIST`, `KILL`, `PAUSE` and `UNBLOCK` are about all clients of the pool in this process, and no others;
                fields of their lines that a proxy has no notion of are 0. `CLIENT PAUSE WRITE` holds every EXEC, EVAL and
                FCALL back, also one that would only read, and what waits at a server already is not held. After `CLIENT REPLY SKIP` and the
                request whose reply is skipped, the next request waits until that is done.

                `INFO` describes the pool as if it were one server: clients and process are Cashew's own, data, memory and
                commands those of all servers together. Sections `cashew` and
                `cashew_servers` say the rest, and which servers have not answered within a second: they are missing from the
                sums. `INFO server:NAME` is what server NAME says. Percentiles of `latencystats` cannot be added up, and are
                left out.

                `CONFIG GET` knows `appendonly`, `client-output-buffer-limit`, `cluster-enabled`, `databases`, `maxclients`
                (where the pool has a limit), `notify-keyspace-events`, `proto-max-bulk-len`, `replica-read-only`, `save`,
                `slave-read-only`, `slowlog-log-slower-than` (-1 where nothing is slow), `slowlog-max-len` and `timeout`,
                which are Cashew's own, and `maxmemory` and `maxmemory-policy`, which it asks the servers for: their sum, 0 if
                a server has no limit, and `mixed` if they do not agree.

                `COMMAND` tells of what is on this page and not refused. `COMMAND DOCS` says how a command travels; how it is
                used is said by the documentation of the servers.

                """);
        rows(text, "| command | words | by |\n|---|---|---|\n", row -> switch (row.spread()) {
            case LOCAL -> row.variants().isEmpty() || row == RedisCommand.COMMAND;
            case ANY_SERVER -> true;
            case ONE_SERVER, SPLIT, EVERY_SERVER, EVERY_HOLDER, EVERY_LIVE_SERVER, CHOSEN_SERVER, WAITING,
                    WAITING_EVERYWHERE, TRANSACTION, SUBSCRIPTION, REFUSED ->
                false;
        });
        text.append("""

                ## About the whole pool

                *Every server* means all of the pool's; while one is ejected and its keys are kept for it, the command is
                refused, and so it fails if one does not answer. *Every server with keys* leaves out ejected ones whose keys
                have moved to others; where they stay (`eject_mode: fail-fast`), the command is refused instead.

                A script or function that is loaded is loaded on every server. Functions are data of the servers, which save
                and replicate them. Libraries are remembered here, too (128 of them, 1 MB together, those loaded last), until
                FUNCTION DELETE or FLUSH, or a RESTORE that may replace them: a server that joins the pool later and answers
                FCALL with `-ERR Function not found` is given, once, those it does not have. One that had them and has lost
                them is not. Scripts are remembered here (1024 of them, 1 MB together, those loaded last) until SCRIPT FLUSH:
                a server that answers EVALSHA with `-NOSCRIPT`, because it came later or was restarted, is given the script
                and asked once more. If the request is longer than 64 KB, or the client has meanwhile sent another request, it
                hears the server's error instead, so that its order is kept, and loads the script or says EVAL, as with any
                server. What only EVAL has said is not remembered.

                LATENCY tells of the servers: LATEST has each event once, as it was where it happened last, with the largest
                latency of all servers, HISTORY the samples of all, server by server, and HISTOGRAM their calls added up. How
                long requests take with everything between is in Cashew's [metrics](metrics.md), by server, and in SLOWLOG,
                which is the pool's own.

                FLUSHALL and FLUSHDB are refused unless the pool sets `allow_flush`; FLUSHALL empties all databases of the
                servers. A cursor of SCAN says on which server the scan is; servers may come and go meanwhile.

                """);
        rows(
                text,
                "| command | words | to | answer |\n|---|---|---|---|\n",
                row -> row.spread().isWholePool() && row.waiting() == null);
        text.append("""

                ## About channels

                A channel lives on the server that has a key of its name, and PUBLISH goes there; a pattern is subscribed on all
                servers. See [pubsub.md](pubsub.md).

                """);
        rows(text, "| command | words |\n|---|---|\n", row -> row.spread() == Spread.SUBSCRIPTION);
        text.append("\n## Refused\n\n");
        rows(text, "| command | because |\n|---|---|\n", row -> row.refusal() != null);
        return text.toString();
    }

    private static void rows(StringBuilder text, String head, Predicate<RedisCommand> which) {
        text.append(head);
        Arrays.stream(RedisCommand.values()).filter(which).forEach(row -> text.append(line(row)));
    }

    private static String line(RedisCommand row) {
        String name = row.label().toUpperCase(Locale.ROOT).replace('|', ' ');
        String words = row.arity() < 0 ? "≥ " + -row.arity() : Integer.toString(row.arity());
        return switch (row.spread()) {
            case ONE_SERVER, SPLIT ->
                "| %s | %s | %s | %s |\n".formatted(name, words, keys(row.keySpec()), split(row));
            case WAITING, WAITING_EVERYWHERE, TRANSACTION ->
                "| %s | %s | %s | %s |\n".formatted(name, words, keys(row.keySpec()), waiting(row));
            case LOCAL -> "| %s | %s | Cashew |\n".formatted(name, words);
            case ANY_SERVER -> "| %s | %s | any server |\n".formatted(name, words);
            case EVERY_SERVER -> wholePool(row, name, words, "every server");
            case EVERY_HOLDER -> wholePool(row, name, words, "every server with keys");
            case EVERY_LIVE_SERVER -> wholePool(row, name, words, "every server that is not ejected");
            case CHOSEN_SERVER -> wholePool(row, name, words, "one server after the other");
            case SUBSCRIPTION -> "| %s | %s |\n".formatted(name, words);
            case REFUSED -> "| %s | %s |\n".formatted(name, row.refusal().reason());
        };
    }

    private static String wholePool(RedisCommand row, String name, String words, String servers) {
        return "| %s | %s | %s | %s |\n".formatted(name, words, servers, joined(row.join()));
    }

    private static String joined(Join join) {
        return switch (join) {
            case IN_KEY_ORDER -> "in the order of the keys";
            case SUM -> "the sum";
            case LEAST -> "the smallest";
            case LEAST_OF_EACH -> "the smallest of each place";
            case MOST_OF_EACH -> "the largest of each place";
            case EVENTS -> "each event once";
            case HISTOGRAMS -> "calls added up";
            case EACH_ONCE -> "all together, each once";
            case SAME -> "what all say alike";
            case ONE_AFTER_THE_OTHER -> "all together, server by server";
            case ONE_OF_ALL_KEYS -> "one server's, by the numbers of their keys";
            case OK -> "`OK`";
            case PAGE -> "a page, with a cursor of the pool";
            case COMPUTED, COMPUTED_OF_KEYS, STREAM_BY_STREAM -> throw new AssertionError("not about a pool: " + join);
        };
    }

    private static String split(RedisCommand row) {
        return switch (row.join()) {
            case null -> "";
            case IN_KEY_ORDER -> "split, answers in the order of the keys";
            case SUM -> "split, answers added up";
            case OK -> "split";
            case COMPUTED, COMPUTED_OF_KEYS -> "split and computed here, if the pool has a `cross_server_limit`";
            case STREAM_BY_STREAM -> "split, answers in the order of the streams";
            case LEAST, LEAST_OF_EACH, MOST_OF_EACH, EVENTS, HISTOGRAMS, SAME, ONE_AFTER_THE_OTHER, EACH_ONCE,
                    ONE_OF_ALL_KEYS, PAGE ->
                throw new AssertionError("nothing to split: " + row);
        };
    }

    private static String waiting(RedisCommand row) {
        return switch (row.waiting()) {
            case null -> "";
            case FIRST_WORD -> "waits as long as word 1 says";
            case LAST_WORD -> "waits as long as the last word says";
            case LAST_WORD_MILLIS -> "waits at every server as long as the last word says";
            case BLOCK_OPTION -> "waits as long as BLOCK says";
        };
    }

    private static String keys(KeySpec spec) {
        return switch (spec) {
            case KeySpec.None _ -> "none";
            case KeySpec.Range(int first, int last, int step) -> range(first, last, step);
            case KeySpec.Channel(int word) -> "word " + word + ", a channel";
            case KeySpec.Counted(int number, int step) ->
                "behind word %d, which says how many".formatted(number) + (step == 1 ? "" : ", each with a value");
            case KeySpec.Stored _ -> "behind STORE";
            case KeySpec.Streams _ -> "behind STREAMS";
            case KeySpec.Both(var one, var other) -> keys(one) + ", and " + keys(other);
        };
    }

    private static String range(int first, int last, int step) {
        if (first == last) {
            return "word " + first;
        }
        if (last > 0) {
            return "words %d to %d".formatted(first, last);
        }
        return "from word %d".formatted(first)
                + (step == 1 ? "" : step == 2 ? ", every other word" : ", every third word")
                + (last == -1 ? "" : ", but not the last one");
    }
}
