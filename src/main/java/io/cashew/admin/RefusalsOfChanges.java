package io.cashew.admin;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/// Describes once, for every operation that is not GET, how [Access] may refuse it.
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class RefusalsOfChanges implements OASFilter {
    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getPaths().getPathItems().values().forEach(path -> path.getOperations().forEach((method, operation) -> {
            if (method != HttpMethod.GET) {
                describe(operation);
            }
        }));
    }

    private static void describe(Operation operation) {
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
                                Examples.NO_USERS));
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
