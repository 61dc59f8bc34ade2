package io.cashew.protocol.redis;

import java.util.Locale;

/// A number of bytes as Redis writes it for people: `1.50M`.
final class HumanBytes {
    private static final String UNITS = "BKMGTP";

    private HumanBytes() {}

    static String of(double bytes) {
        int unit = 0;
        double number = bytes;
        while (number >= 1024 && unit < UNITS.length() - 1) {
            number /= 1024;
            unit++;
        }
        return unit == 0
                ? (long) number + "B"
                : String.format(Locale.ROOT, "%.2f%c", number, UNITS.charAt(unit));
    }
}
