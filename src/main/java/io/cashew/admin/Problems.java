package io.cashew.admin;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Set;
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
        if (problem.retryAfterSeconds() > 0) {
            answer.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds());
        }
        if (kind.status() == Response.Status.UNAUTHORIZED.getStatusCode()) {
            // RFC 9110 section 15.5.2 wants it in every such answer
            answer.getHeaders().putSingle(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"cashew\", charset=\"UTF-8\"");
        }
        return answer;
    }

    /// Where another resource has the beginning of the path, the framework takes a method that is not there for this.
    @ServerExceptionMapper
    RestResponse<Problem> unknownPath(NotFoundException unknown, HttpServerRequest request) {
        Set<String> allowed = Methods.of(request.path());
        return allowed.isEmpty() || allowed.contains(request.method().name())
                ? answer(Response.Status.NOT_FOUND, "There is nothing at this path; / says what there is.", request)
                : notAllowed(allowed, request);
    }

    /// What the framework refuses: a method, a media type.
    @ServerExceptionMapper
    RestResponse<Problem> refused(WebApplicationException refusal, HttpServerRequest request) {
        Response.Status status = Response.Status.fromStatusCode(refusal.getResponse().getStatus());
        if (status == null || status.getFamily() == Response.Status.Family.SERVER_ERROR) {
            return broken(refusal, request);
        }
        return switch (status) {
            case METHOD_NOT_ALLOWED -> notAllowed(Methods.of(request.path()), request);
            case NOT_ACCEPTABLE ->
                answer(status, "Answers are application/json, problems " + Problem.MEDIA_TYPE + ".", request);
            default -> answer(status, status.getReasonPhrase(), request);
        };
    }

    private static RestResponse<Problem> notAllowed(Set<String> allowed, HttpServerRequest request) {
        String methods = String.join(", ", allowed);
        RestResponse<Problem> answer = answer(Response.Status.METHOD_NOT_ALLOWED, "%s is not possible here, but %s; %s says more."
                .formatted(request.method(), methods, OPEN_API), request);
        // RFC 9110 section 15.5.6 wants it in every such answer
        answer.getHeaders().putSingle(HttpHeaders.ALLOW, methods);
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
