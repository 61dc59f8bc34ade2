package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cashew.protocol.Errand;
import io.cashew.protocol.Failure;

/// Where a client stands between WATCH or MULTI and EXEC.
///
/// ```
///   NONE ──WATCH──▶ WATCHING ──MULTI──▶ WATCHED ────command────▶ BOUND ──EXEC, DISCARD──▶ NONE
///     │                 └────lost───▶ FORGOTTEN ──MULTI─┐          ▲ │
///     └──MULTI──▶ EMPTY ──without a key──▶ KEPT ──key───┼──────────┘ │
///                   └───────────key─────────────────────┼──────────▲ │
///                                                       ▼            ▼
///                                                    ABORTED ◀──what cannot be queued, a server that is lost
/// ```
///
/// The server of a transaction is that of its first key. Commands without a key that come before are kept until it is known.
/// After a command that cannot be queued nothing is executed, and EXEC says so, as with Redis (`multi.c`); the other answers,
/// too, are Redis's. No server, no socket: what is to be done is an [Errand] for somebody else.
final class Transaction {
    enum State {
        NONE,
        /// The server of the watched keys watches them.
        WATCHING,
        /// The server that did is lost: EXEC must fail.
        FORGOTTEN,
        /// After MULTI, and nothing else.
        EMPTY,
        /// After MULTI and commands that any server could execute.
        KEPT,
        /// After WATCH and MULTI; the server has heard the former.
        WATCHED,
        /// The server queues.
        BOUND,
        /// Nothing of it will be executed.
        ABORTED
    }

    /// What a command comes to.
    ///
    /// @param reply what its client hears; null if a server or the session says it
    private record Move(Errand errand, byte[] reply, State next) {}

    private static final byte[] OK = ReplyBuilder.status("OK");
    private static final byte[] QUEUED = ReplyBuilder.status("QUEUED");
    private static final byte[] NOTHING_DONE = "*0\r\n".getBytes(US_ASCII);
    private static final byte[] NESTED = ReplyBuilder.error("ERR MULTI calls can not be nested");
    private static final byte[] WATCH_INSIDE = ReplyBuilder.error("ERR WATCH inside MULTI is not allowed");
    private static final byte[] EXEC_OUTSIDE = ReplyBuilder.error("ERR EXEC without MULTI");
    private static final byte[] DISCARD_OUTSIDE = ReplyBuilder.error("ERR DISCARD without MULTI");
    private static final byte[] WATCHED_MEANWHILE =
            ReplyBuilder.error("ERR protocol and database cannot be changed while keys are watched; UNWATCH first");
    private static final byte[] ABORTED = ReplyBuilder.error("EXECABORT Transaction discarded because of previous errors.");
    private static final byte[] TOO_MUCH = ReplyBuilder.error(
            "ERR too many or too long commands without a key before the first one with a key of this transaction");

    private static final Move BEGIN = new Move(Errand.BEGIN, OK, State.EMPTY);
    private static final Move BEGIN_WATCHED = new Move(Errand.BEGIN, OK, State.WATCHED);
    private static final Move BEGIN_ABORTED = new Move(Errand.BEGIN, OK, State.ABORTED);
    private static final Move WATCH = new Move(Errand.WATCH, null, State.WATCHING);
    private static final Move UNWATCH = new Move(Errand.END, null, State.NONE);
    private static final Move KEEP = new Move(Errand.KEEP, QUEUED, State.KEPT);
    private static final Move QUEUE = new Move(Errand.QUEUE, null, State.BOUND);
    private static final Move RUN = new Move(Errand.RUN, null, State.NONE);
    private static final Move DISCARD = new Move(Errand.END, null, State.NONE);
    private static final Move ABORT = new Move(Errand.DROP, null, State.ABORTED);
    private static final Move ABORT_FULL = new Move(Errand.DROP, TOO_MUCH, State.ABORTED);
    private static final Move END = new Move(Errand.DROP, null, State.NONE);
    private static final Move END_QUIETLY = new Move(Errand.DROP, OK, State.NONE);
    private static final Move END_EMPTY = new Move(Errand.NONE, NOTHING_DONE, State.NONE);

    /// Bytes of commands without a key that are kept at most.
    private static final int MOST_KEPT = 64 * 1024;

    private State state = State.NONE;
    private State before = State.NONE;
    private int kept;
    private int queued;
    /// Why nothing will be executed, and whether the client is still to hear of it.
    private Failure lost;
    private boolean untold;
    /// Why the last answer refuses; null if it does not, or refuses what the client has said.
    private Failure refusal;

    /// What `command` means. It is `sound` if a server can be asked to do it, and has `keys` if that decides which one; it is null
    /// if there is no such command.
    Errand errand(RedisCommand command, boolean sound, boolean keys, int length) {
        return move(command, sound, keys, length).errand;
    }

