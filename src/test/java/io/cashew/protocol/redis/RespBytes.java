package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import io.cashew.protocol.ResponseDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Feeds bytes to a decoder the way a connection does: in pieces, what is incomplete copied to other memory each time.
///
/// The memory ends where the bytes end, so that a read beyond them throws.
final class RespBytes {
    private RespBytes() {}

    /// What a decoder made of some bytes.
    ///
    /// @param messages each complete message: the words of a request, or the bytes of a reply
    /// @param end why it stopped: `INCOMPLETE`, or the complaint
    /// @param left bytes that had not been consumed
    record Decoded(List<List<String>> messages, String end, int left) {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static Decoded requests(RequestDecoder decoder, byte[] bytes, int... cuts) {
        var request = new Request();
        return feed(bytes, cuts, (memory, from, to, messages) -> {
            long end = decoder.decode(memory, from, to, request);
            if (end == RequestDecoder.MALFORMED) {
                throw new Malformed(text(decoder.complaint()));
            }
            if (end != RequestDecoder.INCOMPLETE && request.wordCount() > 0) {
                var words = new ArrayList<String>();
                for (int word = 0; word < request.wordCount(); word++) {
                    words.add(text(request.word(word)));
                }
                words.add(text(request.bytes().asSlice(request.start(), request.length()).toArray(ValueLayout.JAVA_BYTE)));
                words.add(String.valueOf(request.command()));
                for (int key = 0; key < request.keyCount(); key++) {
                    words.add("key " + request.keyWord(key));
                }
                messages.add(words);
            }
            checkMissing(end == RequestDecoder.INCOMPLETE, decoder.missing());
            return end;
        });
    }

    static Decoded replies(ResponseDecoder decoder, byte[] bytes, int... cuts) {
        return feed(bytes, cuts, (memory, from, to, messages) -> {
            long end = decoder.decode(memory, from, to);
            if (end == ResponseDecoder.MALFORMED) {
                throw new Malformed("malformed");
            }
            if (end != ResponseDecoder.INCOMPLETE) {
                messages.add(List.of(
                        text(memory.asSlice(from, end - from).toArray(ValueLayout.JAVA_BYTE)),
                        "unable " + decoder.serverIsUnable()));
            }
            checkMissing(end == ResponseDecoder.INCOMPLETE, decoder.missing());
            return end;
        });
    }

    /// Cuts behind every byte of `length`.
    static int[] everyByte(int length) {
        int[] cuts = new int[Math.max(0, length - 1)];
        Arrays.setAll(cuts, i -> i + 1);
        return cuts;
    }

    static int[] someCuts(RandomGenerator random, int length) {
        return random.ints(random.nextInt(6), 0, length + 1).sorted().distinct().toArray();
    }

    private static void checkMissing(boolean incomplete, long missing) {
        if (missing < 0 || !incomplete && missing != 0) {
            throw new AssertionError("missing " + missing + (incomplete ? "" : " of a complete message"));
        }
    }

    private interface Step {
        long decode(MemorySegment memory, long from, long to, List<List<String>> messages);
    }

    private static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String complaint) {
            super(complaint);
        }
    }

    private static Decoded feed(byte[] bytes, int[] cuts, Step step) {
        var messages = new ArrayList<List<String>>();
        int consumed = 0;
        for (int piece = 0; piece <= cuts.length; piece++) {
            int arrived = piece < cuts.length ? cuts[piece] : bytes.length;
            // Other memory each time, and another place in it.
            int before = (piece * 7) % 5;
            byte[] memory = new byte[before + arrived - consumed];
            System.arraycopy(bytes, consumed, memory, before, arrived - consumed);
            long at = before;
            while (at < memory.length) {
                long end;
                try {
                    end = step.decode(MemorySegment.ofArray(memory), at, memory.length, messages);
                } catch (Malformed malformed) {
                    return new Decoded(messages, malformed.getMessage(), 0);
                }
                if (end == RequestDecoder.INCOMPLETE) {
                    break;
                }
                if (end <= at || end > memory.length) {
                    throw new AssertionError("from " + at + " to " + end + " of " + memory.length);
                }
                consumed += (int) (end - at);
                at = end;
            }
        }
        return new Decoded(messages, "INCOMPLETE", bytes.length - consumed);
    }
}
