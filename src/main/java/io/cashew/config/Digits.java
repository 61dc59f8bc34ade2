package io.cashew.config;

import java.util.OptionalInt;

/// Numbers as twemproxy reads them: ASCII digits and nothing else, leading zeros allowed.
final class Digits {
    static final int MAX_PORT = 65535;

    private Digits() {}

    /// The number, or empty if there is anything but digits, or it is above 2147483647. (The original lets larger ones
    /// wrap around to a number nobody wrote.)
    static OptionalInt number(String text) {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalInt.empty();
            }
            number = number * 10 + digit;
            if (number > Integer.MAX_VALUE) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of((int) number);
    }

    /// A port, 1 to 65535.
    static OptionalInt port(String text) {
        OptionalInt port = number(text);
        return port.isPresent() && port.getAsInt() >= 1 && port.getAsInt() <= MAX_PORT ? port : OptionalInt.empty();
    }
}
