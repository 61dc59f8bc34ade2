package io.cashew.protocol;

import java.util.Collection;
import java.util.List;

/// What one client has subscribed to. Pure memory: nobody is asked here. It belongs to a [Dialogue].
public interface Listening {
    /// What `request`, whose errand is [Errand#SUBSCRIBE], subscribes to, in its order.
    List<Topic> asked(Request request);

    boolean hears(Topic topic);

    /// How many topics the client hears.
    int count();

    Collection<Topic> all();

    /// From now on the client hears `topics`. Returns what it is told about that, complete with framing.
    byte[] subscribed(List<Topic> topics);

    /// What the client has ceased to hear since this was asked last.
    List<Topic> left();

    /// The first byte of a message in the client's dialect. The rest is as servers send it.
    byte mark();
}
