package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cashew.protocol.Dialogue;
import io.cashew.protocol.Errand;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Listening;
import io.cashew.protocol.Preface;
import io.cashew.protocol.Request;
import io.cashew.protocol.Topic.Kind;
import io.cashew.transport.Frame;

/// The transactions of one Redis client, what it waits for, and what it has subscribed to.
final class RedisDialogue implements Dialogue {
    private static final byte[] MULTI = "*1\r\n$5\r\nMULTI\r\n".getBytes(US_ASCII);

    private static final byte[] CLIENT_ID = "*2\r\n$6\r\nCLIENT\r\n$2\r\nID\r\n".getBytes(US_ASCII);

    private final RedisSession session;
    private final Transaction transaction = new Transaction();
    private final Channels channels;

    RedisDialogue(RedisSession session) {
        this.session = session;
        this.channels = new Channels(session::dialect);
    }

    @Override
    public Errand errand(Request request) {
        var command = (RedisCommand) request.command();
        // What the user may do is what it is now also when the request is answered.
        session.identity().recall();
        if (isSubscription(command, request)) {
            return isSubscribing(command) ? Errand.SUBSCRIBE : Errand.UNSUBSCRIBE;
        }
        return isHeard(command)
                ? transaction.errand(command, isSound(command, request), request.keyCount() > 0, request.length())
                : Errand.NONE;
    }

    @Override
    public byte[] answer(Request request) {
        var command = (RedisCommand) request.command();
        if (command == RedisCommand.RESET && command.accepts(request.wordCount())) {
            channels.clear();
        }
        if (!isHeard(command)) {
            return session.reply(request);
        }
        if (isSubscription(command, request)) {
            return isSubscribing(command) ? refuseNames(request) : session.says(channels.unsubscribe(request), null);
        }
        if (onlyListens() && command != null && command.accepts(request.wordCount()) && !isForListeners(command)) {
            return session.says(ReplyBuilder.error("ERR Can't execute '" + command.label() + "': only (P|S)SUBSCRIBE /"
                    + " (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context"), null);
        }
        boolean sound = isSound(command, request);
        boolean queueing = queueing();
        boolean keys = request.keyCount() > 0;
        Errand errand = transaction.errand(command, sound, keys, request.length());
        byte[] reply = transaction.take(command, sound, keys, request.length());
        if (reply != null) {
            return session.says(reply, transaction.refusal());
        }
        return switch (errand) {
            case WAIT, WAIT_EVERYWHERE, WATCH, QUEUE, RUN, END -> null;
            case NONE, BEGIN, SUBSCRIBE, UNSUBSCRIBE, KEEP, DROP -> queueing && !sound
                    ? session.refuseToQueue(request)
                    : session.reply(request);
        };
    }

    /// Who is not trusted any more can still end what has been begun.
    private boolean isHeard(RedisCommand command) {
        return session.trusted() || command == RedisCommand.RESET;
    }

    /// Whether there is nothing wrong with the request, as far as can be told here, for somebody who may be in a transaction.
    private boolean isSound(RedisCommand command, Request request) {
        return command != null
                && command.accepts(request.wordCount())
                && (command.isQueueable()
                        || command.isTransactional()
                        || command == RedisCommand.WAIT && !queueing()
                        || command == RedisCommand.RESET
                        || command == RedisCommand.QUIT)
                && session.identity().allows(command, request)
                && session.refuseDatabase(command, request) == null;
    }

    /// Whether the client may do this, and it concerns what it hears. Within a transaction it is a mistake.
    private boolean isSubscription(RedisCommand command, Request request) {
        return session.trusted()
                && command != null
                && command.isSubscription()
                && command.accepts(request.wordCount())
                && !queueing()
                && session.identity().allows(command, request);
    }

    private static boolean isSubscribing(RedisCommand command) {
        return command == RedisCommand.SUBSCRIBE || command == RedisCommand.PSUBSCRIBE || command == RedisCommand.SSUBSCRIBE;
    }

    /// Null if the names will do.
    private byte[] refuseNames(Request request) {
        for (int word = 1; word < request.wordCount(); word++) {
            if (request.wordLength(word) > Channels.LONGEST_NAME) {
                return session.says(ReplyBuilder.error("ERR names of channels and patterns cannot be longer than "
                        + Channels.LONGEST_NAME + " bytes here"), null);
            }
        }
        return null;
    }

    /// In RESP2 a client could not tell other answers from messages.
    boolean onlyListens() {
        return session.dialect() == Dialect.RESP2 && channels.count() > 0;
    }

    private static boolean isForListeners(RedisCommand command) {
        return command.isSubscription()
                || command == RedisCommand.PING
                || command == RedisCommand.QUIT
                || command == RedisCommand.RESET;
    }

    /// To how many of this kind the client is subscribed.
    int heard(Kind kind) {
        return channels.heard(kind);
    }

    @Override
    public Listening listening() {
        return channels;
    }

    @Override
    public boolean begun() {
        return transaction.begun();
    }

    @Override
    public boolean queueing() {
        return transaction.inside();
    }

    /// How many commands are queued; -1 outside of a transaction.
    int queued() {
        return transaction.inside() ? transaction.queued() : -1;
    }

    @Override
    public void undone() {
        transaction.undone();
    }

    @Override
    public void lost(Failure reason, boolean told) {
        transaction.lost(reason, told);
    }

    @Override
    public long patience(Request request) {
        return ((RedisCommand) request.command()).waiting().nanos(request);
    }

    @Override
    public Preface preface() {
        return new OffsetMark();
    }

    @Override
    public byte[] opening() {
        return MULTI;
    }

    @Override
    public byte[] identification() {
        return CLIENT_ID;
    }

    @Override
    public long number(Frame reply) {
        return FramedReply.number(reply, ':');
    }

    @Override
    public byte[] release(long identity, boolean withError) {
        return new ReplyBuilder(Dialect.RESP2)
                .array(4)
                .string("CLIENT")
                .string("UNBLOCK")
                .string(Long.toString(identity))
                .string(withError ? "ERROR" : "TIMEOUT")
                .bytes();
    }

    @Override
    public boolean isError(Frame reply) {
        return reply.byteAt(0) == '-' || reply.byteAt(0) == '!';
    }
}
