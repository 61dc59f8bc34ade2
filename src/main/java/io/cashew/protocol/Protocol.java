package io.cashew.protocol;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;

/// One wire language: how its commands and replies are found, how a request is split, how a failure is said.
///
/// Immutable and shared by all workers.
public interface Protocol {
    /// `redis` or `memcache`.
    String label();

    RequestDecoder requestDecoder();

    /// Finds the replies on a connection for clients in `lane`.
    ResponseDecoder responseDecoder(int lane);

    /// The session of a new client.
    Session session(Client client);

    /// `session`, which was made by the protocol that the pool had before a reload, goes on with what is known here.
    default void adopt(Session session) {}

    /// How many lanes there are: kinds of server connections that differ in what a server has been told before the first
    /// request. Clients whose requests may share a connection are in the same lane. Lane 0 is that of new clients.
    default int lanes() {
        return 1;
    }

    /// What is said to a server before anything else, on a connection for clients in `lane`.
    Greeting greeting(int lane);

    /// What a server is asked when nobody is sure that it serves.
    Probe probe();

    /// What a client hears when its request failed, complete with framing. The array is shared.
    byte[] sayFailure(Failure failure);

    /// Why `request`, whose keys live on several servers and whose command can be split, is not; null if it is.
    default Failure refusalToSplit(Request request) {
        return null;
    }

    /// Whether `response` refuses a request for the want of what its [remedy][Request#remedy()] brings.
    default boolean wantsRemedy(Frame response) {
        return false;
    }

    /// How servers are subscribed to.
    default Subscribing subscribing() {
        throw new IllegalStateException("nothing is published in this language");
    }

    /// Writes part `part` of `request` and returns its length in bytes: the keys of the part, or the whole where the split
    /// is not one of keys.
    int writePart(Request request, Split split, int part, ByteSink out);

    /// What joins the answers of the parts of `request`, as many as `split` has; `split` stays as it is until they are
    /// joined. `spent` may be used again: it is a gather whose request is done, or null.
    Gather gather(Request request, Split split, Gather spent);
}
