package io.cashew.protocol.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.Optional;

/// How Cashew shows a pool's servers who it is: `AUTH password`, or `AUTH user password`.
///
/// Thread-safe: one for all workers of a pool. A new password is for new connections; those that are open have said theirs.
public final class ServerLogin {
    /// For servers that do not ask.
    public static final ServerLogin NONE = new ServerLogin(Optional.empty(), false);

    private static final byte[] AUTH = "AUTH".getBytes(US_ASCII);

    private final Optional<byte[]> user;
    private final boolean needed;
    private volatile byte[] password = {};

    private ServerLogin(Optional<byte[]> user, boolean needed) {
        this.user = user;
        this.needed = needed;
    }

    /// As `user`, or as the user that servers have without one.
    public static ServerLogin of(Optional<byte[]> user, byte[] password) {
        var login = awaited(user);
        login.renew(password);
        return login;
    }

    /// The same, with a password that is still to be read.
    public static ServerLogin awaited(Optional<byte[]> user) {
        return new ServerLogin(user, true);
    }

    public void renew(byte[] password) {
        this.password = password;
    }

    boolean isNeeded() {
        return needed;
    }

    /// What is said now. Not to be shown.
    List<byte[]> words() {
        return user.map(name -> List.of(AUTH, name, password)).orElseGet(() -> List.of(AUTH, password));
    }

    @Override
    public String toString() {
        return needed ? "a login" : "no login";
    }
}
