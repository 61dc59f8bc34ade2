package io.cashew.metrics;

/// What one worker has counted about one server of a pool. The fields are twemproxy's server statistics
/// (`nc_stats.h`, STATS_SERVER_CODEC), under their Java names.
public final class ServerCounters {
    /// Connections ended by the server.
    public long eof;
    /// Connections ended, or not made, for any other reason than the server's goodbye or a timeout.
    public long errors;
    /// Connections closed because a request timed out.
    public long timeouts;
    /// Attempts to connect.
    public long connects;
    /// Connections open now.
    public long connections;
    /// Those of them that are lent to a single client.
    public long lent;
    /// Requests given to a connection of the server, parts of split requests included, greetings not.
    public long requests;
    public long requestBytes;
    /// Replies received for those requests.
    public long responses;
    public long responseBytes;
    /// Requests not taken because too many were waiting on the connection.
    public long refusedForPending;
    /// Requests not taken because too many bytes were waiting to leave.
    public long refusedForUnsent;
    /// Connections ended because memory was short and they held the most.
    public long droppedForMemory;

    /// Adds the figures of `other`, another worker's view of the same server.
    public void add(ServerCounters other) {
        eof += other.eof;
        errors += other.errors;
        timeouts += other.timeouts;
        connects += other.connects;
        connections += other.connections;
        lent += other.lent;
        requests += other.requests;
        requestBytes += other.requestBytes;
        responses += other.responses;
        responseBytes += other.responseBytes;
        refusedForPending += other.refusedForPending;
        refusedForUnsent += other.refusedForUnsent;
        droppedForMemory += other.droppedForMemory;
    }
}
