package io.cashew.protocol.memcache;

import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import io.cashew.protocol.ResponseDecoder;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Feeds a stream to a decoder in pieces, as a connection would: what has not been consumed is moved to other memory and
/// offered again with the next piece.
final class Pieces {
    private static final int ITEM_SIZE = 1024;

    private Pieces() {}

    /// What becomes of the requests in `stream`, one line each: the complaint that answers it, or how it is forwarded.
    /// `cuts` are the positions where pieces end.
    static List<String> requests(String stream, int... cuts) {
        var decoder = new MemcacheRequestDecoder(Limits.memcache(ITEM_SIZE));
        var request = new Request();
        var found = new ArrayList<String>();
        byte[] tail = {};
        for (byte[] piece : split(stream, cuts)) {
            tail = joined(tail, piece);
            var bytes = MemorySegment.ofArray(tail);
            long at = 0;
            while (at < tail.length) {
                long end = decoder.decode(bytes, at, tail.length, request);
                if (end == RequestDecoder.INCOMPLETE) {
                    break;
                }
                if (end == RequestDecoder.MALFORMED) {
                    found.add("closed: " + text(decoder.complaint()));
                    return found;
                }
                at = end;
                if (request.wordCount() > 0) {
                    found.add(describe(request));
                }
            }
            tail = Arrays.copyOfRange(tail, (int) at, tail.length);
        }
        return found;
    }

    /// The replies in `stream`, as they are; a last line says when the bytes are none.
    static List<String> replies(String stream, int... cuts) {
        var decoder = new MemcacheResponseDecoder();
        var found = new ArrayList<String>();
        byte[] tail = {};
        for (byte[] piece : split(stream, cuts)) {
            tail = joined(tail, piece);
            var bytes = MemorySegment.ofArray(tail);
            long at = 0;
            while (at < tail.length) {
                long end = decoder.decode(bytes, at, tail.length);
                if (end == ResponseDecoder.INCOMPLETE) {
                    break;
                }
                if (end == ResponseDecoder.MALFORMED) {
                    found.add("malformed");
                    return found;
                }
                found.add(text(Arrays.copyOfRange(tail, (int) at, (int) end)));
                at = end;
            }
            tail = Arrays.copyOfRange(tail, (int) at, tail.length);
        }
        return found;
    }

    static int[] everywhere(int length) {
        return IntStream.range(1, length).toArray();
    }

    private static String describe(Request request) {
        if (request.command() instanceof Complaint complaint) {
            return "complaint: " + text(complaint.reply());
        }
        var keys = new ArrayList<String>();
        for (int key = 0; key < request.keyCount(); key++) {
            keys.add(text(request.word(request.keyWord(key))));
        }
        byte[] whole = request.bytes()
                .asSlice(request.start(), request.length())
                .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        return (request.gathered() ? "unheard " : "") + request.command().label() + keys
                + (request.routedBy() == null ? "" : " by " + text(request.routedBy())) + ": " + text(whole);
    }

    private static List<byte[]> split(String stream, int... cuts) {
        byte[] bytes = stream.getBytes(StandardCharsets.ISO_8859_1);
        var pieces = new ArrayList<byte[]>();
        int from = 0;
        for (int cut : cuts) {
            pieces.add(Arrays.copyOfRange(bytes, from, cut));
            from = cut;
        }
        pieces.add(Arrays.copyOfRange(bytes, from, bytes.length));
        return pieces;
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
