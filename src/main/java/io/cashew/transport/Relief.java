package io.cashew.transport;

/// Somebody on an event loop who holds memory for connections and can let go of some, when all together hold too much.
public interface Relief {
    /// The most bytes one of its connections makes us hold.
    long largest();

    /// Ends the connection that makes us hold the most.
    void dropLargest();
}
