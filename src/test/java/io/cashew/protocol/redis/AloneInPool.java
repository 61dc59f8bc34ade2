package io.cashew.protocol.redis;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.cashew.protocol.Client;
import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.Inquiries;
import io.cashew.protocol.Request;
import io.cashew.protocol.Session;
import io.cashew.protocol.SlowLog;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/// A pool with one client, which is idle, and with one server, of which nobody has heard.
class AloneInPool implements Inquiries {
    private final Client client;
    private Session session;

    AloneInPool(Client client) {
        this.client = client;
    }

    /// Makes `session` that of the client.
    <S extends Session> S with(S session) {
        this.session = session;
        return session;
    }

    WholePool pool() {
        return WholePool.of(List.of("server"), BitSet::new, false, 0, new PoolMemory(), this);
    }

    /// What `session` answers, be it later.
    static byte[] answer(Session session, Request request) {
        byte[] answer = session.answer(request);
        return answer == Session.LATER ? session.later().toCompletableFuture().join() : answer;
    }

    @Override
    public CompletionStage<List<ClientSnapshot>> clients(Predicate<ClientSnapshot> which) {
        var snapshot = new ClientSnapshot(client, false, -1, session.introduction(), 0, 0, "", 0, 0, 0, false, false);
        return completedFuture(which.test(snapshot) ? List.of(snapshot) : List.of());
    }

    @Override
    public CompletionStage<Integer> close(Predicate<ClientSnapshot> which, int asker) {
        return clients(which).thenApply(List::size);
    }

    @Override
    public CompletionStage<Boolean> unblock(int client, boolean withError) {
        return completedFuture(false);
    }

    @Override
    public CompletionStage<Void> pause(long millis, boolean writesOnly) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> unpause() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<List<Testimony>> askServers(byte[] request) {
        return completedFuture(List.of(new Testimony("server", "10.0.0.1:6379", null, "did not answer in time")));
    }

    @Override
    public SlowLog slowLog() {
        return new SlowLog(0, 1);
    }

    @Override
    public Figures figures() {
        return new Figures("alone", 1, 60, 1, 0, 512, 1024, 0, 1, 0, 10, 2, 1, 0);
    }
}
