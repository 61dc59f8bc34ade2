package io.cashew.pool;

import io.cashew.client.AccessLog;
import io.cashew.forwarding.Backing;
import io.cashew.server.ServerTls;
import io.cashew.transport.Tls;
import io.vertx.core.Future;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// The way of a [Pool] from what is in force to another configuration: prepared, and then applied or abandoned, once.
final class PoolChange {
    private final Pool pool;
    private final FrontSide front;
    private final BackSide before;
    private final PoolAssembly assembly;
    private final TlsEntries tlsEntries;
    private final boolean sameTls;
    private Optional<Tls> nextTls = Optional.empty();
    private Optional<ServerTls> nextServerTls = Optional.empty();
    private List<Door> nextDoors = List.of();
    private List<Door> newDoors = List.of();
    private BackSide next;

    /// From `before` to what `assembly` says.
    PoolChange(Pool pool, FrontSide front, BackSide before, PoolAssembly assembly, TlsEntries tlsEntries) {
        this.pool = pool;
        this.front = front;
        this.before = before;
        this.assembly = assembly;
        this.tlsEntries = tlsEntries;
        this.sameTls = assembly.config().tls().equals(before.config().tls());
    }

    /// Makes everything ready that can fail: entries of the TLS registry are read, and new listening addresses are open. If that
    /// fails, nothing is left of it.
    Future<PoolChange> prepare() {
        return makeReady().map(this).onFailure(ignored -> abandon());
    }

    private Future<Void> makeReady() {
        try {
            assembly.access().read();
            nextTls = sameTls ? front.tls() : assembly.clientTls(tlsEntries);
            nextServerTls = sameTls ? before.serverTls() : assembly.serverTls(tlsEntries);
        } catch (IOException | GeneralSecurityException cause) {
            return Future.failedFuture(new PoolFailedException(pool.name(), cause.getMessage(), cause));
        }
        nextDoors = Door.of(assembly.config(), nextTls);
        newDoors = without(nextDoors, front.doors());
        next = pool.backSide(assembly, nextServerTls);
        return front.open(newDoors, before.protocol(), assembly);
    }

    /// Everything is as before.
    Future<Void> abandon() {
        if (!sameTls) {
            tlsEntries.forget(nextTls, nextServerTls);
        }
        return front.close(newDoors, 0, 0);
    }

    /// Requests from now on go by the new configuration; completes when they do on every event loop. What is under way ends as it
    /// began, within `drainNanos`, and so do the clients of addresses that are given up.
    Future<Void> apply(long drainNanos) {
        List<Door> doorsGone = without(front.doors(), nextDoors);
        Optional<Tls> tlsBefore = front.tls();
        next.goOnFrom(before);
        before.stop();
        assembly.applyTo(pool.slowLog());
        AccessLog accessLog = assembly.accessLog();
        List<Future<Void>> retired = new CopyOnWriteArrayList<>();
        Future<Void> changed = Future.all(front.onWorkers(worker -> {
                    Backing gone = worker.change(next);
                    next.carriedBy(worker, worker.backing());
                    worker.use(accessLog);
                    nextDoors.forEach(door -> worker.reloaded(door, next.protocol(), assembly.clientSettings()));
                    retired.add(worker.retire(gone, drainNanos));
                    return Future.succeededFuture();
                }))
                .mapEmpty();
        return changed.compose(ignored -> front.shut(doorsGone)).onSuccess(ignored -> {
            front.use(nextDoors, nextTls);
            front.admit(assembly.config().clientConnections());
            pool.use(next, !doorsGone.isEmpty());
            front.letGo(doorsGone, 0, drainNanos);
            Future.join(retired).onComplete(done -> {
                before.close();
                if (!sameTls) {
                    tlsEntries.forget(tlsBefore, before.serverTls());
                }
            });
        });
    }

    private static List<Door> without(List<Door> some, List<Door> others) {
        return some.stream()
                .filter(door -> others.stream().noneMatch(other -> other.address().equals(door.address())))
                .toList();
    }
}
