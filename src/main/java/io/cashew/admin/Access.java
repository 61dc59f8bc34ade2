package io.cashew.admin;

import io.cashew.config.CashewConfig;
import io.cashew.config.Role;
import io.cashew.metrics.LogLine;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/// Who may do what over REST, by the method of the request and whatever its path: GET, HEAD and OPTIONS only read, all others are
/// taken for changes, which need the role `admin`. Reading needs the role `viewer` only where `cashew.rest.viewers-only` is set.
final class Access {
    private static final Logger LOG = Logger.getLogger(Access.class);
    private static final List<String> READING = List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /// Browsers say where a page comes from that makes them ask (Fetch Metadata). They send the password they know with what
    /// any page asks for, so a change is taken only from our own, and from what is no page at all.
    private static final String SITE = "Sec-Fetch-Site";

    private final CashewConfig config;
    private final Users users;
    private final Guesses guesses;
    private final CurrentIdentityAssociation current;

    Access(CashewConfig config, Users users, Guesses guesses, CurrentIdentityAssociation current) {
        this.config = config;
        this.users = users;
        this.guesses = guesses;
        this.current = current;
    }

    @ServerRequestFilter(preMatching = true)
    Uni<Void> check(ContainerRequestContext request, HttpServerRequest http) {
        String method = request.getMethod();
        boolean reads = READING.contains(method);
        if (reads && !config.rest().viewersOnly()) {
            return Uni.createFrom().voidItem();
        }
        Role needed = reads ? Role.VIEWER : Role.ADMIN;
        String site = request.getHeaderString(SITE);
        if (!reads && site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw new ProblemException(
                    ProblemKind.FOREIGN_PAGE,
                    "A page of another origin wants this change; ask from Cashew's own, or without a browser.");
        }
        if (!users.anyIn(needed)) {
            throw new ProblemException(ProblemKind.NO_USERS, noUsers(needed));
        }
        if (request.getHeaderString(HttpHeaders.AUTHORIZATION) != null) {
            guesses.admit(http);
        }
        return current.getDeferredIdentity()
                .onFailure(AuthenticationFailedException.class)
                .transform(_ -> {
                    guesses.count(http);
                    about(http).write(LOG, Logger.Level.WARN, "%s %s of %s is refused: wrong user or password"
                            .formatted(method, http.path(), http.remoteAddress()));
                    return new ProblemException(ProblemKind.WRONG_CREDENTIALS, "There is no user of this name with this password.");
                })
                .invoke(identity -> check(identity, needed, method))
                .invoke(identity -> {
                    if (!reads) {
                        String user = identity.getPrincipal().getName();
                        about(http).and("user", user).write(LOG, Logger.Level.INFO, "%s %s by user '%s' from %s"
                                .formatted(method, http.path(), user, http.remoteAddress()));
                    }
                })
                .replaceWithVoid();
    }

    private static LogLine about(HttpServerRequest http) {
        return LogLine.about("method", http.method()).and("path", http.path()).and("address", http.remoteAddress());
    }

    private static void check(SecurityIdentity identity, Role needed, String method) {
        if (identity.isAnonymous()) {
            throw new ProblemException(
                    ProblemKind.CREDENTIALS_NEEDED,
                    "%s needs a user with the role %s: send name and password (HTTP Basic).".formatted(method, needed.label()));
        }
        if (!identity.hasRole(needed.label())) {
            throw new ProblemException(
                    ProblemKind.ROLE_NEEDED,
                    "%s needs the role %s, which user '%s' does not have: give it with cashew.rest.users.\"%s\".role."
                            .formatted(
                                    method,
                                    needed.label(),
                                    identity.getPrincipal().getName(),
                                    identity.getPrincipal().getName()));
        }
    }

    static String noUsers(Role needed) {
        return ("This needs a user with the role %1$s, and there is none: "
                + "set cashew.rest.users.NAME.role=%1$s and its password-file.").formatted(needed.label());
    }
}
