package io.cashew.forwarding;

import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.Failure;
import io.cashew.protocol.Subscribing;
import io.cashew.protocol.Topic;
import io.cashew.routing.Route;
import io.cashew.routing.Router;
import io.cashew.server.Backends;
import io.cashew.transport.Broadcast;
import io.cashew.transport.Frame;
import io.cashew.transport.IoLoop;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the clients of one worker have subscribed to, and where it is heard.
///
/// A channel is heard at the server that its name belongs to, where it is published, too; a pattern at all of them. Each server is
/// asked once, however many clients want to hear the same. A client is told that it hears something when the servers have
/// confirmed it; what is published after that reaches it, as long as its server connection lives. A lost one is replaced, and
/// what was published meanwhile has not been heard by anybody here, as with a client of a server itself that connects again.
///
/// Belongs to the event loop of its worker.
final class Subscriptions {
    private final Subscribing language;
    private final SubscriptionLimit limit;
    private final PoolCounters counters;
    private final Broadcast broadcast;
    private final Map<Topic, Audience> audiences = new HashMap<>();
    /// For each server.
    private Map<Integer, ListeningPost> posts = new HashMap<>();
    private Backends backends;
    private Router router;

    Subscriptions(
            Subscribing language, Backends backends, Router router, SubscriptionLimit limit, PoolCounters counters, IoLoop loop) {
        this.language = language;
        this.backends = backends;
        this.router = router;
        this.limit = limit;
        this.counters = counters;
        this.broadcast = new Broadcast(loop);
    }

    /// From now on topics live where `router` says. What has moved is heard at its old place until it is heard at its new one.
    void use(Backends backends, Router router) {
        this.router = router;
        Map<Integer, ListeningPost> before = posts;
        if (backends != this.backends) {
            this.backends = backends;
            posts = new HashMap<>();
        }
        for (Audience audience : List.copyOf(audiences.values())) {
            Failure nowhere = settle(audience);
            if (nowhere == null && audiences.get(audience.topic) == audience && audience.isHeard()) {
                confirmed(audience);
            }
        }
        if (before != posts) {
            before.values().forEach(ListeningPost::closeIfUnused);
        }
    }

    void subscribe(Subscriber subscriber, int tag, List<Topic> topics) {
        Set<Topic> fresh = new LinkedHashSet<>(topics);
        fresh.removeIf(subscriber.listening()::hears);
        if (!limit.take(subscriber.listening().count(), fresh.size())) {
            subscriber.exchange().onFailure(tag, Failure.TOO_MANY_SUBSCRIPTIONS);
            return;
        }
        Subscribe subscribe = new Subscribe(subscriber, tag, topics, fresh);
        subscriber.pending(subscribe);
        for (Topic topic : fresh) {
            if (!subscribe.over) {
                begin(subscribe, audiences.computeIfAbsent(topic, Audience::new));
            }
        }
        arrived(subscribe);
    }

    private void begin(Subscribe subscribe, Audience audience) {
        boolean heard = audience.isHeard() && !audience.asks.isEmpty();
        audience.subscribers.add(subscribe.subscriber);
        counters.channels = audiences.size();
        if (heard) {
            return;
        }
        subscribe.missing++;
        audience.waiting.add(subscribe);
        Failure nowhere = settle(audience);
        if (nowhere != null) {
            end(subscribe);
            subscribe.subscriber.exchange().onFailure(subscribe.tag, nowhere);
        }
    }

    /// Has the topic asked for wherever it lives. Returns why it lives nowhere, and null if it lives somewhere.
    private Failure settle(Audience audience) {
        int home = home(audience.topic);
        if (home < 0 && home != Route.EACH || home == Route.EACH && router.live().length == 0) {
            return home == Route.EACH ? Failure.NO_LIVE_SERVER : Forwarder.refusal(home);
        }
        int[] homes = home == Route.EACH ? router.live() : new int[] {home};
        audience.asks.forEach(ask -> ask.home = false);
        for (int server : homes) {
            ListeningPost post = posts.computeIfAbsent(server, this::post);
            Ask ask = audience.at(post);
            if (ask == null) {
                ask = new Ask(audience, post);
                audience.asks.add(ask);
                post.add(ask);
            } else {
                ask.home = true;
                post.prompt(ask);
            }
        }
        return null;
    }

