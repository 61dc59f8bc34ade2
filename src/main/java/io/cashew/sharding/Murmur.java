package io.cashew.sharding;

/// Austin Appleby's MurmurHash2 for 32 bits. The seed is the length times 0xdeadbeef, and the algorithm mixes the length
/// in once more.
final class Murmur {
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;

    private Murmur() {}

    static int hash(byte[] key, int offset, int length) {
        int hash = (0xdeadbeef * length) ^ length;
        int at = offset;
        for (int words = length >>> 2; words > 0; words--, at += 4) {
            int word = LittleEndian.word(key, at) * MULTIPLIER;
            word ^= word >>> SHIFT;
            hash = (hash * MULTIPLIER) ^ (word * MULTIPLIER);
        }

        int left = length & 3;
        if (left > 0) {
            for (int i = 0; i < left; i++) {
                hash ^= (key[at + i] & 0xff) << (8 * i);
            }
            hash *= MULTIPLIER;
        }

        hash ^= hash >>> 13;
        hash *= MULTIPLIER;
        return hash ^ (hash >>> 15);
    }
}
