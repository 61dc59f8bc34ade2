package io.cashew.server;

/// What an operator has said about a server: that it is to get no requests, whatever its health. It lasts until the operator says
/// otherwise.
public enum Withdrawal {
    /// What is under way is still answered.
    DRAINED,
    /// What is under way fails at once.
    EJECTED
}
