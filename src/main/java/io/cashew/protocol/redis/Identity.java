package io.cashew.protocol.redis;

import io.cashew.protocol.Client;
import io.cashew.protocol.Request;
import io.cashew.protocol.Topic;
import java.util.Collection;

/// Who one client is: which user, whether it has shown that, and what the user may do at the moment.
///
/// In a pool with users a change of theirs counts from the next request on: [#recall()] asks for their terms, and until it is
/// called again they stay what they are, so that one request is judged in one way however often it is asked about. In every other
/// pool who has said the password may do everything.
final class Identity {
    /// What comes of a client that says who it is.
    enum Claim {
        ACCEPTED,
        /// There is no password to say.
        NOT_ASKED,
        /// Too many wrong ones have come from the client's address; see [Identity#nanosToWait()].
        NOT_TRIED,
        WRONG,
        /// It is the user, who has as many clients as it may.
        TOO_MANY
    }

    private RedisSessionSettings settings;
    private final Client client;
    private boolean guarded;
    private User user;
    private UserTerms terms;
    /// Whether the user counts this client as one of its own.
    private boolean counted;
    private boolean trusted;

    Identity(RedisSessionSettings settings, Client client) {
        this.settings = settings;
        this.client = client;
        this.guarded = settings.users().isListed();
        forget();
    }

    /// From now on the pool has the users of `settings`; the client is the one that is called as it was. In a pool without a list
    /// of users who has been trusted still is.
    void use(RedisSessionSettings settings) {
        this.settings = settings;
        guarded = settings.users().isListed();
        User same = settings.users().named(terms.name());
        if (same == user) {
            return;
        }
        leave();
        if (same == null) {
            forget();
            return;
        }
        user = same;
        trusted |= user.terms().isOpen();
        counted = guarded && trusted && user.enter();
        recall();
    }

    /// The client is again who everybody is at first.
    void forget() {
        leave();
        user = settings.users().first();
        recall();
        trusted = terms.isOpen();
    }

    /// The client is not one of its user's any more.
    void leave() {
        if (counted) {
            user.leave();
            counted = false;
        }
    }

    /// From now on the client may do what its user may now; nothing, if that is not served any more.
    void recall() {
        terms = user.terms();
        if (guarded && trusted && !terms.on()) {
            leave();
            trusted = false;
        }
    }

    /// Whether what the client may do depends on its user.
    boolean guarded() {
        return guarded;
    }

    /// Whether the client has shown who it is, or does not have to.
    boolean trusted() {
        return trusted;
    }

    UserTerms terms() {
        return terms;
    }

    /// The client says to be `claimed`, null if there is no such user, and word `word` to be its password; without a name it means
    /// the user it was at first.
    Claim claim(User claimed, boolean named, Request request, int word) {
        if (settings.users().first().terms().isOpen() && !(guarded && named)) {
            return Claim.NOT_ASKED;
        }
        if (nanosToWait() > 0) {
            return Claim.NOT_TRIED;
        }
        // Also if there is no such user, so that the time this takes does not tell.
        var said = Password.claimed(request, word);
        if (claimed == null || !claimed.terms().accepts(said)) {
            trusted &= guarded;
            settings.wrongPasswords().count(client);
            return Claim.WRONG;
        }
        return become(claimed) ? Claim.ACCEPTED : Claim.TOO_MANY;
    }

    /// How long no password of the client is looked at.
    long nanosToWait() {
        return settings.wrongPasswords().nanosToWait(client);
    }

    private boolean become(User other) {
        if (guarded && (other != user || !counted)) {
            if (!other.enter()) {
                return false;
            }
            leave();
            counted = true;
        }
        user = other;
        terms = user.terms();
        trusted = true;
        return true;
    }

    /// Whether the client's user may do this, or something else is wrong with it first.
    boolean allows(RedisCommand command, Request request) {
        return !guarded || denied(command, request) == Permissions.NOTHING && deniedOption(command, request) == null;
    }

    /// Whether the client's user may still hear all of `topics`.
    boolean mayHear(Collection<Topic> topics) {
        return topics.isEmpty() || trusted && topics.stream().allMatch(terms.permissions()::mayHear);
    }

    /// As [Permissions#denied(RedisCommand, Request)].
    int denied(RedisCommand command, Request request) {
        return isFaulty(command, request) ? Permissions.NOTHING : terms.permissions().denied(command, request);
    }

    /// As [Permissions#deniedOption(Request)].
    String deniedOption(RedisCommand command, Request request) {
        return command == RedisCommand.SORT || command == RedisCommand.SORT_RO
                ? terms.permissions().deniedOption(request)
                : null;
    }

    private static boolean isFaulty(RedisCommand command, Request request) {
        return command == null || !command.accepts(request.wordCount()) || command.lacksVariant(request);
    }
}
