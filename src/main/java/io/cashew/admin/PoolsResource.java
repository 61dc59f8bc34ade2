package io.cashew.admin;

import io.cashew.pool.BackSide;
import io.cashew.pool.Pool;
import io.cashew.pool.RunningPools;
import io.cashew.server.Server;
import io.cashew.server.Withdrawal;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/// The pools, their servers, and where a key goes.
///
/// Methods run on worker threads and not on event loops, which belong to the traffic of the pools.
@Path("/pools")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Pools")
public class PoolsResource {
    private final RunningPools pools;

    PoolsResource(RunningPools pools) {
        this.pools = pools;
    }

    @GET
    @Operation(
            operationId = "pools",
            summary = "All pools",
            description = "All pools at a glance, in twemproxy's order: shorter names first, then by bytes.")
    @APIResponse(
            responseCode = "200",
            description = "The pools; none if the configuration was refused.",
            content =
                    @Content(
                            schema = @Schema(implementation = PoolsView.class),
                            examples = @ExampleObject(name = "pools", value = Examples.POOLS)))
    public PoolsView pools() {
        return PoolsView.of(pools.all());
    }

    @GET
    @Path("{pool}")
    @Operation(
            operationId = "pool",
            summary = "One pool",
            description = "How a pool is set, with defaults in place, what it has done since the start, and its servers.")
    @APIResponse(
            responseCode = "200",
            description = "The pool.",
            content =
                    @Content(
                            schema = @Schema(implementation = PoolView.class),
                            examples = @ExampleObject(name = "pool", value = Examples.POOL)))
    public PoolView pool(@RestPath String pool) {
        return PoolView.of(named(pool));
    }

    @GET
    @Path("{pool}/servers")
    @Operation(
            operationId = "servers",
            summary = "The servers of a pool",
            description = "Every server of a pool: what it owns, whether it is live, what it has done since the start.")
    @APIResponse(
            responseCode = "200",
            description = "The servers.",
            content =
                    @Content(
                            schema = @Schema(implementation = ServersView.class),
                            examples = @ExampleObject(name = "servers", value = Examples.SERVERS)))
    public ServersView servers(@RestPath String pool) {
        return ServersView.of(named(pool).back());
    }

    @GET
    @Path("{pool}/servers/{server}")
    @Operation(
            operationId = "server",
            summary = "One server of a pool",
            description = "What a server owns, whether it is live, what it has done since the start.")
    public ServerView server(@RestPath String pool, @RestPath String server) {
        BackSide now = named(pool).back();
        return ServerView.of(now, named(now, server));
    }

    @POST
    @RolesAllowed("admin")
    @Path("{pool}/servers/{server}/drain")
    @Operation(operationId = "drainServer", summary = "Send a server no more requests", description = """
            A server that is to be looked after gets no new requests, answers those it has, and loses its connections then. Its keys \
            go where they would go if it were ejected; in a pool that ejects no servers, or fails fast, they are refused until it \
            takes part again. A transaction that is open there is not executed: its EXEC answers `-EXECABORT`. That lasts until \
            `restore`, also across reloads, but not across a restart of Cashew.""")
    public ServerView drain(@RestPath String pool, @RestPath String server) {
        return withdraw(pool, server, Optional.of(Withdrawal.DRAINED));
    }

    @POST
    @RolesAllowed("admin")
    @Path("{pool}/servers/{server}/eject")
    @Operation(operationId = "ejectServer", summary = "Take a server out at once", description = """
            Like `drain`, except that requests under way fail at once, and their connections end.""")
    public ServerView eject(@RestPath String pool, @RestPath String server) {
        return withdraw(pool, server, Optional.of(Withdrawal.EJECTED));
    }

    @POST
    @RolesAllowed("admin")
    @Path("{pool}/servers/{server}/restore")
    @Operation(operationId = "restoreServer", summary = "Let a server take part", description = """
            What `drain` or `eject` has said holds no longer. A server that was ejected because it failed takes part, too.""")
    public ServerView restore(@RestPath String pool, @RestPath String server) {
        return withdraw(pool, server, Optional.empty());
    }

    private ServerView withdraw(String pool, String server, Optional<Withdrawal> withdrawal) {
        Pool found = named(pool);
        pools.withdraw(found, named(found.back(), server), withdrawal);
        BackSide now = found.back();
        return ServerView.of(now, named(now, server));
    }

