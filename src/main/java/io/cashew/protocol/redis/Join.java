package io.cashew.protocol.redis;

/// How the answers to the parts of a split command become the one answer a single server would have given.
enum Join {
    /// Every part answers with an array that has one element per key; the elements go back to their keys' places.
    IN_KEY_ORDER,
    /// Every part answers with an integer; the client gets their sum.
    SUM,
    /// Every part answers with an integer; the client gets the smallest.
    LEAST,
    /// Every part answers with an array of zeros and ones, as many as the others; the client gets the smallest of each place.
    LEAST_OF_EACH,
    /// Every part gives the same answer; the client gets it once.
    SAME,
    /// Every part answers with an array; the client gets one array with the elements of all, server by server.
    ONE_AFTER_THE_OTHER,
    /// Every server answers with the number of its keys and then with one of them; the client gets one of those, by chance
    /// and in proportion to the numbers.
    ONE_OF_ALL_KEYS,
    /// Every part answers `+OK`; so does the whole.
    OK,
    /// One server answers with a page of its keys; the cursor is made one of the pool.
    PAGE
}
