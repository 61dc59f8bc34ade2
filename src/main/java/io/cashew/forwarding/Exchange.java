package io.cashew.forwarding;

import io.cashew.protocol.Gather;
import io.cashew.server.Caller;
import io.cashew.transport.Broadcast;

/// What one client is owed: an answer to every request, in the order of the requests. Requests are known by their number;
/// each is completed exactly once, by one of [Caller]'s methods or by [#onJoined(int, Gather)].
public interface Exchange extends Caller {
    /// Every part of request `tag`, which was split, has answered: has `gather` join its answer, or releases it, before it
    /// returns.
    void onJoined(int tag, Gather gather);

    /// Which lane the requests take that come now, see [io.cashew.protocol.Protocol#lanes()].
    int lane();

    /// A number that stays the same for a client and spreads clients over connections.
    int client();

    /// Whether nothing has been asked behind request `tag`.
    default boolean isLast(int tag) {
        return false;
    }

    /// Request `tag` has been done; `answer` is what the client hears, complete with framing.
    void onAnswer(int tag, byte[] answer);

    /// Request `tag` has been done; `messages`, complete with framing, are what the client hears, also if it hears no replies.
    void onTold(int tag, byte[] messages);

    /// Something that has been published, which is valid during this call only; its first byte is to be `mark`.
    void onMessage(Broadcast message, byte mark);

    /// Its request goes to the server with the ring name `server`, and to no other one; see [Forwarder#forwardAndTell].
    default void onChosen(String server) {}

    /// The client's [PrivateLine] has got or lost its connection, or can go on with what waits for it.
    default void onLineChanged() {}
}
