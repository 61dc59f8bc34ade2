package io.cashew.server;

import io.cashew.metrics.AddressCounters;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The addresses that the names of a pool's servers have now; one for all of its workers, so that a name is asked for once
/// and a server is at one place.
///
/// Asking happens on threads of its own and nobody waits for it who has another choice: there is one lookup of a name at a
/// time, connects use the last good answer meanwhile, and a lookup that hangs keeps one thread and no other name. A name
/// with several addresses stays where it is as long as the address in use is among the answers, in whatever order they
/// come: a key has one home.
///
/// Thread-safe.
public final class Addresses {
    /// So many names may hang before others have to wait for a thread.
    private static final int MAX_THREADS = 16;

    private static final long IDLE_THREAD_SECONDS = 30;

    /// An answer this young is not asked for again by a connect, whatever it was: clients can make us connect very often.
    private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// What a connect grants a lookup when it could do with the last good answer. Name services nearby take a millisecond.
    private static final int PATIENCE_MILLIS = 100;

    private final List<Server> servers;
    private final Resolver resolver;
    private final boolean askedRegularly;
    private final Consumer<AddressEvent> observer;
    private final Map<String, Name> names = new HashMap<>();
    private final AddressCounters[] counters;
    private final ThreadPoolExecutor threads;

    /// `askedRegularly` says that somebody calls [#ask()] now and then, so that answers are never old. `observer` is called
    /// by the thread that asked.
    public Addresses(List<Server> servers, Resolver resolver, boolean askedRegularly, Consumer<AddressEvent> observer) {
        this.servers = List.copyOf(servers);
        this.resolver = resolver;
        this.askedRegularly = askedRegularly;
        this.observer = observer;
        this.counters = new AddressCounters[servers.size()];
        for (Server server : servers) {
            counters[server.index()] = new AddressCounters();
            if (server.endpoint() instanceof Endpoint.Tcp tcp && tcp.isName()) {
                names.computeIfAbsent(tcp.host(), Name::new).servers.add(server.index());
            }
        }
        int most = Math.clamp(names.size(), 1, MAX_THREADS);
        this.threads = new ThreadPoolExecutor(
                most, most, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("cashew-names-", 0).factory(), new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
    }

    /// What `before` knows is known here from now on: where names lead, and what has been counted about servers that stay. To be
    /// called before anybody asks.
    public void goOnFrom(Addresses before) {
        names.forEach((host, name) -> {
            Name known = before.names.get(host);
            if (known != null) {
                name.current = known.current;
            }
        });
        for (Server server : servers) {
            server.among(before.servers).ifPresent(known -> counters[server.index()] = before.counters[known.index()]);
        }
    }

    /// Asks for all names that are not being asked for.
    public void ask() {
        names.values().forEach(name -> name.ask(0));
    }

    /// Asks no more. A lookup under way cannot be ended; its answer goes nowhere.
    public void close() {
        threads.shutdownNow();
    }

    /// What has been counted about the name of `server`; a reading may be a moment old.
    public AddressCounters counters(int server) {
        return counters[server];
    }

    /// The address to connect to for `host`, the name of a server: the last good answer at once if names are asked for
    /// regularly or the name service is slow, else what is asked for now. Null if there is none after `patienceMillis`.
    CompletableFuture<InetAddress> of(String host, int patienceMillis) {
        Name name = names.get(host);
        InetAddress last = name.current;
        CompletableFuture<InetAddress> lookup = name.ask(YOUNG_NANOS);
        if (last != null && (askedRegularly || name.hangs())) {
            return CompletableFuture.completedFuture(last);
        }
        int patience = last == null ? patienceMillis : Math.min(PATIENCE_MILLIS, patienceMillis);
        return lookup.copy().completeOnTimeout(last, patience, TimeUnit.MILLISECONDS);
    }

    /// The last good answer for `host`, the name of a server; null if there has been none.
    InetAddress current(String host) {
        return names.get(host).current;
    }

    private final class Name {
        private final String host;
        private final List<Integer> servers = new ArrayList<>();
        private volatile InetAddress current;
        /// The last one, or the one under way; gives the address in use afterwards, null if there is none.
        private CompletableFuture<InetAddress> lookup;
        private long askedAt;

        Name(String host) {
            this.host = host;
        }

        /// The lookup under way, or the last one if it began less than `youngNanos` ago, or else a new one.
        synchronized CompletableFuture<InetAddress> ask(long youngNanos) {
            long now = System.nanoTime();
            if (lookup == null || lookup.isDone() && now - askedAt >= youngNanos) {
                CompletableFuture<InetAddress> begun = new CompletableFuture<>();
                lookup = begun;
                askedAt = now;
                threads.execute(() -> look(begun));
            }
            return lookup;
        }

        synchronized boolean hangs() {
            return !lookup.isDone() && System.nanoTime() - askedAt > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        }

        private void look(CompletableFuture<InetAddress> begun) {
            try {
                answered(resolver.resolve(host));
            } catch (UnknownHostException | RuntimeException failure) {
                if (!threads.isShutdown()) {
                    failed(failure);
                }
            } finally {
                begun.complete(current);
            }
        }

        private void answered(List<InetAddress> answer) {
            InetAddress before = current;
            if (before != null && answer.contains(before)) {
                return;
            }
            InetAddress now = answer.getFirst();
            current = now;
            if (before != null) {
                for (int server : servers) {
                    counters[server].moves++;
                    observer.accept(new AddressEvent.Moved(server, before, now));
                }
            }
        }

        private void failed(Exception failure) {
            for (int server : servers) {
                counters[server].failures++;
                observer.accept(new AddressEvent.Unresolved(
                        server, String.valueOf(failure.getMessage()), Optional.ofNullable(current)));
            }
        }
    }
}
