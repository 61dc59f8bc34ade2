package io.cashew.client;

import io.cashew.transport.Outlet;

/// How much may be under way for one client, and how much may wait to be read by it. At the first bounds it is not read any more;
/// what was under way by then is answered, and a client for whom that is too much is to be sent away.
final class FlowControl {
    private final ClientSettings settings;
    private final ReplyQueue replies;
    private final Outlet outlet;

    FlowControl(ClientSettings settings, ReplyQueue replies, Outlet outlet) {
        this.settings = settings;
        this.replies = replies;
        this.outlet = outlet;
    }

    /// Bytes of replies, those included that have overtaken others and wait for their turn.
    long waitingBytes() {
        return outlet.pendingBytes() + replies.parkedBytes();
    }

    /// Whether the client is not to be read for now.
    boolean full() {
        return replies.unanswered() >= settings.maxUnanswered() || waitingBytes() > settings.maxUnread();
    }

    /// Whether a client that has not been read may be read again.
    boolean hasRoom() {
        return replies.unanswered() <= settings.maxUnanswered() / 2 && waitingBytes() <= settings.maxUnread();
    }

    /// Whether more waits for the client than may.
    boolean overrun() {
        return settings.maxWaiting() > 0 && waitingBytes() > settings.maxWaiting();
    }
}
