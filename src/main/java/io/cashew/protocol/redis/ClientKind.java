package io.cashew.protocol.redis;

import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.Request;

/// Clients by what they are here for, as `TYPE` in `CLIENT LIST` and `CLIENT KILL` tells them apart. A proxy has no masters and
/// no replicas among them.
enum ClientKind {
    NORMAL,
    PUBSUB,
    MASTER,
    REPLICA;

    /// The kind that word `word` names, or null.
    static ClientKind named(Request request, int word) {
        if (request.wordIs(word, "normal")) {
            return NORMAL;
        }
        if (request.wordIs(word, "pubsub")) {
            return PUBSUB;
        }
        if (request.wordIs(word, "master")) {
            return MASTER;
        }
        return request.wordIs(word, "replica") || request.wordIs(word, "slave") ? REPLICA : null;
    }

    boolean includes(ClientSnapshot snapshot) {
        return this == (snapshot.introduction().subscribed() ? PUBSUB : NORMAL);
    }
}
