package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import java.security.MessageDigest;

/// What clients of a pool have to say before they are served. Immutable, and never shown.
public final class Password {
    public static final Password NONE = new Password(null);

    /// In bytes. A claim that is longer is wrong without being looked at.
    static final int LONGEST = 8192;

    private final byte[] bytes;

    private Password(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A password of 1 to 8192 bytes; the array is copied.
    public static Password of(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > LONGEST) {
            throw new IllegalArgumentException("a password has 1 to " + LONGEST + " bytes, not " + bytes.length);
        }
        return new Password(bytes.clone());
    }

    public boolean isSet() {
        return bytes != null;
    }

    /// Whether word `word` is this password. How long that takes says nothing about how much of it is right.
    boolean isSaidBy(Request request, int word) {
        return isSet()
                && request.wordLength(word) <= LONGEST
                && MessageDigest.isEqual(bytes, request.word(word));
    }

    @Override
    public String toString() {
        return isSet() ? "a password" : "no password";
    }
}
