package io.cashew.admin;

import io.cashew.config.Version;
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

/// The way in.
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Index")
public class IndexResource {
    @GET
    @Operation(operationId = "index", summary = "What there is", description = "Says what is running and where to go on from here.")
    @APIResponse(
            responseCode = "200",
            description = "What there is.",
            content =
                    @Content(
                            schema = @Schema(implementation = IndexView.class),
                            examples = @ExampleObject(name = "index", value = Examples.INDEX)))
    public IndexView index() {
        return new IndexView(
                "cashew",
                Version.current(),
                new IndexView.Links(
                        "/pools", "/configuration", "/events/recent", "/admin/log-levels", "/admin/reload", "/q/openapi"));
    }
}
