package io.cashew.sharding;

/// Bob Jenkins's lookup3 as a little-endian machine computes it, with initial value 13; the result is its word `c`.
final class Jenkins {
    private static final int BLOCK = 12;

    private Jenkins() {}

    static int hash(byte[] key, int offset, int length) {
        int a = 0xdeadbeef + length + 13;
        int b = a;
        int c = a;

        int at = offset;
        int left = length;
        // The last block, even a full one, is finished below and not mixed here
        for (; left > BLOCK; left -= BLOCK, at += BLOCK) {
            a += LittleEndian.word(key, at);
            b += LittleEndian.word(key, at + 4);
            c += LittleEndian.word(key, at + 8);

            a -= c;
            a ^= Integer.rotateLeft(c, 4);
            c += b;
            b -= a;
            b ^= Integer.rotateLeft(a, 6);
            a += c;
            c -= b;
            c ^= Integer.rotateLeft(b, 8);
            b += a;
            a -= c;
            a ^= Integer.rotateLeft(c, 16);
            c += b;
            b -= a;
            b ^= Integer.rotateLeft(a, 19);
            a += c;
            c -= b;
            c ^= Integer.rotateLeft(b, 4);
            b += a;
        }

        a += partOfWord(key, at, left);
        b += partOfWord(key, at + 4, left - 4);
        c += partOfWord(key, at + 8, left - 8);

        c ^= b;
        c -= Integer.rotateLeft(b, 14);
        a ^= c;
        a -= Integer.rotateLeft(c, 11);
        b ^= a;
        b -= Integer.rotateLeft(a, 25);
        c ^= b;
        c -= Integer.rotateLeft(b, 16);
        a ^= c;
        a -= Integer.rotateLeft(c, 4);
        b ^= a;
        b -= Integer.rotateLeft(a, 14);
        c ^= b;
        c -= Integer.rotateLeft(b, 24);
        return c;
    }

    /// The word at `at` of which only `left` bytes exist, perhaps none; the missing ones count as 0.
    private static int partOfWord(byte[] key, int at, int left) {
        if (left >= 4) {
            return LittleEndian.word(key, at);
        }
        int word = 0;
        for (int i = 0; i < left; i++) {
            word |= (key[at + i] & 0xff) << (8 * i);
        }
        return word;
    }
}