    @GET
    @Path("{pool}/distribution")
    @Operation(
            operationId = "distribution",
            summary = "Who owns which part of the keys",
            description = """
                    The part of all hash values that leads to each server now, beside what its weight would give it and the part of \
                    the requests it has got.""")
    @APIResponse(
            responseCode = "200",
            description = "The parts.",
            content =
                    @Content(
                            schema = @Schema(implementation = DistributionView.class),
                            examples = @ExampleObject(name = "distribution", value = Examples.DISTRIBUTION)))
    public DistributionView distribution(@RestPath String pool) {
        return DistributionView.of(named(pool).back());
    }

    @GET
    @Path("{pool}/latencies")
    @Operation(
            operationId = "latencies",
            summary = "How long replies took",
            description = """
                    How many replies of each server took how long, since the start. The difference of two readings tells about the \
                    time between them.""")
    @APIResponse(
            responseCode = "200",
            description = "The replies, by server and time.",
            content =
                    @Content(
                            schema = @Schema(implementation = LatenciesView.class),
                            examples = @ExampleObject(name = "latencies", value = Examples.LATENCIES)))
    public LatenciesView latencies(@RestPath String pool) {
        return LatenciesView.of(named(pool).back());
    }

    @GET
    @Path("{pool}/route")
    @Operation(
            operationId = "route",
            summary = "Where a key goes, and why",
            description = """
                    Which server gets requests for a key now, and every step to there: the part that is hashed, its hash \
                    value, and the ring point, slot or draw that decides. It is computed by what decides for requests, too; \
                    the key need not exist, and no server is asked. Exactly one of `key`, `keyHex` and `key64` has to be \
                    given; the key may have 8192 bytes.""")
    @Parameter(
            name = "key",
            in = ParameterIn.QUERY,
            description = "The key, percent-encoded; a plus is a blank.",
            schema = @Schema(implementation = String.class),
            example = "{user:1}.mail")
    @Parameter(
            name = "keyHex",
            in = ParameterIn.QUERY,
            description = "The bytes of the key in hexadecimal digits.",
            schema = @Schema(implementation = String.class),
            example = "7b757365723a317d2e6d61696c")
    @Parameter(
            name = "key64",
            in = ParameterIn.QUERY,
            description = "The bytes of the key in Base64, either alphabet, with padding or without.",
            schema = @Schema(implementation = String.class),
            example = "e3VzZXI6MX0ubWFpbA==")
    @APIResponse(
            responseCode = "200",
            description = "Where the key goes; `server` is null while no server is live.",
            content =
                    @Content(
                            schema = @Schema(implementation = RouteView.class),
                            examples = @ExampleObject(name = "route", value = Examples.ROUTE)))
    @APIResponse(
            responseCode = "400",
            description = "The key is missing, given more than once, or not written as it should be.",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class),
                            examples = @ExampleObject(name = "unreadable-key", value = Examples.UNREADABLE_KEY)))
    @APIResponse(
            responseCode = "414",
            description = "The key has more than 8192 bytes.",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class),
                            examples = @ExampleObject(name = "key-too-long", value = Examples.KEY_TOO_LONG)))
    public RouteView route(@RestPath String pool,
            @Context HttpServerRequest request) {
        return RouteView.of(named(pool).back(), KeyQuery.key(request.query()));
    }

    private Pool named(String name) {
        return named(pools, name);
    }

    /// The pool of this name, or a problem that says which there are.
    static Pool named(RunningPools pools, String name) {
        return pools.named(name).orElseThrow(() -> {
            List<String> known = pools.all().stream().map(Pool::name).toList();
            return new ProblemException(
                    ProblemKind.UNKNOWN_POOL,
                    "There is no pool '%s'; %s.".formatted(KeyText.cut(name), thereAre(known)),
                    known);
        });
    }

    private static Server named(BackSide now, String name) {
        return now.servers().stream()
                .filter(server -> server.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> known = now.servers().stream().map(Server::name).toList();
                    return new ProblemException(
                            ProblemKind.UNKNOWN_SERVER,
                            "There is no server '%s' in pool '%s'; %s."
                                    .formatted(KeyText.cut(name), now.config().name(), thereAre(known)),
                            known);
                });
    }

    private static String thereAre(List<String> names) {
        return names.isEmpty() ? "there is none" : "there are: " + String.join(", ", names);
    }
}
