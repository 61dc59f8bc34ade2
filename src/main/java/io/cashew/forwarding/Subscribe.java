package io.cashew.forwarding;

import io.cashew.protocol.Topic;
import java.util.Collection;
import java.util.List;

/// A client's request to hear more, while servers are being asked.
final class Subscribe {
    final Subscriber subscriber;
    final int tag;
    /// All it names.
    final List<Topic> topics;
    /// Of those the ones the client does not hear so far.
    final Collection<Topic> fresh;
    /// How many of these have not been confirmed; one more while the servers are being asked.
    int missing = 1;
    boolean over;

    Subscribe(Subscriber subscriber, int tag, List<Topic> topics, Collection<Topic> fresh) {
        this.subscriber = subscriber;
        this.tag = tag;
        this.topics = topics;
        this.fresh = fresh;
    }
}
