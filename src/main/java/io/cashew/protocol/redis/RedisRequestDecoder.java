package io.cashew.protocol.redis;

import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import io.cashew.protocol.WrongDoor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Decodes what Redis clients send: arrays of bulk strings, and inline commands
/// (<https://redis.io/docs/latest/develop/reference/protocol-spec/>; `networking.c`, `processMultibulkBuffer` and
/// `processInlineBuffer`, for the limits and the texts of complaints).
///
/// ```
///   *3 CRLF  $3 CRLF SET CRLF  $3 CRLF key CRLF  $5 CRLF value CRLF
///   SET key value CRLF
/// ```
///
/// Requests are forwarded as they came. Two kinds are written anew, because a server would see other words than we do or
/// complain and hang up on everybody who shares the connection: inline requests, and lengths with leading zeros, which
/// twemproxy accepts and Redis does not.
public final class RedisRequestDecoder implements RequestDecoder {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LOWER_CASE = 0x2020202020202020L;
    private static final int NAME_MAX = 24;

    /// Digits a length may have, leading zeros included; more is a peer that never ends its line.
    private static final int DIGITS = 20;

    private static final long NOT_YET = -1;
    private static final long NOT_A_NUMBER = -2;
    private static final long NEGATIVE = -3;

    private enum State {
        START,
        WORD_LENGTH,
        WORD
    }

    private final Limits trusted;
    private Limits limits;
    private State state = State.START;
    private int wordsLeft;
    private int wordLength;
    /// Bytes of the current word that lie where it stands: all of them, or none when it has been cut out.
    private int wordPresent;
    /// How far the current request has been read, from its start.
    private int progress;
    private boolean canonical;
    /// Whether there has been a request: from then on the client is one of ours.
    private boolean begun;
    private long missing;
    private int opaque;
    /// Bytes of the current request that have been cut out of it.
    private int cut;
    private long lineEnd;
    private byte[] complaint;
    private CloseCause cause;
    private MemorySegment scratch = MemorySegment.NULL;

    public RedisRequestDecoder(Limits limits) {
        this.trusted = limits;
        this.limits = limits;
    }

    @Override
    public void trust(boolean client) {
        limits = client ? trusted : trusted.and(Limits.STRANGER);
    }

    @Override
    public long decode(MemorySegment bytes, long from, long to, Request request) {
        missing = 0;
        opaque = 0;
        if (state == State.START) {
            request.clear();
            cut = 0;
            if (bytes.get(BYTE, from) != '*') {
                CloseCause stranger = begun ? null : WrongDoor.ofBytes(bytes, from, to);
                return stranger == null ? inline(bytes, from, to, request) : sendAway(stranger);
            }
            long count = number(bytes, from, to);
            if (count == NOT_YET) {
                return incomplete(to - from > limits.line(), "too big mbulk count string");
            }
            if (count == NEGATIVE || count == 0) {
                // Redis ignores both.
                return lineEnd;
            }
            if (count == NOT_A_NUMBER || count > limits.words()) {
                return complainOfClaim(count, "multibulk length");
            }
            wordsLeft = (int) count;
            progress = (int) (lineEnd - from);
            canonical = bytes.get(BYTE, from + 1) != '0';
            state = State.WORD_LENGTH;
        }
        return words(bytes, from, to, request);
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
        return progress;
    }

    @Override
    public void cutOut() {
        wordPresent = 0;
        cut = wordLength;
        missing = 0;
        opaque = 0;
    }

    @Override
    public byte[] complaint() {
        return complaint;
    }

    @Override
    public CloseCause cause() {
        return cause;
    }

    private long words(MemorySegment bytes, long from, long to, Request request) {
        long at = from + progress;
        while (true) {
            if (state == State.WORD_LENGTH) {
                // $3 CRLF
                if (at >= to) {
                    return pause(from, at);
                }
                if (bytes.get(BYTE, at) != '$') {
                    return complain("expected '$', got '" + printable(bytes.get(BYTE, at)) + "'");
                }
                long length = number(bytes, at, to);
                if (length == NOT_YET) {
                    pause(from, at);
                    return incomplete(to - at > limits.line(), "too big bulk count string");
                }
                if (length < 0 || length > limits.bulk()) {
                    return complainOfClaim(length, "bulk length");
                }
                canonical &= length == 0 ? lineEnd - at == 4 : bytes.get(BYTE, at + 1) != '0';
                wordLength = (int) length;
                wordPresent = wordLength;
                at = lineEnd;
                if (at - from + cut + length > limits.message()) {
                    return complain("too big request");
                }
                state = State.WORD;
            }
            // SET CRLF
            long end = at + wordPresent + 2;
            if (end - 2 < to && bytes.get(BYTE, end - 2) != '\r' || end <= to && bytes.get(BYTE, end - 1) != '\n') {
                return complain("bulk string is not as long as announced");
            }
            if (end > to) {
                missing = end - to;
                opaque = isOpaque(bytes, from, request) ? wordLength : 0;
                return pause(from, at);
            }
            request.addWord((int) (at - from), wordLength);
            at = end;
            state = State.WORD_LENGTH;
            if (--wordsLeft == 0) {
                return complete(bytes, from, at, request);
            }
        }
    }

    /// Whether the current word is a long value of a command that goes to one server as it is, with all of its keys before it.
    private boolean isOpaque(MemorySegment bytes, long from, Request request) {
        // What is longer than a line is never written anew, so nobody has to read it for that.
        if (wordPresent < limits.line() || !canonical || request.wordCount() == 0) {
            return false;
        }
        request.place(bytes, from, 0);
        RedisCommand command = command(request);
        return command != null && command.isOpaque(request.wordCount());
    }

