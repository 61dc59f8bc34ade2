package io.cashew.admin;

import java.util.List;

/// Ends a request with a [Problem]. It is an answer, not a fault, and has no stack trace.
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ProblemKind kind;
    private final transient List<String> known;

    ProblemException(ProblemKind kind, String detail) {
        this(kind, detail, null);
    }

    /// `known` are the names that would have been right.
    ProblemException(ProblemKind kind, String detail, List<String> known) {
        super(detail, null, false, false);
        this.kind = kind;
        this.known = known;
    }

    ProblemKind kind() {
        return kind;
    }

    /// May be null.
    List<String> known() {
        return known;
    }
}
