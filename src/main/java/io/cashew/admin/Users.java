package io.cashew.admin;

import io.cashew.config.CashewConfig;
import io.cashew.config.CashewConfig.UserConfig;
import io.cashew.config.Role;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Who may use REST, as `cashew.rest.users` says it. A password that is in a file is read whenever somebody gives one, so that
/// another file is another password.
@ApplicationScoped
class Users implements IdentityProvider<UsernamePasswordAuthenticationRequest> {
    private static final Logger LOG = Logger.getLogger(Users.class);

    private final CashewConfig config;

    Users(CashewConfig config) {
        this.config = config;
    }

    /// Whether there is anybody with `role`.
    boolean anyIn(Role role) {
        return config.rest().users().values().stream().anyMatch(user -> user.role().includes(role));
    }

    @Override
    public Class<UsernamePasswordAuthenticationRequest> getRequestType() {
        return UsernamePasswordAuthenticationRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            UsernamePasswordAuthenticationRequest request, AuthenticationRequestContext context) {
        return context.runBlocking(() -> identity(request.getUsername(), new String(request.getPassword().getPassword())));
    }

    private SecurityIdentity identity(String name, String password) {
        Optional<UserConfig> user = Optional.ofNullable(config.rest().users().get(name));
        Optional<String> right = user.flatMap(known -> password(name, known));
        // Compared also where there is nobody of this name, so that it takes the same time.
        if (!equal(right.orElse(""), password) || right.isEmpty()) {
            throw new AuthenticationFailedException();
        }
        QuarkusSecurityIdentity.Builder identity = QuarkusSecurityIdentity.builder().setPrincipal(new QuarkusPrincipal(name));
        for (Role role : Role.values()) {
            if (user.get().role().includes(role)) {
                identity.addRole(role.label());
            }
        }
        return identity.build();
    }

    private static Optional<String> password(String name, UserConfig user) {
        if (user.passwordFile().isEmpty()) {
            return user.password();
        }
        try {
            // The line end is the editor's.
            return Optional.of(Files.readString(Path.of(user.passwordFile().get())).stripTrailing())
                    .filter(text -> !text.isEmpty());
        } catch (IOException unreadable) {
            LOG.errorf("the password of user '%s' cannot be read, so nobody is taken for that: %s", name, unreadable);
            return Optional.empty();
        }
    }

    /// In a time that says nothing of how much is equal.
    private static boolean equal(String right, String given) {
        return MessageDigest.isEqual(digest(right), digest(given));
    }

    private static byte[] digest(String password) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
