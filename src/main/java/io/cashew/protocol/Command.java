package io.cashew.protocol;

/// One row of a protocol's command table, as far as the road needs to know it.
public interface Command {
    /// How a command travels.
    enum Spread {
        /// The session answers it; no server hears of it.
        LOCAL,
        /// It has no key; any server may answer, and always the same one does.
        ANY_SERVER,
        /// Goes to the one server that has all of its keys; refused when they live on several.
        ONE_SERVER,
        /// Is split by server and the parts' answers are joined, when its keys live on several servers.
        SPLIT,
        /// Goes to every server, and the answers are joined; refused while a server is known to be out.
        EVERY_SERVER(true),
        /// Goes to every server that is not ejected, and the answers are joined; refused while keys of the pool are out of
        /// reach (`eject_mode: fail-fast`).
        EVERY_HOLDER(true),
        /// Goes to every server that is not ejected, and the answers are joined.
        EVERY_LIVE_SERVER(true),
        /// Goes to the server that the session has chosen.
        CHOSEN_SERVER(true),
        /// Goes to the one server that has all of its keys, over a connection that nobody else uses meanwhile: it may wait there.
        WAITING,
        /// Goes to every server, over connections that nobody else uses meanwhile: it may wait there. The answers are joined;
        /// refused while a server is known to be out.
        WAITING_EVERYWHERE(true),
        /// Begins or ends what a server remembers about one connection, and goes over that.
        TRANSACTION,
        /// Changes what servers tell the client of their own accord.
        SUBSCRIPTION,
        /// Is answered with an error that says why.
        REFUSED;

        private final boolean wholePool;

        Spread() {
            this(false);
        }

        Spread(boolean wholePool) {
            this.wholePool = wholePool;
        }

        /// Whether it is the pool that the command is about, and not keys.
        public boolean isWholePool() {
            return wholePool;
        }
    }

    /// The name in lower case, as its protocol's documentation writes it.
    String label();

    Spread spread();

    /// Whether it may change data.
    boolean writes();

    /// Whether every key is a part of its own, where keys live on several servers and the command is split. Otherwise a part
    /// has all keys of a server.
    default boolean splitsByKey() {
        return false;
    }

    /// Whether replicas may have to hear of it: more than what [writes][#writes()], because a script or a message may reach
    /// them, too.
    default boolean mayBeReplicated() {
        return writes();
    }

    /// How many calls it takes to ask one server, where it goes to every one.
    default int calls() {
        return 1;
    }
}
