package io.cashew.sharding;

/// The two table-driven checksums that serve as hashes.
final class CyclicRedundancy {
    private static final int[] CCITT = ccittTable();
    private static final int[] REFLECTED = reflectedTable();

    private CyclicRedundancy() {}

    /// CRC-16/CCITT (polynomial 0x1021, start 0) in a register that is never cut to 16 bits. Keys of one or two bytes get
    /// the ordinary checksum; from the third byte on, bits shifted out of the lower half pile up in the upper one.
    static int crc16(byte[] key, int offset, int length) {
        int crc = 0;
        for (int i = offset; i < offset + length; i++) {
            crc = (crc << 8) ^ CCITT[((crc >>> 8) ^ key[i]) & 0xff];
        }
        return crc;
    }

    /// The CRC-32 of zip and Ethernet. `java.util.zip.CRC32` computes the same but is an object per key.
    static int crc32(byte[] key, int offset, int length) {
        int crc = -1;
        for (int i = offset; i < offset + length; i++) {
            crc = (crc >>> 8) ^ REFLECTED[(crc ^ key[i]) & 0xff];
        }
        return ~crc;
    }

    private static int[] ccittTable() {
        var table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ 0x1021;
            }
            table[i] = crc & 0xffff;
        }
        return table;
    }

    private static int[] reflectedTable() {
        var table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
            }
            table[i] = crc;
        }
        return table;
    }
}
