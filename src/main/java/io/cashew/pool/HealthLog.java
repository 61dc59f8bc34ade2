package io.cashew.pool;

import io.cashew.metrics.LogLimit;
import io.cashew.metrics.LogLine;
import io.cashew.protocol.Failure;
import io.cashew.server.AddressEvent;
import io.cashew.server.HealthEvent;
import io.cashew.server.Server;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jboss.logging.Logger;

/// Tells the log, and [Events], what happens to the servers of a pool: which, why, and what can be done about it. A line for the
/// same server, event and cause is written at most once in ten seconds.
final class HealthLog {
    private static final Logger LOG = Logger.getLogger(HealthLog.class);
    private static final long PERIOD_SECONDS = 10;

    private static final Map<Class<?>, Events.Kind> KINDS = Map.of(
            HealthEvent.Failed.class, Events.Kind.SERVER_FAILED,
            HealthEvent.Ejected.class, Events.Kind.SERVER_EJECTED,
            HealthEvent.ProbeFailed.class, Events.Kind.PROBE_FAILED,
            HealthEvent.Overrun.class, Events.Kind.SERVER_OVERRUN,
            HealthEvent.Readmitted.class, Events.Kind.SERVER_RETURNED,
            AddressEvent.Moved.class, Events.Kind.SERVER_MOVED,
            AddressEvent.Unresolved.class, Events.Kind.SERVER_UNRESOLVED);

    private static final Set<Events.Kind> CHANGES =
            EnumSet.of(Events.Kind.SERVER_EJECTED, Events.Kind.SERVER_RETURNED, Events.Kind.SERVER_MOVED);

    private final String pool;
    private final List<Server> servers;
    private final LogLimit<Subject> limit = new LogLimit<>(TimeUnit.SECONDS.toNanos(PERIOD_SECONDS));

    /// `cause` is null where there is none.
    private record Subject(int server, Class<?> event, Failure cause) {}

    HealthLog(String pool, List<Server> servers) {
        this.pool = pool;
        this.servers = servers;
    }

    void write(HealthEvent event, long now) {
        Subject subject = new Subject(event.server(), event.getClass(), cause(event));
        write(subject, event instanceof HealthEvent.Readmitted, suppressed -> line(event, suppressed), now);
    }

    void write(AddressEvent event, long now) {
        Subject subject = new Subject(event.server(), event.getClass(), null);
        write(subject, event instanceof AddressEvent.Moved, suppressed -> line(event, suppressed), now);
    }

    private void write(Subject subject, boolean allIsWell, LongFunction<String> line, long now) {
        OptionalLong suppressed = limit.admit(subject, now);
        Events.Kind kind = KINDS.get(subject.event);
        if (suppressed.isPresent()) {
            Server server = servers.get(subject.server);
            LogLine.about("pool", pool)
                    .and("server", server.name())
                    .and("address", server.endpoint())
                    .and("event", kind.label())
                    .and("cause", subject.cause == null ? null : subject.cause.label())
                    .write(LOG, allIsWell ? Logger.Level.INFO : Logger.Level.WARN, line.apply(suppressed.getAsLong()));
        }
        // What changes where keys go is always told, what happens all the time as seldom as it is logged.
        if (suppressed.isPresent() || CHANGES.contains(kind)) {
            Events.OF_PROCESS.report(kind, pool, servers.get(subject.server).name(), line.apply(suppressed.orElse(0)));
        }
    }

    String line(HealthEvent event, long suppressed) {
        String what = switch (event) {
            case HealthEvent.Failed(int same, Failure cause) -> "failed: " + explained(cause);
            case HealthEvent.Ejected(int same, Failure cause, long nanos, boolean flapped) ->
                "is ejected for " + millis(nanos) + (flapped ? ", again soon after its return" : "") + ": "
                        + explained(cause);
            case HealthEvent.ProbeFailed(int same, Failure cause, long nanos) ->
                "gave no good answer to a probe, the next one is in " + millis(nanos) + ": " + explained(cause);
            case HealthEvent.Overrun(int same, Failure cause) -> "does not keep up: " + explained(cause);
            case HealthEvent.Readmitted readmitted -> "takes part again";
        };
        return line(event.server(), what, suppressed);
    }

    String line(AddressEvent event, long suppressed) {
        String what = switch (event) {
            case AddressEvent.Moved(int same, InetAddress from, InetAddress to) ->
                "has moved from " + from.getHostAddress() + " to " + to.getHostAddress();
            case AddressEvent.Unresolved(int same, String reason, Optional<InetAddress> kept) ->
                "cannot be found by its name (" + reason + "), "
                        + kept.map(address -> "so " + address.getHostAddress() + " stays in use").orElse("and never could")
                        + "; look at the name service, or correct the name";
        };
        return line(event.server(), what, suppressed);
    }

