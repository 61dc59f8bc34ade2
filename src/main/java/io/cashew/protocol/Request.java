package io.cashew.protocol;

import io.cashew.transport.ByteSink;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// One client command as a decoder found it: which command, where its words lie, which of them are keys. The bytes
/// themselves stay where they were received and are forwarded untouched.
///
/// A client connection owns one `Request` and reuses it for every command, so nothing may keep it, nor a view of its
/// bytes, beyond the call it was handed to. Not thread-safe; it lives on its connection's event loop.
///
/// Word 0 is the command's name. Positions are offsets into [#bytes()]; they are recorded relative to the start of the
/// command, so that a half-received command survives a move of its bytes to a larger buffer.
public final class Request {
    private static final int FEW_WORDS = 8;

    private MemorySegment bytes = MemorySegment.NULL;
    private long start;
    private int length;
    private Command command;
    private int wordCount;
    private int[] wordOffset = new int[FEW_WORDS];
    private int[] wordLength = new int[FEW_WORDS];
    private int keyCount;
    private int[] keyWord = new int[1];
    private boolean gathered;
    private byte[] routedBy;
    private Remedy remedy;
    private int server;

    /// Forgets the last command. Arrays that a giant command has grown are given back.
    public void clear() {
        command = null;
        wordCount = 0;
        keyCount = 0;
        gathered = false;
        routedBy = null;
        remedy = null;
        if (wordOffset.length > 4096) {
            wordOffset = new int[FEW_WORDS];
            wordLength = new int[FEW_WORDS];
        }
        if (keyWord.length > 4096) {
            keyWord = new int[1];
        }
    }

    /// Records the next word, `offset` bytes behind the start of the command. Arrays grow with what has arrived, never
    /// with what was announced.
    public void addWord(int offset, int length) {
        if (wordCount == wordOffset.length) {
            wordOffset = Arrays.copyOf(wordOffset, wordCount * 2);
            wordLength = Arrays.copyOf(wordLength, wordCount * 2);
        }
        wordOffset[wordCount] = offset;
        wordLength[wordCount++] = length;
    }

    /// Forgets word number `word`, which is not forwarded: the words behind it begin `bytes` earlier.
    public void removeWord(int word, int bytes) {
        wordCount--;
        for (int i = word; i < wordCount; i++) {
            wordOffset[i] = wordOffset[i + 1] - bytes;
            wordLength[i] = wordLength[i + 1];
        }
    }

    /// Records that word number `word` is a key.
    public void addKey(int word) {
        if (keyCount == keyWord.length) {
            keyWord = Arrays.copyOf(keyWord, keyCount * 2);
        }
        keyWord[keyCount++] = word;
    }

    /// Says where the command lies, once it is complete: `length` bytes from `start` in `bytes`.
    public void place(MemorySegment bytes, long start, int length) {
        this.bytes = bytes;
        this.start = start;
        this.length = length;
    }

    public void command(Command command) {
        this.command = command;
    }

    /// Says that the answer goes through a [Gather] even if a single server gives it, because the client is not to get it as
    /// it comes.
    public void gathered(boolean gathered) {
        this.gathered = gathered;
    }

    public boolean gathered() {
        return gathered;
    }

    /// Says that the only key is written otherwise than it reads: `key` is what decides where the request goes.
    public void routedBy(byte[] key) {
        routedBy = key;
    }

    /// Says what helps a server that refuses the request because it does not know something that others know; then it is asked
    /// again.
    public void remedy(Remedy remedy) {
        this.remedy = remedy;
    }

    /// Null unless there is one.
    public Remedy remedy() {
        return remedy;
    }

    /// Says which server the request is for, whatever its words say. Asked only where the command's row says that somebody
    /// chooses.
    public void sentTo(int server) {
        this.server = server;
    }

    public int server() {
        return server;
    }

    /// What decides where the request goes, or null when that is its keys as they are written.
    public byte[] routedBy() {
        return routedBy;
    }

    public Command command() {
        return command;
    }

    /// The memory the command lies in; other commands may lie before and behind it.
    public MemorySegment bytes() {
        return bytes;
    }

    public long start() {
        return start;
    }

    /// Length of the whole command in bytes, with all its framing.
    public int length() {
        return length;
    }

    /// Writes the whole command as it came and returns its length.
    public int write(ByteSink out) {
        out.write(bytes, start, length);
        return length;
    }

    /// Number of words with the name of the command: 2 for `GET key`.
    public int wordCount() {
        return wordCount;
    }

    /// Where word `word` begins in [#bytes()].
    public long wordStart(int word) {
        return start + wordOffset[word];
    }

    /// Where word `word` begins, counted from the start of the command.
    public int wordOffset(int word) {
        return wordOffset[word];
    }

    public int wordLength(int word) {
        return wordLength[word];
    }

    public byte wordByte(int word, int index) {
        return bytes.get(ValueLayout.JAVA_BYTE, start + wordOffset[word] + index);
    }

    public int keyCount() {
        return keyCount;
    }

    /// Which word key number `key` is.
    public int keyWord(int key) {
        return keyWord[key];
    }

    /// A copy of word `word`; for what is not on the fast path.
    public byte[] word(int word) {
        return bytes.asSlice(wordStart(word), wordLength[word]).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Whether word `word` is `lowerCase` in any case of letters (ASCII).
    public boolean wordIs(int word, String lowerCase) {
        if (wordLength[word] != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            byte b = wordByte(word, i);
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// The decimal number in word `word`, or [Long#MIN_VALUE] when it is not one of at most 18 digits. A leading minus is
    /// understood; a plus, blanks and an empty word are not numbers.
    public long wordNumber(int word) {
        int digits = wordLength[word];
        int at = 0;
        boolean negative = digits > 1 && wordByte(word, 0) == '-';
        if (negative) {
            at = 1;
        }
        if (digits - at < 1 || digits - at > 18) {
            return Long.MIN_VALUE;
        }
        long number = 0;
        for (; at < digits; at++) {
            int digit = wordByte(word, at) - '0';
            if (digit < 0 || digit > 9) {
                return Long.MIN_VALUE;
            }
            number = number * 10 + digit;
        }
        return negative ? -number : number;
    }
}
