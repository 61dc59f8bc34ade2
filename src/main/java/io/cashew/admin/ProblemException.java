package io.cashew.admin;

import java.util.List;

/// Ends a request with a [Problem]. It is an answer, not a fault, and has no stack trace.
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ProblemKind kind;
    private final transient List<String> known;
    private final long retryAfterSeconds;

    ProblemException(ProblemKind kind, String detail) {
        this(kind, detail, null, 0);
    }

    /// It may be otherwise after so many seconds.
    ProblemException(ProblemKind kind, String detail, long retryAfterSeconds) {
        this(kind, detail, null, retryAfterSeconds);
    }

    /// `known` are the names that would have been right.
    ProblemException(ProblemKind kind, String detail, List<String> known) {
        this(kind, detail, known, 0);
    }

    private ProblemException(ProblemKind kind, String detail, List<String> known, long retryAfterSeconds) {
        super(detail, null, false, false);
        this.kind = kind;
        this.known = known;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    ProblemKind kind() {
        return kind;
    }

    /// 0 if another try would change nothing.
    long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /// May be null.
    List<String> known() {
        return known;
    }
}
