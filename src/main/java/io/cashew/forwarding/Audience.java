package io.cashew.forwarding;

import io.cashew.protocol.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Who hears one topic, and where it is heard: at one server, or at all of them.
final class Audience {
    final Topic topic;
    final Set<Subscriber> subscribers = new HashSet<>(4);
    /// Requests that wait until it is heard everywhere it is to be.
    final List<Subscribe> waiting = new ArrayList<>(1);
    final List<Ask> asks = new ArrayList<>(1);

    Audience(Topic topic) {
        this.topic = topic;
    }

    boolean isHeard() {
        for (Ask ask : asks) {
            if (ask.home && !ask.confirmed) {
                return false;
            }
        }
        return true;
    }

    /// How `post` is asked about the topic; null if it is not.
    Ask at(ListeningPost post) {
        for (Ask ask : asks) {
            if (ask.post == post) {
                return ask;
            }
        }
        return null;
    }
}
