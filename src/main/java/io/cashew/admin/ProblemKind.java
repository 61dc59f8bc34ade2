package io.cashew.admin;

/// The problems of our own, each with the type by which a program may tell it from the others. Everything else that can go
/// wrong is said by the HTTP status alone, with the type `about:blank`.
enum ProblemKind {
    CREDENTIALS_NEEDED(401, "credentials-needed", "Who are you?"),
    WRONG_CREDENTIALS(401, "wrong-credentials", "Wrong name or password"),
    ROLE_NEEDED(403, "role-needed", "The user lacks a role"),
    NO_USERS(403, "no-users", "Nobody may do this"),
    FOREIGN_PAGE(403, "foreign-page", "Another page may not do this"),
    UNKNOWN_POOL(404, "unknown-pool", "No such pool"),
    UNKNOWN_SERVER(404, "unknown-server", "No such server"),
    UNKNOWN_CLIENT(404, "unknown-client", "No such client"),
    UNREADABLE_KEY(400, "unreadable-key", "The key cannot be read"),
    UNREADABLE_BODY(400, "unreadable-body", "What was sent cannot be read"),
    UNKNOWN_CATEGORY(400, "unknown-category", "No such category"),
    UNKNOWN_LEVEL(400, "unknown-level", "No such level"),
    NOT_AN_EVENT(400, "not-an-event", "Not the id of an event"),
    TOO_MANY_GUESSES(429, "too-many-guesses", "Too many wrong passwords"),
    TOO_MANY_STREAMS(503, "too-many-streams", "Too many streams"),
    KEY_TOO_LONG(414, "key-too-long", "The key is too long"),
    RELOAD_REFUSED(409, "reload-refused", "The configuration cannot come into force now"),
    WRONG_CONFIGURATION(422, "wrong-configuration", "The configuration is wrong");

    private final int status;
    private final String type;
    private final String title;

    ProblemKind(int status, String label, String title) {
        this.status = status;
        this.type = "urn:problem-type:cashew:" + label;
        this.title = title;
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    String title() {
        return title;
    }
}
