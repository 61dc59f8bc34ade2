package io.cashew.protocol.redis;

import java.util.List;

/// Who a user is and what it may, as its line says. Immutable; [User] has the terms of the moment.
///
/// @param name one byte per character
/// @param on whether the user is served at all
/// @param noPassword whether any password will do
/// @param passwords each of them will do
/// @param mostClients connections at a time, 0 for as many as there may be
public record UserTerms(
        String name, boolean on, boolean noPassword, List<Password> passwords, int mostClients, Permissions permissions) {
    /// The user that a client is before it says another one.
    static final String DEFAULT = "default";

    static final UserTerms CLOSED = new UserTerms(DEFAULT, false, false, List.of(), 0, Permissions.NONE);

    public UserTerms {
        passwords = List.copyOf(passwords);
    }

    /// The user `default` of a pool that has no others: whoever says one of `passwords` may do everything, and if there are none,
    /// everybody may.
    public static UserTerms master(List<Password> passwords) {
        return new UserTerms(DEFAULT, true, passwords.isEmpty(), passwords, 0, Permissions.ALL);
    }

    /// Whether a client is this user without saying anything.
    boolean isOpen() {
        return on && noPassword;
    }

    /// `claim` may be null.
    boolean accepts(Password claim) {
        boolean right = noPassword;
        for (var password : passwords) {
            right |= password.equals(claim);
        }
        return on && right;
    }
}
