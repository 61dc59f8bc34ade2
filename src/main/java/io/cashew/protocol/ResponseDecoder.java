package io.cashew.protocol;

import io.cashew.transport.Incomplete;
import java.lang.foreign.MemorySegment;

/// Finds server replies in received bytes. One per server connection; it remembers how far it got in an incomplete reply.
public interface ResponseDecoder extends Incomplete {
    /// The reply is not complete; call again from the same position when more bytes have arrived.
    long INCOMPLETE = -1;
    /// The bytes are not a reply of the protocol.
    long MALFORMED = -2;

    /// The position behind the reply that starts at `from`, or [#INCOMPLETE], or [#MALFORMED].
    long decode(MemorySegment bytes, long from, long to);

    /// Forgets what has been read of the reply that [#decode] has left incomplete, and returns how many bytes that are: from now on
    /// the decoder is offered the reply without them. What it finds then is only its end. 0 if it has to keep everything.
    default long forget() {
        return 0;
    }

    /// Whether what was decoded last is no reply, but something the server says of its own accord.
    default boolean unsolicited() {
        return false;
    }

    /// Whether the reply that was decoded last says that the server as a whole cannot serve.
    boolean serverIsUnable();
}
