package io.cashew.client;

import io.cashew.forwarding.Forwarder;
import io.cashew.forwarding.PrivateLine;
import io.cashew.forwarding.Subscriber;
import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Dialogue;
import io.cashew.protocol.Errand;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Request;
import io.cashew.protocol.Session;
import io.cashew.transport.Frame;
import java.util.concurrent.CompletableFuture;

/// What is done with one client's requests that are [apart][Session#APART], as its [Dialogue] says.
///
/// Some need a server connection that nobody shares. For them the client has a [PrivateLine]; what goes another way waits until
/// that owes nothing, and nothing is looked at while a server has been asked to wait. A client that ends its side meanwhile is
/// gone, and its server connection with it, so that the server does not wait in vain.
///
/// Others are about what the client hears as a [Subscriber].
final class Aside {
    private final ClientConnection connection;
    private final RequestLoop requests;
    private final ClientExchange exchange;
    private final Session session;
    private final ReplyQueue replies;
    private final Forwarder forwarder;
    private final PoolCounters counters;
    private final Journal journal;
    /// Null until it is needed.
    private PrivateLine line;
    /// Null until it is needed.
    private Subscriber subscriber;
    private boolean takesAll;

    Aside(
            ClientConnection connection,
            RequestLoop requests,
            ClientExchange exchange,
            Session session,
            ReplyQueue replies,
            Commons commons) {
        this.connection = connection;
        this.requests = requests;
        this.exchange = exchange;
        this.session = session;
        this.replies = replies;
        this.forwarder = commons.forwarder();
        this.counters = commons.counters();
        this.journal = commons.journal();
    }

    /// Whether every request is for the dialogue to judge, because something has been begun in it or is held on the line, or
    /// the client hears of what is published.
    boolean takesAll() {
        return takesAll;
    }

    /// Whether `request` has been taken; otherwise it is to be shown again when what is under way has come to an end.
    boolean take(Request request) {
        Dialogue dialogue = session.dialogue();
        if (line == null) {
            line = forwarder.line(exchange, dialogue);
        }
        if (!dialogue.queueing() && line.owes() || !line.ready(dialogue.errand(request), request)) {
            return false;
        }
        Errand errand = dialogue.errand(request);
        if (errand.waits() && connection.inputEnded()) {
            connection.gone();
            return true;
        }
        int tag = requests.begin();
        byte[] answer = dialogue.answer(request);
        if (answer == Session.LATER) {
            requests.answerLater(tag);
        } else if (answer != null) {
            line.carry(errand, tag, request, requests.place());
            answer(errand, tag, answer);
        } else {
            carry(dialogue, errand, tag, request, requests.place());
        }
        connection.onLineChanged();
        return true;
    }

    private void answer(Errand errand, int tag, byte[] answer) {
        if (errand == Errand.UNSUBSCRIBE) {
            counters.answeredLocally++;
            replies.tell(tag, answer);
        } else {
            requests.answer(tag, answer);
        }
        if (subscriber != null) {
            subscriber.follow();
        }
    }

    private void carry(Dialogue dialogue, Errand errand, int tag, Request request, Frame frame) {
        switch (errand) {
            case NONE -> requests.forward(tag, frame);
            case SUBSCRIBE -> subscribe(dialogue, tag, request);
            case RUN -> {
                line.runsFor(journal.isOn() ? journal.noteAlone(exchange, request) : exchange);
                line.carry(errand, tag, request, frame);
            }
            case KEEP, BEGIN, UNSUBSCRIBE, WAIT, WAIT_EVERYWHERE, WATCH, QUEUE, END, DROP ->
                line.carry(errand, tag, request, frame);
        }
    }

    private void subscribe(Dialogue dialogue, int tag, Request request) {
        if (subscriber == null) {
            subscriber = forwarder.subscriber(exchange, dialogue.listening());
        }
        forwarder.subscribe(subscriber, tag, request);
    }

    /// Something has been begun or has come to an end, or the client hears of more or of less.
    void changed() {
        takesAll = session.dialogue().begun() || line.held() || hears();
    }

    /// Whether a server has been asked to wait for data for this client.
    boolean waits() {
        return line != null && line.waits();
    }

    /// Whether a server is being asked to begin something.
    boolean opens() {
        return line != null && line.opens();
    }

    /// Whether the client hears of what is published.
    boolean hears() {
        return subscriber != null && subscriber.hears();
    }

    /// Whether servers are being asked to tell this client something.
    boolean asksToHear() {
        return subscriber != null && subscriber.asks();
    }

    /// Bytes of requests that wait until their server is known.
    int keptBytes() {
        return line == null ? 0 : line.keptBytes();
    }

    /// Has the server wait no longer that has been asked to; `whether` hears whether one was.
    void unblock(boolean withError, CompletableFuture<Boolean> whether) {
        if (line == null) {
            whether.complete(false);
        } else {
            line.unblock(withError, whether);
        }
    }

    /// Ends what waits, for `reason`, of which the client hears.
    void fail(Failure reason) {
        if (line != null) {
            line.fail(reason);
        }
    }

    /// The client is gone, and with it whatever it has begun.
    void close() {
        if (line != null) {
            line.close();
        }
        if (subscriber != null) {
            subscriber.close();
        }
    }
}
