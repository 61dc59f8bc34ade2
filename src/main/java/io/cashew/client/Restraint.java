package io.cashew.client;

import io.cashew.protocol.Command;
import io.cashew.protocol.Replies;

/// Why a client's next request may have to wait although nothing in it says so: the pool pauses, or the client does not hear a
/// reply that is under way.
final class Restraint {
    private final ReplyQueue replies;
    private final Hush hush = new Hush();
    /// Null if there is none.
    private Pause pause;
    private boolean active;

    Restraint(ReplyQueue replies) {
        this.replies = replies;
    }

    /// Whether it has to be [asked][#holds(Command)] about requests, and [told][#onRequest()] of them.
    boolean active() {
        return active;
    }

    /// Whether a request with this command waits, null being one that nobody knows: as long as the pool pauses, and as long as a
    /// reply is under way that the client does not want to hear, if it wants to hear this one.
    boolean holds(Command command) {
        return pauses(command) || hush.divides() && replies.unanswered() > 0;
    }

    /// Whether a request with this command waits because the pool pauses.
    boolean pauses(Command command) {
        return pause != null && pause.holds(command);
    }

    /// One more request is taken.
    void onRequest() {
        hush.onRequest();
        update();
    }

    /// The client wants to hear `wanted` from now on.
    void hear(Replies wanted) {
        hush.change(wanted);
        update();
    }

    /// From now on requests wait as `pause` says; null for none.
    void pause(Pause pause) {
        this.pause = pause;
        update();
    }

    private void update() {
        replies.silent(hush.silent());
        active = pause != null || hush.counts();
    }
}
