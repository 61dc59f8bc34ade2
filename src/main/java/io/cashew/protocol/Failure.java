package io.cashew.protocol;

import java.util.Locale;

/// Everything that can go wrong with a request on its way: the closed list. Failures are values on the road; a protocol
/// says them to the client in its own words.
///
/// [#text()] is what twemproxy says in the same situation (the C library's description of the errno), because clients and
/// alerts match on it; failures twemproxy does not have speak plainly.
public enum Failure {
    SERVER_REFUSED(Fault.SERVER, Retry.SAFE, Count.ERROR, "Connection refused"),
    NO_LIVE_SERVER(Fault.SERVER, Retry.SAFE, Count.NONE, "Connection refused"),
    /// The server is ejected, and the pool keeps its keys from the others (`eject_mode: fail-fast`).
    SERVER_EJECTED(Fault.SERVER, Retry.SAFE, Count.NONE, "server is ejected; its keys are served again when it is back"),
    SERVER_TIMED_OUT(Fault.SERVER, Retry.NEVER, Count.TIMEOUT, "Connection timed out"),
    SERVER_CONNECT_TIMED_OUT(Fault.SERVER, Retry.SAFE, Count.TIMEOUT, "Connection timed out"),
    SERVER_RESET(Fault.SERVER, Retry.NEVER, Count.ERROR, "Connection reset by peer"),
    /// The server ended the connection, also in the middle of a reply. twemproxy has no errno for it.
    SERVER_CLOSED(Fault.SERVER, Retry.NEVER, Count.EOF, "unknown"),
    /// The server sent what its protocol does not know, or more than it was asked for.
    SERVER_MISBEHAVED(Fault.SERVER, Retry.NEVER, Count.ERROR, "Invalid argument"),
    /// The server said that it cannot serve, as in `-LOADING`, `-BUSY` and `-OOM`. Whoever asked has heard its words.
    SERVER_UNABLE(Fault.SERVER, Retry.SAFE, Count.ERROR, "server is loading, busy or out of memory"),
    SERVER_NOT_RESOLVED(Fault.SERVER, Retry.SAFE, Count.ERROR, "Host is down"),
    SERVER_SOCKET_MISSING(Fault.SERVER, Retry.SAFE, Count.ERROR, "No such file or directory"),
    NETWORK_UNREACHABLE(Fault.SERVER, Retry.SAFE, Count.ERROR, "Network is unreachable"),
    NO_ROUTE_TO_SERVER(Fault.SERVER, Retry.SAFE, Count.ERROR, "No route to host"),
    SERVER_PIPE_BROKEN(Fault.SERVER, Retry.NEVER, Count.ERROR, "Broken pipe"),
    OUT_OF_DESCRIPTORS(Fault.PROXY, Retry.SAFE, Count.ERROR, "Too many open files"),
    /// The server did not accept the pool's password or database; nothing is sent over such a connection.
    SERVER_REFUSED_GREETING(Fault.SERVER, Retry.SAFE, Count.ERROR, "server refused the pool's password or database"),
    /// The server is older than the dialect its client has chosen (`HELLO 3`).
    SERVER_LACKS_RESP3(
            Fault.PROXY,
            Retry.SAFE,
            Count.ERROR,
            "server does not speak RESP3, which Redis has since version 6; let the client use protocol 2"),
    /// The pool allows a database (`databases`) that the server does not have.
    SERVER_LACKS_DATABASE(
            Fault.PROXY,
            Retry.SAFE,
            Count.ERROR,
            "server does not have the selected database; let its configuration and the pool's databases agree"),
    /// The server's certificate is not from anybody the pool trusts, or not for the server's name.
    SERVER_NOT_TRUSTED(Fault.SERVER, Retry.SAFE, Count.ERROR, "server's certificate is not trusted"),
    /// In the handshake, or later: a server may refuse the pool's certificate when a request is on its way already.
    SERVER_TLS_FAILED(Fault.SERVER, Retry.NEVER, Count.ERROR, "TLS with the server failed"),
    /// More requests wait for one server connection than the pool allows.
    SERVER_OVERLOADED(Fault.SERVER, Retry.SAFE, Count.NONE, "too many requests are waiting for this server"),
    /// More bytes of requests wait to leave on one server connection than the pool allows.
    SERVER_CONGESTED(Fault.SERVER, Retry.SAFE, Count.NONE, "too many bytes are waiting for this server"),
    /// The pool has lent as many server connections to single clients as it may.
    TOO_MANY_PRIVATE(Fault.PROXY, Retry.SAFE, Count.NONE, "too many clients of this pool wait for data or are in a transaction"),
    /// EXEC has not been given to the server.
    TRANSACTION_LOST(
            Fault.SERVER,
            Retry.SAFE,
            Count.NONE,
            "its server connection was lost, or the servers of the pool have changed"),
    /// The server has not accepted MULTI.
    TRANSACTION_REFUSED(
            Fault.SERVER, Retry.SAFE, Count.NONE,
            "server refuses MULTI; look what the pool's user may do there, or whether it is busy"),
    /// EXEC has been given to the server, which has not answered.
    TRANSACTION_UNCERTAIN(
            Fault.SERVER,
            Retry.NEVER,
            Count.NONE,
            "server connection was lost before EXEC was answered; the transaction may have been executed"),
    /// A server counts the replicas that have what one connection wrote, and it is not certain that this was made to include what
    /// other connections wrote before.
    REPLICAS_UNCERTAIN(
            Fault.SERVER,
            Retry.SAFE,
            Count.NONE,
            "a server counts its replicas for other connections than its own only if the pool's user may say INFO and SPUBLISH there,"
                    + " and if it is no node of a cluster"),
    /// What waits for data would now wait at the wrong server.
    SERVERS_CHANGED(Fault.SERVER, Retry.NEVER, Count.NONE, "the servers of this pool have changed; ask again"),
    /// What may be subscribed to by one client, or by all of a pool, is bounded.
    TOO_MANY_SUBSCRIPTIONS(
            Fault.CLIENT, Retry.SAFE, Count.NONE,
            "too many channels are subscribed by this client, or by all clients of this pool"),
    TOO_MANY_CLIENTS(Fault.CLIENT, Retry.SAFE, Count.NONE, "max number of clients reached"),
    /// The connection was ended because it held the most, and all together hold too much.
    MEMORY_SHORT(Fault.PROXY, Retry.NEVER, Count.NONE, "proxy is short of memory"),
    POOL_STOPPED(Fault.PROXY, Retry.NEVER, Count.NONE, "pool is shutting down"),
    /// The parts of a split request are more together than one reply can be.
    REPLY_TOO_LARGE(Fault.CLIENT, Retry.NEVER, Count.NONE, "reply is too large to be joined"),
    KEY_TOO_LONG(Fault.CLIENT, Retry.NEVER, Count.NONE, "key is too long"),
    /// The client has not said the pool's password.
    NOT_AUTHENTICATED(Fault.CLIENT, Retry.SAFE, Count.NONE, "Authentication required"),
    WRONG_PASSWORD(Fault.CLIENT, Retry.SAFE, Count.NONE, "invalid password"),
    /// Wrong passwords came from the client's address so often that this one was not looked at.
    PASSWORD_NOT_TRIED(Fault.CLIENT, Retry.SAFE, Count.NONE, "too many wrong passwords from your address"),
    /// The client's user may not run this command, or not with these keys or channels.
    NOT_PERMITTED(Fault.CLIENT, Retry.NEVER, Count.NONE, "user has no permission"),
    /// The user has as many clients as it may.
    TOO_MANY_OF_USER(Fault.CLIENT, Retry.SAFE, Count.NONE, "max number of clients of this user reached"),
    /// The pool does not serve this command, and has a reason.
    COMMAND_REFUSED(Fault.CLIENT, Retry.NEVER, Count.NONE, "command is not supported by this pool"),
    /// No such command, or not with these arguments.
    REQUEST_INVALID(Fault.CLIENT, Retry.NEVER, Count.NONE, "invalid request"),
    /// Keys of a command that cannot be split live on several servers.
    KEYS_ON_SEVERAL_SERVERS(
            Fault.CLIENT,
            Retry.NEVER,
            Count.NONE,
            "Keys in request don't hash to the same server; give them a common hash tag, and the pool a hash_tag setting"),
    /// The same, of a command that the pool could split if it was allowed to hold what servers say.
    CROSS_SERVER_OFF(
            Fault.CLIENT,
            Retry.NEVER,
            Count.NONE,
            "Keys in request don't hash to the same server; give them a common hash tag, or the pool a cross_server_limit");

    /// Who is to blame.
    public enum Fault {
        CLIENT,
        SERVER,
        PROXY
    }

    /// Whether another try can be made without the risk that the request runs twice.
    public enum Retry {
        /// Nothing of the request had been sent.
        SAFE,
        /// The server may have run it.
        NEVER
    }

    /// Which counter of the server a connection that ends this way moves.
    public enum Count {
        EOF,
        TIMEOUT,
        ERROR,
        NONE
    }

    private final Fault fault;
    private final Retry retry;
    private final Count count;
    private final String text;

    Failure(Fault fault, Retry retry, Count count, String text) {
        this.fault = fault;
        this.retry = retry;
        this.count = count;
        this.text = text;
    }

    /// As metrics call it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Fault fault() {
        return fault;
    }

    public Retry retry() {
        return retry;
    }

    public Count count() {
        return count;
    }

    /// What the client reads, without the protocol's framing.
    public String text() {
        return text;
    }
}
