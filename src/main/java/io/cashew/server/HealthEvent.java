package io.cashew.server;

import io.cashew.protocol.Failure;

/// Something that happened to the health of a server, for whoever tells the user.
public sealed interface HealthEvent {
    /// The server's [Server#index()].
    int server();

    /// A connection ended or could not be made; the server stays where it is.
    record Failed(int server, Failure cause) implements HealthEvent {}

    /// The server is out for the next `nanos`.
    record Ejected(int server, Failure cause, long nanos, boolean flapped) implements HealthEvent {}

    /// A probe got no good answer; an ejected server is asked again in `nanos`, a live one as always.
    record ProbeFailed(int server, Failure cause, long nanos) implements HealthEvent {}

    /// Too much waits for the server: requests are refused until it has taken some of it, or the connection has been ended.
    record Overrun(int server, Failure cause) implements HealthEvent {}

    /// The server takes part again.
    record Readmitted(int server) implements HealthEvent {}
}
