package io.cashew.admin;

import io.cashew.config.EffectiveSettings;
import io.cashew.pool.RunningPools;
import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Singleton;
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

/// What is configured.
@Path("/configuration")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Configuration")
public class ConfigurationResource {
    private final SmallRyeConfig config;
    private final RunningPools pools;

    ConfigurationResource(SmallRyeConfig config, RunningPools pools) {
        this.config = config;
        this.pools = pools;
    }

    @GET
    @Operation(
            operationId = "configuration",
            summary = "What is configured",
            description = "The configuration that is in force, defaults included, and where each setting is written. Secrets are hidden.")
    @APIResponse(
            responseCode = "200",
            description = "The configuration.",
            content =
                    @Content(
                            schema = @Schema(implementation = ConfigurationView.class),
                            examples = @ExampleObject(name = "configuration", value = Examples.CONFIGURATION)))
    public ConfigurationView configuration() {
        return ConfigurationView.of(new EffectiveSettings(config), pools.all());
    }
}
