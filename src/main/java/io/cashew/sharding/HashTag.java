package io.cashew.sharding;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

public record HashTag(byte open, byte close) {
    public static Optional<HashTag> of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length == 2 ? Optional.of(new HashTag(bytes[0], bytes[1])) : Optional.empty();
    }
}
