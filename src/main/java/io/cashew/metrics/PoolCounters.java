package io.cashew.metrics;

/// What one worker has counted about the clients of a pool: twemproxy's pool statistics (`nc_stats.h`,
/// STATS_POOL_CODEC) and ours beside them.
public final class PoolCounters {
    /// Client connections ended by the client, or by its QUIT.
    public long clientEof;
    /// Client connections ended any other way.
    public long clientErrors;
    /// Client connections open now.
    public long clientConnections;
    /// Client connections ever accepted.
    public long clientsAccepted;
    /// Requests received.
    public long requests;
    /// Requests answered without asking a server.
    public long answeredLocally;
    /// Error replies made by the proxy for requests that could not be served.
    public long forwardErrors;
    /// Parts sent for requests that were split by server.
    public long fragments;
    /// Clients that hear at least one channel or pattern now.
    public long subscribers;
    /// Channels and patterns heard by clients now, once for each client.
    public long subscriptions;
    /// Channels and patterns heard from servers now.
    public long channels;
    /// Messages given to clients.
    public long messages;
    /// Server connections lost over which something was heard.
    public long subscriptionsLost;
    /// Requests whose answers took as long as the slow log's threshold.
    public long slowRequests;
    /// Requests about which a line should have been written to the access log, but too many came.
    public long accessLinesDropped;

    /// Adds the figures of `other`, another worker's view of the same pool.
    public void add(PoolCounters other) {
        clientEof += other.clientEof;
        clientErrors += other.clientErrors;
        clientConnections += other.clientConnections;
        clientsAccepted += other.clientsAccepted;
        requests += other.requests;
        answeredLocally += other.answeredLocally;
        forwardErrors += other.forwardErrors;
        fragments += other.fragments;
        subscribers += other.subscribers;
        subscriptions += other.subscriptions;
        channels += other.channels;
        messages += other.messages;
        subscriptionsLost += other.subscriptionsLost;
        slowRequests += other.slowRequests;
        accessLinesDropped += other.accessLinesDropped;
    }
}
