package io.cashew.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What is said to a server before the first request of a new connection, and what it has to answer.
///
/// @param bytes what is sent, complete with framing
/// @param replies how many replies it asks for
public record Greeting(byte[] bytes, int replies) {
    /// For servers that are spoken to without ceremony.
    public static final Greeting NONE = new Greeting(new byte[0], 0);

    /// Whether a reply lying in `bytes` accepts the greeting: anything but an error does.
    public boolean accepts(MemorySegment bytes, long start) {
        return bytes.get(ValueLayout.JAVA_BYTE, start) != '-';
    }

    /// Passwords are part of a greeting; it never shows its bytes.
    @Override
    public String toString() {
        return "Greeting[" + replies + " commands]";
    }
}
