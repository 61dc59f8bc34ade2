package io.cashew.admin;

import io.cashew.pool.RunningPools;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/// The requests of a pool that took long.
@Path("/pools/{pool}/slow-log")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Pools")
public class SlowLogResource {
    private final RunningPools pools;

    SlowLogResource(RunningPools pools) {
        this.pools = pools;
    }

    @GET
    @Operation(
            operationId = "slowLog",
            summary = "The slow log of a pool",
            description = "The last requests whose answers took long, as `SLOWLOG GET` tells of them, and which server was asked. "
                    + "They have words of clients in them, as keys and values are.")
    @APIResponse(
            responseCode = "200",
            description = "The slow requests.",
            content =
                    @Content(
                            schema = @Schema(implementation = SlowLogView.class),
                            examples = @ExampleObject(name = "slow-log", value = Examples.SLOW_LOG)))
    public SlowLogView slowLog(@RestPath String pool) {
        return SlowLogView.of(PoolsResource.named(pools, pool));
    }

    @DELETE
    @RolesAllowed("admin")
    @Operation(
            operationId = "resetSlowLog",
            summary = "Forget the slow log of a pool",
            description = "Forgets the requests that are kept, as `SLOWLOG RESET` does. Their numbers and their count go on.")
    @APIResponse(responseCode = "204", description = "They are forgotten.")
    public void reset(@RestPath String pool) {
        PoolsResource.named(pools, pool).slowLog().reset();
    }
}
