package io.cashew.config;

import java.util.List;

/// A stand-in so that the tests compile; to be dropped.
public final class NutcrackerFile {
    private NutcrackerFile() {}

    public static List<PoolConfig> parse(String yaml) {
        return List.of();
    }
}
