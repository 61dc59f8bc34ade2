package io.cashew.protocol;

/// What a request means for the server connection that its client has for itself, or is to get.
public enum Errand {
    /// Nothing: it is answered here, or goes the way of all requests.
    NONE,
    /// Nothing yet; but what follows may not go the way of all requests.
    BEGIN,
    /// Subscribes: is answered when servers have confirmed.
    SUBSCRIBE,
    /// Unsubscribes: is answered here, with messages.
    UNSUBSCRIBE,
    /// Waits at its server until there is something to answer, or until its own time is up.
    WAIT,
    /// Waits at every server, until all of them have something to answer, or until its own time is up.
    WAIT_EVERYWHERE,
    /// Goes to the server of its keys, from where on they are watched.
    WATCH,
    /// Has been answered and is kept, until it is known which server it is for.
    KEEP,
    /// Goes to the server of the transaction, which is that of its keys if there has been none so far.
    QUEUE,
    /// Has the transaction executed. What has been kept goes to any server if none has been named.
    RUN,
    /// Ends what has been begun, without executing it.
    END,
    /// Is answered here; what has been begun comes to nothing.
    DROP;

    /// Whether a server is asked to answer only when there is something.
    public boolean waits() {
        return this == WAIT || this == WAIT_EVERYWHERE;
    }
}
