package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The words of a request that is not forwarded as it came, and the canonical form of them that is.
final class InlineWords {
    /// Larger memory is not kept for the next request.
    private static final int KEPT = 4 * 1024;

    private final List<byte[]> words = new ArrayList<>();

    void add(byte[] word) {
        words.add(word);
    }

    int count() {
        return words.size();
    }

    /// Splits an inline request the way Redis does (`sds.c`, `sdssplitargs`): words between blanks, `"…"` with the escapes
    /// `\n \r \t \b \a \xHH`, `'…'` with `\'`. A zero byte counts as a blank; Redis never finds the end of a line that has
    /// one. Null when a quote is not closed or something follows it at once.
    static InlineWords split(byte[] line) {
        InlineWords words = new InlineWords();
        int at = 0;
        while (true) {
            while (at < line.length && isBlank(line[at])) {
                at++;
            }
            if (at == line.length) {
                return words;
            }
            ByteArrayOutputStream word = new ByteArrayOutputStream();
            while (at < line.length && !isBlank(line[at])) {
                byte b = line[at];
                if (b == '"' || b == '\'') {
                    at = b == '"' ? doubleQuoted(line, at + 1, word) : singleQuoted(line, at + 1, word);
                    if (at < 0 || at < line.length && !isBlank(line[at])) {
                        return null;
                    }
                    break;
                }
                word.write(b);
                at++;
            }
            words.add(word.toByteArray());
        }
    }

    /// Makes `request` a canonical array of these words, in `scratch` if that is large enough. Returns the memory to offer
    /// the next time.
    MemorySegment placeInto(Request request, MemorySegment scratch) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, '*', words.size());
        for (byte[] word : words) {
            write(out, '$', word.length);
            request.addWord(out.size(), word.length);
            out.writeBytes(word);
            out.write('\r');
            out.write('\n');
        }
        // Natively, because that is the one kind of memory the road knows; the collector frees it.
        MemorySegment memory =
                scratch.byteSize() >= out.size() ? scratch : Arena.ofAuto().allocate(Math.max(256, out.size()));
        memory.copyFrom(MemorySegment.ofArray(out.toByteArray()));
        request.place(memory, 0, out.size());
        return memory.byteSize() <= KEPT ? memory : MemorySegment.NULL;
    }

    private static void write(ByteArrayOutputStream out, char sign, int number) {
        out.writeBytes((sign + Integer.toString(number) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static int doubleQuoted(byte[] line, int start, ByteArrayOutputStream word) {
        for (int at = start; at < line.length; at++) {
            byte b = line[at];
            if (b == '"') {
                return at + 1;
            }
            if (b != '\\' || at + 1 == line.length) {
                word.write(b);
                continue;
            }
            if (line[at + 1] == 'x' && at + 3 < line.length && hex(line[at + 2]) >= 0 && hex(line[at + 3]) >= 0) {
                word.write(hex(line[at + 2]) << 4 | hex(line[at + 3]));
                at += 3;
            } else {
                word.write(escaped(line[++at]));
            }
        }
        return -1;
    }

    private static int singleQuoted(byte[] line, int start, ByteArrayOutputStream word) {
        for (int at = start; at < line.length; at++) {
            if (line[at] == '\'') {
                return at + 1;
            }
            if (line[at] == '\\' && at + 1 < line.length && line[at + 1] == '\'') {
                at++;
            }
            word.write(line[at]);
        }
        return -1;
    }

    private static int escaped(byte letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> letter;
        };
    }

    private static int hex(byte digit) {
        return Character.digit(digit, 16);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r' || b == 0;
    }
}
