package io.cashew.admin;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// REST described for programs, as OpenAPI. A file, because making it of the annotations takes longer than all pools need to
/// start; a test keeps it true to them.
@Path("/q/openapi")
public class DescriptionResource {
    static final String DOCUMENT = "openapi.json";

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public byte[] description() throws IOException {
        try (InputStream document = DescriptionResource.class.getResourceAsStream(DOCUMENT)) {
            return document.readAllBytes();
        }
    }
}
