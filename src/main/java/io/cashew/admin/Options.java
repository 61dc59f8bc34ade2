package io.cashew.admin;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Set;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/// Answers OPTIONS, before the framework does with what all paths of the same resource have together.
final class Options {
    /// Behind [Access].
    @ServerRequestFilter(preMatching = true, priority = Priorities.USER + 1)
    RestResponse<Void> answer(ContainerRequestContext asked, HttpServerRequest request) {
        Set<String> allowed = Methods.of(request.path());
        return asked.getMethod().equals(HttpMethod.OPTIONS) && !allowed.isEmpty()
                ? RestResponse.ResponseBuilder.<Void>noContent().header(HttpHeaders.ALLOW, String.join(", ", allowed)).build()
                : null;
    }
}
