package io.cashew.client;

/// How clients of a pool are treated.
///
/// @param maxConnections clients of the whole pool, over all workers; 0 for no limit
/// @param maxUnanswered requests of one client that may be under way; at this number its socket is not read until half of
///     them are answered
/// @param maxUnread bytes of replies that may wait for one client to read them; beyond it its socket is not read
public record ClientSettings(int maxConnections, int maxUnanswered, int maxUnread, boolean keepAlive) {}
