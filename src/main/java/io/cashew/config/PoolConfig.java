package io.cashew.config;

/// A stand-in so that the tests compile; to be dropped.
public record PoolConfig(String name) {}
