package io.cashew.server;

import io.cashew.protocol.Failure;
import io.cashew.transport.Frame;

/// Who listens to what a server says of its own accord. Called on the event loop of the connection.
interface Hearer {
    /// `message` is valid during this call only.
    void onMessage(Frame message);

    /// `connection` has ended; whoever it owed something has heard of that.
    void onEnd(ServerConnection connection, Failure reason);
}
