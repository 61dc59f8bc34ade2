package io.cashew.sharding;

/// Paul Hsieh's SuperFastHash, seeded with 0 where the original takes the length.
final class Hsieh {
    private Hsieh() {}

    static int hash(byte[] key, int offset, int length) {
        int hash = 0;
        int at = offset;
        for (int words = length >>> 2; words > 0; words--, at += 4) {
            hash += LittleEndian.half(key, at);
            hash = (hash << 16) ^ (LittleEndian.half(key, at + 2) << 11) ^ hash;
            hash += hash >>> 11;
        }
        return scrambled(withTail(hash, key, at, length & 3));
    }

    private static int withTail(int hash, byte[] key, int at, int length) {
        int tail = hash;
        switch (length) {
            case 3 -> {
                tail += LittleEndian.half(key, at);
                tail ^= tail << 16;
                tail ^= key[at + 2] << 18; // signed here, and only here
                tail += tail >>> 11;
            }
            case 2 -> {
                tail += LittleEndian.half(key, at);
                tail ^= tail << 11;
                tail += tail >>> 17;
            }
            case 1 -> {
                tail += key[at] & 0xff;
                tail ^= tail << 10;
                tail += tail >>> 1;
            }
        }
        return tail;
    }

    private static int scrambled(int hash) {
        int value = hash;
        value ^= value << 3;
        value += value >>> 5;
        value ^= value << 4;
        value += value >>> 17;
        value ^= value << 25;
        value += value >>> 6;
        return value;
    }
}
