package io.cashew.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/// Sequences of calls, put together at random out of the lines of a differential file. Their keys are a few, of whatever type
/// the calls before have made of them, and some of the calls are in transactions. The same seed makes the same sequences.
final class CallSequences {
    private static final int LONGEST = 16;
    private static final int LONGEST_TRANSACTION = 5;
    private static final int KEYS = 6;

    /// Their answers depend on the clock or on chance.
    private static final Set<String> UNREPEATABLE = Set.of(
            "expiretime", "getex", "hrandfield", "keys", "pexpiretime", "pttl", "randomkey", "scan", "spop", "srandmember", "ttl",
            "zrandmember");

    /// No single server could answer them, so they are not part of a transaction.
    private static final Set<String> WHOLE_POOL = Set.of("dbsize", "function", "script");

    /// Answered by the pool itself.
    private static final Set<String> OWN = Set.of("echo", "ping", "slowlog");

    /// A set has no order, and every server one of its own.
    private static final Set<String> UNORDERED = Set.of("sdiff", "sinter", "smembers", "sscan", "sunion");

    /// Beside those of the file, where a call that waits would wait in vain.
    private static final List<String> WAITING = List.of(
            "BLPOP @l 0.001", "BRPOP @l @m 0.001", "BLMOVE @l @m LEFT RIGHT 0.001", "BLMPOP 0.001 1 @l LEFT",
            "BZPOPMIN @z 0.001", "BZPOPMAX @z @y 0.001", "BZMPOP 0.001 2 @z @y MAX", "XREAD BLOCK 1 STREAMS @x 0",
            "BRPOPLPUSH @l @l 0.001", "BLPOP @l x", "BLPOP @l -1");

    private final List<String> calls;
    private final List<String> queueable;
    private final Random random;

    CallSequences(Stream<String> lines, long seed) {
        calls = Stream.concat(lines, WAITING.stream()).filter(line -> !UNREPEATABLE.contains(name(line))).toList();
        queueable = calls.stream()
                .filter(line -> !WHOLE_POOL.contains(name(line)) && !OWN.contains(name(line)) && !isUnordered(line))
                .toList();
        random = new Random(seed);
    }

    static boolean isUnordered(String line) {
        return UNORDERED.contains(name(line));
    }

    private static String name(String line) {
        return line.split(" ", 2)[0].toLowerCase(Locale.ROOT);
    }

    List<String> next() {
        var sequence = new ArrayList<String>();
        int length = 4 + random.nextInt(LONGEST - 4);
        while (sequence.size() < length) {
            if (random.nextInt(8) == 0) {
                transaction(sequence);
            } else {
                sequence.add(call(calls));
            }
        }
        return sequence;
    }

    private void transaction(List<String> sequence) {
        if (random.nextBoolean()) {
            String watched = key();
            sequence.add("WATCH " + watched);
            if (random.nextInt(4) == 0) {
                // The client changes it itself, which spoils the transaction all the same, unless it is no string.
                sequence.add("APPEND " + watched + " more");
            }
        }
        sequence.add("MULTI");
        for (int queued = random.nextInt(LONGEST_TRANSACTION); queued > 0; queued--) {
            sequence.add(call(queueable));
        }
        sequence.add(random.nextInt(5) == 0 ? "DISCARD" : "EXEC");
    }

    private String call(List<String> from) {
        String line = from.get(random.nextInt(from.size()));
        var words = new ArrayList<String>();
        for (String word : line.split(" ")) {
            words.add(word.startsWith("@") ? key() : word);
        }
        return String.join(" ", words);
    }

    private String key() {
        return "@key" + random.nextInt(KEYS);
    }
}
