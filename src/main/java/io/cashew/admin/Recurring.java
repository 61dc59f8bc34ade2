package io.cashew.admin;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/// Describes once what many operations have: the names in their paths, and one server as the answer.
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class Recurring implements OASFilter {
    private record Name(String description, Object example) {}

    private static final Map<String, Name> NAMES = Map.of(
            "pool", new Name("The pool's name, percent-encoded.", "alpha"),
            "server", new Name("The server's ring name, percent-encoded as one segment of the path.", "/run/redis/b.sock:"),
            "id", new Name("The client's id.", 7));

    @Override
    public Parameter filterParameter(Parameter parameter) {
        if (parameter.getIn() != Parameter.In.PATH) {
            return parameter;
        }
        Name name = NAMES.get(parameter.getName());
        return parameter.description(name.description()).example(name.example());
    }

    @Override
    public APIResponse filterAPIResponse(APIResponse response) {
        server(response).ifPresent(answer -> {
            response.setDescription("The server.");
            answer.addExample("server", OASFactory.createExample().value(Examples.SERVER));
        });
        return response;
    }

    private static Optional<MediaType> server(APIResponse response) {
        return Optional.ofNullable(response.getContent())
                .map(content -> content.getMediaType(jakarta.ws.rs.core.MediaType.APPLICATION_JSON))
                .filter(answer -> answer.getSchema() != null && "#/components/schemas/Server".equals(answer.getSchema().getRef()));
    }
}
