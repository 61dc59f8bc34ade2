package io.cashew.protocol.redis;

/// How the answers to the parts of a split command become the one answer a single server would have given.
enum Join {
    /// Every part answers with an array that has one element per key; the elements go back to their keys' places.
    IN_KEY_ORDER,
    /// Every part answers with an integer; the client gets their sum.
    SUM,
    /// Every part answers `+OK`; so does the whole.
    OK,
    /// One server answers with a page of its keys; the cursor is made one of the pool.
    PAGE
}
