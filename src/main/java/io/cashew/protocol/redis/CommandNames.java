package io.cashew.protocol.redis;

import java.util.List;

/// Finds a command by its name without allocating: open addressing over names packed into three numbers.
///
/// The packing folds letters by setting bit 0x20 of every byte, which also folds a few signs together (`_` with 0x7f, for
/// one). A name that is only nearly right is then forwarded as it is, and the server says that it does not know it.
final class CommandNames {
    /// The longest name that can be packed.
    static final int LONGEST = 24;

    private static final int SLOTS = 1024;

    private final long[] names = new long[3 * SLOTS];
    private final RedisCommand[] rows = new RedisCommand[SLOTS];

    /// Takes the rows that are commands, not subcommands.
    CommandNames(List<RedisCommand> commands) {
        if (commands.size() > SLOTS / 2) {
            throw new IllegalStateException("the table of names is too small for " + commands.size() + " commands");
        }
        for (var row : commands) {
            String name = row.label();
            if (name.length() > LONGEST) {
                throw new IllegalStateException("the name " + name + " is longer than " + LONGEST + " bytes");
            }
            long a = pack(name, 0);
            long b = pack(name, 1);
            long c = pack(name, 2);
            int slot = slot(a, b, c);
            if (rows[slot] != null) {
                throw new IllegalStateException("two commands have the name " + name);
            }
            rows[slot] = row;
            names[3 * slot] = a;
            names[3 * slot + 1] = b;
            names[3 * slot + 2] = c;
        }
    }

    RedisCommand named(long a, long b, long c) {
        return rows[slot(a, b, c)];
    }

    /// Bytes `8 * part` to `8 * part + 7` of `name`, the first one lowest, letters folded; zero where the name has ended.
    static long pack(String name, int part) {
        long packed = 0;
        int end = Math.min(name.length(), 8 * part + 8);
        for (int i = 8 * part; i < end; i++) {
            packed |= (name.charAt(i) & 0xffL | 0x20) << 8 * (i & 7);
        }
        return packed;
    }

    /// The slot of this name, or the empty one where it would be.
    private int slot(long a, long b, long c) {
        long mixed = (a ^ Long.rotateLeft(b, 21) ^ Long.rotateLeft(c, 42)) * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 54);
        while (rows[slot] != null && (names[3 * slot] != a || names[3 * slot + 1] != b || names[3 * slot + 2] != c)) {
            slot = slot + 1 & SLOTS - 1;
        }
        return slot;
    }
}
