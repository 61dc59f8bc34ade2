package io.cashew.protocol;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/// What a session may find out about its pool, and do there, that is not only its own event loop's affair: the clients of all
/// loops, and what the servers say of themselves.
///
/// May be called from any thread. Nothing is done before the caller's present task on its event loop has ended, and stages
/// complete on any thread; a loop that is stuck delays them, a server does not.
public interface Inquiries {
    /// What a server says of itself.
    ///
    /// @param name its ring name
    /// @param address where it is
    /// @param reply what it has answered, with all its framing; null if it has not been asked, or has not answered in time
    /// @param absence why there is no reply, in words; null if there is one
    record Testimony(String name, String address, byte[] reply, String absence) {}

    /// What the pool says of itself.
    ///
    /// @param pool its name
    /// @param eventLoops how many event loops serve it
    /// @param uptimeSeconds how long the process has been running
    /// @param clients clients connected now
    /// @param mostClients how many there may be; 0 for no limit of its own
    /// @param longestValue how long a value may be that a client sends, in bytes
    /// @param mostOutputBytes how many bytes of replies may wait for a client; 0 for no limit
    /// @param idleSeconds how long a client may say nothing before it is sent away; 0 for ever
    /// @param accepted clients accepted since the start
    /// @param rejected clients sent away since the start because there were too many
    /// @param requests requests received since the start
    /// @param answeredLocally those among them that no server was asked about
    /// @param failed those among them that could not be served
    /// @param parts parts of split requests
    record Figures(
            String pool,
            int eventLoops,
            long uptimeSeconds,
            int clients,
            int mostClients,
            long longestValue,
            long mostOutputBytes,
            long idleSeconds,
            long accepted,
            long rejected,
            long requests,
            long answeredLocally,
            long failed,
            long parts) {}

    /// The clients that `which` chooses, by their ids. It is asked on the event loop of each.
    CompletionStage<List<ClientSnapshot>> clients(Predicate<ClientSnapshot> which);

    /// Ends the connections that `which` chooses, and says how many. That of client `asker` gets first what it is owed.
    CompletionStage<Integer> close(Predicate<ClientSnapshot> which, int asker);

    /// Has the server of client `client` wait no longer for data for it, and answer as if the time was up or `withError`. Says
    /// whether it was waiting.
    CompletionStage<Boolean> unblock(int client, boolean withError);

    /// Leaves requests of all clients unread for `millis` milliseconds, or only those that may change data if `writesOnly`. Of
    /// several pauses the longest counts, and the strictest.
    CompletionStage<Void> pause(long millis, boolean writesOnly);

    /// Ends all pauses.
    CompletionStage<Void> unpause();

    /// Asks every server that is not ejected; `request` is complete with framing and one every server answers in RESP2. In the
    /// pool's order; complete after a second at the latest.
    CompletionStage<List<Testimony>> askServers(byte[] request);

    Figures figures();

    /// The requests of the pool that took long.
    SlowLog slowLog();
}
