package io.cashew.config;

/// How the threads of the event loops are scheduled.
public enum Scheduling {
    /// While a loop is busy, it lets clients and servers on the same processors finish before it goes on.
    ADAPTIVE,
    /// As the system does it with every thread.
    SYSTEM
}
