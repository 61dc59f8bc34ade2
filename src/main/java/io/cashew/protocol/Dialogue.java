package io.cashew.protocol;

import io.cashew.transport.Frame;

/// What a client does with a server connection that it has for itself: what no connection shared by clients can carry, because
/// the server remembers who asked, or does not answer for a while.
///
/// For each request [#errand(Request)] is asked first, maybe repeatedly, and then [#answer(Request)] once. It belongs to a
/// [Session].
public interface Dialogue {
    /// What is to be done for `request`. Changes nothing.
    Errand errand(Request request);

    /// Takes `request`, and answers it like [Session#answer(Request)] unless a server has to: then null.
    byte[] answer(Request request);

    /// Whether something has been begun: then every request is to be asked about here.
    boolean begun();

    /// Whether requests are being queued for a transaction. They do not wait for each other.
    boolean queueing();

    /// The last request could not be given to the server of the transaction; its client has been told.
    void undone();

    /// The server has forgotten what has been begun, because of `reason`. `told` if the client has heard of it.
    void lost(Failure reason, boolean told);

    /// How long `request`, whose errand [waits][Errand#waits()], asks the server to wait at most, in nanoseconds;
    /// [Long#MAX_VALUE] for ever.
    long patience(Request request);

    /// What one server is told before it is asked to wait with all others; a new one for each server.
    Preface preface();

    /// What tells a server that a transaction begins, complete with framing. Shared, not to be changed.
    byte[] opening();

    /// What asks a server by which number it knows the connection that carries this, complete with framing. Shared, not to be
    /// changed.
    byte[] identification();

    /// The number that `reply` is; negative if it is none.
    long number(Frame reply);

    /// What tells a server, over any connection, that the one it knows by `identity` waits no longer, complete with framing: it
    /// answers there as if the time was up, or `withError`, and here with 1 if it was waiting.
    byte[] release(long identity, boolean withError);

    /// Whether `reply` refuses what was asked.
    boolean isError(Frame reply);

    /// What the client has subscribed to; the same for as long as it lives.
    Listening listening();
}
