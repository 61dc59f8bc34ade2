package io.cashew.forwarding;

import io.cashew.protocol.Failure;
import io.cashew.protocol.Subscribing;
import io.cashew.server.Backends;
import io.cashew.server.Caller;
import io.cashew.server.SubscriberConnection;
import io.cashew.transport.Frame;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What one server is to tell a worker: everything in one connection, whoever wants to hear it.
///
/// Belongs to the event loop of its worker.
final class ListeningPost implements SubscriberConnection.Owner {
    private static final Caller NOBODY = new Caller() {
        @Override
        public void onResponse(int tag, Frame response) {}

        @Override
        public void onFailure(int tag, Failure failure) {}
    };

    private final Subscriptions subscriptions;
    private final Subscribing language;
    private final SubscriberConnection connection;
    private final Set<Ask> asks = new LinkedHashSet<>();

    ListeningPost(Subscriptions subscriptions, Subscribing language, Backends backends, int server) {
        this.subscriptions = subscriptions;
        this.language = language;
        this.connection = backends.subscriber(server, language, this);
    }

    /// The server is to tell what `ask` says, from now on or as soon as it can be asked.
    void add(Ask ask) {
        asks.add(ask);
        prompt(ask);
    }

    /// Somebody waits for the answer.
    void prompt(Ask ask) {
        if (connection.isOpen()) {
            send(ask);
        } else {
            connection.prompt();
        }
    }

    void remove(Ask ask) {
        asks.remove(ask);
        if (connection.isOpen()) {
            connection.call(NOBODY, language.unsubscribe(ask.audience.topic));
        }
    }

    /// Ends the connection for good, if there is nothing to hear any more.
    void closeIfUnused() {
        if (asks.isEmpty()) {
            connection.close();
        }
    }

    private void send(Ask ask) {
        if (!ask.owed && !ask.confirmed) {
            ask.owed = true;
            connection.call(ask, language.subscribe(ask.audience.topic));
        }
    }

    void onAnswer(Ask ask, Frame answer) {
        if (!asks.contains(ask)) {
            return;
        }
        if (language.refuses(answer)) {
            subscriptions.refused(ask, answer);
        } else {
            ask.confirmed = true;
            subscriptions.confirmed(ask.audience);
        }
    }

    void onFailure(Ask ask, Failure reason) {
        if (asks.contains(ask)) {
            subscriptions.failed(ask, reason);
        }
    }

    @Override
    public boolean listens() {
        return !asks.isEmpty();
    }

    @Override
    public void onOpen() {
        List.copyOf(asks).forEach(this::send);
    }

    /// What the server has refused may be allowed by now.
    @Override
    public void onLook() {
        onOpen();
    }

    @Override
    public void onMessage(Frame message) {
        subscriptions.onMessage(language.topic(message), message);
    }

    @Override
    public void onLost(Failure reason) {
        if (asks.stream().anyMatch(ask -> ask.confirmed)) {
            subscriptions.lost();
        }
        for (Ask ask : List.copyOf(asks)) {
            ask.confirmed = false;
            if (ask.home) {
                subscriptions.failed(ask, reason);
            } else {
                subscriptions.forget(ask);
            }
        }
    }
}
