package io.cashew.admin;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// A part of REST with a bug in it.
@Path("/broken")
public class BrokenResource {
    static final String SECRET = "what nobody outside should read";

    @GET
    @Operation(hidden = true)
    public String get() {
        throw new IllegalStateException(SECRET);
    }
}
