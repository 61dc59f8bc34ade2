package io.cashew.server;

import io.cashew.protocol.Failure;
import io.cashew.transport.ByteSink;
import io.cashew.transport.Frame;

/// Who is owed what a server answers. One of the two methods is called for every call made, exactly once, on the event
/// loop of the connection, unless the caller does [not want][#wants(int, Frame)] the answer.
public interface Caller {
    /// The answer to call number `tag` of this caller. `response` is valid during this call only.
    void onResponse(int tag, Frame response);

    /// Whether answers are passed on without a look at the values in them, which may lie in pieces then.
    default boolean passesOn() {
        return false;
    }

    /// Says that the answer to call number `tag` has begun and is long. Returns where it may go while it arrives, or null if it
    /// has to be kept until it is complete. What then goes there is everything up to the end of its value; the rest comes with
    /// [#onResponse], or [#onFailure] says that it will not come.
    default ByteSink onBegin(int tag) {
        return null;
    }

    /// Whether the rest of the answer to call number `tag` is to be kept, of which so far `begun` has arrived, which is valid
    /// during this call only. If it is not, nothing more is heard of this call.
    default boolean wants(int tag, Frame begun) {
        return true;
    }

    /// There will be no answer to call number `tag`.
    void onFailure(int tag, Failure failure);
}
