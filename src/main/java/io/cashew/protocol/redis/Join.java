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
    /// Every part answers with a number, or with an array of names and numbers, as many as the others; the client gets the largest
    /// of each place.
    MOST_OF_EACH,
    /// Every part answers with an array of events, each an array with its name and figures; the client gets each event once.
    EVENTS,
    /// Every part answers with a map of commands and how many of their calls took how long; the client gets the sums.
    HISTOGRAMS,
    /// Every part gives the same answer; the client gets it once.
    SAME,
    /// Every part answers with an array; the client gets one array with the elements of all, server by server.
    ONE_AFTER_THE_OTHER,
    /// Every part answers with an array of strings; the client gets one array, and each string once.
    EACH_ONCE,
    /// Every server answers with the number of its keys and then with one of them; the client gets one of those, by chance
    /// and in proportion to the numbers.
    ONE_OF_ALL_KEYS,
    /// Every server answers with members of its own keys' sets; the client's answer is computed from them, if the pool allows it.
    COMPUTED,
    /// Every key's whole value is asked for; the client's answer is computed from them, if the pool allows it.
    COMPUTED_OF_KEYS(true),
    /// Every key is asked for on its own, and answers with an array or a map that has one element or none, or with null; the
    /// client gets one with the elements of all, in the order of the keys.
    STREAM_BY_STREAM(true),
    /// Every part answers `+OK`; so does the whole.
    OK,
    /// One server answers with a page of its keys; the cursor is made one of the pool.
    PAGE;

    private final boolean byKey;

    Join() {
        this(false);
    }

    Join(boolean byKey) {
        this.byKey = byKey;
    }

    /// Whether a part has one key, and not all of a server.
    boolean isByKey() {
        return byKey;
    }

    boolean isComputed() {
        return this == COMPUTED || this == COMPUTED_OF_KEYS;
    }
}
