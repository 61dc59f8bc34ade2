package io.cashew.protocol.redis;

import io.cashew.protocol.Limits;
import io.cashew.protocol.ResponseDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Finds where replies end, in either dialect; their contents are nobody's business here.
///
/// ```
///   RESP2
///   +OK CRLF   -ERR text CRLF   :42 CRLF   $5 CRLF value CRLF   $-1 CRLF   *2 CRLF element element   *-1 CRLF
///
///   RESP3
///   _ CRLF   #t CRLF   ,1.5 CRLF   (123 CRLF   !8 CRLF ERR text CRLF   =8 CRLF txt:text CRLF
///   %1 CRLF key value   ~2 CRLF element element   >2 CRLF element element   |1 CRLF key value reply
/// ```
///
/// Nesting costs no memory: an array of n adds n to the number of elements that are still to come. What `|` says about a reply
/// belongs to it. Redis announces no lengths later (`$?`), so that is malformed, as is a push (`>`) inside a reply.
public final class RedisResponseDecoder implements ResponseDecoder {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final long NOT_YET = -1;
    private static final long NOT_A_NUMBER = -2;
    private static final long NULL = -3;
    private static final int DIGITS = 20;

    private final Limits limits;
    private final boolean resp3;
    private long elementsLeft;
    /// How far the current reply has been read, from its start; elements before it are done.
    private long progress;
    /// How far the line at `progress` has been searched for its end.
    private long searched;
    private long missing;
    private int opaque;
    private int opaqueAt;
    /// Bytes of the current reply that have been cut out of it.
    private int cut;
    /// Bytes of a string that are still to come and not to be looked at.
    private long ignored;
    /// Bytes of the string that has not arrived whole, with its length; 0 if it is none that is missing.
    private long arrived;
    /// What has been read of the reply has been forgotten.
    private boolean headless;
    private long lineEnd;
    private boolean unable;
    private boolean unsolicited;

    /// A decoder of RESP2.
    public RedisResponseDecoder(Limits limits) {
        this(limits, Dialect.RESP2);
    }

    RedisResponseDecoder(Limits limits, Dialect dialect) {
        this.limits = limits;
        this.resp3 = dialect == Dialect.RESP3;
    }

    @Override
    public long decode(MemorySegment bytes, long from, long to) {
        missing = 0;
        opaque = 0;
        arrived = 0;
        if (elementsLeft == 0) {
            elementsLeft = 1;
            cut = 0;
            progress = 0;
            searched = 0;
            headless = false;
        }
        long at = from + progress;
        if (ignored > 0) {
            at = ignore(at, to);
        }
        while (elementsLeft > 0) {
            if (at >= to) {
                return pause(from, at, to);
            }
            byte type = bytes.get(BYTE, at);
            switch (type) {
                case '$', '=', '!' -> {
                    long length = number(bytes, at, to);
                    if (length == NOT_A_NUMBER || length > limits.bulk() || type != '$' && (!resp3 || length == NULL)) {
                        return MALFORMED;
                    }
                    if (length == NOT_YET) {
                        return pause(from, at, to);
                    }
                    long end = length == NULL ? lineEnd : lineEnd + length - cut + 2;
                    if (end - from + cut > limits.message()) {
                        return MALFORMED;
                    }
                    if (end > to) {
                        missing = end - to;
                        arrived = to - at;
                        // Only what is the whole reply: who joins replies looks into arrays.
                        opaque = at == from && cut == 0 && !headless ? (int) length : 0;
                        opaqueAt = (int) (lineEnd - from);
                        return pause(from, at, to);
                    }
                    if (length != NULL && (bytes.get(BYTE, end - 2) != '\r' || bytes.get(BYTE, end - 1) != '\n')) {
                        return MALFORMED;
                    }
                    at = end;
                }
                case '*', '%', '~', '>', '|' -> {
                    long count = number(bytes, at, to);
                    if (count == NOT_A_NUMBER || type != '*' && !isAggregate(type, count, at == from && !headless)) {
                        return MALFORMED;
                    }
                    if (count == NOT_YET) {
                        return pause(from, at, to);
                    }
                    at = lineEnd;
                    elementsLeft += count == NULL ? 0 : elements(type, count);
                }
                case '+', '-', ':', '_', '#', ',', '(' -> {
                    long end = line(bytes, Math.max(at + 1, from + searched), to);
                    if (end == MALFORMED) {
                        return MALFORMED;
                    }
                    if (end == NOT_YET) {
                        searched = Math.max(0, to - from - 1);
                        return to - at > limits.line() ? MALFORMED : pause(from, at, to);
                    }
                    if (end - at > limits.line() || !isWhole(type, bytes, at, end)) {
                        return MALFORMED;
                    }
                    at = end;
                }
                default -> {
                    return MALFORMED;
                }
            }
            elementsLeft--;
        }
        if (at - from > limits.message()) {
            return MALFORMED;
        }
        unsolicited = !headless && bytes.get(BYTE, from) == '>';
        unable = !headless && bytes.get(BYTE, from) == '-' && isUnable(bytes, from + 1, at);
        return at;
    }

