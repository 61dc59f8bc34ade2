package io.cashew.protocol;

import io.cashew.transport.Frame;

/// How a server is asked to tell us what is published, and how it does. It answers every question once, in order; in between it
/// sends messages of its own accord.
///
/// Immutable and shared by all workers. Requests are complete with framing, and are not to be changed.
public interface Subscribing {
    byte[] subscribe(Topic topic);

    byte[] unsubscribe(Topic topic);

    /// Changes nothing, and shows that the server is there.
    byte[] ping();

    /// Finds answers and messages; the latter are [unsolicited][ResponseDecoder#unsolicited()].
    ResponseDecoder decoder();

    /// What `message` comes for.
    Topic topic(Frame message);

    /// Whether `answer` refuses what was asked.
    boolean refuses(Frame answer);

    /// Whether any server may have messages for `topic`, and not only the one its name belongs to.
    boolean isEverywhere(Topic topic);
}
