package io.cashew.protocol;

import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;

/// Turns the answers to the parts of a split request into the one answer the client expects. It serves one request at a
/// time, and the next one after [#join(ByteSink)] or [#release()].
public interface Gather {
    /// Keeps what it needs of the answer to part number `part`; parts answer in any order, each once.
    void part(int part, Frame response);

    /// Whether the rest of the answer to part number `part` is to be kept, of which so far `begun` has arrived. If it is not, the
    /// part counts as answered.
    default boolean wants(int part, Frame begun) {
        return true;
    }

    /// Bytes of the joined answer, once every part has answered; 0 if the client expects none.
    long length();

    /// Writes the joined answer, once every part has answered, and lets go of what has been kept.
    void join(ByteSink out);

    /// Whether the client wants to hear nothing, not even of a failure.
    default boolean silent() {
        return false;
    }

    /// Lets go of what has been kept, when there will be no joined answer.
    void release();
}
