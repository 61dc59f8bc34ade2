package io.cashew.pool;

import io.cashew.client.Pause;
import io.cashew.forwarding.Survey;
import io.cashew.metrics.PoolCounters;
import io.cashew.protocol.ClientSnapshot;
import io.cashew.protocol.CloseCause;
import io.cashew.protocol.Inquiries;
import io.cashew.protocol.SlowLog;
import io.cashew.server.Server;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// Asks the workers of a pool, each on its own event loop, and puts together what they say.
final class PoolInquiries implements Inquiries {
    private static final String EJECTED = "is ejected";

    private final Pool pool;
    /// The pool's own list, which grows while it starts.
    private final List<PoolWorker> workers;

    PoolInquiries(Pool pool, List<PoolWorker> workers) {
        this.pool = pool;
        this.workers = workers;
    }

    @Override
    public CompletionStage<List<ClientSnapshot>> clients(Predicate<ClientSnapshot> which) {
        return onAll(worker -> worker.clients(which))
                .thenApply(found -> found.stream()
                        .flatMap(Collection::stream)
                        .sorted(Comparator.comparingInt(snapshot -> snapshot.client().id()))
                        .toList());
    }

    @Override
    public CompletionStage<Integer> close(Predicate<ClientSnapshot> which, int asker) {
        return onAll(worker -> worker.kill(which, asker))
                .thenApply(closed -> closed.stream().mapToInt(Integer::intValue).sum());
    }

    @Override
    public CompletionStage<Boolean> unblock(int client, boolean withError) {
        return onAll(worker -> worker.unblock(client, withError)).thenCompose(here -> here.stream()
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(CompletableFuture.completedFuture(false)));
    }

    @Override
    public CompletionStage<Void> pause(long millis, boolean writesOnly) {
        // Half of what the clock can count is a century.
        long nanos = Math.min(TimeUnit.MILLISECONDS.toNanos(millis), Long.MAX_VALUE / 2);
        Pause pause = new Pause(System.nanoTime() + nanos, writesOnly);
        return tellAll(worker -> worker.pause(pause));
    }

    @Override
    public CompletionStage<Void> unpause() {
        return tellAll(PoolWorker::unpause);
    }

    @Override
    public CompletionStage<List<Testimony>> askServers(byte[] request) {
        return on(workers.getFirst(), worker -> {
                    // As they are for this worker now: a reload gives them other numbers.
                    BackSide back = worker.back();
                    int[] asked = back.servers().stream()
                            .mapToInt(Server::index)
                            .filter(server -> !back.health().ejected(server))
                            .toArray();
                    return worker.survey(asked, request).thenApply(answers -> testimonies(back.servers(), asked, answers));
                })
                .thenCompose(Function.identity());
    }

    private static List<Testimony> testimonies(List<Server> servers, int[] asked, List<Survey.Answer> answers) {
        List<Testimony> testimonies = new ArrayList<>();
        int next = 0;
        for (Server server : servers) {
            Survey.Answer answer = next < asked.length && asked[next] == server.index()
                    ? answers.get(next++)
                    : new Survey.Answer(null, EJECTED);
            testimonies.add(new Testimony(
                    server.name(), server.endpoint().toString(), answer.reply(), answer.absence()));
        }
        return testimonies;
    }

    @Override
    public Figures figures() {
        PoolCounters counters = pool.counters();
        return new Figures(
                pool.name(),
                pool.workers(),
                TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime()),
                pool.clients(),
                pool.config().clientConnections(),
                pool.limits().bulk().asLongValue(),
                pool.limits().output().asLongValue(),
                pool.idle().toSeconds(),
                counters.clientsAccepted,
                pool.closed(CloseCause.TOO_MANY_CLIENTS) + pool.closed(CloseCause.NO_DESCRIPTORS),
                counters.requests,
                counters.answeredLocally,
                counters.forwardErrors,
                counters.fragments);
    }

    @Override
    public SlowLog slowLog() {
        return pool.slowLog();
    }

    private <T> CompletableFuture<List<T>> onAll(Function<PoolWorker, T> task) {
        List<CompletableFuture<T>> parts =
                workers.stream().map(worker -> on(worker, task)).toList();
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                // A list that may have nulls.
                .thenApply(ignored -> parts.stream().map(CompletableFuture::join).collect(
                        ArrayList::new, ArrayList::add, ArrayList::addAll));
    }

    private CompletionStage<Void> tellAll(Consumer<PoolWorker> task) {
        return onAll(worker -> {
                    task.accept(worker);
                    return worker;
                })
                .thenRun(() -> {});
    }

    /// Also if the caller is on the worker's loop the task comes later: whoever asks is in the middle of something.
    private static <T> CompletableFuture<T> on(PoolWorker worker, Function<PoolWorker, T> task) {
        return CompletableFuture.supplyAsync(() -> task.apply(worker), worker.executor());
    }
}
