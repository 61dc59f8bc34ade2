package io.cashew.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// Recognizes by its first bytes who has come to the wrong door, so that nothing it says is taken for a request.
///
/// Only what no client of the door's own protocol begins with, if it is to get anything but an error, is taken for something
/// else; what can be both is left to the door. Asked once per connection, and only where requests are text.
public final class WrongDoor {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    /// How a record with a TLS handshake begins (RFC 8446, section 5.1).
    private static final byte TLS_HANDSHAKE = 0x16;
    /// Magic byte of a request (memcached's `protocol_binary.h`).
    private static final byte BINARY_REQUEST = (byte) 0x80;
    /// How a PROXY protocol header of version 2 begins (HAProxy's `proxy-protocol.txt`, section 2.2). The first two lines of it
    /// are empty, so it is only seen if it comes in one piece, as it is sent.
    private static final byte[] PROXY_SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    private static final Set<String> PROXIED = Set.of("TCP4", "TCP6", "UNKNOWN");
    private static final Set<String> HTTP_METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PRI");
    /// Commands that Redis does not have; memcached knows them in lower case only.
    private static final Set<String> MEMCACHE_COMMANDS = Set.of(
            "gets", "gat", "gats", "delete", "mg", "ms", "md", "ma", "me", "mn", "version", "stats", "verbosity", "flush_all");
    /// What Redis's clients, and those who look whether it is alive, say first; memcached has none of these.
    private static final Set<String> REDIS_COMMANDS =
            Set.of("ping", "auth", "hello", "info", "select", "client", "command", "config", "echo");
    private static final int LONGEST_NAME = 16;

    private WrongDoor() {}

    /// Who begins with the bytes between `from` and `to`, of which there is at least one, where that cannot be text; else
    /// null.
    public static CloseCause ofBytes(MemorySegment bytes, long from, long to) {
        return switch (bytes.get(BYTE, from)) {
            case TLS_HANDSHAKE -> CloseCause.TLS;
            case BINARY_REQUEST -> CloseCause.MEMCACHE_BINARY;
            case '\r' -> hasProxySignature(bytes, from, to) ? CloseCause.PROXY_PROTOCOL : null;
            default -> null;
        };
    }

    /// Who begins with the line whose words are those of `request`, at least one; null if that cannot be said. The door's own
    /// protocol may be the answer, too.
    public static CloseCause ofLine(Request request) {
        String name = word(request, 0);
        if (name.startsWith("SSH-")) {
            return CloseCause.SSH;
        }
        if (name.equals("PROXY") && request.wordCount() > 1 && PROXIED.contains(word(request, 1))) {
            return CloseCause.PROXY_PROTOCOL;
        }
        if (isHttpRequest(name, request) || isWeb(request)) {
            return CloseCause.HTTP;
        }
        if (MEMCACHE_COMMANDS.contains(name) || isStore(name, request)) {
            return CloseCause.MEMCACHE;
        }
        return isArray(name) || REDIS_COMMANDS.contains(name.toLowerCase(Locale.ROOT)) ? CloseCause.REDIS : null;
    }

    /// Whether this line is one that a browser can be made to send, at whatever place. What the page has put behind its headers
    /// must not be executed.
    public static boolean isWeb(Request request) {
        return request.wordIs(0, "post") || request.wordIs(0, "host:");
    }

    /// What `cause` speaks, worded to follow "not ".
    public static String language(CloseCause cause) {
        return switch (cause) {
            case HTTP -> "HTTP";
            case TLS -> "TLS";
            case SSH -> "SSH";
            case PROXY_PROTOCOL -> "the PROXY protocol";
            case REDIS -> "Redis";
            case MEMCACHE -> "memcached's protocol";
            case MEMCACHE_BINARY -> "memcached's binary protocol";
            case IDLE, UNFINISHED, OUTPUT, SLOW_SUBSCRIBER, CUT_OFF, MEMORY, TOO_MANY_CLIENTS, NO_DESCRIPTORS, MALFORMED, STRANGER,
                    HANDSHAKE, NOT_TLS, NOT_PERMITTED, KILLED, SHUTDOWN, LOST, FAULT ->
                throw new IllegalArgumentException(cause + " is no language");
        };
    }

    private static boolean hasProxySignature(MemorySegment bytes, long from, long to) {
        int length = PROXY_SIGNATURE.length;
        return to - from >= length
                && MemorySegment.mismatch(bytes, from, from + length, MemorySegment.ofArray(PROXY_SIGNATURE), 0, length) < 0;
    }

    /// `GET / HTTP/1.1`
    private static boolean isHttpRequest(String name, Request request) {
        return request.wordCount() == 3 && HTTP_METHODS.contains(name) && word(request, 2).startsWith("HTTP/");
    }

    /// `set key 0 0 5`, with numbers where no option of Redis's SET has any. Its value would come next, and look like a
    /// request.
    private static boolean isStore(String name, Request request) {
        int words = request.wordCount();
        return switch (name) {
            case "set", "add", "replace", "append", "prepend" -> words >= 5 && areNumbers(request, 2, 4);
            case "cas" -> words >= 6 && areNumbers(request, 2, 5);
            default -> false;
        };
    }

    private static boolean areNumbers(Request request, int first, int last) {
        for (int word = first; word <= last; word++) {
            if (request.wordNumber(word) == Long.MIN_VALUE) {
                return false;
            }
        }
        return true;
    }

    /// `*3`
    private static boolean isArray(String name) {
        return name.length() > 1 && name.charAt(0) == '*' && name.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
    }

    private static String word(Request request, int word) {
        int length = Math.min(request.wordLength(word), LONGEST_NAME);
        byte[] bytes = request.bytes().asSlice(request.wordStart(word), length).toArray(BYTE);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
