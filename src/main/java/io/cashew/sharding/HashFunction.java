package io.cashew.sharding;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Makes a key a number: the hash functions of twemproxy's `hash:` directive, with its results bit for bit.
///
/// Stateless and usable by any thread. Several functions add a key's byte *signed*, because the original reads them from
/// a C `char`: bytes of 128 and above come in as 0xffffff80 to 0xffffffff. Java's `byte` does the same by itself, so
/// where a mask is missing below, it is missing on purpose.
public enum HashFunction {
    /// Bob Jenkins's one-at-a-time.
    ONE_AT_A_TIME {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            int hash = 0;
            for (int i = offset; i < offset + length; i++) {
                hash += key[i];
                hash += hash << 10;
                hash ^= hash >>> 6;
            }
            hash += hash << 3;
            hash ^= hash >>> 11;
            hash += hash << 15;
            return hash;
        }
    },

    /// The first four bytes of the MD5 digest, little-endian.
    MD5 {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            return Md5.of(key, offset, length).word(0);
        }
    },

    CRC16 {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            return CyclicRedundancy.crc16(key, offset, length);
        }
    },

    /// Fifteen bits of the CRC-32, as memcached clients cut it. Its values end at 32767 while a ketama ring has 2^32, so
    /// that together they send practically every key to one server; [#CRC32A] does not.
    CRC32 {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            return (CyclicRedundancy.crc32(key, offset, length) >>> 16) & 0x7fff;
        }
    },

    /// The whole CRC-32.
    CRC32A {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            return CyclicRedundancy.crc32(key, offset, length);
        }
    },

    /// FNV-1 for 64 bits, of which only the lower 32 are used; none of them depends on an upper one.
    FNV1_64 {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            int hash = FNV_64_START;
            for (int i = offset; i < offset + length; i++) {
                hash = (hash * FNV_64_PRIME) ^ key[i];
            }
            return hash;
        }
    },

    /// FNV-1a for 64 bits, likewise cut; twemproxy's default.
    FNV1A_64 {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            int hash = FNV_64_START;
            for (int i = offset; i < offset + length; i++) {
                hash = (hash ^ key[i]) * FNV_64_PRIME;
            }
            return hash;
        }
    },

    FNV1_32 {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            int hash = FNV_32_START;
            for (int i = offset; i < offset + length; i++) {
                hash = (hash * FNV_32_PRIME) ^ key[i];
            }
            return hash;
        }
    },

    FNV1A_32 {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            int hash = FNV_32_START;
            for (int i = offset; i < offset + length; i++) {
                hash = (hash ^ key[i]) * FNV_32_PRIME;
            }
            return hash;
        }
    },

    HSIEH {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            return Hsieh.hash(key, offset, length);
        }
    },

    MURMUR {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            return Murmur.hash(key, offset, length);
        }
    },

    JENKINS {
        @Override
        int hashOf(byte[] key, int offset, int length) {
            return Jenkins.hash(key, offset, length);
        }
    };

    /// Lower halves of the 64-bit offset basis and prime (0x100000001b3).
    private static final int FNV_64_START = 0x84222325;

    private static final int FNV_64_PRIME = 0x1b3;
    private static final int FNV_32_START = 0x811c9dc5;
    private static final int FNV_32_PRIME = 0x01000193;

    private final String label = name().toLowerCase(Locale.ROOT);

    /// The hash of `length` bytes of `key` from `offset`: an unsigned 32-bit number in an `int`. Allocates nothing.
    ///
    /// No bytes hash to 0, whatever the function would make of them: twemproxy does not ask it.
    public final int hash(byte[] key, int offset, int length) {
        return length == 0 ? 0 : hashOf(key, offset, length);
    }

    abstract int hashOf(byte[] key, int offset, int length);

    /// The name in a nutcracker.yml, for example `fnv1a_64`.
    public String label() {
        return label;
    }

    /// The function with this label; labels are lower case only, as in twemproxy.
    public static Optional<HashFunction> named(String label) {
        return Arrays.stream(values()).filter(function -> function.label.equals(label)).findFirst();
    }
}
