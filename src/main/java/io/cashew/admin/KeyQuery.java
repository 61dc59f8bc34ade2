package io.cashew.admin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// Reads the key somebody asks about from the query of a URL, byte for byte: `key=` is text, `keyHex=` and `key64=` are for
/// keys that are not.
///
/// Takes the query as it came, because a framework's parameters are strings already: there, the bytes of a key that is not
/// UTF-8 are gone, and another key would be explained.
final class KeyQuery {
    /// A key of this length fits into a request line even when each of its bytes is written as `%XX`.
    static final int MAX_BYTES = 8192;

    private KeyQuery() {}

    /// The key in `query`, the part of a URL behind `?`, which may be null.
    static byte[] key(String query) {
        List<byte[]> found = new ArrayList<>();
        for (String parameter : query == null ? new String[0] : query.split("&")) {
            int end = parameter.indexOf('=');
            String name = end < 0 ? parameter : parameter.substring(0, end);
            String value = end < 0 ? "" : parameter.substring(end + 1);
            switch (name) {
                case "key" -> found.add(bytes(value, true));
                case "keyHex" -> found.add(hex(ascii(value)));
                case "key64" -> found.add(base64(ascii(value)));
                default -> {}
            }
        }
        if (found.size() != 1) {
            throw unreadable("Give the key once, as key=TEXT, keyHex=HEX or key64=BASE64; there "
                    + (found.isEmpty() ? "was none." : "were " + found.size() + "."));
        }
        byte[] key = found.getFirst();
        if (key.length > MAX_BYTES) {
            throw new ProblemException(
                    ProblemKind.KEY_TOO_LONG,
                    "The key has %d bytes, at most %d can be explained.".formatted(key.length, MAX_BYTES));
        }
        return key;
    }

    private static byte[] hex(String value) {
        try {
            return HexFormat.of().parseHex(value);
        } catch (IllegalArgumentException _) {
            throw unreadable("keyHex is not an even number of hexadecimal digits.");
        }
    }

    /// Both alphabets of RFC 4648, with padding or without.
    private static byte[] base64(String value) {
        try {
            return Base64.getDecoder().decode(value.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException _) {
            throw unreadable("key64 is not Base64.");
        }
    }

    /// Undoes the escapes of a value in which a plus is a plus, as Base64 has it.
    private static String ascii(String value) {
        return new String(bytes(value, false), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String escaped, boolean plusIsBlank) {
        var bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                bytes.write(escapedByte(escaped, i));
                i += 2;
            } else if (c > 0x7f) {
                // Such a byte is not allowed in a URL, and whatever it was is lost when we get here
                throw unreadable("Bytes above 7f have to be written as %XX.");
            } else {
                bytes.write(c == '+' && plusIsBlank ? ' ' : c);
            }
        }
        return bytes.toByteArray();
    }

    private static int escapedByte(String escaped, int percent) {
        try {
            return HexFormat.fromHexDigits(escaped, percent + 1, percent + 3);
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            throw unreadable("A % has to be followed by two hexadecimal digits; the sign itself is %25.");
        }
    }

    private static ProblemException unreadable(String detail) {
        return new ProblemException(ProblemKind.UNREADABLE_KEY, detail);
    }
}
