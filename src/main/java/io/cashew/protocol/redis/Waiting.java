package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cashew.protocol.Request;
import java.util.concurrent.TimeUnit;

/// Where a command that waits says for how long at most. 0 is for ever; what is not a time is refused by the server at once.
enum Waiting {
    /// Seconds, which may have a fraction.
    FIRST_WORD {
        @Override
        long nanos(Request request) {
            return seconds(request, 1);
        }
    },
    /// Seconds, which may have a fraction.
    LAST_WORD {
        @Override
        long nanos(Request request) {
            return seconds(request, request.wordCount() - 1);
        }
    },
    /// Milliseconds.
    LAST_WORD_MILLIS {
        @Override
        long nanos(Request request) {
            return millis(request, request.wordCount() - 1);
        }
    },
    /// Milliseconds, behind the option `BLOCK`.
    BLOCK_OPTION {
        @Override
        long nanos(Request request) {
            int option = KeySpec.Streams.block(request);
            return option + 1 < request.wordCount() ? millis(request, option + 1) : 0;
        }
    };

    static final long FOR_EVER = Long.MAX_VALUE;

    private static final int LONGEST_NUMBER = 64;

    abstract long nanos(Request request);

    private static long millis(Request request, int word) {
        long millis = request.wordNumber(word);
        return millis == 0 ? FOR_EVER : Math.max(0, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static long seconds(Request request, int word) {
        if (request.wordLength(word) > LONGEST_NUMBER) {
            return 0;
        }
        try {
            double seconds = Double.parseDouble(new String(request.word(word), ISO_8859_1));
            return seconds == 0 ? FOR_EVER : Math.max(0, (long) (seconds * TimeUnit.SECONDS.toNanos(1)));
        } catch (NumberFormatException notATime) {
            return 0;
        }
    }
}
