package io.cashew.admin;

import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.Introduction;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// One client of a pool: who it is, and what it is doing.
@Schema(name = "Client")
record ClientView(
        @Schema(description = "Unique among the clients of this process; what `CLIENT ID` answers.") int id,
        @Schema(description = "Where it comes from; null for a unix socket.", nullable = true) String address,
        @Schema(description = "Where it has connected to; null for a unix socket.", nullable = true) String listener,
        boolean tls,
        @Schema(description = "What it calls itself (`CLIENT SETNAME`).", nullable = true) String name,
        @Schema(description = "The library it uses, as that says itself (`CLIENT SETINFO`).", nullable = true) String library,
        @Schema(nullable = true) String libraryVersion,
        @Schema(description = "Who it has shown to be; null in a memcached pool.", nullable = true) String user,
        @Schema(description = "The version of RESP it speaks, 2 or 3; 0 in a memcached pool.") int dialect,
        int database,
        long ageMillis,
        @Schema(description = "How long ago it was heard last.") long idleMillis,
        @Schema(description = "Its last command, in lower case.", nullable = true) String lastCommand,
        @Schema(description = "Requests that have not been answered.") int requestsUnderWay,
        @Schema(description = "Received bytes that wait, of requests that are not complete or are held back.") long inputBytes,
        @Schema(description = "Bytes of replies that wait to be sent.") long outputBytes,
        boolean inTransaction,
        @Schema(description = "Whether a server has been asked to wait for data for it, or CLIENT PAUSE holds it back.")
        boolean blocked,
        @Schema(description = "Channels and patterns it is subscribed to.") int subscriptions,
        @Schema(description = "The path of the client.") String href) {
    static ClientView of(String pool, ClientSnapshot snapshot) {
        Introduction said = snapshot.introduction();
        return new ClientView(
                snapshot.client().id(),
                snapshot.client().addressText(),
                snapshot.client().listenerText(),
                snapshot.tls(),
                orNull(said.name()),
                orNull(said.libraryName()),
                orNull(said.libraryVersion()),
                orNull(said.user()),
                said.dialect(),
                said.database(),
                TimeUnit.NANOSECONDS.toMillis(snapshot.ageNanos()),
                TimeUnit.NANOSECONDS.toMillis(snapshot.idleNanos()),
                orNull(snapshot.lastCommand()),
                snapshot.unanswered(),
                snapshot.inputBytes(),
                snapshot.outputBytes(),
                said.queued() >= 0,
                snapshot.blocked(),
                said.channels() + said.patterns() + said.shardChannels(),
                Href.client(pool, snapshot.client().id()));
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
