package io.cashew.server;

import io.cashew.protocol.Failure;
import io.cashew.transport.Frame;

/// Who is owed what a server answers. Exactly one of the two methods is called for every call made, exactly once, on the
/// event loop of the connection.
public interface Caller {
    /// The answer to call number `tag` of this caller. `response` is valid during this call only.
    void onResponse(int tag, Frame response);

    /// There will be no answer to call number `tag`.
    void onFailure(int tag, Failure failure);
}