    /// Also the part of a string that has arrived; a line that has not ended stays.
    @Override
    public long forget() {
        long forgotten = progress + arrived;
        if (arrived > 0) {
            ignored = missing;
            missing = 0;
            arrived = 0;
        }
        headless |= forgotten > 0;
        searched = Math.max(0, searched - forgotten);
        progress = 0;
        return forgotten;
    }

    /// Behind the part of the ignored string that is there.
    private long ignore(long at, long to) {
        long here = Math.min(ignored, to - at);
        ignored -= here;
        elementsLeft -= ignored == 0 ? 1 : 0;
        return at + here;
    }

    @Override
    public long missing() {
        return missing;
    }

    @Override
    public int opaque() {
        return opaque;
    }

    @Override
    public int opaqueAt() {
        return opaqueAt;
    }

    @Override
    public void cutOut() {
        cut = opaque;
        missing = 0;
        opaque = 0;
    }

    @Override
    public boolean serverIsUnable() {
        return unable;
    }

    @Override
    public boolean unsolicited() {
        return unsolicited;
    }

    private static long elements(byte type, long count) {
        return switch (type) {
            case '%' -> 2 * count;
            // The reply it belongs to is still to come.
            case '|' -> 2 * count + 1;
            default -> count;
        };
    }

    /// Whether there may be such an aggregate that is not an array; only a whole message is a push.
    private boolean isAggregate(byte type, long count, boolean first) {
        return resp3 && count != NULL && (type != '>' || first);
    }

    /// Whether a line has what its type demands: nothing for null, a letter for a boolean.
    private boolean isWhole(byte type, MemorySegment bytes, long at, long end) {
        return switch (type) {
            case ',', '(' -> resp3;
            case '_' -> resp3 && end - at == 3;
            case '#' -> resp3 && end - at == 4 && (bytes.get(BYTE, at + 1) == 't' || bytes.get(BYTE, at + 1) == 'f');
            default -> true;
        };
    }

    private long pause(long from, long at, long to) {
        progress = at - from;
        return to - from > limits.message() ? MALFORMED : INCOMPLETE;
    }

    /// A line holds neither CR nor LF but at its end. Taking one with a spoilt end for a longer line would swallow the next
    /// reply, and from then on every client of the connection would get somebody else's answer.
    private static long line(MemorySegment bytes, long at, long to) {
        for (long p = at; p < to; p++) {
            byte b = bytes.get(BYTE, p);
            if (b == '\r') {
                if (p + 1 == to) {
                    return NOT_YET;
                }
                return bytes.get(BYTE, p + 1) == '\n' ? p + 2 : MALFORMED;
            }
            if (b == '\n') {
                return MALFORMED;
            }
        }
        return NOT_YET;
    }

    /// The number behind the type in the line that starts at `line`, and its end in [#lineEnd].
    private long number(MemorySegment bytes, long line, long to) {
        int few = ShortLine.number(bytes, line, to);
        if (few == ShortLine.NONE) {
            return longNumber(bytes, line + 1, to);
        }
        lineEnd = line + ShortLine.length(few);
        return few;
    }

    private long longNumber(MemorySegment bytes, long at, long to) {
        long number = 0;
        for (long p = at; p < to; p++) {
            int b = bytes.get(BYTE, p);
            int digit = b - '0';
            if (digit >= 0 && digit <= 9) {
                number = number * 10 + digit;
            } else if (b == '\r') {
                if (p == at) {
                    return NOT_A_NUMBER;
                }
                if (p + 1 >= to) {
                    return NOT_YET;
                }
                if (bytes.get(BYTE, p + 1) != '\n') {
                    return NOT_A_NUMBER;
                }
                lineEnd = p + 2;
                return number;
            } else if (b == '-' && p == at) {
                return minusOne(bytes, p + 1, to);
            } else {
                return NOT_A_NUMBER;
            }
            if (p - at >= DIGITS || number > Integer.MAX_VALUE) {
                return NOT_A_NUMBER;
            }
        }
        return NOT_YET;
    }

    /// The only negative length there is.
    private long minusOne(MemorySegment bytes, long at, long to) {
        byte[] expected = {'1', '\r', '\n'};
        for (int i = 0; i < expected.length; i++) {
            if (at + i >= to) {
                return NOT_YET;
            }
            if (bytes.get(BYTE, at + i) != expected[i]) {
                return NOT_A_NUMBER;
            }
        }
        lineEnd = at + expected.length;
        return NULL;
    }

    /// twemproxy takes these for a failure of the server, when they are the complete first word (`redis_error`,
    /// `nc_redis.c`).
    private static boolean isUnable(MemorySegment bytes, long at, long end) {
        return startsWith(bytes, at, end, "OOM") || startsWith(bytes, at, end, "BUSY") || startsWith(bytes, at, end, "LOADING");
    }

    private static boolean startsWith(MemorySegment bytes, long at, long end, String word) {
        if (end - at <= word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes.get(BYTE, at + i) != word.charAt(i)) {
                return false;
            }
        }
        byte next = bytes.get(BYTE, at + word.length());
        return next == ' ' || next == '\r';
    }
}
