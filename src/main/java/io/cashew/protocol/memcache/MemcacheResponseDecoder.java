package io.cashew.protocol.memcache;

import io.cashew.protocol.ResponseDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Finds where the replies of memcached servers end; their first word says how.
///
/// ```
///   STORED CRLF   42 CRLF   CLIENT_ERROR text CRLF   HD flags CRLF
///   VALUE key flags 5 CRLF value CRLF  VALUE …  END CRLF
///   VA 5 flags CRLF value CRLF
/// ```
public final class MemcacheResponseDecoder implements ResponseDecoder {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    /// Far above what a request line of 2048 bytes can be answered with.
    private static final int LINE_MAX = 8 * 1024;
    /// memcached's largest item (`-I`).
    private static final long VALUE_MAX = 1024L * 1024 * 1024;
    private static final long REPLY_MAX = Integer.MAX_VALUE - 64;
    private static final long NOT_A_NUMBER = -1;

    /// What follows a line that begins with a word.
    private enum Kind {
        /// Nothing: it is the whole reply, or its last line.
        LAST,
        /// Nothing, if it is the whole reply; in the middle of a list it has no place.
        WHOLE,
        /// Lines of the same kind, and an END.
        LIST,
        /// A value, whose length is the fourth word, and more of a list.
        LIST_WITH_VALUE,
        /// A value, whose length is the second word.
        VALUE,
        UNKNOWN
    }

    private enum Word {
        STORED(Kind.WHOLE),
        VALUE(Kind.LIST_WITH_VALUE),
        END(Kind.LAST),
        HD(Kind.WHOLE),
        VA(Kind.VALUE),
        EN(Kind.WHOLE),
        NOT_STORED(Kind.WHOLE),
        EXISTS(Kind.WHOLE),
        NOT_FOUND(Kind.WHOLE),
        DELETED(Kind.WHOLE),
        TOUCHED(Kind.WHOLE),
        NS(Kind.WHOLE),
        EX(Kind.WHOLE),
        NF(Kind.WHOLE),
        MN(Kind.WHOLE),
        ME(Kind.WHOLE),
        OK(Kind.WHOLE),
        VERSION(Kind.WHOLE),
        RESET(Kind.WHOLE),
        STAT(Kind.LIST),
        ERROR(Kind.LAST),
        CLIENT_ERROR(Kind.LAST),
        SERVER_ERROR(Kind.LAST);

        private static final Word[] ALL = values();

        private final Kind kind;

        Word(Kind kind) {
            this.kind = kind;
        }
    }

    /// How far the current reply has been read, from its start; what is before it is done.
    private long progress;
    /// How far the line at `progress` has been searched for its end.
    private long searched;
    private boolean inList;
    private long missing;
    private int opaque;
    private int opaqueAt;
    /// Bytes of the value at `progress` that have been cut out of the reply.
    private int cut;
    /// Bytes that have been cut out before that.
    private long cutBefore;

    @Override
    public long decode(MemorySegment bytes, long from, long to) {
        missing = 0;
        opaque = 0;
        while (true) {
            long at = from + progress;
            long lineEnd = lineEnd(bytes, at, to);
            if (lineEnd == INCOMPLETE || lineEnd == MALFORMED) {
                return lineEnd;
            }
            long end = lineEnd;
            var kind = kind(bytes, at, lineEnd - 2);
            switch (kind) {
                case LAST -> {}
                case WHOLE -> {
                    if (inList) {
                        return MALFORMED;
                    }
                }
                case LIST -> {}
                case LIST_WITH_VALUE, VALUE -> {
                    if (kind == Kind.VALUE && inList) {
                        return MALFORMED;
                    }
                    long length = number(bytes, at, lineEnd - 2, kind == Kind.VALUE ? 1 : 3);
                    if (length == NOT_A_NUMBER || length > VALUE_MAX) {
                        return MALFORMED;
                    }
                    end = lineEnd + length - cut + 2;
                    if (end > to) {
                        missing = end - to;
                        opaque = cut == 0 ? (int) length : 0;
                        opaqueAt = (int) (lineEnd - from);
                        return INCOMPLETE;
                    }
                    if (bytes.get(BYTE, end - 2) != '\r' || bytes.get(BYTE, end - 1) != '\n') {
                        return MALFORMED;
                    }
                }
                case UNKNOWN -> {
                    return MALFORMED;
                }
            }
            if (end - from + cutBefore + cut > REPLY_MAX) {
                return MALFORMED;
            }
            inList = kind == Kind.LIST || kind == Kind.LIST_WITH_VALUE;
            progress = inList ? end - from : 0;
            searched = 0;
            cutBefore = inList ? cutBefore + cut : 0;
            cut = 0;
            if (!inList) {
                return end;
            }
        }
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

    /// A server that cannot store or find something says so about that request only.
    @Override
    public boolean serverIsUnable() {
        return false;
    }

    /// Behind the line that starts at `at`; INCOMPLETE or MALFORMED.
    private long lineEnd(MemorySegment bytes, long at, long to) {
        long end = at + searched;
        while (end < to && bytes.get(BYTE, end) != '\n') {
            end++;
        }
        searched = end - at;
        if (searched > LINE_MAX) {
            return MALFORMED;
        }
        if (end == to) {
            return INCOMPLETE;
        }
        return searched > 0 && bytes.get(BYTE, end - 1) == '\r' ? end + 1 : MALFORMED;
    }

    /// What kind of line lies between `at` and `end`.
    private static Kind kind(MemorySegment bytes, long at, long end) {
        long wordEnd = at;
        boolean digits = true;
        while (wordEnd < end && bytes.get(BYTE, wordEnd) != ' ') {
            byte b = bytes.get(BYTE, wordEnd++);
            digits &= b >= '0' && b <= '9';
        }
        int length = (int) (wordEnd - at);
        if (length == 0) {
            return Kind.UNKNOWN;
        }
        if (digits) {
            return Kind.WHOLE;
        }
        for (Word word : Word.ALL) {
            if (is(word.name(), bytes, at, length)) {
                return word.kind;
            }
        }
        return Kind.UNKNOWN;
    }

    private static boolean is(String name, MemorySegment bytes, long at, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes.get(BYTE, at + i) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// The number that is word `index` of the line between `at` and `end`.
    private static long number(MemorySegment bytes, long at, long end, int index) {
        for (int word = 0; word < index; word++) {
            while (at < end && bytes.get(BYTE, at) != ' ') {
                at++;
            }
            at++;
        }
        long number = 0;
        long start = at;
        while (at < end && bytes.get(BYTE, at) != ' ') {
            int digit = bytes.get(BYTE, at) - '0';
            if (digit < 0 || digit > 9 || at - start > 10) {
                return NOT_A_NUMBER;
            }
            number = number * 10 + digit;
            at++;
        }
        return at > start ? number : NOT_A_NUMBER;
    }
}
