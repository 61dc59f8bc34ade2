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
        /// Goes to every server as it is, and the answers are joined.
        EVERY_SERVER,
        /// Goes to the one server that has all of its keys, over a connection that nobody else uses meanwhile: it may wait there.
        WAITING,
        /// Begins or ends what a server remembers about one connection, and goes over that.
        TRANSACTION,
        /// Is answered with an error that says why.
        REFUSED
    }

    /// The name in lower case, as its protocol's documentation writes it.
    String label();

    Spread spread();

    /// Whether it may change data.
    boolean writes();
}
