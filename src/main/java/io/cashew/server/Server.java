package io.cashew.server;

/// One backend of a pool.
///
/// @param index its place in the pool's server order, by which routes, counters and health know it
/// @param name the ring name: what it is called in the configuration, in statistics and on the continuum
public record Server(int index, String name, Endpoint endpoint, int weight) {}
