package io.cashew.protocol;

import java.util.List;

/// What helps a server that refuses a request because it does not know something that others know. Called from any event loop.
public interface Remedy {
    /// What the server with the ring name `server` is to be told now, one request each, complete with framing; empty if nothing
    /// helps it.
    List<byte[]> at(String server);
}
