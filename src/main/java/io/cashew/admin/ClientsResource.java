package io.cashew.admin;

import io.cashew.pool.Pool;
import io.cashew.pool.RunningPools;
import io.cashew.protocol.ClientSnapshot;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/// The clients of a pool: who they are, what they are doing, and how to get rid of one.
///
/// Methods wait, on worker threads, for what the pool's event loops know.
@Path("/pools/{pool}/clients")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Clients")
public class ClientsResource {
    private static final int MOST_ON_A_PAGE = 1000;
    private static final long PATIENCE_SECONDS = 2;
    private static final int NOBODY = 0;

    private final RunningPools pools;

    ClientsResource(RunningPools pools) {
        this.pools = pools;
    }

    @GET
    @Operation(
            operationId = "clients",
            summary = "The clients of a pool",
            description = "The clients that are connected now, page by page, as `CLIENT LIST` tells of them.")
    @APIResponse(
            responseCode = "200",
            description = "The clients.",
            content =
                    @Content(
                            schema = @Schema(implementation = ClientsView.class),
                            examples = @ExampleObject(name = "clients", value = Examples.CLIENTS)))
    public ClientsView clients(
            @RestPath String pool,
            @Parameter(description = "Only clients with ids above this one.", example = "0") @RestQuery @DefaultValue("0")
                    int after,
            @Parameter(description = "How many clients at most, 1 to 1000.", example = "100") @RestQuery @DefaultValue("100")
                    int limit) {
        Pool found = PoolsResource.named(pools, pool);
        return ClientsView.of(
                found.name(),
                await(found.inquiries().clients(_ -> true)),
                after,
                Math.clamp(limit, 1, MOST_ON_A_PAGE));
    }

    @GET
    @Path("{id}")
    @Operation(operationId = "client", summary = "One client of a pool", description = "Who it is, and what it is doing.")
    @APIResponse(
            responseCode = "200",
            description = "The client.",
            content =
                    @Content(
                            schema = @Schema(implementation = ClientView.class),
                            examples = @ExampleObject(name = "client", value = Examples.CLIENT)))
    public ClientView client(@RestPath String pool, @RestPath int id) {
        Pool found = PoolsResource.named(pools, pool);
        List<ClientSnapshot> clients = await(found.inquiries().clients(snapshot -> snapshot.client().id() == id));
        if (clients.isEmpty()) {
            throw unknown(found, id);
        }
        return ClientView.of(found.name(), clients.getFirst());
    }

    @DELETE
    @Path("{id}")
    @RolesAllowed("admin")
    @Operation(
            operationId = "closeClient",
            summary = "Send a client away",
            description = "Ends a client's connection at once, as `CLIENT KILL ID` does; replies that it has not got are lost.")
    @APIResponse(responseCode = "204", description = "The connection has ended.")
    public void close(@RestPath String pool, @RestPath int id) {
        Pool found = PoolsResource.named(pools, pool);
        if (await(found.inquiries().close(snapshot -> snapshot.client().id() == id, NOBODY)) == 0) {
            throw unknown(found, id);
        }
    }

    private static ProblemException unknown(Pool pool, int id) {
        return new ProblemException(
                ProblemKind.UNKNOWN_CLIENT, "There is no client %d in pool '%s'.".formatted(id, pool.name()));
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("an event loop of the pool does not answer", failed);
        }
    }
}
