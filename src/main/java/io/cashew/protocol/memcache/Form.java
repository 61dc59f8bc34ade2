package io.cashew.protocol.memcache;

/// How a command line is laid out behind the command's name (memcached's `doc/protocol.txt`). Words are counted from 0,
/// which is the name.
enum Form {
    KEYS("<key>+", 1, 2, Form.MANY),
    TIME_AND_KEYS("<exptime> <key>+", 2, 3, Form.MANY),
    VALUE("<key> <flags> <exptime> <bytes> [noreply]", 1, 5, 5),
    UNIQUE_VALUE("<key> <flags> <exptime> <bytes> <unique> [noreply]", 1, 6, 6),
    KEY_AND_NUMBER("<key> <number> [noreply]", 1, 3, 3),
    /// Old clients send a zero behind the key; the server knows what to say to another number.
    KEY("<key> [0] [noreply]", 1, 2, 3),
    KEY_AND_FLAGS("<key> <flag>*", 1, 2, Form.MANY),
    VALUE_AND_FLAGS("<key> <bytes> <flag>*", 1, 3, Form.MANY),
    /// What stands there is up to the server.
    NUMBER("[<number>] [noreply]", 0, 1, Form.MANY),
    WORDS("", 0, 1, Form.MANY);

    private static final int MANY = Integer.MAX_VALUE;

    private final String syntax;
    private final int firstKey;
    private final int fewestWords;
    private final int mostWords;

    Form(String syntax, int firstKey, int fewestWords, int mostWords) {
        this.syntax = syntax;
        this.firstKey = firstKey;
        this.fewestWords = fewestWords;
        this.mostWords = mostWords;
    }

    /// As the protocol's documentation writes it.
    String syntax() {
        return syntax;
    }

    /// Which word is the first key; 0 if there is none.
    int firstKey() {
        return firstKey;
    }

    /// Whether every word from the first key on is one.
    boolean hasManyKeys() {
        return this == KEYS || this == TIME_AND_KEYS;
    }

    /// Whether a line may have this number of words, `noreply` not counted.
    boolean accepts(int words) {
        return words >= fewestWords && words <= mostWords;
    }

    /// Which word says how long the value on the next line is; 0 if there is no value.
    int lengthWord() {
        return switch (this) {
            case VALUE, UNIQUE_VALUE -> 4;
            case VALUE_AND_FLAGS -> 2;
            case KEYS, TIME_AND_KEYS, KEY_AND_NUMBER, KEY, KEY_AND_FLAGS, NUMBER, WORDS -> 0;
        };
    }

    /// Which word is the first meta flag; 0 if there are none.
    int firstFlag() {
        return switch (this) {
            case KEY_AND_FLAGS -> 2;
            case VALUE_AND_FLAGS -> 3;
            case KEYS, TIME_AND_KEYS, VALUE, UNIQUE_VALUE, KEY_AND_NUMBER, KEY, NUMBER, WORDS -> 0;
        };
    }

    /// Whether memcached looks for `noreply` at the end of a line with this number of words.
    boolean mayEndWithNoreply(int words) {
        return switch (this) {
            case VALUE, UNIQUE_VALUE, KEY_AND_NUMBER, KEY -> words > 2;
            case NUMBER -> words > 1;
            case KEYS, TIME_AND_KEYS, KEY_AND_FLAGS, VALUE_AND_FLAGS, WORDS -> false;
        };
    }
}
