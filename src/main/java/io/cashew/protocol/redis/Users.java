package io.cashew.protocol.redis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The users of a pool. There is always one called `default`, which every client is at first.
///
/// Thread-safe: one for all workers of a pool.
public final class Users {
    private final boolean listed;
    private final User first = new User(UserTerms.CLOSED);
    private final Map<String, User> users = new ConcurrentHashMap<>(Map.of(UserTerms.DEFAULT, first));

    private Users(boolean listed) {
        this.listed = listed;
    }

    /// For a pool whose users are listed, with what each of them may do: nobody comes in before [#renew(Collection)].
    public static Users listed() {
        return new Users(true);
    }

    /// For a pool whose only user is `default`, who may do everything after one of `passwords`; without one, at once.
    public static Users withPasswords(List<Password> passwords) {
        var users = new Users(false);
        users.renew(List.of(UserTerms.master(passwords)));
        return users;
    }

    /// The same with at most one.
    static Users withPassword(Password password) {
        return withPasswords(password.isSet() ? List.of(password) : List.of());
    }

    /// For a pool whose only user is `default`, with passwords that are still to be read: nobody comes in before
    /// [#renew(Collection)].
    public static Users awaitingPasswords() {
        return new Users(false);
    }

    /// From now on these are the users. Who is connected as one of them is served by its new terms, and who is connected as another
    /// one not any more.
    public void renew(Collection<UserTerms> terms) {
        var gone = new TreeMap<>(users);
        for (var each : terms) {
            gone.remove(each.name());
            users.computeIfAbsent(each.name(), ignored -> new User(each)).renew(each);
        }
        gone.forEach((name, user) -> {
            user.renew(new UserTerms(name, false, false, List.of(), 0, Permissions.NONE));
            if (user != first) {
                users.remove(name);
            }
        });
    }

    /// Whether what a client may do depends on its user.
    boolean isListed() {
        return listed;
    }

    User first() {
        return first;
    }

    /// Null if there is none.
    User named(String name) {
        return users.get(name);
    }

    /// In the order of their names.
    Collection<User> all() {
        return new TreeMap<>(users).values();
    }

    @Override
    public String toString() {
        return listed ? "users of a list" : first.terms().isOpen() ? "no password" : "a password";
    }
}
