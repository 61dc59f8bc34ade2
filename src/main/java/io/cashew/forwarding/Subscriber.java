package io.cashew.forwarding;

import io.cashew.protocol.Listening;
import io.cashew.protocol.Request;
import io.cashew.protocol.Topic;
import io.cashew.transport.Broadcast;
import java.util.List;

/// One client that hears of what is published. What it hears is what its [Listening] says; a request to hear more is answered when
/// that has become true, and there is one at a time.
///
/// Belongs to the event loop of its client.
public final class Subscriber {
    private final Subscriptions subscriptions;
    private final Exchange exchange;
    private final Listening listening;
    /// Null if nothing is being asked.
    private Subscribe pending;
    private boolean closed;
    /// Whether it is one of those that [Subscriptions] counts.
    private boolean counted;

    Subscriber(Subscriptions subscriptions, Exchange exchange, Listening listening) {
        this.subscriptions = subscriptions;
        this.exchange = exchange;
        this.listening = listening;
    }

    /// Does what `request`, number `tag`, asks for.
    void subscribe(int tag, Request request) {
        subscriptions.subscribe(this, tag, listening.asked(request));
    }

    /// Whether servers are being asked: the next request has to wait for that.
    public boolean asks() {
        return pending != null;
    }

    /// Whether the client hears anything.
    public boolean hears() {
        return !closed && listening.count() > 0;
    }

    /// The client may have ceased to hear something.
    public void follow() {
        subscriptions.leave(this, listening.left());
    }

    /// The client is gone.
    public void close() {
        closed = true;
        if (pending != null) {
            subscriptions.cancel(pending);
        }
        subscriptions.leave(this, listening.all());
    }

    Exchange exchange() {
        return exchange;
    }

    Listening listening() {
        return listening;
    }

    void pending(Subscribe subscribe) {
        pending = subscribe;
    }

    /// How many more clients hear anything, now that what this one hears may have changed.
    int countAgain() {
        boolean before = counted;
        counted = hears();
        return counted == before ? 0 : counted ? 1 : -1;
    }

    /// Takes `message`, unless the client does not know yet that it hears `topic`.
    boolean deliver(Topic topic, Broadcast message) {
        if (pending != null && !listening.hears(topic)) {
            return false;
        }
        exchange.onMessage(message, listening.mark());
        return true;
    }

    /// The client hears all of `topics` now, and is told so.
    void subscribed(int tag, List<Topic> topics) {
        exchange.onTold(tag, listening.subscribed(topics));
    }
}
