package io.cashew.protocol;

import io.cashew.transport.Incomplete;
import java.lang.foreign.MemorySegment;

/// Finds client commands in received bytes. One per client connection; it remembers how far it got in an incomplete
/// command, so that a command that arrives in a thousand pieces is still read once.
public interface RequestDecoder extends Incomplete {
    /// The command is not complete; call again from the same position when more bytes have arrived.
    long INCOMPLETE = -1;
    /// The bytes are not the protocol's; [#complaint()] says why, and the connection has to end.
    long MALFORMED = -2;

    /// Decodes the command that starts at `from` into `request` and returns the position behind it, or [#INCOMPLETE], or
    /// [#MALFORMED]. What needs no answer (an empty line) leaves the request without words. The bytes between `from` and
    /// the end of what had arrived may have moved to other memory since the last call.
    ///
    /// A value that has been cut out ([#cutOut()]) is a word that has a length and a place, but no bytes there.
    long decode(MemorySegment bytes, long from, long to, Request request);

    /// Says whether the client has shown who it is, where it has to; from the next command on, one that has not may claim
    /// only little. Clients are trusted until this says otherwise.
    default void trust(boolean trusted) {}

    /// The reply to bytes that are not the protocol's, with framing; empty if there is nothing the client would understand.
    byte[] complaint();

    /// Why the connection has to end: what the bytes are instead, if that can be told.
    CloseCause cause();
}
