package io.cashew.protocol.redis;

/// Registers of a HyperLogLog, of which those that servers keep are merged in. What a server keeps is a string
/// (`hyperloglog.c`):
///
/// ```
///   "HYLL"  encoding  3 unused  count of 8 bytes │ registers
///
///   dense, 0     16384 registers of 6 bits, each from the lowest free bit on
///   sparse, 1    00llllll            l + 1 registers are 0
///                01llllll llllllll   l + 1 registers are 0
///                1vvvvvll            l + 1 registers are v + 1
/// ```
///
/// The count is estimated as Redis does since 4.0.10, after Otmar Ertl, *New cardinality estimation algorithms for HyperLogLog
/// sketches*, arXiv:1702.01284, algorithm 6.
final class HyperLogLog {
    private static final int REGISTERS = 1 << 14;
    private static final int REGISTER_BITS = 6;
    /// The largest value of a register: what is left of a hash of 64 bits when 14 choose the register, and one.
    private static final int MOST = 51;

    private static final int HEAD = 16;
    private static final int DENSE_LENGTH = HEAD + REGISTERS * REGISTER_BITS / 8;
    private static final int DENSE = 0;
    private static final int SPARSE = 1;

    /// 1 / (2 ln 2)
    private static final double ALPHA = 0.5 / Math.log(2);

    private final byte[] registers = new byte[REGISTERS];

    /// Whether Redis would take `value` for a HyperLogLog, whatever is in it.
    static boolean isOne(byte[] value) {
        return value.length >= HEAD
                && value[0] == 'H'
                && value[1] == 'Y'
                && value[2] == 'L'
                && value[3] == 'L'
                && (value[4] == SPARSE || value[4] == DENSE && value.length == DENSE_LENGTH);
    }

    /// Lets every register be at least what it is in `value`; false if that is corrupt.
    boolean merge(byte[] value) {
        if (value[4] == SPARSE) {
            return mergeSparse(value);
        }
        mergeDense(value);
        return true;
    }

    private void mergeDense(byte[] value) {
        for (int register = 0; register < REGISTERS; register++) {
            int bit = register * REGISTER_BITS;
            int at = HEAD + bit / 8;
            int two = value[at] & 0xff | (at + 1 < value.length ? (value[at + 1] & 0xff) << 8 : 0);
            raise(register, two >> bit % 8 & 0x3f);
        }
    }

    private boolean mergeSparse(byte[] value) {
        int register = 0;
        for (int at = HEAD; at < value.length; at++) {
            int code = value[at] & 0xff;
            if (code < 0x40) {
                register += code + 1;
            } else if (code < 0x80) {
                if (++at == value.length) {
                    return false;
                }
                register += ((code & 0x3f) << 8 | value[at] & 0xff) + 1;
            } else {
                for (int end = register + (code & 3) + 1; register < end; ) {
                    if (register == REGISTERS) {
                        return false;
                    }
                    raise(register++, (code >> 2 & 0x1f) + 1);
                }
            }
            if (register > REGISTERS) {
                return false;
            }
        }
        return register == REGISTERS;
    }

    private void raise(int register, int value) {
        registers[register] = (byte) Math.max(registers[register], value);
    }

    /// How many different elements have been seen, as far as can be told.
    long count() {
        int[] having = new int[1 << REGISTER_BITS];
        for (byte register : registers) {
            having[register]++;
        }
        double m = REGISTERS;
        double z = m * tau((m - having[MOST]) / m);
        for (int value = MOST - 1; value >= 1; value--) {
            z = (z + having[value]) * 0.5;
        }
        z += m * sigma(having[0] / m);
        return Math.round(ALPHA * m * m / z);
    }

    /// `x + Σ x^(2^k) · 2^(k-1)`
    private static double sigma(double x) {
        if (x == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double power = x;
        double factor = 1;
        double sum = x;
        double before;
        do {
            power *= power;
            before = sum;
            sum += power * factor;
            factor += factor;
        } while (sum != before);
        return sum;
    }

    /// `(1 - x - Σ (1 - x^(2^-k))² · 2^-k) / 3`
    private static double tau(double x) {
        if (x == 0 || x == 1) {
            return 0;
        }
        double root = x;
        double factor = 1;
        double sum = 1 - x;
        double before;
        do {
            root = Math.sqrt(root);
            before = sum;
            factor *= 0.5;
            sum -= (1 - root) * (1 - root) * factor;
        } while (sum != before);
        return sum / 3;
    }
}
