package io.cashew;

import io.cashew.admin.LogLevels;
import io.cashew.admin.StatisticsPort;
import io.cashew.config.CashewConfig;
import io.cashew.config.Options;
import io.cashew.pool.ReloadReport;
import io.cashew.pool.Reloads;
import io.cashew.pool.RunningPools;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/// The entry: options, then configuration, pools and event loops through [RunningPools], then the drain when the process
/// is told to end.
///
/// What nutcracker's options say is handed to Quarkus as system properties, so that it is overridden and inspected like
/// everything else.
@QuarkusMain
public class Cashew implements QuarkusApplication {
    /// Of the command line.
    private static int verbosity = 5;
    private static boolean logFile;
    /// Before there was anybody to tell.
    private static volatile boolean hungUp;

    @Inject
    CashewConfig config;

    @Inject
    RunningPools pools;

    @Inject
    LogLevels levels;

    @Inject
    StatisticsPort statistics;

    @Inject
    Reloads reloads;

    private final AtomicBoolean told = new AtomicBoolean();
    private final CountDownLatch toldAgain = new CountDownLatch(1);

    public static void main(String... args) {
        resolveNamesAnew();
        switch (Options.parse(args, System.err)) {
            case Options.Outcome.Exit(int code) -> System.exit(code);
            case Options.Outcome.Run(Options options) -> run(options, args);
        }
    }

    @Override
    public int run(String... args) {
        Optional<String> problem = pools.problem().or(statistics::problem);
        if (problem.isPresent()) {
            problem.get().lines().forEach(this::sayWhyNot);
            return 1;
        }
        levels.begin(verbosity);
        // Errors are what is said at every level. Not a constant: this class is there before the log is
        Logger log = Logger.getLogger(Cashew.class);
        Signals.handle("TTIN", () -> log.errorf("SIGTTIN: log level is %s now", levels.step(1)));
        Signals.handle("TTOU", () -> log.errorf("SIGTTOU: log level is %s now", levels.step(-1)));
        Signals.handle("TERM", this::drain);
        Signals.handle("HUP", () -> reloads.reload(ReloadReport.Trigger.SIGNAL));
        if (hungUp) {
            reloads.reload(ReloadReport.Trigger.SIGNAL);
        }
        Quarkus.waitForExit();
        return 0;
    }

    /// To whoever has started it, unless standard error is the log and that is for programs.
    private void sayWhyNot(String line) {
        if (config.log().json()) {
            Logger.getLogger(Cashew.class).error(line);
        }
        if (!config.log().json() || logFile) {
            System.err.println(line);
        }
    }

    /// Told once, let clients leave in order; told again, end.
    private void drain() {
        if (told.compareAndSet(false, true)) {
            pools.drain(toldAgain);
            System.exit(0);
        } else {
            toldAgain.countDown();
        }
    }

    private static void run(Options options, String... args) {
        options.configFile().ifPresent(file -> System.setProperty("cashew.config-file", file.toString()));
        options.statsPort().ifPresent(port -> System.setProperty("cashew.statistics.port", Integer.toString(port)));
        options.statsAddress().ifPresent(address -> System.setProperty("cashew.statistics.address", address));
        options.output().ifPresent(file -> {
            System.setProperty("quarkus.log.file.enabled", "true");
            System.setProperty("quarkus.log.file.path", file.toString());
            System.setProperty("quarkus.log.console.enabled", "false");
        });
        LogLevels.levelOf(options.verbosity())
                .ifPresent(level -> System.setProperty("quarkus.log.category.\"io.cashew\".level", level));
        options.pidFile().ifPresent(Cashew::writePid);
        verbosity = options.verbosity();
        logFile = options.output().isPresent();
        // Being told to end is the regular end of a service: 0, where the JVM on its own would leave with 143, which service
        // managers take for a failure. Until the pools run there is nobody to wait for.
        Signals.handle("TERM", () -> System.exit(0));
        // What the system does otherwise is to end it, and it says that it listens before this object is asked to run.
        Signals.handle("HUP", () -> hungUp = true);
        Quarkus.run(Cashew.class, args);
    }

    /// The JVM remembers addresses for 30 seconds, and in some installations for ever; pools decide themselves how often they
    /// ask for the names of their servers. It reads this once, when the first name is resolved.
    private static void resolveNamesAnew() {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private static void writePid(Path file) {
        try {
            Files.writeString(file, Long.toString(ProcessHandle.current().pid()));
        } catch (IOException cause) {
            System.err.println("nutcracker: opening pid file '" + file + "' failed: " + cause.getMessage());
            System.exit(1);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException cause) {
                System.err.println("nutcracker: removing pid file '" + file + "' failed: " + cause.getMessage());
            }
        }));
    }
}
