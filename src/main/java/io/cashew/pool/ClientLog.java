package io.cashew.pool;

import io.cashew.client.Outcomes;
import io.cashew.metrics.LogLimit;
import io.cashew.metrics.LogLine;
import io.cashew.protocol.Client;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Failure;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Tells the log which clients of a pool are sent away and whose requests are refused: who, why, and what can be done about
/// it. A line with the same cause is written at most once in ten seconds, whoever it is about: there may be a million of them.
///
/// What somebody should look at is told to [Events] as well, once a minute for each cause, so that there is room for what happens
/// to servers.
final class ClientLog implements Outcomes.Observer {
    private static final Logger LOG = Logger.getLogger(ClientLog.class);
    private static final long PERIOD_SECONDS = 10;
    private static final long EVENT_PERIOD_SECONDS = 60;

    private final String pool;
    /// A line is about a [CloseCause] or a [Failure].
    private final LogLimit<Enum<?>> limit = new LogLimit<>(TimeUnit.SECONDS.toNanos(PERIOD_SECONDS));
    private final LogLimit<Enum<?>> eventLimit = new LogLimit<>(TimeUnit.SECONDS.toNanos(EVENT_PERIOD_SECONDS));
    private final Events events;

    ClientLog(String pool, Events events) {
        this.pool = pool;
        this.events = events;
    }

    @Override
    public void closed(Client client, CloseCause cause, long heldBytes) {
        long now = System.nanoTime();
        if (level(cause) == Logger.Level.WARN) {
            OptionalLong untold = eventLimit.admit(cause, now);
            if (untold.isPresent()) {
                events.report(Events.Kind.CLIENT_SENT_AWAY, pool, null, line(client, cause, heldBytes, untold.getAsLong()));
            }
        }
        if (LOG.isEnabled(level(cause))) {
            OptionalLong suppressed = limit.admit(cause, now);
            if (suppressed.isPresent()) {
                write(client, level(cause), cause.label(), line(client, cause, heldBytes, suppressed.getAsLong()));
            }
        }
    }

    @Override
    public void failed(Client client, Failure failure) {
        String remedy = remedy(failure);
        if (remedy != null) {
            long now = System.nanoTime();
            if (level(failure) == Logger.Level.WARN) {
                OptionalLong untold = eventLimit.admit(failure, now);
                if (untold.isPresent()) {
                    events.report(Events.Kind.REQUEST_REFUSED, pool, null, line(client, failure, remedy, untold.getAsLong()));
                }
            }
            OptionalLong suppressed = limit.admit(failure, now);
            if (suppressed.isPresent()) {
                write(client, level(failure), failure.label(), line(client, failure, remedy, suppressed.getAsLong()));
            }
        }
    }

    private void write(Client client, Logger.Level level, String cause, String line) {
        LogLine.about("pool", pool)
                .and("client", client.id())
                .and("address", client.addressText())
                .and("cause", cause)
                .write(LOG, level, line);
    }

    String line(Client client, CloseCause cause, long heldBytes, long suppressed) {
        boolean tooMuch = cause == CloseCause.OUTPUT || cause == CloseCause.SLOW_SUBSCRIBER || cause == CloseCause.MEMORY;
        String held = !tooMuch ? "" : " (" + heldBytes + " bytes were kept for it)";
        return "pool '" + pool + "': client " + client + " is sent away: it " + cause.deed() + held + "; " + remedy(cause)
                + LogLimit.more(suppressed, "line");
    }

    String line(Client client, Failure failure, String remedy, long suppressed) {
        return "pool '" + pool + "': a request of client " + client + " is refused: " + failure.text() + "; " + remedy
                + LogLimit.more(suppressed, "line");
    }

    /// What clients do every day is for those who look for it.
    private static Logger.Level level(CloseCause cause) {
        return switch (cause) {
            case SHUTDOWN, LOST -> Logger.Level.DEBUG;
            case IDLE, NOT_PERMITTED, KILLED -> Logger.Level.INFO;
            case UNFINISHED, OUTPUT, SLOW_SUBSCRIBER, CUT_OFF, MEMORY, TOO_MANY_CLIENTS, NO_DESCRIPTORS, MALFORMED, STRANGER,
                    HANDSHAKE, NOT_TLS, HTTP, TLS, SSH, PROXY_PROTOCOL, REDIS, MEMCACHE, MEMCACHE_BINARY, FAULT ->
                            Logger.Level.WARN;
        };
    }

    /// What is wrong with a request itself has been told to its author, and others need not worry.
    private static Logger.Level level(Failure failure) {
        return failure.fault() == Failure.Fault.CLIENT && failure.retry() == Failure.Retry.NEVER
                ? Logger.Level.INFO
                : Logger.Level.WARN;
    }

