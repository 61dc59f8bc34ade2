package io.cashew.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/// Reads `host:port`, split at the last colon, or `/path [permissions]`, split at the last space.
final class ListenReader {
    static final String ALLOWED = "for example 127.0.0.1:22121, 0.0.0.0:22121, ::1:22121 or \"/run/cashew.sock 0660\"";

    /// What the address of a unix socket holds on Linux, without the zero at its end.
    private static final int MAX_SOCKET_PATH = 107;

    static final String SOCKET_LENGTH = "the path of a socket has at most " + MAX_SOCKET_PATH + " bytes";

    private ListenReader() {}

    static Parsed<ListenAddress> read(String text) {
        return text.startsWith("/") ? unixSocket(text) : tcp(text);
    }

    static boolean tooLongForSocket(String path) {
        return path.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH;
    }

    private static Parsed<ListenAddress> tcp(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return new Parsed.Bad<>("has an invalid \"hostname:port\" format string", ALLOWED);
        }
        OptionalInt port = Digits.port(text.substring(colon + 1));
        if (port.isEmpty()) {
            return new Parsed.Bad<>("has an invalid port in \"hostname:port\" format string", "a port is 1 to 65535");
        }
        String host = text.substring(0, colon);
        // Java would take an empty name for the loopback and strip brackets, neither of which the original does. A "*" does
        // not resolve here; where the C library lets it, it means the loopback, which is not what anybody writes it for
        if (host.isEmpty() || host.startsWith("[")) {
            return unresolvable();
        }
        try {
            return new Parsed.Good<>(new ListenAddress.Tcp(host, port.getAsInt(), InetAddress.getByName(host)));
        } catch (UnknownHostException e) {
            return unresolvable();
        }
    }

    private static Parsed<ListenAddress> unresolvable() {
        return new Parsed.Bad<>("has an invalid value",
                "a host name that resolves or an address, IPv6 without brackets, 0.0.0.0 for all of IPv4; " + ALLOWED);
    }

    private static Parsed<ListenAddress> unixSocket(String text) {
        int space = text.lastIndexOf(' ');
        String path = space < 0 ? text : text.substring(0, space);
        int permissions = space < 0 ? 0 : leadingOctal(text.substring(space + 1));
        if (permissions < 0 || permissions > 0777) {
            return new Parsed.Bad<>("has an invalid file permission in \"socket_path permission\" format string",
                    "octal permissions up to 0777");
        }
        if (tooLongForSocket(path)) {
            return new Parsed.Bad<>("has an invalid value", SOCKET_LENGTH);
        }
        return new Parsed.Good<>(new ListenAddress.UnixSocket(
                path, permissions == 0 ? OptionalInt.empty() : OptionalInt.of(permissions)));
    }

    /// The octal number a text begins with, 0 if it begins with none, -1 if it has a sign: what the C library's `strtol`
    /// makes of it, cut off where it is too large anyway.
    private static int leadingOctal(String text) {
        if (text.startsWith("-")) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '7' && number <= 0777; i++) {
            number = number * 8 + text.charAt(i) - '0';
        }
        return number;
    }
}
