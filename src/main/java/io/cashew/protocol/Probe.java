package io.cashew.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The question that finds out whether a server serves: one request that costs it nothing and changes nothing.
///
/// @param bytes the request, complete with framing
/// @param goodAnswers how the reply of a server that serves begins: one of these
public record Probe(byte[] bytes, List<String> goodAnswers) {
    public Probe {
        goodAnswers = List.copyOf(goodAnswers);
    }

    /// The probe whose request is `text`, in ASCII.
    public static Probe of(String text, String... goodAnswers) {
        return new Probe(text.getBytes(StandardCharsets.US_ASCII), List.of(goodAnswers));
    }

    /// Whether the reply of `length` bytes from `start` is that of a server that serves.
    public boolean accepts(MemorySegment reply, long start, int length) {
        return goodAnswers.stream().anyMatch(answer -> begins(reply, start, length, answer));
    }

    private static boolean begins(MemorySegment reply, long start, int length, String answer) {
        if (length < answer.length()) {
            return false;
        }
        for (int at = 0; at < answer.length(); at++) {
            if (reply.get(ValueLayout.JAVA_BYTE, start + at) != answer.charAt(at)) {
                return false;
            }
        }
        return true;
    }
}
