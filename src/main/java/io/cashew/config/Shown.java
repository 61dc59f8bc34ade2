package io.cashew.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// What the user wrote, made fit for a message: on one line, short, and without passwords.
final class Shown {
    private static final int MAX_LENGTH = 100;

    /// A value that swallowed a neighbouring line (wrong indentation continues a YAML scalar) may contain a password.
    private static final Pattern SUSPICIOUS = Pattern.compile("auth|passw|secret", Pattern.CASE_INSENSITIVE);

    private static final Pattern SWALLOWED_LINE = Pattern.compile("\\s\\S+:|:\\s");
    private static final Pattern USER_INFO = Pattern.compile("[^\\s/]*@");

    private Shown() {}

    static String value(String text) {
        if (SUSPICIOUS.matcher(text).find() || SWALLOWED_LINE.matcher(text).find() && !looksLikeAddress(text)) {
            return Secret.MASK;
        }
        return plain(USER_INFO.matcher(text).replaceAll(Secret.MASK + "@"));
    }

    /// A key nobody knows may be a password's key with the blank forgotten, as in `redis_auth:sesame`.
    static String key(String text) {
        int colon = text.indexOf(':');
        return plain(colon < 0 ? text : text.substring(0, colon + 1) + Secret.MASK);
    }

    static String plain(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return text.length() > MAX_LENGTH ? shown.append('…').toString() : shown.toString();
    }

    private static boolean looksLikeAddress(String text) {
        return text.indexOf(' ') == text.lastIndexOf(' ');
    }

    /// The value of a setting, with its unit; empty if it has none. A secret shows its mask.
    static Optional<String> setting(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.flatMap(Shown::setting);
            case Duration duration -> Optional.of(duration.toMillis() + "ms");
            case ListenAddress.UnixSocket(String path, OptionalInt permissions) when permissions.isPresent() ->
                Optional.of(plain(path) + " 0" + Integer.toOctalString(permissions.getAsInt()));
            case ListenAddress address -> Optional.of(plain(address.text()));
            case ProtocolName protocol -> Optional.of(protocol.label());
            case Object other -> Optional.of(plain(other.toString()));
        };
    }
}
