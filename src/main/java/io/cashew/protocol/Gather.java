package io.cashew.protocol;

import io.cashew.transport.Frame;
import io.netty.buffer.ByteBuf;

/// Turns the answers to the parts of a split request into the one answer the client expects. One per split request.
public interface Gather {
    /// Keeps what it needs of the answer to part number `part`; parts answer in any order, each once.
    void part(int part, Frame response);

    /// The joined answer, once every part has answered; empty if the client expects none. The caller releases it; nothing
    /// else may be called afterwards.
    ByteBuf join();

    /// Whether the client wants to hear nothing, not even of a failure.
    default boolean silent() {
        return false;
    }

    /// Lets go of what has been kept, when there will be no joined answer.
    void release();
}
