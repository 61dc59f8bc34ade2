package io.cashew.admin;

import io.cashew.config.CashewConfig;
import io.cashew.pool.RunningPools;
import io.netty.channel.socket.DuplexChannel;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/// twemproxy's statistics port: whoever connects gets one [StatisticsDocument] and is hung up on. Nothing it says is looked at.
///
/// A port that cannot be had does not throw out of the framework's start; it is kept in [#problem()], as with
/// [RunningPools].
@ApplicationScoped
public class StatisticsPort {
    private static final Logger LOG = Logger.getLogger(StatisticsPort.class);

    /// Behind the start of the pools, which has no priority of its own.
    private static final int AFTER_POOLS = Interceptor.Priority.APPLICATION + 1000;

    /// Where nutcracker, and therefore every collector, has it.
    private static final int DEFAULT_PORT = 22222;

    /// Nobody has so many collectors, and each costs a connection and a document.
    private static final int MAX_READERS = 64;

    private static final int PATIENCE_SECONDS = 10;

    private final Vertx vertx;
    private final CashewConfig config;
    private final RunningPools pools;
    private final AtomicInteger readers = new AtomicInteger();
    private final String source = hostName();
    private NetServer server;
    private volatile String problem;

    StatisticsPort(Vertx vertx, CashewConfig config, RunningPools pools) {
        this.vertx = vertx;
        this.config = config;
        this.pools = pools;
    }

    /// Why it does not listen although it should, in a line for the user; empty if all is well.
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    void onStart(@Observes @Priority(AFTER_POOLS) StartupEvent event) {
        int port = config.statistics().port().orElse(config.configFile().isPresent() ? DEFAULT_PORT : 0);
        if (port != 0 && pools.problem().isEmpty()) {
            listen(config.statistics().address(), port);
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        if (server != null) {
            server.close();
        }
    }

    private void listen(String address, int port) {
        boolean unix = address.startsWith("/");
        String place = unix ? address : address + ":" + port;
        try {
            server = vertx.createNetServer(new NetServerOptions()
                            .setIdleTimeout(PATIENCE_SECONDS)
                            .setReusePort(pools.all().stream().anyMatch(pool -> pool.config().reusePort())))
                    .connectHandler(this::answer);
            server.listen(unix ? SocketAddress.domainSocketAddress(address) : SocketAddress.inetSocketAddress(port, address))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            LOG.infof("statistics are at %s", place);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            problem = problem(place, "interrupted");
        } catch (ExecutionException cause) {
            problem = problem(place, cause.getCause().getMessage());
        } catch (TimeoutException cause) {
            problem = problem(place, "it takes too long");
        }
    }

    private static String problem(String place, String reason) {
        return "cashew: statistics cannot be had at " + place + ": " + reason
                + "; give another port with -s PORT, another address with -a ADDRESS, or none with cashew.statistics.port=0";
    }

    private void answer(NetSocket reader) {
        if (readers.incrementAndGet() > MAX_READERS) {
            readers.decrementAndGet();
            reader.close();
            return;
        }
        reader.closeHandler(_ -> readers.decrementAndGet());
        reader.handler(_ -> {});
        // Event loops belong to the traffic of the pools.
        vertx.executeBlocking(this::document, false)
                .onSuccess(text -> reader.write(Buffer.buffer(text)).onSuccess(_ -> endOutput(reader)))
                .onFailure(failure -> {
                    LOG.error("statistics could not be added up", failure);
                    reader.close();
                });
    }

    /// The reader has all there is, and ends the connection, or it ends when it has been idle for long enough. To close it at once
    /// would take the answer back from readers whose own words are still on their way.
    private static void endOutput(NetSocket reader) {
        ((DuplexChannel) ((NetSocketInternal) reader).channelHandlerContext().channel()).shutdownOutput();
    }

    private String document() {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        return StatisticsDocument.of(pools.all(), source, started, System.currentTimeMillis());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
