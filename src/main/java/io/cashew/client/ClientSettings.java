package io.cashew.client;

import io.cashew.transport.KeepAlive;

/// How clients of a pool are treated.
///
/// @param maxUnanswered requests of one client that may be under way; at this number its socket is not read until half of
///     them are answered
/// @param maxUnread bytes of replies that may wait for one client to read them; beyond it its socket is not read
/// @param maxWaiting bytes of replies that may wait for one client, whatever had been under way when reading its socket
///     stopped; beyond it the client is sent away. 0 for as many as memory allows
/// @param idleNanos how long a client that is owed nothing may say nothing; 0 for ever
/// @param unfinishedNanos how long the rest of a begun request may take to come, and the rest of an answer to be read by a
///     client that is leaving; more for what is long. 0 for ever
public record ClientSettings(
        int maxUnanswered, int maxUnread, long maxWaiting, KeepAlive keepAlive, long idleNanos, long unfinishedNanos) {}
