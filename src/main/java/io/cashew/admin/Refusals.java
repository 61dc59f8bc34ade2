package io.cashew.admin;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/// Describes once how every operation of a kind may be refused: one that is not GET by [Access], and one about a pool, server or
/// client because there is none of that name.
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class Refusals implements OASFilter {
    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getPaths().getPathItems().forEach((path, item) -> item.getOperations().forEach((method, operation) -> {
            if (method != HttpMethod.GET) {
                mayBeForbidden(operation);
            }
            if (path.contains("{pool}")) {
                operation.getResponses().addAPIResponse("404", unknown(path));
            }
        }));
    }

    private static APIResponse unknown(String path) {
        if (path.contains("{server}")) {
            return problem(
                    "There is no pool of this name, or the pool has no server with this ring name.",
                    "unknown-server",
                    Examples.UNKNOWN_SERVER);
        }
        if (path.contains("{id}")) {
            return problem(
                    "There is no pool of this name, or the pool has no client with this id.",
                    "unknown-client",
                    Examples.UNKNOWN_CLIENT);
        }
        return problem("There is no pool of this name.", "unknown-pool", Examples.UNKNOWN_POOL);
    }

    private static void mayBeForbidden(Operation operation) {
        operation.getResponses()
                .addAPIResponse(
                        "401",
                        problem(
                                "Nobody has said who wants this, or the password is wrong.",
                                "credentials-needed",
                                Examples.CREDENTIALS_NEEDED))
                .addAPIResponse(
                        "403",
                        problem(
                                "The user lacks the role `admin`, nobody has it, or a page of another origin wants this.",
                                "no-users",
                                Examples.NO_USERS))
                .addAPIResponse(
                        "429",
                        problem(
                                "Too many wrong passwords have come from this address; `Retry-After` says when one is looked at again.",
                                "too-many-guesses",
                                Examples.TOO_MANY_GUESSES));
    }

    private static APIResponse problem(String description, String name, String example) {
        return OASFactory.createAPIResponse()
                .description(description)
                .content(OASFactory.createContent()
                        .addMediaType(
                                Problem.MEDIA_TYPE,
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref(Problem.class.getSimpleName()))
                                        .addExample(name, OASFactory.createExample().value(example))));
    }
}
