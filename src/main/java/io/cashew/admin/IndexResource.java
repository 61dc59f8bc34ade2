package io.cashew.admin;

import io.cashew.config.Version;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jboss.resteasy.reactive.RestResponse;

/// The way in: for programs what there is, for browsers the dashboard.
@Path("/")
@Tag(name = "Index")
public class IndexResource {
    private static final String PAGE = "dashboard.html";

    /// The page's scripts and styles are files beside it, and what it shows comes from here, too. Names and keys may be anybody's
    /// text: no script can be made of a string (`trusted-types`), so that none of them ever is.
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @ResponseHeader(name = HttpHeaders.VARY, value = HttpHeaders.ACCEPT)
    @Operation(
            operationId = "index",
            summary = "What there is",
            description = """
                    Says what is running and where to go on from here. Who wants `text/html`, as browsers do, gets \
                    the dashboard instead.""")
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

    @GET
    // Not for those who take anything
    @Produces("text/html;qs=0.5")
    @Operation(hidden = true)
    public RestResponse<byte[]> dashboard() throws IOException {
        try (InputStream page = IndexResource.class.getResourceAsStream(PAGE)) {
            return RestResponse.ResponseBuilder.ok(page.readAllBytes(), "text/html;charset=UTF-8")
                    .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                    .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                    .header("Content-Security-Policy", POLICY)
                    .header("Cross-Origin-Opener-Policy", "same-origin")
                    .header("Referrer-Policy", "no-referrer")
                    .build();
        }
    }
}
