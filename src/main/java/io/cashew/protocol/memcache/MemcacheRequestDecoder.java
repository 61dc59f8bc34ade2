package io.cashew.protocol.memcache;

import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Limits;
import io.cashew.protocol.Request;
import io.cashew.protocol.RequestDecoder;
import io.cashew.protocol.WrongDoor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Decodes what memcached clients send (memcached's `doc/protocol.txt`; `proto_text.c` of 1.6.18 for the limits and the
/// texts of complaints).
///
/// ```
///   get key key CRLF                 set key 0 0 5 CRLF  value CRLF
///   mg key v k CRLF                  ms key 5 T30 CRLF   value CRLF
/// ```
///
/// Clients share server connections, so nothing is forwarded that could make a server see other requests than we do:
///
/// - A line with a value is checked as strictly as any server may check it. memcached complains about a bad one and takes
///   the value behind it for the next command; here the value is swallowed, or the connection ends if nobody can tell where
///   the value does.
/// - Control characters are refused: memcached's own lines end at a NUL.
/// - `noreply` and the flag `q` are taken out, and what the client does not want to hear is kept from it by a
///   [MemcacheGather]: each request has one answer, in its turn.
///
/// What is left is forwarded as it came, but for the line end, which may be a bare LF for us and becomes CR LF.
public final class MemcacheRequestDecoder implements RequestDecoder {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private static final int KEY_MAX = 250;
    /// memcached takes 17 at most, 16 with a value.
    private static final int FLAGS_MAX = 16;
    private static final long FLAGS_WORD_MAX = 0xffff_ffffL;
    /// memcached's largest length; larger ones wrap around there.
    private static final long LENGTH_MAX = Integer.MAX_VALUE - 2;
    private static final String NOREPLY = "noreply";
    private static final String UNIQUE_MAX = "18446744073709551615";
    private static final int NONE = -1;

    /// Larger memory is not kept for the next request.
    private static final int KEPT = 4 * 1024;

    private enum State {
        /// `set key 0 0 5 CRLF`
        LINE,
        /// `value CRLF` of a sound request
        VALUE,
        /// `value CRLF` of a request that has been complained about
        SWALLOW
    }

    private final Limits limits;
    private State state = State.LINE;
    /// How far the current line has been read, from where it was begun.
    private int progress;
    /// Blanks in front of the line, which are not forwarded.
    private int lead;
    /// Where the word that is being read begins, from the first word on; or NONE.
    private int wordStart = NONE;
    private boolean returned;
    private boolean controls;
    /// Length of the line from its first word to its end.
    private int lineLength;
    private boolean canonical;
    /// The word that is for us alone, `noreply` or the flag `q`, or NONE.
    private int takenOut = NONE;
    /// Bytes of the value and its line end that have not been let go by.
    private long valueLeft;
    private boolean opaque;
    /// The key of the value that is swallowed, if its old value is to go; else null.
    private byte[] stale;
    private long missing;
    private byte[] complaint;
    private CloseCause cause;
    /// Whether there has been a line: from then on the client is one of ours.
    private boolean begun;
    private MemorySegment scratch = MemorySegment.NULL;

    public MemcacheRequestDecoder(Limits limits) {
        this.limits = limits;
    }

    @Override
    public long decode(MemorySegment bytes, long from, long to, Request request) {
        missing = 0;
        opaque = false;
        return switch (state) {
            case LINE -> line(bytes, from, to, request);
            case VALUE -> value(bytes, from, to, request);
            case SWALLOW -> swallow(bytes, from, to, request);
        };
    }

    @Override
    public long missing() {
        return missing;
    }

    @Override
    public int opaque() {
        return opaque ? (int) (valueLeft - 2) : 0;
    }

    @Override
    public int opaqueAt() {
        return lead + lineLength;
    }

    @Override
    public void cutOut() {
        valueLeft = 2;
        missing = 0;
        opaque = false;
    }

    @Override
    public byte[] complaint() {
        return complaint;
    }

    @Override
    public CloseCause cause() {
        return cause;
    }

    private long malformed(Complaint problem) {
        return sendAway(CloseCause.MALFORMED, problem.reply());
    }

    /// Says once what is spoken here, in words of the one who came, as far as that is possible.
    private long sendAway(CloseCause stranger) {
        String said = "this port speaks memcached's text protocol, not " + WrongDoor.language(stranger) + "\r\n";
        String line = switch (stranger) {
            case MEMCACHE_BINARY -> "";
            case REDIS -> "-ERR " + said;
            default -> "CLIENT_ERROR " + said;
        };
        return sendAway(stranger, line.getBytes(StandardCharsets.US_ASCII));
    }

    private long sendAway(CloseCause why, byte[] line) {
        cause = why;
        complaint = line;
        return MALFORMED;
    }

    // The line

    private long line(MemorySegment bytes, long from, long to, Request request) {
        if (progress == 0) {
            request.clear();
            lead = 0;
            wordStart = NONE;
            takenOut = NONE;
            returned = false;
            controls = false;
            CloseCause stranger = begun ? null : WrongDoor.ofBytes(bytes, from, to);
            if (stranger != null) {
                return sendAway(stranger);
            }
        }
        long end = readWords(bytes, from, to, request);
        if (progress > limits.line() && isTooLong(bytes, from + lead, request) || request.wordCount() > limits.words()) {
            return malformed(Complaint.LINE_TOO_LONG);
        }
        if (end == INCOMPLETE) {
            return INCOMPLETE;
        }
        lineLength = progress - lead;
        progress = 0;
        return understand(bytes, from + lead, end, to, request);
    }

    /// Splits the line at blanks, as far as it has come, and returns the position behind it, or [#INCOMPLETE].
    private long readWords(MemorySegment bytes, long from, long to, Request request) {
        for (long at = from + progress; at < to; at++) {
            byte b = bytes.get(BYTE, at);
            int offset = (int) (at - from) - lead;
            if (b == '\n') {
                endWord(offset, request);
                canonical = returned;
                progress = (int) (at + 1 - from);
                return at + 1;
            }
            // A carriage return that does not end the line.
            controls |= returned;
            returned = b == '\r';
            if (b == ' ' || returned) {
                endWord(offset, request);
                if (request.wordCount() == 0) {
                    lead++;
                }
                continue;
            }
            controls |= b >= 0 && b < ' ' || b == 127;
            if (wordStart == NONE) {
                wordStart = offset;
            }
        }
        progress = (int) (to - from);
        return INCOMPLETE;
    }

    private void endWord(int offset, Request request) {
        if (wordStart != NONE) {
            request.addWord(wordStart, offset - wordStart);
            wordStart = NONE;
        }
    }

    private boolean isTooLong(MemorySegment bytes, long start, Request request) {
        if (progress > limits.message() || request.wordCount() == 0) {
            return true;
        }
        request.place(bytes, start, 0);
        var command = MemcacheCommand.of(request);
        // memcached makes room for these two only.
        return command != MemcacheCommand.GET && command != MemcacheCommand.GETS;
    }

    // What it means

    private long understand(MemorySegment bytes, long start, long end, long to, Request request) {
        if (request.wordCount() == 0) {
            request.addWord(0, 0);
        }
        request.place(bytes, start, lineLength);
        var command = MemcacheCommand.of(request);
        if (command == null) {
            CloseCause stranger = stranger(request);
            return stranger == null ? refuse(Complaint.ERROR, end, request) : sendAway(stranger);
        }
        begun = true;
        request.command(command);
        if (!command.isRouted()) {
            return end;
        }
        var form = command.form();
        int words = request.wordCount();
        takenOut = form.mayEndWithNoreply(words) && isNoreply(request, words - 1) ? words - 1 : NONE;
        int rest = takenOut == NONE ? words : words - 1;
        return form.lengthWord() == 0
                ? withoutValue(form, rest, bytes, start, end, request)
                : withValue(form, rest, bytes, start, end, to, request);
    }

    /// Who may have sent a line without a command of ours, or null.
    private CloseCause stranger(Request request) {
        boolean first = !begun;
        begun = true;
        return first ? WrongDoor.ofLine(request) : WrongDoor.isWeb(request) ? CloseCause.HTTP : null;
    }

    private long withoutValue(Form form, int words, MemorySegment bytes, long start, long end, Request request) {
        var problem = problemOf(form, words, request);
        if (problem != null) {
            return refuse(problem, end, request);
        }
        return complete(bytes, start, end, request);
    }

    private long withValue(Form form, int words, MemorySegment bytes, long start, long end, long to, Request request) {
        if (words <= form.lengthWord()) {
            return malformed(Complaint.ERROR);
        }
        long length = request.wordNumber(form.lengthWord());
        if (length < 0 || length > LENGTH_MAX) {
            return malformed(Complaint.BAD_FORMAT);
        }
        valueLeft = length + 2;
        var problem = problemOf(form, words, request);
        if (problem == null && length > limits.bulk()) {
            problem = Complaint.TOO_LARGE;
            stale = leavesStaleItem(request) ? request.word(form.firstKey()) : null;
        }
        if (problem != null) {
            state = State.SWALLOW;
            return refuse(problem, end, request);
        }
        state = State.VALUE;
        return value(bytes, start - lead, to, request);
    }

    private long refuse(Complaint problem, long end, Request request) {
        // Unlike `noreply`, the flag `q` does not hide complaints.
        boolean unsaid = takenOut != NONE && isNoreply(request, takenOut);
        request.command(unsaid ? Complaint.UNSAID : problem);
        return end;
    }

    /// What is wrong with a line whose `words` are to be forwarded, or null.
    private Complaint problemOf(Form form, int words, Request request) {
        if (form.mayEndWithNoreply(words) && isNoreply(request, words - 1)) {
            // A second one. The server would keep silent, and everybody's answers behind it would move up by one.
            return Complaint.ERROR;
        }
        if (!form.accepts(words)) {
            return Complaint.ERROR;
        }
        if (controls || !keysFit(form, words, request)) {
            return Complaint.BAD_FORMAT;
        }
        return switch (form) {
            case VALUE -> numbersFit(request) ? null : Complaint.BAD_FORMAT;
            case UNIQUE_VALUE -> numbersFit(request) && uniqueFits(request) ? null : Complaint.BAD_FORMAT;
            case KEY_AND_FLAGS, VALUE_AND_FLAGS -> problemOfFlags(form, request);
            // A server that does not like a number says so, and there is no value it could take for a command.
            case KEYS, TIME_AND_KEYS, KEY_AND_NUMBER, KEY, NUMBER, WORDS -> null;
        };
    }

    private static boolean keysFit(Form form, int words, Request request) {
        int first = form.firstKey();
        if (first == 0) {
            return true;
        }
        int behind = form.hasManyKeys() ? words : first + 1;
        for (int word = first; word < behind; word++) {
            if (request.wordLength(word) > KEY_MAX) {
                return false;
            }
        }
        return true;
    }

    private static boolean numbersFit(Request request) {
        long flags = request.wordNumber(2);
        long exptime = request.wordNumber(3);
        return flags >= 0 && flags <= FLAGS_WORD_MAX && exptime >= Integer.MIN_VALUE && exptime <= Integer.MAX_VALUE;
    }

    private static boolean uniqueFits(Request request) {
        int digits = request.wordLength(5);
        for (int i = 0; i < digits; i++) {
            if (request.wordByte(5, i) < '0' || request.wordByte(5, i) > '9') {
                return false;
            }
        }
        if (digits < UNIQUE_MAX.length()) {
            return true;
        }
        for (int i = 0; i < UNIQUE_MAX.length(); i++) {
            int difference = request.wordByte(5, i) - UNIQUE_MAX.charAt(i);
            if (difference != 0) {
                return difference < 0 && digits == UNIQUE_MAX.length();
            }
        }
        return digits == UNIQUE_MAX.length();
    }

    private Complaint problemOfFlags(Form form, Request request) {
        int first = form.firstFlag();
        if (request.wordCount() - first > FLAGS_MAX) {
            return Complaint.TOO_MANY_FLAGS;
        }
        long seen = 0;
        boolean encoded = false;
        for (int word = first; word < request.wordCount(); word++) {
            byte flag = request.wordByte(word, 0);
            if (flag < 'A') {
                // No flag of any server; it will say so.
                continue;
            }
            long bit = 1L << flag;
            if ((seen & bit) != 0) {
                return Complaint.DUPLICATE_FLAG;
            }
            seen |= bit;
            if (flag == 'q') {
                takenOut = word;
            }
            encoded |= flag == 'b';
        }
        if (encoded) {
            byte[] key = decoded(request.word(form.firstKey()));
            if (key == null) {
                return Complaint.BAD_ENCODING;
            }
            request.routedBy(key);
        }
        return null;
    }

    private static byte[] decoded(byte[] key) {
        try {
            return key.length % 4 == 0 ? Base64.getDecoder().decode(key) : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static boolean isNoreply(Request request, int word) {
        if (request.wordLength(word) != NOREPLY.length()) {
            return false;
        }
        for (int i = 0; i < NOREPLY.length(); i++) {
            if (request.wordByte(word, i) != NOREPLY.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    // The value

    private long value(MemorySegment bytes, long from, long to, Request request) {
        long start = from + lead;
        long end = start + lineLength + valueLeft;
        if (end - 2 < to && bytes.get(BYTE, end - 2) != '\r' || end <= to && bytes.get(BYTE, end - 1) != '\n') {
            return malformed(Complaint.BAD_DATA);
        }
        if (end > to) {
            missing = end - to;
            // A line that is written anew takes its value along.
            opaque = canonical && valueLeft > 2;
            return INCOMPLETE;
        }
        state = State.LINE;
        return complete(bytes, start, end, request);
    }

    /// Lets a value go by, as it comes.
    private long swallow(MemorySegment bytes, long from, long to, Request request) {
        request.clear();
        if (valueLeft > 2) {
            long gone = Math.min(valueLeft - 2, to - from);
            valueLeft -= gone;
            return from + gone;
        }
        if (bytes.get(BYTE, from) != '\r' || to - from > 1 && bytes.get(BYTE, from + 1) != '\n') {
            return malformed(Complaint.BAD_DATA);
        }
        if (to - from == 1) {
            return INCOMPLETE;
        }
        state = State.LINE;
        if (stale != null) {
            delete(stale, request);
            stale = null;
        }
        return from + 2;
    }

    /// Whether the item that was to be replaced must not be read any longer. A server that cannot take the new one forgets the
    /// old one; so does a server that never hears of the new one, because of the request behind it that [#delete] makes.
    private static boolean leavesStaleItem(Request request) {
        // A key in base64 cannot be written in a classic command.
        return request.command() == MemcacheCommand.SET
                || request.command() == MemcacheCommand.MS && request.routedBy() == null;
    }

    /// Makes `request` the deletion of `key`, as if the client had asked for it with `noreply`.
    private void delete(byte[] key, Request request) {
        byte[] name = MemcacheCommand.DELETE.label().getBytes(StandardCharsets.US_ASCII);
        int size = name.length + 1 + key.length + 2;
        MemorySegment memory = scratch(size);
        MemorySegment.copy(name, 0, memory, BYTE, 0, name.length);
        memory.set(BYTE, name.length, (byte) ' ');
        MemorySegment.copy(key, 0, memory, BYTE, name.length + 1, key.length);
        memory.set(BYTE, size - 2, (byte) '\r');
        memory.set(BYTE, size - 1, (byte) '\n');
        request.addWord(0, name.length);
        request.addWord(name.length + 1, key.length);
        request.addKey(1);
        request.command(MemcacheCommand.DELETE);
        request.gathered(true);
        request.place(memory, 0, size);
    }

    // What is forwarded

    private long complete(MemorySegment bytes, long start, long end, Request request) {
        request.place(bytes, start, (int) (end - start));
        if (!canonical) {
            rewrite(request);
        }
        if (takenOut != NONE) {
            takeOut(request, takenOut);
            request.gathered(true);
        }
        var form = ((MemcacheCommand) request.command()).form();
        if (form.hasManyKeys()) {
            for (int word = form.firstKey(); word < request.wordCount(); word++) {
                request.addKey(word);
            }
        } else if (form.firstKey() > 0) {
            request.addKey(form.firstKey());
        }
        return end;
    }

    /// Closes the gap that word `word` leaves by moving what stands before it, which is short; a value stays where it is.
    private static void takeOut(Request request, int word) {
        int gap = request.wordLength(word) + 1;
        int before = request.wordOffset(word) - 1;
        MemorySegment.copy(request.bytes(), request.start(), request.bytes(), request.start() + gap, before);
        request.removeWord(word, gap);
        request.place(request.bytes(), request.start() + gap, request.length() - gap);
    }

    /// Ends the line with CR LF instead of LF, in other memory.
    private void rewrite(Request request) {
        int content = lineLength - 1;
        int size = request.length() + 1;
        MemorySegment memory = scratch(size);
        MemorySegment.copy(request.bytes(), request.start(), memory, 0, content);
        memory.set(BYTE, content, (byte) '\r');
        MemorySegment.copy(request.bytes(), request.start() + content, memory, content + 1L, request.length() - content);
        request.place(memory, 0, size);
    }

    /// Memory for a request that is not forwarded as it came; it is used again for the next one, unless it is large.
    private MemorySegment scratch(int size) {
        // Natively, because that is the one kind of memory the road knows; the collector frees it.
        MemorySegment memory = scratch.byteSize() >= size ? scratch : Arena.ofAuto().allocate(Math.max(256, size));
        scratch = memory.byteSize() <= KEPT ? memory : MemorySegment.NULL;
        return memory;
    }
}
