package io.cashew.protocol.redis;

import io.cashew.protocol.Request;

/// Where the keys of a command lie among its words, in the notions of Redis's own
/// [key specifications](https://redis.io/docs/latest/develop/reference/key-specs/).
///
/// A spec only ever looks at words that are there: numbers a client claims are compared with the number of words and
/// never allocated by, added up or multiplied. A claim that does not fit finds no key.
sealed interface KeySpec {
    KeySpec NONE = new None();
    KeySpec FIRST_WORD = new Range(1, 1, 1);

    /// Adds the keys of `request` to it, in the order in which they stand.
    void locate(Request request);

    static KeySpec key(int word) {
        return word == 1 ? FIRST_WORD : new Range(word, word, 1);
    }

    /// Keys from word `first` to word `last`, every `step` words. A negative `last` counts from the end: -1 is the last
    /// word.
    static KeySpec keys(int first, int last, int step) {
        return new Range(first, last, step);
    }

    /// The name of a channel, which lives where a key of that name does.
    static KeySpec channel(int word) {
        return new Channel(word);
    }

    /// As many keys as word `number` says, right behind it.
    static KeySpec counted(int number) {
        return new Counted(number, 1);
    }

    /// As many pairs of key and value as word `number` says, right behind it.
    static KeySpec countedPairs(int number) {
        return new Counted(number, 2);
    }

    /// The key an option `STORE` or `STOREDIST` names, options beginning at word `from`.
    static KeySpec stored(int from) {
        return new Stored(from);
    }

    /// Keys behind the option `STREAMS`, each with its id further behind.
    static KeySpec streams() {
        return new Streams();
    }

    default KeySpec and(KeySpec other) {
        return new Both(this, other);
    }

    record None() implements KeySpec {
        @Override
        public void locate(Request request) {
            // a command without keys
        }
    }

    record Range(int first, int last, int step) implements KeySpec {
        @Override
        public void locate(Request request) {
            int words = request.wordCount();
            int end = last < 0 ? words + last : Math.min(last, words - 1);
            for (int word = first; word <= end; word += step) {
                request.addKey(word);
            }
        }
    }

    /// No key, but the server is found in the same way.
    record Channel(int word) implements KeySpec {
        @Override
        public void locate(Request request) {
            if (word < request.wordCount()) {
                request.addKey(word);
            }
        }
    }

    record Counted(int number, int step) implements KeySpec {
        @Override
        public void locate(Request request) {
            int behind = request.wordCount() - number - 1;
            if (behind < 1) {
                return;
            }
            long keys = request.wordNumber(number);
            if (keys > behind / step) {
                return;
            }
            for (int key = 0; key < keys; key++) {
                request.addKey(number + 1 + key * step);
            }
        }
    }

    /// Of several such options the last one counts, as in Redis. The words behind other options are values, whatever
    /// they look like: `SORT list BY store` stores nothing.
    record Stored(int from) implements KeySpec {
        @Override
        public void locate(Request request) {
            int words = request.wordCount();
            int target = 0;
            for (int word = from; word < words - 1; word++) {
                if (request.wordIs(word, "store") || request.wordIs(word, "storedist")) {
                    target = ++word;
                } else if (request.wordIs(word, "by") || request.wordIs(word, "get") || request.wordIs(word, "count")) {
                    word++;
                } else if (request.wordIs(word, "limit")) {
                    word += 2;
                }
            }
            if (target > 0) {
                request.addKey(target);
            }
        }
    }

    /// The options of `XREAD` and `XREADGROUP` may come in any order, and their values may look like options:
    /// `GROUP streams consumer STREAMS key >`. An option that is not known here is taken to have no value, so that a
    /// newer server's flags do not keep us from finding the keys.
    record Streams() implements KeySpec {
        @Override
        public void locate(Request request) {
            int options = optionsEnd(request);
            int behind = request.wordCount() - options - 1;
            if (behind < 2 || behind % 2 != 0) {
                return;
            }
            for (int key = 1; key <= behind / 2; key++) {
                request.addKey(options + key);
            }
        }

        /// The word `BLOCK`, with which the command may wait for data, or 0 if there is none.
        static int block(Request request) {
            int end = optionsEnd(request);
            for (int word = 1; word < end; word += 1 + values(request, word)) {
                if (request.wordIs(word, "block")) {
                    return word;
                }
            }
            return 0;
        }

        /// The word `STREAMS`, or the number of words if there is none.
        private static int optionsEnd(Request request) {
            int words = request.wordCount();
            for (int word = 1; word < words; word += 1 + values(request, word)) {
                if (request.wordIs(word, "streams")) {
                    return word;
                }
            }
            return words;
        }

        private static int values(Request request, int option) {
            if (request.wordIs(option, "block") || request.wordIs(option, "count") || request.wordIs(option, "claim")) {
                return 1;
            }
            return request.wordIs(option, "group") ? 2 : 0;
        }
    }

    record Both(KeySpec one, KeySpec other) implements KeySpec {
        @Override
        public void locate(Request request) {
            one.locate(request);
            other.locate(request);
        }
    }
}
