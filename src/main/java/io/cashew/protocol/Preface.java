package io.cashew.protocol;

import io.cashew.transport.Frame;

/// What one server is told, and asked, before [it waits with all others][Errand#WAIT_EVERYWHERE], and whether its answer to that
/// counts then. For one request.
public interface Preface {
    /// What is said, one request each, complete with framing. Shared, not to be changed.
    byte[][] requests();

    /// The answer to request number `request`; valid during this call only.
    void hear(int request, Frame response);

    /// Why whatever the server answers after this does not count; null if it does.
    Failure doubt();
}
