package io.cashew.forwarding;

import io.cashew.protocol.Failure;
import io.cashew.server.Caller;
import io.cashew.transport.Frame;

/// That one server is to tell us of one topic: asked again whenever the connection to it has been lost.
final class Ask implements Caller {
    final Audience audience;
    final ListeningPost post;
    /// Whether the topic lives at this server now; where it lived before is listened to until its new home is.
    boolean home = true;
    boolean confirmed;
    /// Whether the server owes an answer.
    boolean owed;

    Ask(Audience audience, ListeningPost post) {
        this.audience = audience;
        this.post = post;
    }

    @Override
    public void onResponse(int tag, Frame response) {
        owed = false;
        post.onAnswer(this, response);
    }

    @Override
    public void onFailure(int tag, Failure failure) {
        owed = false;
        post.onFailure(this, failure);
    }
}
