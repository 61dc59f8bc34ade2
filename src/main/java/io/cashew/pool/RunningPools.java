package io.cashew.pool;

import io.cashew.config.CashewConfig;
import io.cashew.config.ConfiguredPools;
import io.cashew.config.PoolConfig;
import io.cashew.config.Reading;
import io.cashew.config.Scheduling;
import io.cashew.server.Resolver;
import io.cashew.server.Server;
import io.cashew.server.Withdrawal;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// The pools of this process, as the rest of the application sees them: started with it, drained when it ends.
///
/// A configuration or a listener that is not good does not throw out of the framework's start; it is kept in [#problem()]
/// for whoever talks to the user.
@ApplicationScoped
public class RunningPools {
    private static final Logger LOG = Logger.getLogger(RunningPools.class);
    private static final long PATIENCE_SECONDS = 30;

    private final Vertx vertx;
    private final SmallRyeConfig config;
    private final CashewConfig cashew;
    private final Instance<StandInPools> standIns;
    private final TlsConfigurationRegistry tls;
    private final Instance<Reloads> reloads;
    private volatile Pools pools;
    private volatile String problem;
    /// Guarded by this.
    private boolean ending;

    RunningPools(
            Vertx vertx,
            SmallRyeConfig config,
            CashewConfig cashew,
            Instance<StandInPools> standIns,
            TlsConfigurationRegistry tls,
            Instance<Reloads> reloads) {
        this.vertx = vertx;
        this.config = config;
        this.cashew = cashew;
        this.standIns = standIns;
        this.tls = tls;
        this.reloads = reloads;
    }

    /// Why there are no pools, in lines for the user; empty when they are running.
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    public List<Pool> all() {
        return pools == null ? List.of() : pools.all();
    }

    public Optional<Pool> named(String name) {
        return pools == null ? Optional.empty() : pools.named(name);
    }

    /// The operator's word about the server: nothing of it is missed by a reload that is under way.
    public synchronized void withdraw(Pool pool, Server server, Optional<Withdrawal> withdrawal) {
        pool.withdraw(server, withdrawal);
    }

    /// Makes the pools what `wished` says, all of it or nothing; says why not, or nothing.
    synchronized Optional<String> change(List<PoolConfig> wished) {
        if (ending) {
            return Optional.of("the process has been told to end, so nothing is changed any more");
        }
        Future<Void> change = pools.change(wished, cashew.shutdown().spread().toNanos(), cashew.reload().drain().toNanos());
        return await(change)
                ? Optional.empty()
                : Optional.of(change.isComplete() ? change.cause().getMessage() : "the pools did not change in time");
    }

    /// The process is to end: readiness says no, and after a while no more clients are taken and those who are here leave, each
    /// with the answers it is owed. Returns when they have, or when their time is up, or at once when `now` is.
    public void drain(CountDownLatch now) {
        if (pools == null) {
            return;
        }
        synchronized (this) {
            ending = true;
            pools.announceEnd();
        }
        long delay = cashew.shutdown().delay().toMillis();
        Duration grace = cashew.shutdown().grace();
        LOG.infof("told to end: clients are taken for %d ms more, and have %d ms to leave", delay, grace.toMillis());
        try {
            if (!now.await(delay, TimeUnit.MILLISECONDS)) {
                Future<Void> drained = pools.drain(cashew.shutdown().spread().toNanos(), grace.toNanos());
                drained.onComplete(ignored -> now.countDown());
                now.await(grace.toMillis() + 1_000, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void onStart(@Observes StartupEvent event) {
        switch (ConfiguredPools.read(config, Optional.empty())) {
            case Reading.Accepted(List<PoolConfig> configs, var warnings) -> {
                warnings.forEach(LOG::warn);
                start(configs.isEmpty() ? standIns() : configs);
            }
            case Reading.Refused refused -> problem = text(refused);
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        if (pools != null) {
            await(pools.close());
        }
    }

    void onCertificate(@Observes CertificateUpdatedEvent event) {
        if (pools != null) {
            pools.renewTls(event.name());
        }
    }

    private void start(List<PoolConfig> configs) {
        if (configs.isEmpty()) {
            problem = "cashew: no pools: give a nutcracker.yml with -c FILE, or configure cashew.pools";
            return;
        }
        Future<Pools> started = Pools.start(vertx, workers(), configs, cashew.limits(), Resolver.SYSTEM, tls::get);
        if (await(started)) {
            pools = started.result();
            if (cashew.scheduling() == Scheduling.ADAPTIVE) {
                pools.adaptScheduling();
            }
            reloads.get().begin();
        } else {
            problem = "cashew: " + (started.isComplete() ? started.cause().getMessage() : "pools did not start in time");
        }
    }

    private List<PoolConfig> standIns() {
        return standIns.isResolvable() ? standIns.get().pools() : List.of();
    }

    private int workers() {
        return Math.max(1, cashew.workers().orElse(Runtime.getRuntime().availableProcessors()));
    }

    private static String text(Reading.Refused refused) {
        return refused.problems().stream().map(Object::toString).collect(Collectors.joining("\n"))
                + "\nnutcracker: configuration is invalid";
    }

    private static boolean await(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException failed) {
            return false;
        }
    }
}
