package io.cashew.protocol.redis;

import io.cashew.protocol.Request;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// What a client has to say before it is served. Kept as its SHA-256, as Redis keeps it; immutable, and never shown.
public final class Password {
    public static final Password NONE = new Password(null);

    /// In bytes. A claim that is longer is wrong without being looked at.
    public static final int LONGEST = 8192;

    private final byte[] digest;

    private Password(byte[] digest) {
        this.digest = digest;
    }

    /// A password of 1 to 8192 bytes.
    public static Password of(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > LONGEST) {
            throw new IllegalArgumentException("a password has 1 to " + LONGEST + " bytes, not " + bytes.length);
        }
        return new Password(sha256().digest(bytes));
    }

    /// The password whose SHA-256 is `hex`, 64 lower-case hexadecimal digits.
    static Password ofDigest(String hex) {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256 in lower-case hexadecimal digits");
        }
        return new Password(HexFormat.of().parseHex(hex));
    }

    public boolean isSet() {
        return digest != null;
    }

    /// What word `word` comes to, if it is meant as a password; null if it is none.
    static Password claimed(Request request, int word) {
        int length = request.wordLength(word);
        if (length > LONGEST) {
            return null;
        }
        return new Password(sha256().digest(
                request.bytes().asSlice(request.wordStart(word), length).toArray(ValueLayout.JAVA_BYTE)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /// How long comparing takes says nothing about how much of a claim is right.
    @Override
    public boolean equals(Object other) {
        return other instanceof Password password && MessageDigest.isEqual(digest, password.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return isSet() ? "a password" : "no password";
    }
}
