package io.cashew.server;

import java.util.List;
import java.util.Optional;

/// One backend of a pool.
///
/// @param index its place in the pool's server order, by which routes, counters and health know it
/// @param name the ring name: what it is called in the configuration, in statistics and on the continuum
public record Server(int index, String name, Endpoint endpoint, int weight) {
    /// The one of `others` that is the same server, having its name and its address.
    public Optional<Server> among(List<Server> others) {
        return others.stream().filter(other -> other.name.equals(name) && other.endpoint.equals(endpoint)).findFirst();
    }
}
