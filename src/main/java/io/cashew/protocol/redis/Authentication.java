package io.cashew.protocol.redis;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Request;
import java.util.concurrent.TimeUnit;

/// What a client hears that says who it is. Texts are twemproxy's where it has one, and Redis's otherwise.
final class Authentication {
    private static final byte[] OK = ReplyBuilder.status("OK");
    private static final byte[] SYNTAX_ERROR = ReplyBuilder.error("ERR syntax error");
    private static final byte[] NO_PASSWORD_SET = ReplyBuilder.error("ERR Client sent AUTH, but no password is set");
    private static final byte[] WRONG_PASSWORD = ReplyBuilder.error("ERR invalid password");
    private static final byte[] WRONG_USER_OR_PASSWORD =
            ReplyBuilder.error("WRONGPASS invalid username-password pair or user is disabled.");
    private static final byte[] NO_PASSWORD_OF_DEFAULT = ReplyBuilder.error("ERR AUTH <password> called without any password"
            + " configured for the default user. Are you sure your configuration is correct?");
    private static final byte[] TOO_MANY_OF_USER = ReplyBuilder.error("ERR " + Failure.TOO_MANY_OF_USER.text());

    private final RedisSession session;

    Authentication(RedisSession session) {
        this.session = session;
    }

    /// `AUTH password`, which is that of `default`, or `AUTH user password`.
    byte[] auth(Request request) {
        return switch (request.wordCount()) {
            case 2 -> {
                byte[] wrong = session.guarded() ? WRONG_USER_OR_PASSWORD : WRONG_PASSWORD;
                var refusal = authenticate(session.identity().claim(session.users().first(), false, request, 1), wrong);
                yield refusal == null ? OK : refusal;
            }
            case 3 -> {
                var refusal = authenticateUser(request, 1);
                yield refusal == null ? OK : refusal;
            }
            default -> SYNTAX_ERROR;
        };
    }

    /// Null if the client is now the user that word `user` names, and the word behind it the password.
    byte[] authenticateUser(Request request, int user) {
        boolean tooLong = request.wordLength(user) > RedisSession.LONGEST_USER;
        var claimed = tooLong ? null : session.users().named(RedisSession.shown(request, user, RedisSession.LONGEST_USER));
        return authenticate(session.identity().claim(claimed, true, request, user + 1), WRONG_USER_OR_PASSWORD);
    }

    /// Null if the client is who it has said; otherwise an error, which is `wrong` if the password is.
    private byte[] authenticate(Identity.Claim claim, byte[] wrong) {
        return switch (claim) {
            case ACCEPTED -> null;
            case NOT_ASKED -> session.guarded() ? NO_PASSWORD_OF_DEFAULT : NO_PASSWORD_SET;
            case NOT_TRIED -> session.refuse(Failure.PASSWORD_NOT_TRIED, notTried(session.identity().nanosToWait()));
            case WRONG -> session.refuse(Failure.WRONG_PASSWORD, wrong);
            case TOO_MANY -> session.refuse(Failure.TOO_MANY_OF_USER, TOO_MANY_OF_USER);
        };
    }

    private static byte[] notTried(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1);
        return ReplyBuilder.error("ERR " + Failure.PASSWORD_NOT_TRIED.text() + "; try again in " + seconds + " s");
    }
}
