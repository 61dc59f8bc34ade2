package io.cashew.server;

import io.cashew.protocol.Greeting;
import io.cashew.protocol.ResponseDecoder;
import io.cashew.transport.KeepAlive;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// How the servers of a pool are spoken to.
///
/// @param connections how many connections each worker keeps to each server, for each lane in use
/// @param timeoutNanos how long a request may wait for its answer, connecting included; 0 for ever
/// @param connectTimeoutMillis how long a TCP connect may take, and how long a TLS handshake
/// @param maxPending how many requests may wait on one connection before further ones are refused
/// @param maxUnsent how many bytes of requests may wait to leave on one connection before further ones are refused
/// @param lanes how many lanes there are
/// @param greeting what a server hears first on a connection for a lane
/// @param decoder finds the replies on a connection for a lane
public record ServerSettings(
        int connections,
        long timeoutNanos,
        int connectTimeoutMillis,
        int maxPending,
        long maxUnsent,
        KeepAlive keepAlive,
        Optional<ServerTls> tls,
        int lanes,
        IntFunction<Greeting> greeting,
        IntFunction<ResponseDecoder> decoder) {
    /// The same for a connection that may have any number of requests waiting.
    ServerSettings unbounded() {
        return new ServerSettings(
                connections, timeoutNanos, connectTimeoutMillis, Integer.MAX_VALUE, Long.MAX_VALUE, keepAlive, tls, lanes, greeting,
                        decoder);
    }

    /// Whether a connection that was made by these settings is as one that `next` makes.
    boolean makeTheSame(ServerSettings next) {
        return connections == next.connections
                && connectTimeoutMillis == next.connectTimeoutMillis
                && keepAlive.equals(next.keepAlive)
                && tls.equals(next.tls)
                && lanes == next.lanes
                && IntStream.range(0, lanes).allMatch(
                        lane -> Arrays.equals(greeting.apply(lane).bytes(), next.greeting.apply(lane).bytes()));
    }
}