    /// Takes that step. Returns what the client hears, or null if a server, or the session, has to say it.
    byte[] take(RedisCommand command, boolean sound, boolean keys, int length) {
        Move move = move(command, sound, keys, length);
        byte[] reply = move.reply;
        refusal = null;
        if (untold && reply == QUEUED && move.next == State.ABORTED) {
            refusal = lost;
            reply = RedisProtocol.say(lost);
            untold = false;
        } else if (untold && reply == ABORTED) {
            refusal = lost;
            reply = ReplyBuilder.error("EXECABORT Transaction discarded because of: " + lost.text());
        }
        before = state;
        state = move.next;
        queued = switch (state) {
            case KEPT, BOUND -> queued + (move.errand == Errand.KEEP || move.errand == Errand.QUEUE ? 1 : 0);
            case NONE, WATCHING, FORGOTTEN, EMPTY, WATCHED, ABORTED -> 0;
        };
        kept = state == State.KEPT ? kept + (move == KEEP ? length : 0) : 0;
        untold &= state != State.NONE;
        return reply;
    }

    /// Why the last answer refuses, if it is nothing the client has said.
    Failure refusal() {
        return refusal;
    }

    boolean begun() {
        return state != State.NONE;
    }

    /// Whether MULTI has been said.
    boolean inside() {
        return switch (state) {
            case NONE, WATCHING, FORGOTTEN -> false;
            case EMPTY, KEPT, WATCHED, BOUND, ABORTED -> true;
        };
    }

    /// Commands that EXEC would execute.
    int queued() {
        return queued;
    }

    /// What was to be done by the last step could not be done, which the client has been told.
    void undone() {
        state = inside() ? State.ABORTED : before;
    }

    void lost(Failure reason, boolean told) {
        switch (state) {
            case NONE, FORGOTTEN, ABORTED -> {
                return;
            }
            // A first WATCH that has failed has changed nothing.
            case WATCHING -> state = told && before == State.NONE ? State.NONE : State.FORGOTTEN;
            case EMPTY, KEPT, WATCHED, BOUND -> state = State.ABORTED;
        }
        lost = reason;
        untold = state == State.FORGOTTEN || state == State.ABORTED && !told;
    }

    private Move move(RedisCommand command, boolean sound, boolean keys, int length) {
        if (!inside()) {
            return command == null || !command.isApart() && state == State.NONE || command.isApart() && !sound
                    ? stay(null)
                    : outside(command);
        }
        return switch (command) {
            case MULTI -> sound ? stay(NESTED) : ABORT;
            case WATCH -> sound ? stay(WATCH_INSIDE) : ABORT;
            case EXEC -> sound ? exec() : END;
            case DISCARD -> sound ? discard() : ABORT;
            case RESET -> END;
            case QUIT -> stay(null);
            case null, default -> sound ? queue(keys, length) : ABORT;
        };
    }

    private Move outside(RedisCommand command) {
        boolean watching = state == State.WATCHING;
        return switch (command) {
            case MULTI -> watching ? BEGIN_WATCHED : state == State.NONE ? BEGIN : BEGIN_ABORTED;
            case WATCH -> state == State.FORGOTTEN ? stay(OK) : WATCH;
            case UNWATCH -> watching ? UNWATCH : new Move(Errand.NONE, OK, State.NONE);
            case EXEC -> stay(EXEC_OUTSIDE);
            case DISCARD -> stay(DISCARD_OUTSIDE);
            case RESET -> END;
            // The connection that watches would go on with the old dialect and database.
            case HELLO, SELECT -> stay(watching ? WATCHED_MEANWHILE : null);
            case WAIT -> new Move(Errand.WAIT_EVERYWHERE, null, state);
            default -> command.waiting() == null ? stay(null) : new Move(Errand.WAIT, null, state);
        };
    }

    private Move exec() {
        return switch (state) {
            case EMPTY -> END_EMPTY;
            case KEPT, WATCHED, BOUND -> RUN;
            case NONE, WATCHING, FORGOTTEN, ABORTED -> new Move(Errand.NONE, ABORTED, State.NONE);
        };
    }

    private Move discard() {
        return state == State.BOUND ? DISCARD : END_QUIETLY;
    }

    private Move queue(boolean keys, int length) {
        return switch (state) {
            case EMPTY, KEPT -> keys ? QUEUE : kept + length > MOST_KEPT ? ABORT_FULL : KEEP;
            case WATCHED, BOUND -> QUEUE;
            case NONE, WATCHING, FORGOTTEN, ABORTED -> stay(QUEUED);
        };
    }

    private Move stay(byte[] reply) {
        return new Move(Errand.NONE, reply, state);
    }
}
