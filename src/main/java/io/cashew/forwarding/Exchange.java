package io.cashew.forwarding;

import io.cashew.server.Caller;
import io.netty.buffer.ByteBuf;

/// What one client is owed: an answer to every request, in the order of the requests. Requests are known by their number;
/// each is completed exactly once, by one of [Caller]'s methods or by [#onJoined(int, ByteBuf)].
public interface Exchange extends Caller {
    /// The joined answer to request `tag`, which was split. Takes over `reply`.
    void onJoined(int tag, ByteBuf reply);

    /// A number that stays the same for a client and spreads clients over connections.
    int client();
}
