package io.cashew.client;

import io.cashew.protocol.Client;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;

/// Why clients of one worker were sent away, and why their requests were refused or failed: counted by cause, and told to
/// whoever keeps the pool's log.
///
/// Written on one event loop; the figures may be read from any thread and be a moment old.
public final class Outcomes {
    /// Hears of everything, on the event loop of each worker, also of a million requests that fail in a row.
    public interface Observer {
        /// `heldBytes` is how much had been kept for the client.
        void closed(Client client, CloseCause cause, long heldBytes);

        void failed(Client client, Failure failure);
    }

    private final Observer observer;
    private final long[] closed = new long[CloseCause.values().length];
    private final long[] failed = new long[Failure.values().length];

    public Outcomes(Observer observer) {
        this.observer = observer;
    }

    /// Clients that were sent away because of `cause`.
    public long closed(CloseCause cause) {
        return closed[cause.ordinal()];
    }

    /// Requests that came to nothing because of `failure`.
    public long failed(Failure failure) {
        return failed[failure.ordinal()];
    }

    void close(Client client, CloseCause cause, long heldBytes) {
        closed[cause.ordinal()]++;
        observer.closed(client, cause, heldBytes);
    }

    void fail(Client client, Failure failure) {
        failed[failure.ordinal()]++;
        observer.failed(client, failure);
    }
}