    private ListeningPost post(int server) {
        return new ListeningPost(this, language, backends, server);
    }

    private int home(Topic topic) {
        return language.isEverywhere(topic) || !router.placesKeys() ? Route.EACH : router.serverOf(topic.bytes());
    }

    /// A server listens for `audience` now.
    void confirmed(Audience audience) {
        if (!audience.isHeard()) {
            return;
        }
        for (Ask ask : List.copyOf(audience.asks)) {
            if (!ask.home) {
                forget(ask);
            }
        }
        List<Subscribe> waiting = List.copyOf(audience.waiting);
        audience.waiting.clear();
        waiting.forEach(this::arrived);
    }

    private void arrived(Subscribe subscribe) {
        if (subscribe.over || --subscribe.missing > 0) {
            return;
        }
        Subscriber subscriber = subscribe.subscriber;
        subscribe.over = true;
        subscriber.pending(null);
        subscriber.subscribed(subscribe.tag, subscribe.topics);
        counters.subscribers += subscriber.countAgain();
        counters.subscriptions += subscribe.fresh.size();
    }

    /// The server of `ask` does not answer. It will be asked again for those who hear the topic already.
    void failed(Ask ask, Failure reason) {
        for (Subscribe subscribe : List.copyOf(ask.audience.waiting)) {
            if (ask.home && !subscribe.over) {
                end(subscribe);
                subscribe.subscriber.exchange().onFailure(subscribe.tag, reason);
            }
        }
    }

    /// The server of `ask` refuses it, which its `answer` says.
    void refused(Ask ask, Frame answer) {
        byte[] said = answer.bytes().asSlice(answer.start(), answer.length()).toArray(ValueLayout.JAVA_BYTE);
        for (Subscribe subscribe : List.copyOf(ask.audience.waiting)) {
            if (ask.home && !subscribe.over) {
                end(subscribe);
                subscribe.subscriber.exchange().onAnswer(subscribe.tag, said);
            }
        }
    }

    /// The client of `subscribe` is gone.
    void cancel(Subscribe subscribe) {
        if (!subscribe.over) {
            end(subscribe);
        }
    }

    private void end(Subscribe subscribe) {
        subscribe.over = true;
        subscribe.subscriber.pending(null);
        limit.giveBack(subscribe.fresh.size());
        for (Topic topic : subscribe.fresh) {
            Audience audience = audiences.get(topic);
            if (audience != null) {
                audience.waiting.remove(subscribe);
                leave(subscribe.subscriber, audience);
            }
        }
    }

    /// `subscriber`, which has heard `topics`, does not any more.
    void leave(Subscriber subscriber, Collection<Topic> topics) {
        if (topics.isEmpty()) {
            return;
        }
        topics.forEach(topic -> leave(subscriber, audiences.get(topic)));
        limit.giveBack(topics.size());
        counters.subscribers += subscriber.countAgain();
        counters.subscriptions -= topics.size();
    }

    private void leave(Subscriber subscriber, Audience audience) {
        audience.subscribers.remove(subscriber);
        if (audience.subscribers.isEmpty()) {
            audiences.remove(audience.topic);
            counters.channels = audiences.size();
            List.copyOf(audience.asks).forEach(this::forget);
        }
    }

    /// The topic is not to be heard there any more.
    void forget(Ask ask) {
        ask.audience.asks.remove(ask);
        ask.post.remove(ask);
        if (!posts.containsValue(ask.post)) {
            // One from before a reload.
            ask.post.closeIfUnused();
        }
    }

    void onMessage(Topic topic, Frame message) {
        Audience audience = audiences.get(topic);
        if (audience == null) {
            return;
        }
        broadcast.begin(message);
        try {
            for (Subscriber subscriber : audience.subscribers) {
                counters.messages += subscriber.deliver(topic, broadcast) ? 1 : 0;
            }
        } finally {
            broadcast.end();
        }
    }

    /// A connection over which something was heard.
    void lost() {
        counters.subscriptionsLost++;
    }
}
