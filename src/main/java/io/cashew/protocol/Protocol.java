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

    /// Writes part `part` of `request` and returns its length in bytes.
    int writePart(Request request, Split split, int part, ByteSink out);

    /// What joins the answers of the parts of `request`, as many as `split` has; `split` stays as it is until they are
    /// joined. `spent` may be used again: it is a gather whose request is done, or null.
    Gather gather(Request request, Split split, Gather spent);
}
