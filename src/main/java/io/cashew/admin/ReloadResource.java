package io.cashew.admin;

import io.cashew.pool.ReloadReport;
import io.cashew.pool.Reloads;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// The configuration as it is written, and what is in force of it.
///
/// Methods run on worker threads: a reload waits for files, names and listening sockets.
@Path("/admin/reload")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Administration")
public class ReloadResource {
    private final Reloads reloads;

    ReloadResource(Reloads reloads) {
        this.reloads = reloads;
    }

    @GET
    @Operation(
            operationId = "lastReload",
            summary = "The last reload",
            description = "What became of the last attempt to bring the configuration into force; the start, if there was none since.")
    @APIResponse(
            responseCode = "200",
            description = "The last attempt.",
            content =
                    @Content(
                            schema = @Schema(implementation = ReloadView.class),
                            examples = @ExampleObject(name = "last-reload", value = Examples.LAST_RELOAD)))
    public ReloadView last() {
        return ReloadView.of(reloads.last(), false);
    }

    @POST
    @RolesAllowed("admin")
    @Operation(
            operationId = "reload",
            summary = "Reload the configuration",
            description = """
                    Reads the configuration anew and brings it into force while clients stay connected, all of it or nothing. With \
                    `?dry-run` it only says what would change, and which part of the keys would get another server.""")
    @Parameter(
            name = "dry-run",
            in = ParameterIn.QUERY,
            description = "Whether only to say what would change; also without a value.",
            schema = @Schema(implementation = String.class),
            example = "true")
    @APIResponse(
            responseCode = "200",
            description = "What has changed; with `dry-run` what would change, or what stands against it (`not-live`).",
            content =
                    @Content(
                            schema = @Schema(implementation = ReloadView.class),
                            examples = @ExampleObject(name = "reload", value = Examples.RELOAD)))
    @APIResponse(
            responseCode = "409",
            description = "Nothing has changed: it would change what cannot change while the pools run, or an address cannot be opened.",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class),
                            examples = @ExampleObject(name = "reload-refused", value = Examples.RELOAD_REFUSED)))
    @APIResponse(
            responseCode = "422",
            description = "Nothing has changed: the configuration is wrong.",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class),
                            examples = @ExampleObject(name = "wrong-configuration", value = Examples.WRONG_CONFIGURATION)))
    public ReloadView reload(@Context HttpServerRequest request) {
        boolean rehearsal = isRehearsal(request.query());
        ReloadReport report = rehearsal ? reloads.rehearse() : reloads.reload(ReloadReport.Trigger.REST);
        String problems = String.join("; ", report.problems());
        switch (report.outcome()) {
            case APPLIED, UNCHANGED -> {}
            case INVALID -> throw new ProblemException(ProblemKind.WRONG_CONFIGURATION, problems);
            case NOT_LIVE, FAILED -> {
                if (!rehearsal) {
                    throw new ProblemException(ProblemKind.RELOAD_REFUSED, problems);
                }
            }
        }
        return ReloadView.of(report, rehearsal);
    }

    /// The framework takes a parameter without a value for none.
    private static boolean isRehearsal(String query) {
        return query != null
                && Arrays.stream(query.split("&"))
                        .anyMatch(part -> part.equals("dry-run") || part.startsWith("dry-run=") && !part.equals("dry-run=false"));
    }
}