    private long pause(long from, long at) {
        progress = (int) (at - from);
        return INCOMPLETE;
    }

    private long incomplete(boolean tooLong, String problem) {
        return tooLong ? complain(problem) : INCOMPLETE;
    }

    private long complain(String problem) {
        return sendAway(CloseCause.MALFORMED, "-ERR Protocol error: " + problem + "\r\n");
    }

    /// Redis says so when a number would do if the client had authenticated.
    private long complainOfClaim(long number, String what) {
        return number >= 0 && limits != trusted
                ? sendAway(CloseCause.STRANGER, "-ERR Protocol error: unauthenticated " + what + "\r\n")
                : complain("invalid " + what);
    }

    /// Says once what is spoken here, in words of the one who came, as far as that is possible.
    private long sendAway(CloseCause stranger) {
        String said = "this port speaks Redis, not " + WrongDoor.language(stranger) + "\r\n";
        String line = switch (stranger) {
            case MEMCACHE_BINARY -> "";
            case MEMCACHE -> "CLIENT_ERROR " + said;
            default -> "-ERR " + said;
        };
        return sendAway(stranger, line);
    }

    private long sendAway(CloseCause why, String line) {
        cause = why;
        complaint = line.getBytes(StandardCharsets.ISO_8859_1);
        return MALFORMED;
    }

    private long complete(MemorySegment bytes, long from, long end, Request request) {
        state = State.START;
        progress = 0;
        request.place(bytes, from, (int) (end - from));
        if (!canonical) {
            if (end - from + cut > limits.line()) {
                // Writing it anew takes several times its size, which is for the short and odd.
                return complain("invalid bulk length");
            }
            rewrite(request);
        }
        begun = true;
        return identify(request) ? end : sendAway(CloseCause.HTTP);
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
        boolean negative = false;
        for (long p = at; p < to; p++) {
            int b = bytes.get(BYTE, p);
            int digit = b - '0';
            if (digit >= 0 && digit <= 9) {
                number = number * 10 + digit;
            } else if (b == '\r') {
                if (p == at || negative && p == at + 1) {
                    return NOT_A_NUMBER;
                }
                if (p + 1 >= to) {
                    return NOT_YET;
                }
                if (bytes.get(BYTE, p + 1) != '\n') {
                    return NOT_A_NUMBER;
                }
                lineEnd = p + 2;
                return negative ? NEGATIVE : number;
            } else if (b == '-' && p == at) {
                negative = true;
            } else {
                return NOT_A_NUMBER;
            }
            if (p - at >= DIGITS || number > Integer.MAX_VALUE) {
                return NOT_A_NUMBER;
            }
        }
        return NOT_YET;
    }

    /// Whether the request is for us.
    private static boolean identify(Request request) {
        RedisCommand command = command(request);
        request.command(command);
        if (command == null) {
            return !WrongDoor.isWeb(request);
        }
        command.locateKeys(request);
        return true;
    }

    private static RedisCommand command(Request request) {
        int length = request.wordLength(0);
        if (length > NAME_MAX) {
            return null;
        }
        MemorySegment bytes = request.bytes();
        long start = request.wordStart(0);
        long a = fold(bytes, start, length);
        long b = length > 8 ? fold(bytes, start + 8, length - 8) : 0;
        long c = length > 16 ? fold(bytes, start + 16, length - 16) : 0;
        return RedisCommand.named(a, b, c);
    }

    /// Up to eight letters in lower case as one number, the first one lowest.
    private static long fold(MemorySegment bytes, long start, int length) {
        int count = Math.min(length, 8);
        if (count == 0) {
            return 0;
        }
        long mask = -1L >>> (64 - count * 8);
        long letters;
        if (start + 8 <= bytes.byteSize()) {
            letters = bytes.get(LONG, start) & mask;
        } else {
            letters = 0;
            for (int i = count - 1; i >= 0; i--) {
                letters = letters << 8 | bytes.get(BYTE, start + i) & 0xff;
            }
        }
        return letters | (LOWER_CASE & mask);
    }

    // Inline requests

    private long inline(MemorySegment bytes, long from, long to, Request request) {
        long newline = from + progress;
        while (newline < to && bytes.get(BYTE, newline) != '\n') {
            newline++;
        }
        if (newline == to) {
            progress = (int) (to - from);
            return incomplete(progress > limits.line(), "too big inline request");
        }
        progress = 0;
        if (newline - from > limits.line()) {
            return complain("too big inline request");
        }
        byte[] line = bytes.asSlice(from, newline - from).toArray(BYTE);
        InlineWords words = InlineWords.split(line);
        if (words == null) {
            return complain("unbalanced quotes in request");
        }
        if (words.count() > 0) {
            scratch = words.placeInto(request, scratch);
            CloseCause stranger = begun ? null : WrongDoor.ofLine(request);
            if (stranger != null && stranger != CloseCause.REDIS) {
                return sendAway(stranger);
            }
            begun = true;
            if (!identify(request)) {
                return sendAway(CloseCause.HTTP);
            }
        }
        return newline + 1;
    }

    private void rewrite(Request request) {
        InlineWords words = new InlineWords();
        for (int word = 0; word < request.wordCount(); word++) {
            words.add(request.word(word));
        }
        request.clear();
        scratch = words.placeInto(request, scratch);
    }

    private static char printable(byte b) {
        return b >= ' ' && b < 127 ? (char) b : '?';
    }
}