    private String line(int index, String what, long suppressed) {
        Server server = servers.get(index);
        return "pool '" + pool + "': server '" + server.name() + "' (" + server.endpoint() + ") " + what
                + LogLimit.more(suppressed, "line");
    }

    private static Failure cause(HealthEvent event) {
        return switch (event) {
            case HealthEvent.Failed(int server, Failure cause) -> cause;
            case HealthEvent.Ejected(int server, Failure cause, long nanos, boolean flapped) -> cause;
            case HealthEvent.ProbeFailed(int server, Failure cause, long nanos) -> cause;
            case HealthEvent.Overrun(int server, Failure cause) -> cause;
            case HealthEvent.Readmitted readmitted -> null;
        };
    }

    private static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
    }

    /// What happened, and the remedy.
    private static String explained(Failure cause) {
        return switch (cause) {
            case SERVER_REFUSED -> "it refuses connections; start it, or correct its address";
            case SERVER_TIMED_OUT ->
                "it did not answer in time; look for slow commands and overload there, or raise timeout";
            case SERVER_CONNECT_TIMED_OUT ->
                "it did not take a connection in time; look whether its machine is up and a firewall drops packets, and whether it "
                        + "speaks TLS there if server_tls is set";
            case SERVER_RESET, SERVER_PIPE_BROKEN, SERVER_CLOSED ->
                "it ended a connection; look whether it was restarted, or ends idle connections (its timeout setting)";
            case SERVER_MISBEHAVED ->
                "it answered what it should not; look whether it is out of connections, and speaks the pool's protocol";
            case SERVER_UNABLE -> "it said that it cannot serve; look whether it is loading, busy with a script, or out of memory";
            case SERVER_NOT_RESOLVED -> "its name has no address; look at the name service, or correct the name";
            case SERVER_SOCKET_MISSING -> "its unix socket is not there; start it, or correct the path";
            case NETWORK_UNREACHABLE, NO_ROUTE_TO_SERVER -> "no network leads there; look at routes and interfaces";
            case SERVER_REFUSED_GREETING ->
                "it refused the pool's password or database; correct redis_auth (or server_auth) and redis_db, or the server";
            case SERVER_LACKS_RESP3 -> "it is too old for what a client speaks; upgrade it to Redis 6, or let clients use RESP2";
            case SERVER_LACKS_DATABASE ->
                "it does not have a database that a client selected; lower the pool's databases, or raise the server's";
            case SERVER_NOT_TRUSTED ->
                "its certificate is not trusted; correct the trust-store of the entry that server_tls names, the name the "
                        + "certificate is to be for (server_tls_hostname), or the certificate";
            case SERVER_TLS_FAILED ->
                "no encrypted connection to it could be made, or one broke; look whether it speaks TLS 1.2 or 1.3 at this address, and "
                        + "whether it wants a certificate, which the key-store of the entry has to have that server_tls names";
            case OUT_OF_DESCRIPTORS -> "this process has no file descriptor left for it; raise its limit (ulimit -n)";
            case SERVER_OVERLOADED ->
                "too many requests wait for it, further ones are refused; look why it is slow, or raise cashew.limits.pending";
            case SERVER_CONGESTED ->
                "too many bytes wait for it, further requests are refused; look why it is slow, or raise cashew.limits.unsent";
            case MEMORY_SHORT ->
                "what waits for it made this process hold too much, and its connection was ended; raise cashew.limits.memory, or "
                        + "lower cashew.limits.unsent";
            // They never end a connection to a server.
            case NO_LIVE_SERVER, SERVER_EJECTED, TOO_MANY_PRIVATE, TRANSACTION_LOST, TRANSACTION_REFUSED,
                    TRANSACTION_UNCERTAIN, REPLICAS_UNCERTAIN, SERVERS_CHANGED, TOO_MANY_SUBSCRIPTIONS, TOO_MANY_CLIENTS,
                    POOL_STOPPED, KEY_TOO_LONG, REPLY_TOO_LARGE, KEYS_ON_SEVERAL_SERVERS, CROSS_SERVER_OFF,
                    NOT_AUTHENTICATED, WRONG_PASSWORD, PASSWORD_NOT_TRIED, COMMAND_REFUSED, REQUEST_INVALID, NOT_PERMITTED,
                    TOO_MANY_OF_USER -> cause.text();
        };
    }
}
