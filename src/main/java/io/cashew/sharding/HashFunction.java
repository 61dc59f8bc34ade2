package io.cashew.sharding;

import java.util.Locale;
import java.util.Optional;

public enum HashFunction {
    ONE_AT_A_TIME, MD5, CRC16, CRC32, CRC32A, FNV1_64, FNV1A_64, FNV1_32, FNV1A_32, HSIEH, MURMUR, JENKINS;

    public static Optional<HashFunction> named(String label) {
        for (HashFunction hash : values()) {
            if (hash.label().equals(label)) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
