package io.cashew.protocol;

import io.cashew.transport.ByteSink;

/// One wire language: how its commands and replies are found, how a request is split, how a failure is said.
///
/// Immutable and shared by all workers.
public interface Protocol {
    /// `redis` or `memcache`.
    String label();

    RequestDecoder requestDecoder();

    ResponseDecoder responseDecoder();

    /// The session of a new client.
    Session session(Client client);

    /// What is said to a server before anything else.
    Greeting greeting();

    /// What a server is asked when nobody is sure that it serves.
    Probe probe();

    /// What a client hears when its request failed, complete with framing. The array is shared.
    byte[] sayFailure(Failure failure);

    /// Writes the part of `request` that consists of those keys whose entry in `serverOfKey` is `server`, `keys` of them, and
    /// returns its length in bytes.
    int writePart(Request request, int[] serverOfKey, int server, int keys, ByteSink out);

    /// What joins the answers of the parts. `partOfKey` tells for every key of `request`, in order, which part it went to;
    /// it is kept.
    Gather gather(Request request, int[] partOfKey, int parts);
}
