package io.cashew.admin;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Key bytes made fit for people.
final class KeyText {
    private static final int SHOWN = 40;

    private KeyText() {}

    /// The bytes as text, or null if they are not UTF-8.
    static String of(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /// In a sentence: `'user:1'`, `0x00ff`, the beginning if it is long.
    static String quoted(byte[] bytes) {
        String text = of(bytes);
        return text == null ? "0x" + cut(hex(bytes)) : "'" + cut(text) + "'";
    }

    /// At most the first characters of what somebody sent.
    static String cut(String text) {
        if (text.codePointCount(0, text.length()) <= SHOWN) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
    }
}
