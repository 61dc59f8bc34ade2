package io.cashew.protocol;

import java.time.Instant;
import java.util.List;

/// A request whose answer took long.
///
/// @param id         numbers the slow requests of a pool since the start of the process, from 0
/// @param at         when it was answered
/// @param micros     how long that took, from when it was read, in microseconds
/// @param words      its words, one character per byte, shortened as Redis does
/// @param clientName what the client calls itself; empty if it has not said
/// @param server     the ring name of the server that was asked; null if that were several, or none
/// @param failure    why there is no answer of a server; null if there is one
public record SlowRequest(
        long id, Instant at, long micros, List<String> words, Client client, String clientName, String server, Failure failure) {}
