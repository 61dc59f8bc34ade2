package io.cashew.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Why a request was not answered as asked: the problem details of RFC 9457.
@Schema(description = "Problem details, RFC 9457.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
        @Schema(
                        description = "Tells kinds of problems apart; `about:blank` where the status says it all.",
                        examples = "urn:problem-type:cashew:unknown-pool")
                String type,
        @Schema(description = "The kind of problem in words.", examples = "No such pool") String title,
        @Schema(description = "The HTTP status.", examples = "404") int status,
        @Schema(description = "What is wrong with this request.", examples = "There is no pool 'gama'; there are: alpha, beta.")
                String detail,
        @Schema(description = "The path that was asked for.", examples = "/pools/gama") String instance,
        @Schema(description = "The names that would have been right, where a name was wrong.", nullable = true)
                List<String> known) {
    static final String MEDIA_TYPE = "application/problem+json";
}
