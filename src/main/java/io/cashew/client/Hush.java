package io.cashew.client;

import io.cashew.protocol.Replies;

/// Which replies a client hears, who can do without all of them or without the next one. What it does without is waited for
/// all the same, so that those behind it have their order.
///
/// A change applies to all that is under way, so there must be nothing under way: requests wait for that.
final class Hush {
    private Replies replies = Replies.ALL;
    /// Whether the request has been taken to which the client does not want to hear the reply.
    private boolean nextHasCome;

    /// The client wants to hear `replies` from now on. Who hears none cannot do without one more.
    void change(Replies replies) {
        if (this.replies != Replies.NONE || replies != Replies.ALL_BUT_NEXT) {
            this.replies = replies;
            nextHasCome = false;
        }
    }

    /// Whether the next request waits until there is nothing under way, so that its reply is heard.
    boolean divides() {
        return nextHasCome;
    }

    /// Whether nothing is to be said to the client about what is under way now.
    boolean silent() {
        return replies != Replies.ALL;
    }

    /// Whether every request has to be [told][#onRequest()].
    boolean counts() {
        return replies == Replies.ALL_BUT_NEXT;
    }

    /// One more request is taken, and where this [divides][#divides()] nothing is under way.
    void onRequest() {
        if (nextHasCome) {
            change(Replies.ALL);
        } else {
            nextHasCome = counts();
        }
    }
}
