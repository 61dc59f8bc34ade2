package io.cashew.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cashew.admin.LogLevels.Level;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// How much the log says.
@Path("/admin/log-levels")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Administration")
public class LogLevelsResource {
    private final LogLevels levels;
    private final ObjectMapper json;

    LogLevelsResource(LogLevels levels, ObjectMapper json) {
        this.levels = levels;
        this.json = json;
    }

    @GET
    @Operation(
            operationId = "logLevels",
            summary = "How much the log says",
            description = "The categories of Cashew's log that have a level of their own, and all categories.")
    @APIResponse(
            responseCode = "200",
            description = "The levels.",
            content =
                    @Content(
                            schema = @Schema(implementation = LogLevelsView.class),
                            examples = @ExampleObject(name = "log-levels", value = Examples.LOG_LEVELS)))
    public LogLevelsView levels() {
        return LogLevelsView.of(levels);
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("admin")
    @Operation(
            operationId = "setLogLevels",
            summary = "Let the log say more or less",
            description = """
                    The categories that are sent get their levels at once, and no other keeps one of its own. It lasts until it is \
                    changed again or Cashew ends.""")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = LogLevelsView.class),
                            examples = @ExampleObject(name = "more-of-servers", value = Examples.NEW_LOG_LEVELS)))
    @APIResponse(
            responseCode = "200",
            description = "The levels there are now.",
            content =
                    @Content(
                            schema = @Schema(implementation = LogLevelsView.class),
                            examples = @ExampleObject(name = "log-levels", value = Examples.LOG_LEVELS)))
    @APIResponse(
            responseCode = "400",
            description = "What was sent is not such an object, or names a category or level that does not exist; nothing is changed.",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class),
                            examples = @ExampleObject(name = "unknown-level", value = Examples.UNKNOWN_LEVEL)))
    public LogLevelsView set(String body) {
        levels.set(read(body));
        return LogLevelsView.of(levels);
    }

    private Map<String, Level> read(String body) {
        JsonNode asked;
        try {
            asked = json.readTree(body).path("levels");
        } catch (JsonProcessingException notJson) {
            throw unreadable();
        }
        if (!asked.isObject()) {
            throw unreadable();
        }
        Map<String, Level> wanted = new TreeMap<>();
        asked.properties().forEach(each -> wanted.put(category(each.getKey()), level(each.getValue().asText())));
        return wanted;
    }

    private static ProblemException unreadable() {
        return new ProblemException(
                ProblemKind.UNREADABLE_BODY, "Send an object such as {\"levels\": {\"io.cashew.server\": \"DEBUG\"}}.");
    }

    private String category(String name) {
        if (!levels.categories().contains(name)) {
            throw new ProblemException(
                    ProblemKind.UNKNOWN_CATEGORY,
                    "There is no category '%s'; GET /admin/log-levels names all.".formatted(KeyText.cut(name)),
                    List.copyOf(levels.categories()));
        }
        return name;
    }

    private static Level level(String text) {
        return Level.of(text).orElseThrow(() -> new ProblemException(
                ProblemKind.UNKNOWN_LEVEL, "There is no level '%s'; there are: %s.".formatted(KeyText.cut(text), Level.all())));
    }
}
