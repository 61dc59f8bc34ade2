package io.cashew.server;

/// Requests that a server has not answered, at one moment.
///
/// @param unsent of them, have not left
/// @param sent   of them, have
public record Queued(long unsent, long unsentBytes, long sent, long sentBytes) {
    public static final Queued NOTHING = new Queued(0, 0, 0, 0);

    public Queued plus(Queued other) {
        return new Queued(
                unsent + other.unsent, unsentBytes + other.unsentBytes, sent + other.sent, sentBytes + other.sentBytes);
    }
}
