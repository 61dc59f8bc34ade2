package io.cashew.admin;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Says every failure of REST as a [Problem]. What went wrong inside stays in the log.
final class Problems {
    private static final String OPEN_API = "/q/openapi";
    private static final Logger LOG = Logger.getLogger(Problems.class);

    @ServerExceptionMapper
    RestResponse<Problem> ours(ProblemException problem, HttpServerRequest request) {
        ProblemKind kind = problem.kind();
        RestResponse<Problem> answer = answer(new Problem(
                kind.type(), kind.title(), kind.status(), problem.getMessage(), request.path(), problem.known()));
        if (kind.status() == Response.Status.UNAUTHORIZED.getStatusCode()) {
            // RFC 9110 section 15.5.2 wants it in every such answer
            answer.getHeaders().putSingle(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"cashew\", charset=\"UTF-8\"");
        }
        return answer;
    }

    @ServerExceptionMapper
    RestResponse<Problem> unknownPath(NotFoundException unknown, HttpServerRequest request) {
        return answer(Response.Status.NOT_FOUND, "There is nothing at this path; / says what there is.", request);
    }

    /// What the framework refuses: a method, a media type.
    @ServerExceptionMapper
    RestResponse<Problem> refused(WebApplicationException refusal, HttpServerRequest request) {
        Response.Status status = Response.Status.fromStatusCode(refusal.getResponse().getStatus());
        if (status == null || status.getFamily() == Response.Status.Family.SERVER_ERROR) {
            return broken(refusal, request);
        }
        String detail =
                switch (status) {
                    case METHOD_NOT_ALLOWED -> request.method() + " is not possible here; " + OPEN_API + " says what is.";
                    case NOT_ACCEPTABLE -> "Answers are application/json, problems " + Problem.MEDIA_TYPE + ".";
                    default -> status.getReasonPhrase();
                };
        RestResponse<Problem> answer = answer(status, detail, request);
        if (status == Response.Status.METHOD_NOT_ALLOWED) {
            // RFC 9110 section 15.5.6 wants it in every such answer
            answer.getHeaders()
                    .putSingle(HttpHeaders.ALLOW, String.join(", ", HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS));
        }
        return answer;
    }

    @ServerExceptionMapper
    RestResponse<Problem> broken(Throwable failure, HttpServerRequest request) {
        LOG.errorf(failure, "%s %s failed", request.method(), request.path());
        return answer(Response.Status.INTERNAL_SERVER_ERROR, "Cashew's log says more.", request);
    }

    private static RestResponse<Problem> answer(Response.Status status, String detail, HttpServerRequest request) {
        return answer(new Problem(
                "about:blank", status.getReasonPhrase(), status.getStatusCode(), detail, request.path(), null));
    }

    private static RestResponse<Problem> answer(Problem problem) {
        return RestResponse.ResponseBuilder.<Problem>create(problem.status())
                .entity(problem)
                .type(Problem.MEDIA_TYPE)
                .build();
    }
}
