package io.cashew.protocol;

/// Which replies a client wants to hear.
public enum Replies {
    ALL,
    /// All but that to its next request.
    ALL_BUT_NEXT,
    NONE
}
