package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cashew.protocol.Dialogue;
import io.cashew.protocol.Errand;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Request;
import io.cashew.transport.Frame;

/// The transactions of one Redis client, and what it waits for.
final class RedisDialogue implements Dialogue {
    private static final byte[] MULTI = "*1\r\n$5\r\nMULTI\r\n".getBytes(US_ASCII);

    private static final byte[] CLIENT_ID = "*2\r\n$6\r\nCLIENT\r\n$2\r\nID\r\n".getBytes(US_ASCII);

    private final RedisSession session;
    private final Transaction transaction = new Transaction();

    RedisDialogue(RedisSession session) {
        this.session = session;
    }

    @Override
    public Errand errand(Request request) {
        var command = (RedisCommand) request.command();
        // What the user may do is what it is now also when the request is answered.
        session.identity().recall();
        return isHeard(command)
                ? transaction.errand(command, session.identity().allows(command, request) && isSound(command, request), request.keyCount() > 0, request.length())
                : Errand.NONE;
    }

    @Override
    public byte[] answer(Request request) {
        var command = (RedisCommand) request.command();
        if (!isHeard(command)) {
            return session.reply(request);
        }
        boolean sound = session.identity().allows(command, request) && isSound(command, request);
        boolean queueing = queueing();
        boolean keys = request.keyCount() > 0;
        Errand errand = transaction.errand(command, sound, keys, request.length());
        byte[] reply = transaction.take(command, sound, keys, request.length());
        if (reply != null) {
            return session.says(reply, transaction.refusal());
        }
        return switch (errand) {
            case WAIT, WATCH, QUEUE, RUN, END -> null;
            case NONE, BEGIN, KEEP, DROP -> queueing && !sound ? session.refuseToQueue(request) : session.reply(request);
        };
    }

    /// Who is not trusted any more can still end what has been begun.
    private boolean isHeard(RedisCommand command) {
        return session.trusted() || command == RedisCommand.RESET;
    }

    /// Whether there is nothing wrong with the request, as far as can be told here, for somebody who may be in a transaction.
    private static boolean isSound(RedisCommand command, Request request) {
        return command != null
                && command.accepts(request.wordCount())
                && (command.isQueueable() || command.isApart() || command == RedisCommand.RESET || command == RedisCommand.QUIT);
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
    public byte[] opening() {
        return MULTI;
    }

    @Override
    public byte[] identification() {
        return CLIENT_ID;
    }

    @Override
    public long number(Frame reply) {
        return RedisGather.number(reply, ':');
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