    private static String remedy(CloseCause cause) {
        return switch (cause) {
            case IDLE -> "let it ask now and then, or raise cashew.limits.idle";
            case UNFINISHED -> "look whether it hangs or its network is slow, or raise cashew.limits.unfinished (for TLS, its "
                    + "entry's handshake-timeout)";
            case OUTPUT -> "let it read sooner or ask for less at a time, or raise cashew.limits.output";
            case SLOW_SUBSCRIBER -> "let it read sooner or subscribe to less, or raise cashew.limits.output";
            case CUT_OFF -> "look why the server failed, and let the client ask again";
            case MEMORY -> "raise cashew.limits.memory, or the process's memory";
            case TOO_MANY_CLIENTS -> "let clients share connections, or raise the pool's client_connections";
            case NO_DESCRIPTORS -> "let clients share connections, or raise the process's limit (ulimit -n)";
            case MALFORMED -> "look whether it speaks the pool's protocol, or raise what cashew.limits allow";
            case STRANGER -> "give it the pool's password";
            case HTTP -> "point it to another port, this one is for data";
            case HANDSHAKE ->
                "let it trust the pool's certificate, speak TLS 1.2 or 1.3, and show a trusted certificate if tls_client_auth asks "
                        + "for one";
            case NOT_TLS -> "turn TLS on in it (rediss://), or point it to a port without TLS";
            case TLS -> "turn TLS off in it, or give the pool a port with TLS (tls, listen_tls)";
            case SSH -> "look who scans your ports";
            case PROXY_PROTOCOL -> "turn the PROXY protocol off in the load balancer in between";
            case REDIS -> "point it to a Redis pool, or set redis: true for this one";
            case MEMCACHE -> "point it to a memcached pool, or set redis: false for this one";
            case MEMCACHE_BINARY -> "set it to memcached's text protocol, which a memcached pool serves";
            case NOT_PERMITTED -> "look at the rules of its user in users_file";
            case KILLED -> "look who has said CLIENT KILL, or asked REST for it";
            case SHUTDOWN -> "it may connect again when the pool is back";
            case LOST -> "look at the client and the network in between";
            case FAULT -> "please report the error above";
        };
    }

    /// Null where another line says it already: [HealthLog]'s, with the server's name, or the one about the connection's end.
    static String remedy(Failure failure) {
        return switch (failure) {
            case NO_LIVE_SERVER -> "every server is ejected; start one, and look above why they failed";
            case SERVER_EJECTED -> "start the server, and look above why it failed";
            case TOO_MANY_PRIVATE ->
                "let fewer clients wait or hold transactions at a time, or raise cashew.limits.private-connections";
            case REPLICAS_UNCERTAIN -> "let the pool's user say INFO and SPUBLISH there, or clients do without WAIT";
            case TOO_MANY_SUBSCRIPTIONS -> "let clients subscribe to fewer channels or to patterns, or raise "
                    + "cashew.limits.subscriptions-per-client or cashew.limits.subscriptions";
            case REPLY_TOO_LARGE -> "let it ask for fewer keys at a time";
            case NOT_AUTHENTICATED -> "give the client the pool's password";
            case WRONG_PASSWORD -> "give the client the pool's password, or look who guesses";
            case PASSWORD_NOT_TRIED -> "look who guesses, or raise cashew.limits.password-attempts";
            case NOT_PERMITTED -> "let the client do without it, or change the rules of its user in users_file";
            case TOO_MANY_OF_USER -> "let clients share connections, or raise max-clients of the user in users_file";
            case KEYS_ON_SEVERAL_SERVERS -> "look which keys the client names together";
            case CROSS_SERVER_OFF -> "look which keys the client names together, or set cross_server_limit";
            case KEY_TOO_LONG -> "let the client use shorter keys";
            case COMMAND_REFUSED -> "let the client do without it, or talk to a server directly";
            case REQUEST_INVALID -> "look what the client sends; it has been told what is wrong with it";
            case SERVER_REFUSED, SERVER_TIMED_OUT, SERVER_CONNECT_TIMED_OUT, SERVER_RESET, SERVER_CLOSED, SERVER_MISBEHAVED,
                    SERVER_UNABLE, SERVER_NOT_RESOLVED, SERVER_SOCKET_MISSING, NETWORK_UNREACHABLE, NO_ROUTE_TO_SERVER,
                    SERVER_PIPE_BROKEN, SERVER_REFUSED_GREETING, SERVER_LACKS_RESP3, SERVER_LACKS_DATABASE, SERVER_NOT_TRUSTED,
                    SERVER_TLS_FAILED, SERVER_OVERLOADED, SERVER_CONGESTED, OUT_OF_DESCRIPTORS, MEMORY_SHORT, TOO_MANY_CLIENTS,
                    POOL_STOPPED, TRANSACTION_LOST, TRANSACTION_REFUSED, TRANSACTION_UNCERTAIN, SERVERS_CHANGED -> null;
        };
    }
}
